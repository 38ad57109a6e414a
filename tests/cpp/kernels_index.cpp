// Gather, scatter, select and add by index; sort.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "check.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::IndexParams;
using kernels::launch;
using kernels::Prim;
using kernels::SortParams;

const Shape kSources[] = {{1}, {7}, {4, 8}, {33, 17}, {3, 4, 5}, {2, 3, 4, 5}, {2, 300}};
constexpr std::int64_t kPicked = 9;

Array indices(const Shape& shape, std::int64_t below, Layout layout = Layout::Dense) {
  Array a(DType::Int32, shape, layout);
  Uniform uniform(static_cast<std::uint64_t>(below) + 17);
  for (std::int64_t i = 0; i < a.size(); ++i) a.set(i, static_cast<double>(uniform.below(below)));
  return a;
}

TEST(gather_and_scatter_add) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : kSources)
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout layout : kLayouts) {
          const IndexParams p{static_cast<std::int32_t>(dim)};
          const Shape picked = with_size(shape, dim, kPicked);
          const Layout other = kWritable[static_cast<std::size_t>(layout) % 4];
          Array in(d, shape, layout), out(d, picked, other), index = indices(picked, shape[dim], other);
          in.randomize(1);
          launch(Prim::Gather, {out.view(), in.view(), index.view()}, p);
          std::vector<double> expected;
          for (std::int64_t i = 0; i < out.size(); ++i) {
            Shape place = index_of(picked, i);
            place[dim] = static_cast<std::int64_t>(index.get(i));
            expected.push_back(in.at(place));
          }
          check_values(out, expected, 0, 0, "gather " + show(shape, layout, d));

          Array sums(d, shape, other), src(d, picked, layout);
          sums.randomize(2, 0, 3);
          src.randomize(3, 0, 3);
          expected = sums.values();
          for (std::int64_t i = 0; i < src.size(); ++i) {
            Shape place = index_of(picked, i);
            place[dim] = static_cast<std::int64_t>(index.get(i));
            double& cell = expected[static_cast<std::size_t>(flat_of(shape, place))];
            cell = rounded(d, cell + src.get(i));
          }
          launch(Prim::ScatterAdd, {sums.view(), index.view(), src.view()}, p);
          check_values(sums, expected, 0, 0, "scatter add " + show(shape, layout, d));
        }
}

TEST(index_select_and_add) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : kSources)
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout layout : kLayouts)
          for (const Layout index_layout : {Layout::Dense, Layout::Backwards}) {
            const IndexParams p{static_cast<std::int32_t>(dim)};
            const Shape picked = with_size(shape, dim, kPicked);
            const Layout other = kWritable[static_cast<std::size_t>(layout) % 4];
            Array in(d, shape, layout), out(d, picked, other), index = indices({kPicked}, shape[dim], index_layout);
            in.randomize(1);
            launch(Prim::IndexSelect, {out.view(), in.view(), index.view()}, p);
            std::vector<double> expected;
            for (std::int64_t i = 0; i < out.size(); ++i) {
              Shape place = index_of(picked, i);
              place[dim] = static_cast<std::int64_t>(index.get(place[dim]));
              expected.push_back(in.at(place));
            }
            check_values(out, expected, 0, 0, "index select " + show(shape, layout, d));

            Array sums(d, shape, other), src(d, picked, layout);
            sums.randomize(2, 0, 3);
            src.randomize(3, 0, 3);
            expected = sums.values();
            for (std::int64_t i = 0; i < src.size(); ++i) {
              Shape place = index_of(picked, i);
              place[dim] = static_cast<std::int64_t>(index.get(place[dim]));
              double& cell = expected[static_cast<std::size_t>(flat_of(shape, place))];
              cell = rounded(d, cell + src.get(i));
            }
            launch(Prim::IndexAdd, {sums.view(), index.view(), src.view()}, p);
            check_values(sums, expected, 0, 0, "index add " + show(shape, layout, d));
          }
}

// Rows of a table, as an embedding reads them and its gradient adds to them: many hit the same one.
TEST(index_rows_of_a_table) {
  for (const DType d : kFloats)
    for (const std::int64_t width : kAwkward)
      for (const std::int64_t count : kAwkward) {
        if (width * count > 33 * 1000) continue;
        const std::int64_t rows = std::min<std::int64_t>(width, 17);
        Array table(d, {rows, width}), out(d, {count, width}), index = indices({count}, rows);
        table.randomize(1);
        launch(Prim::IndexSelect, {out.view(), table.view(), index.view()}, IndexParams{0});
        std::vector<double> picked, sums = table.values();
        for (std::int64_t i = 0; i < count; ++i)
          for (std::int64_t j = 0; j < width; ++j)
            picked.push_back(table.at({static_cast<std::int64_t>(index.get(i)), j}));
        check_values(out, picked, 0, 0, "rows " + show(out.shape));
        for (std::int64_t i = 0; i < count * width; ++i) {
          double& cell = sums[static_cast<std::size_t>(index.get(i / width) * static_cast<double>(width)) +
                              static_cast<std::size_t>(i % width)];
          cell = rounded(d, cell + picked[static_cast<std::size_t>(i)]);
        }
        launch(Prim::IndexAdd, {table.view(), index.view(), out.view()}, IndexParams{0});
        check_values(table, sums, 0, 0, "added rows " + show(out.shape));
      }
}

TEST(gather_and_scatter_awkward_lengths) {
  for (const DType d : kAllTypes)
    for (const std::int64_t n : kAwkward)
      for (const std::int32_t dim : {0, 1})
        for (const bool assign : {false, true}) {
          const Shape shape = dim == 0 ? Shape{n, 3} : Shape{3, n}, picked = dim == 0 ? Shape{7, 3} : Shape{3, 127};
          Array cells(d, shape), out(d, picked), src(d, picked), index = indices(picked, n);
          cells.randomize(1, 0, 3);
          src.randomize(2, 0, 3);
          launch(Prim::Gather, {out.view(), cells.view(), index.view()}, IndexParams{dim});
          std::vector<double> gathered, scattered = cells.values();
          for (std::int64_t i = 0; i < out.size(); ++i) {
            const Shape place =
                with_size(index_of(picked, i), static_cast<std::size_t>(dim), static_cast<std::int64_t>(index.get(i)));
            gathered.push_back(cells.at(place));
            double& cell = scattered[static_cast<std::size_t>(flat_of(shape, place))];
            cell = assign ? src.get(i) : rounded(d, cell + src.get(i));  // the last of a cell stays
          }
          check_values(out, gathered, 0, 0, "gather " + show(shape, Layout::Dense, d));
          launch(Prim::ScatterAdd, {cells.view(), index.view(), src.view()}, IndexParams{dim, assign});
          check_values(cells, scattered, 0, 0, "scatter " + show(shape, Layout::Dense, d));
        }
}

TEST(index_empty) {
  Array in(DType::Float32, {3, 4}), none(DType::Int32, {0}), out(DType::Float32, {0, 4}), index(DType::Int32, {0, 4});
  in.randomize(1);
  const std::vector<double> before = in.values();
  launch(Prim::IndexSelect, {out.view(), in.view(), none.view()}, IndexParams{0});
  launch(Prim::Gather, {out.view(), in.view(), index.view()}, IndexParams{0});
  launch(Prim::IndexAdd, {in.view(), none.view(), out.view()}, IndexParams{0});
  launch(Prim::ScatterAdd, {in.view(), index.view(), out.view()}, IndexParams{0});
  check_values(in, before, 0, 0, "untouched");
}

bool before(double a, double b, bool descending) {
  const bool less = a < b || (!std::isnan(a) && std::isnan(b));
  const bool greater = b < a || (!std::isnan(b) && std::isnan(a));
  return descending ? greater : less;
}

TEST(sort_stable_with_nan_last) {
  for (const DType d : kAllTypes)
    for (const Shape& shape : {Shape{0}, Shape{1}, Shape{7}, Shape{1000}, Shape{33, 17}, Shape{3, 300}, Shape{3, 4, 5},
                               Shape{127, 3}, Shape{256}, Shape{257}})
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout layout : kLayouts)
          for (const bool descending : {false, true}) {
            Array in(d, shape, layout), values(d, shape, kWritable[static_cast<std::size_t>(layout) % 4]);
            Array places(DType::Int32, shape, kWritable[(static_cast<std::size_t>(layout) + 1) % 4]);
            in.randomize(dim);
            for (std::int64_t i = 0; i < in.size(); ++i) {
              in.set(i, std::floor(in.get(i)));  // many ties
              if (!is_floating(d) || layout == Layout::Scalar) continue;
              if (i % 7 == 3) in.set(i, std::nan(""));
              if (i % 11 == 5) in.set(i, -std::numeric_limits<double>::infinity());
              if (i % 13 == 5) in.set(i, -0.0);
            }
            launch(Prim::Sort, {values.view(), places.view(), in.view()},
                   SortParams{static_cast<std::int32_t>(dim), descending});
            std::vector<double> want(static_cast<std::size_t>(in.size())), want_places = want;
            for (std::int64_t i = 0; i < in.size(); ++i) {
              Shape index = index_of(shape, i);
              if (index[dim] != 0) continue;
              std::vector<std::int64_t> order(static_cast<std::size_t>(shape[dim]));
              std::iota(order.begin(), order.end(), 0);
              const auto value = [&](std::int64_t j) { return in.at(with_size(index, dim, j)); };
              std::stable_sort(order.begin(), order.end(),
                               [&](std::int64_t a, std::int64_t b) { return before(value(a), value(b), descending); });
              for (std::int64_t j = 0; j < shape[dim]; ++j) {
                const auto k = static_cast<std::size_t>(flat_of(shape, with_size(index, dim, j)));
                want_places[k] = static_cast<double>(order[static_cast<std::size_t>(j)]);
                want[k] = value(order[static_cast<std::size_t>(j)]);
              }
            }
            const std::string what = "sort " + show(shape, layout, d);
            check_values(values, want, 0, 0, what);
            check_values(places, want_places, 0, 0, what + " indices");
          }
}

}  // namespace
}  // namespace fluxion::testing
