// Reductions, argmax and argmin, scans.

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::ArgReduce;
using kernels::ArgReduceParams;
using kernels::launch;
using kernels::Prim;
using kernels::Reduce;
using kernels::ReduceParams;
using kernels::Scan;
using kernels::ScanParams;

double start_of(Reduce k) {
  switch (k) {
    case Reduce::Prod:
    case Reduce::All:
      return 1;
    case Reduce::Max:
      return -std::numeric_limits<double>::infinity();
    case Reduce::Min:
      return std::numeric_limits<double>::infinity();
    default:
      return 0;
  }
}

double step(Reduce k, double a, double x) {
  switch (k) {
    case Reduce::Prod:
      return a * x;
    case Reduce::Max:
      return std::isnan(a) || a > x ? a : x;
    case Reduce::Min:
      return std::isnan(a) || a < x ? a : x;
    case Reduce::All:
      return a != 0 && x != 0;
    case Reduce::Any:
      return a != 0 || x != 0;
    case Reduce::SumSquares:
      return a + x * x;
    default:
      return a + x;
  }
}

Shape reduced_shape(Shape shape, unsigned dims) {
  for (std::size_t d = 0; d < shape.size(); ++d)
    if ((dims >> d & 1) != 0) shape[d] = 1;
  return shape;
}

std::vector<double> reference(Reduce k, const Array& x, const Shape& out) {
  const auto n = static_cast<std::size_t>(elements_of(out));
  std::vector<double> all(n, start_of(k));
  for (std::int64_t i = 0; i < x.size(); ++i) {
    Shape index = index_of(x.shape, i);
    for (std::size_t d = 0; d < index.size(); ++d)
      if (out[d] == 1) index[d] = 0;
    double& cell = all[static_cast<std::size_t>(flat_of(out, index))];
    cell = step(k, cell, x.get(i));
  }
  if (k == Reduce::Mean)
    for (double& v : all) v /= static_cast<double>(x.size()) / static_cast<double>(n);
  for (double& v : all) v = rounded(x.dtype, v);
  return all;
}

bool takes(Reduce k, DType d) {
  if (k == Reduce::All || k == Reduce::Any) return d == DType::Bool;
  if (d == DType::Bool) return k == Reduce::Max;
  return k != Reduce::Mean || is_floating(d);
}

const Reduce kKinds[] = {Reduce::Sum, Reduce::Mean, Reduce::Prod, Reduce::Max,
                         Reduce::Min, Reduce::All,  Reduce::Any,  Reduce::SumSquares};

void check_reduce(Reduce k, Array& x, const Shape& shape, Layout to) {
  Array out(x.dtype, shape, to);
  launch(Prim::Reduce, {out.view(), x.view()}, ReduceParams{k});
  const double rtol = x.dtype == DType::Float32 ? 2e-7 : 1e-12;
  const std::string what =
      "reduce " + show(k) + " " + show(x.shape) + " to " + show(shape) + " " + std::string(name_of(x.dtype));
  // Sums may cancel: what is left then is rounding of the terms.
  check_values(out, reference(k, x, shape), rtol, x.dtype == DType::Float32 ? 1e-6 : 1e-12, what);
}

TEST(reduce_any_dims_types_and_layouts) {
  for (const Reduce k : kKinds)
    for (const DType d : kAllTypes) {
      if (!takes(k, d)) continue;
      for (const Shape& shape : kShapes)
        for (unsigned dims = 0; dims < 1u << shape.size(); ++dims) {
          const bool empty = elements_of(shape) == 0;
          if (empty && (k == Reduce::Max || k == Reduce::Min)) continue;
          // All sets of dimensions with one layout each; wide products only of factors near one.
          const Layout from = kLayouts[(dims + static_cast<unsigned>(d)) % std::size(kLayouts)];
          Array x(d, shape, from);
          const bool wide = k == Reduce::Prod && is_floating(d);
          x.randomize(dims + 3, wide ? 0.9 : -3, wide ? 1.1 : 3);
          if (k == Reduce::Prod && !is_floating(d))
            for (std::int64_t i = 0; i < x.size(); ++i) x.set(i, i % 100 == 3 ? 3 : 1);
          if (d == DType::UInt8 && k != Reduce::Max && k != Reduce::Min)
            for (std::int64_t i = 0; i < x.size(); ++i) x.set(i, i % 64 == 1 ? 1 : 0);
          check_reduce(k, x, reduced_shape(shape, dims), kWritable[dims % 4]);
        }
    }
}

TEST(reduce_every_layout_of_rows_and_columns) {
  for (const DType d : kFloats)
    for (const Layout from : kLayouts)
      for (const Shape& shape : {Shape{33, 70}, Shape{300, 5}, Shape{5, 300}, Shape{9, 4, 130}, Shape{5000, 3}})
        for (unsigned dims = 1; dims < 1u << shape.size(); ++dims)
          for (const Reduce k : {Reduce::Sum, Reduce::Max}) {
            Array x(d, shape, from);
            x.randomize(dims);
            check_reduce(k, x, reduced_shape(shape, dims), Layout::Dense);
          }
}

TEST(reduce_awkward_lengths) {
  for (const DType d : kFloats)
    for (const std::int64_t n : {1, 3, 7, 17, 33, 127, 1000})
      for (const Shape& shape : {Shape{3, n}, Shape{n, 3}, Shape{2, n, 1}, Shape{n, 2, 17}})
        for (unsigned dims = 1; dims < 1u << shape.size(); ++dims)
          for (const Reduce k :
               {Reduce::Sum, Reduce::Mean, Reduce::Prod, Reduce::Max, Reduce::Min, Reduce::SumSquares}) {
            Array x(d, shape);
            if (k == Reduce::Prod)
              x.randomize(dims, 0.9, 1.1);
            else
              x.randomize(dims);
            check_reduce(k, x, reduced_shape(shape, dims), Layout::Dense);
          }
}

TEST(reduce_of_nothing) {
  Array x(DType::Float32, {3, 0}), out(DType::Float32, {3, 1}), truth(DType::Bool, {0}), answer(DType::Bool, {1});
  launch(Prim::Reduce, {out.view(), x.view()}, ReduceParams{Reduce::Sum});
  CHECK_EQ(out.values(), (std::vector<double>{0, 0, 0}));
  launch(Prim::Reduce, {out.view(), x.view()}, ReduceParams{Reduce::Prod});
  CHECK_EQ(out.values(), (std::vector<double>{1, 1, 1}));
  launch(Prim::Reduce, {out.view(), x.view()}, ReduceParams{Reduce::Mean});
  CHECK(std::isnan(out.get(1)));
  launch(Prim::Reduce, {answer.view(), truth.view()}, ReduceParams{Reduce::All});
  CHECK_EQ(answer.get(0), 1);
  launch(Prim::Reduce, {answer.view(), truth.view()}, ReduceParams{Reduce::Any});
  CHECK_EQ(answer.get(0), 0);
}

TEST(reduce_nan_wins) {
  for (const DType d : kFloats)
    for (const std::int64_t n : {1, 3, 7, 17, 33, 127})
      for (std::int64_t at = 0; at < n; ++at)
        for (const Reduce k : {Reduce::Max, Reduce::Min})
          for (const bool columns : {false, true}) {
            Array x(d, columns ? Shape{n, 3} : Shape{3, n}), out(d, columns ? Shape{1, 3} : Shape{3, 1});
            x.randomize(1);
            x.set(columns ? at * 3 + 1 : n + at, std::nan(""));
            launch(Prim::Reduce, {out.view(), x.view()}, ReduceParams{k});
            if (!CHECK(std::isnan(out.get(1)) && !std::isnan(out.get(0)) && !std::isnan(out.get(2)))) return;
          }
}

TEST(reduce_sums_float32_well) {
  const std::int64_t n = 1 << 20;
  Array x(DType::Float32, {n}), total(DType::Float32, {1}), columns(DType::Float32, {n / 4, 4});
  for (std::int64_t i = 0; i < n; ++i) x.set(i, 0.1);
  launch(Prim::Reduce, {total.view(), x.view()}, ReduceParams{Reduce::Sum});
  CHECK_EQ(total.get(0), rounded(DType::Float32, rounded(DType::Float32, 0.1) * static_cast<double>(n)));
  // Large terms that cancel.
  for (std::int64_t i = 0; i < n; ++i) x.set(i, i % 2 == 0 ? 1e7 : -1e7);
  x.set(77, -1e7 + 1);
  launch(Prim::Reduce, {total.view(), x.view()}, ReduceParams{Reduce::Sum});
  CHECK_EQ(total.get(0), 1);
  Array by_column(DType::Float32, {1, 4});
  for (std::int64_t i = 0; i < n; ++i) columns.set(i, 0.1);
  launch(Prim::Reduce, {by_column.view(), columns.view()}, ReduceParams{Reduce::Mean});
  CHECK_EQ(by_column.get(3), rounded(DType::Float32, 0.1));
}

TEST(reduce_same_bits_on_any_threads) {
  const int before = thread_count();
  for (const Shape& shape : {Shape{200000}, Shape{3, 90001}, Shape{90001, 3}, Shape{7000, 40}, Shape{13, 77, 91}})
    for (unsigned dims = 1; dims < 1u << shape.size(); ++dims) {
      Array x(DType::Float64, shape), one(DType::Float64, reduced_shape(shape, dims)), four = one;
      x.randomize(4);
      set_thread_count(1);
      launch(Prim::Reduce, {one.view(), x.view()}, ReduceParams{Reduce::Sum});
      set_thread_count(4);
      launch(Prim::Reduce, {four.view(), x.view()}, ReduceParams{Reduce::Sum});
      CHECK_EQ(one.values(), four.values());
      check_values(one, reference(Reduce::Sum, x, one.shape), 1e-12, 1e-10, "sum of " + show(shape));
    }
  set_thread_count(before);
}

TEST(arg_reduce_first_of_ties) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : kShapes)
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout from : kLayouts)
          for (const ArgReduce k : {ArgReduce::Max, ArgReduce::Min}) {
            if (elements_of(shape) == 0) continue;
            const Shape out_shape = with_size(shape, dim, 1);
            Array x(d, shape, from), out(DType::Int32, out_shape, kWritable[dim % 4]);
            x.randomize(dim);
            for (std::int64_t i = 0; i < x.size(); ++i) x.set(i, std::floor(x.get(i)));  // many ties
            launch(Prim::ArgReduce, {out.view(), x.view()}, ArgReduceParams{k, static_cast<std::int32_t>(dim)});
            std::vector<double> expected;
            for (std::int64_t i = 0; i < out.size(); ++i) {
              Shape index = index_of(out_shape, i);
              std::int64_t best = 0;
              double value = x.at(index);
              for (std::int64_t j = 1; j < shape[dim]; ++j) {
                index[dim] = j;
                const double v = x.at(index);
                if (k == ArgReduce::Max ? v > value : v < value) {
                  best = j;
                  value = v;
                }
              }
              expected.push_back(static_cast<double>(best));
            }
            check_values(out, expected, 0, 0, "argmax " + show(shape, from, d));
          }
}

TEST(arg_reduce_first_nan_wins) {
  for (const DType d : kFloats)
    for (const std::int64_t n : kAwkward)
      for (const ArgReduce k : {ArgReduce::Max, ArgReduce::Min}) {
        Array x(d, {n}), out(DType::Int32, {1});
        x.randomize(1);
        x.set(n - 1, std::nan(""));
        x.set(n / 2, std::nan(""));
        launch(Prim::ArgReduce, {out.view(), x.view()}, ArgReduceParams{k, 0});
        CHECK_EQ(out.get(0), static_cast<double>(n / 2));
        x.set(0, std::nan(""));
        launch(Prim::ArgReduce, {out.view(), x.view()}, ArgReduceParams{k, 0});
        CHECK_EQ(out.get(0), 0);
      }
}

TEST(scan_every_dim_and_layout) {
  for (const DType d : {DType::Int32, DType::Float32, DType::Float64})
    for (const Shape& shape : kShapes)
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout from : kLayouts)
          for (const Scan k : {Scan::Sum, Scan::Prod}) {
            Array x(d, shape, from), out(d, shape, kWritable[dim % 4]);
            x.randomize(dim, k == Scan::Sum ? -3 : 0.95, k == Scan::Sum ? 3 : 1.05);
            if (k == Scan::Prod && d == DType::Int32)
              for (std::int64_t i = 0; i < x.size(); ++i) x.set(i, i % 90 == 1 ? 2 : 1);
            launch(Prim::Scan, {out.view(), x.view()}, ScanParams{k, static_cast<std::int32_t>(dim)});
            std::vector<double> expected(static_cast<std::size_t>(x.size()));
            for (std::int64_t i = 0; i < x.size(); ++i) {
              Shape index = index_of(shape, i);
              double value = k == Scan::Sum ? 0 : 1;
              const std::int64_t last = index[dim];
              for (index[dim] = 0; index[dim] <= last; ++index[dim])
                value = k == Scan::Sum ? value + x.at(index) : value * x.at(index);
              expected[static_cast<std::size_t>(i)] = rounded(d, value);
            }
            check_values(out, expected, 1e-12, 0, "scan " + show(shape, from, d));
          }
}

TEST(scan_in_place) {
  Array x(DType::Float32, {3, 5});
  for (int i = 0; i < 15; ++i) x.set(i, i);
  launch(Prim::Scan, {x.view(), x.view()}, ScanParams{Scan::Sum, 1});
  CHECK_EQ(x.values(), (std::vector<double>{0, 1, 3, 6, 10, 5, 11, 18, 26, 35, 10, 21, 33, 46, 60}));
}

}  // namespace
}  // namespace fluxion::testing
