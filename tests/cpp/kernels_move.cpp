// Kernels that move values: fill, arange, copy, where, tri; and what the seam itself does.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::ArangeParams;
using kernels::FillParams;
using kernels::launch;
using kernels::NoParams;
using kernels::Prim;
using kernels::TriParams;

TEST(fill_every_layout) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : kShapes)
      for (const Layout layout : kWritable) {
        Array out(d, shape, layout);
        launch(Prim::Fill, {out.view()}, FillParams{3.75});
        check_values(out, std::vector<double>(static_cast<std::size_t>(out.size()), rounded(d, 3.75)), 0, 0,
                     "fill " + show(shape, layout, d));
      }
}

TEST(fill_converts) {
  Array ints(DType::Int32, {2}), bytes(DType::UInt8, {2}), floats(DType::Float32, {2});
  launch(Prim::Fill, {ints.view()}, FillParams{-2.9});
  CHECK_EQ(ints.get(1), -2);
  launch(Prim::Fill, {ints.view()}, FillParams{1e20});
  CHECK_EQ(ints.get(1), 2147483647.0);
  launch(Prim::Fill, {ints.view()}, FillParams{std::nan("")});
  CHECK_EQ(ints.get(0), 0);
  launch(Prim::Fill, {bytes.view()}, FillParams{-1});
  CHECK_EQ(bytes.get(1), 255);
  launch(Prim::Fill, {floats.view()}, FillParams{-std::numeric_limits<double>::infinity()});
  CHECK_EQ(floats.get(1), -std::numeric_limits<double>::infinity());
}

TEST(arange_every_type) {
  for (const DType d : {DType::UInt8, DType::Int32, DType::Float32, DType::Float64})
    for (const Layout layout : kWritable)
      for (const std::int64_t n : kAwkward) {
        Array out(d, {n}, layout);
        launch(Prim::Arange, {out.view()}, ArangeParams{2, 0.75});
        std::vector<double> expected;
        for (int i = 0; i < n; ++i) expected.push_back(rounded(d, 2 + 0.75 * i));
        check_values(out, expected, 0, 0, "arange " + show(out.shape, layout, d));
      }
}

TEST(copy_every_pair_of_types_and_layouts) {
  for (const DType from : kAllTypes)
    for (const DType to : kAllTypes)
      for (const Shape& shape : kShapes)
        for (const Layout in_layout : kLayouts)
          for (const Layout out_layout : kWritable) {
            Array in(from, shape, in_layout), out(to, shape, out_layout);
            in.randomize(5, to == DType::UInt8 ? 0 : -3, 50);
            launch(Prim::Copy, {out.view(), in.view()}, NoParams{});
            std::vector<double> expected;
            for (const double v : in.values()) expected.push_back(rounded(to, v));
            check_values(out, expected, 0, 0,
                         "copy to " + std::string(name_of(to)) + " " + show(shape, in_layout, from));
          }
}

TEST(copy_transposes_blocks) {
  for (const DType d : {DType::UInt8, DType::Float32, DType::Float64})
    for (const Shape& shape :
         {Shape{8, 8}, Shape{100, 67}, Shape{3, 65, 33}, Shape{31, 200}, Shape{127, 1000}, Shape{17, 2, 33}}) {
      Array in(d, shape, Layout::Transposed), out(d, shape);
      in.randomize(1, 0, 100);
      launch(Prim::Copy, {out.view(), in.view()}, NoParams{});
      check_values(out, in.values(), 0, 0, "transposing copy " + show(shape));
    }
}

TEST(copy_keeps_bits) {
  Array in(DType::Float32, {3}), out(DType::Float32, {3}, Layout::Gaps), truth(DType::Bool, {3});
  in.assign({-0.0, std::nan(""), 1e-45});
  launch(Prim::Copy, {out.view(), in.view()}, NoParams{});
  CHECK(std::signbit(out.get(0)));
  CHECK(std::isnan(out.get(1)));
  launch(Prim::Copy, {truth.view(), in.view()}, NoParams{});
  CHECK_EQ(truth.values(), (std::vector<double>{0, 1, 1}));
}

TEST(where_every_layout) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : kShapes)
      for (const Layout layout : kLayouts) {
        const Layout other = kLayouts[(static_cast<std::size_t>(layout) + 3) % std::size(kLayouts)];
        Array condition(DType::Bool, shape, other), a(d, shape, layout), b(d, shape, Layout::Scalar);
        Array out(d, shape, kWritable[static_cast<std::size_t>(layout) % 4]);
        condition.randomize(1);
        a.randomize(2);
        b.randomize(3);
        launch(Prim::Where, {out.view(), condition.view(), a.view(), b.view()}, NoParams{});
        std::vector<double> expected;
        for (std::int64_t i = 0; i < out.size(); ++i) expected.push_back(condition.get(i) != 0 ? a.get(i) : b.get(i));
        check_values(out, expected, 0, 0, "where " + show(shape, layout, d));
      }
}

TEST(tri_keeps_a_triangle) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : {Shape{1, 1}, Shape{4, 8}, Shape{17, 5}, Shape{2, 3, 7, 7}, Shape{3, 0}, Shape{0, 3}})
      for (const Layout layout : kLayouts)
        for (const std::int64_t diagonal : {-100, -2, -1, 0, 1, 3, 100})
          for (const bool upper : {false, true}) {
            Array in(d, shape, layout), out(d, shape, kWritable[static_cast<std::size_t>(layout) % 4]);
            in.randomize(9, 1, 3);
            launch(Prim::Tri, {out.view(), in.view()}, TriParams{diagonal, upper});
            std::vector<double> expected;
            for (std::int64_t i = 0; i < in.size(); ++i) {
              const Shape index = index_of(shape, i);
              const std::int64_t off = index[shape.size() - 1] - index[shape.size() - 2];
              expected.push_back((upper ? off >= diagonal : off <= diagonal) ? in.get(i) : 0);
            }
            check_values(out, expected, 0, 0, "tri " + show(shape, layout, d));
          }
}

struct Recorder : kernels::Observer {
  int calls = 0, views = 0;
  Prim prim = Prim::Count;
  double value = 0;

  void on_call(Prim p, const kernels::View*, int view_count, const void* params, std::size_t size) override {
    ++calls;
    prim = p;
    views = view_count;
    if (size == sizeof(FillParams)) std::memcpy(&value, params, sizeof value);
  }
};

TEST(seam_counts_and_shows_calls) {
  Array out(DType::Float32, {3});
  Recorder recorder;
  const std::uint64_t before = kernels::call_count(Prim::Fill);
  kernels::set_observer(&recorder);
  launch(Prim::Fill, {out.view()}, FillParams{2.5});
  kernels::set_observer(nullptr);
  launch(Prim::Fill, {out.view()}, FillParams{3});
  CHECK_EQ(kernels::call_count(Prim::Fill) - before, 2u);
  CHECK_EQ(recorder.calls, 1);
  CHECK_EQ(recorder.prim, Prim::Fill);
  CHECK_EQ(recorder.views, 1);
  CHECK_EQ(recorder.value, 2.5);
}

}  // namespace
}  // namespace fluxion::testing
