// Calls that are large enough to be shared out give the same bits on one thread and on several, and change nothing
// but their results. (What they compute, the other files of kernels hold against references.)

#include <string>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using namespace kernels;

// Numbers between low and high, the same for the same shape and layout.
Array random(Shape shape, Layout layout = Layout::Dense, DType type = DType::Float32, double low = 0.1,
             double high = 3) {
  const auto seed = static_cast<std::uint64_t>(elements_of(shape)) + static_cast<std::uint64_t>(layout);
  return Array(type, std::move(shape), layout).randomize(seed, low, high);
}

// Indices below `most`: an int32 array is of fifths.
Array below(Shape shape, int most) { return random(std::move(shape), Layout::Dense, DType::Int32, 0, most / 5.0); }

template <class P>
void check_call(const char* name, Prim prim, const P& params, const std::vector<Array>& given) {
  const int before = thread_count();
  std::vector<std::vector<double>> first;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    std::vector<Array> operands = given;
    std::vector<View> views;
    for (Array& a : operands) views.push_back(a.view());
    run_call(prim, views.data(), static_cast<int>(views.size()), &params, sizeof params);
    std::vector<std::vector<double>> values;
    for (const Array& a : operands) values.push_back(a.values());
    if (threads == 1) {
      first = values;
      continue;
    }
    check(first == values, name);
    for (const Array& a : operands) check(a.gaps_hold(), name);
  }
  set_thread_count(before);
}

TEST(threads_change_no_bit_of_elements) {
  const Shape shape{131, 301};
  const Array x = random(shape), y = random(shape, Layout::Gaps), z = random(shape, Layout::Transposed);
  const Array row = random(shape, Layout::FirstRepeated), doubles = random(shape, Layout::Backwards, DType::Float64);
  const Array mask = random(shape, Layout::Dense, DType::Bool);
  check_call("fill", Prim::Fill, FillParams{2.5}, {x});
  check_call("fill with gaps", Prim::Fill, FillParams{2.5}, {y});
  check_call("copy", Prim::Copy, NoParams{}, {x, random(shape, Layout::Dense, DType::Float32, -3, 0)});
  check_call("copy with gaps", Prim::Copy, NoParams{}, {x, y});
  check_call("copy transposed", Prim::Copy, NoParams{}, {x, z});
  check_call("copy converted", Prim::Copy, NoParams{}, {z, doubles});
  check_call("unary", Prim::Unary, UnaryParams{Unary::Tanh}, {x, random(shape, Layout::Dense, DType::Float32, -3)});
  check_call("unary with gaps", Prim::Unary, UnaryParams{Unary::Sin}, {y, z});
  check_call("binary", Prim::Binary, BinaryParams{Binary::Mul}, {x, y, row});
  check_call("where", Prim::Where, NoParams{}, {x, mask, y, row});
  check_call("tri", Prim::Tri, TriParams{-3}, {x, z});
}

TEST(threads_change_no_bit_along_dimensions) {
  const Shape shape{131, 301};
  const Array x = random(shape), z = random(shape, Layout::Transposed), places(DType::Int32, shape);
  for (const std::int32_t dim : {0, 1}) {
    const Shape kept = with_size(shape, static_cast<std::size_t>(dim), 1);
    check_call("reduce", Prim::Reduce, ReduceParams{Reduce::Mean}, {random(kept), x});
    check_call("reduce transposed", Prim::Reduce, ReduceParams{Reduce::Max}, {random(kept), z});
    check_call("arg reduce", Prim::ArgReduce, ArgReduceParams{ArgReduce::Min, dim}, {Array(DType::Int32, kept), x});
    check_call("scan", Prim::Scan, ScanParams{Scan::Sum, dim}, {random(shape), z});
    check_call("sort", Prim::Sort, SortParams{dim}, {random(shape), places, x});
    check_call("softmax", Prim::Softmax, SoftmaxParams{dim}, {random(shape), x});
    check_call("softmax gradient", Prim::SoftmaxGrad, SoftmaxParams{dim, true}, {random(shape), x, z});
    const int length = dim == 0 ? 131 : 301;
    const Array index = below(shape, length);
    check_call("gather", Prim::Gather, IndexParams{dim}, {random(shape), x, index});
    check_call("index select", Prim::IndexSelect, IndexParams{dim},
               {random(with_size(shape, static_cast<std::size_t>(dim), 500)), z, below({500}, length)});
  }
}

TEST(threads_change_no_bit_of_layers) {
  const Shape shape{261, 150};
  const Array x = random(shape), dy = random(shape, Layout::Dense, DType::Float32, -3), row = random({150});
  const Array column = random({261}), out(DType::Float32, shape);
  check_call("layer norm", Prim::LayerNorm, NormParams{}, {out, column, column, x, row, row});
  check_call("layer norm gradient", Prim::LayerNormGrad, NoParams{}, {out, row, row, dy, x, column, column, row});
  const Array targets = below({261}, 150);
  check_call("cross entropy", Prim::CrossEntropy, CrossEntropyParams{.label_smoothing = 0.1},
             {column, column, x, targets});
  check_call("cross entropy gradient", Prim::CrossEntropyGrad, CrossEntropyParams{}, {out, column, x, column, targets});
  for (const Shape& planes : {Shape{4, 40, 300}, Shape{261, 150, 1}}) {
    const Array in = random(planes), gradient = random(planes, Layout::Dense, DType::Float32, -3);
    const Array channels = random({planes[1]});
    check_call("batch norm", Prim::BatchNorm, NormParams{}, {in, channels, channels, gradient, channels, channels});
    check_call("batch norm gradient", Prim::BatchNormGrad, NormParams{},
               {in, channels, channels, gradient, in, channels, channels, channels});
  }
  const Array plane = random({8, 4, 33, 34}), pooled = random({8, 4, 16, 17});
  const Array at(DType::Int32, pooled.shape);
  check_call("max pool", Prim::MaxPool2d, PoolParams{}, {pooled, at, plane});
  check_call("max pool gradient", Prim::MaxPool2dGrad, PoolParams{}, {plane, pooled, below(pooled.shape, 33 * 34)});
  check_call("mean pool", Prim::AvgPool2d, PoolParams{}, {pooled, plane});
  check_call("mean pool gradient", Prim::AvgPool2dGrad, PoolParams{}, {plane, pooled});
}

TEST(threads_change_no_bit_of_steps) {
  const Shape shape{131, 301};
  const Array x = random(shape);
  for (const Layout layout : {Layout::Dense, Layout::Transposed}) {
    const Array gradient = random(shape, layout, DType::Float32, -3);
    check_call("sgd", Prim::SgdStep, SgdParams{.lr = 0.1, .momentum = 0.9, .nesterov = true}, {x, gradient, x});
    check_call("adam", Prim::AdamStep, AdamParams{.lr = 0.1, .amsgrad = true, .step = 3}, {x, gradient, x, x, x});
  }
}

}  // namespace
}  // namespace fluxion::testing
