#include "fluxion/core/tensor.h"
#include "check.h"

using namespace fluxion;

TEST(promotion_goes_up_the_types) {
  CHECK(promote(DType::Bool, DType::UInt8) == DType::UInt8);
  CHECK(promote(DType::Float32, DType::Int32) == DType::Float32);
  CHECK(promote(DType::Float64, DType::Float32) == DType::Float64);
}

TEST(small_vectors_move_to_the_heap_and_back) {
  Shape s;
  for (int i = 0; i < 20; ++i) s.push_back(i);
  Shape copy = s, moved = std::move(s);
  CHECK(copy == moved);
  CHECK_EQ(moved[19], 19);
  moved.insert(3, 99);
  CHECK_EQ(moved[3], 99);
  CHECK_EQ(moved[4], 3);
  moved.erase(3);
  CHECK(copy == moved);
  copy = Shape{1, 2};
  CHECK_EQ(copy.size(), 2u);
}

TEST(sizes_are_checked) {
  CHECK_EQ(numel(Shape{}), 1);
  CHECK_EQ(numel(Shape{3, 0, 5}), 0);
  CHECK_THROWS(numel(Shape{2, -1}), ShapeError, "tensor: a size is negative in [2, -1]");
  CHECK_THROWS(numel(Shape{1LL << 40, 1LL << 40}), ShapeError, "tensor: too many elements");
  CHECK_THROWS(Tensor::empty(Shape(65, 1)), ShapeError, "tensor: rank 65 is over the limit of 64");
}

TEST(dimensions_wrap) {
  CHECK_EQ(wrap_dim("sum", -1, 3), 2);
  CHECK_EQ(wrap_dim("sum", -1, 0), 0);
  CHECK_THROWS(wrap_dim("sum", 3, 3), IndexError, "sum: dimension 3 is out of range for rank 3 (expected -3 to 2)");
}

TEST(shapes_broadcast_as_in_numpy) {
  CHECK((broadcast_shapes("add", {3, 1}, {4}) == Shape{3, 4}));
  CHECK((broadcast_shapes("add", {}, {0, 2}) == Shape{0, 2}));
  CHECK_THROWS(broadcast_shapes("add", {3}, {4}), ShapeError,
               "add: shapes do not broadcast: [3] and [4] (3 vs 4 in dimension -1)");
}

TEST(reshape_finds_views) {
  const Layout transposed{{3, 2}, {1, 3}, 0};
  CHECK(!reshaped(transposed, {6}).has_value());
  CHECK(reshaped(transposed, {3, 1, 2}).has_value());
  const Layout sliced{{2, 3, 4}, {24, 4, 1}, 5};
  const auto merged = reshaped(sliced, {2, 12});
  CHECK(merged.has_value());
  CHECK((merged->strides == Shape{24, 1}));
  CHECK_EQ(merged->offset, 5);
  CHECK(!reshaped(sliced, {24}).has_value());
  const Layout expanded_rows{{4, 3}, {0, 1}, 0};
  CHECK(reshaped(expanded_rows, {2, 2, 3}).has_value());
  CHECK(!reshaped(expanded_rows, {12}).has_value());
  CHECK(reshaped(Layout{{}, {}, 2}, {1, 1}).has_value());
  CHECK(reshaped(Layout{{2, 0}, {7, 3}, 0}, {0, 9}).has_value());
}

TEST(unknown_sizes_are_worked_out) {
  CHECK((infer_shape("reshape", {2, -1}, 6) == Shape{2, 3}));
  CHECK_THROWS(infer_shape("reshape", {4, -1}, 6), ShapeError, "reshape: 6 elements do not fit [4, -1]");
  CHECK_THROWS(infer_shape("reshape", {-1, -1}, 6), ShapeError, "only one size may be -1");
  CHECK_THROWS(infer_shape("reshape", {4}, 6), ShapeError, "6 elements do not fit [4]");
}

TEST(freed_blocks_are_handed_out_again) {
  { const Tensor warm = Tensor::empty({1000}); }
  const MemoryStats before = memory_stats();
  for (int i = 0; i < 10; ++i) {
    const Tensor t = Tensor::empty({1000});
    CHECK_EQ(reinterpret_cast<std::uintptr_t>(t.raw()) % 64, 0u);
  }
  CHECK_EQ(memory_stats().fresh_allocations, before.fresh_allocations);
  CHECK_EQ(memory_stats().pool_hits, before.pool_hits + 10);
  CHECK_EQ(memory_stats().bytes, before.bytes);
  release_cache();
  CHECK(memory_stats().reserved_bytes < before.reserved_bytes);
  CHECK(memory_stats().reserved_bytes >= memory_stats().bytes);
}

TEST(out_of_memory_is_an_error_after_which_all_goes_on) {
  CHECK_THROWS(Tensor::empty({1LL << 46}), OutOfMemoryError, "out of memory");
  CHECK_EQ(Tensor::from(std::vector<float>{1, 2}, {2}).at(1), 2.0);
}

TEST(values_go_in_and_out) {
  const Tensor t = Tensor::from(std::vector<std::int32_t>{1, 2, 3, 4}, {2, 2});
  CHECK_EQ(t.view_of({{2, 2}, {1, 2}, 0}).to_vector<int>(), (std::vector<int>{1, 3, 2, 4}));
  CHECK_THROWS(t.item(), ShapeError, "item: a tensor of one element is needed, this one is [2, 2]");
  CHECK_THROWS(Tensor::from(std::vector<float>{1}, {2}), ShapeError, "1 values do not fill [2]");
}
