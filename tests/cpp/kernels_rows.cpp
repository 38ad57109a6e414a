// Softmax, layer and batch normalisation, cross entropy: against plain formulas in double.

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::CrossEntropyParams;
using kernels::launch;
using kernels::NoParams;
using kernels::NormParams;
using kernels::Prim;
using kernels::SoftmaxParams;
using kernels::View;

using Values = std::vector<double>;

double tolerance(DType d) { return d == DType::Float32 ? 2e-6 : 1e-12; }
std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

Array from(DType d, const Shape& shape, const Values& values, Layout layout = Layout::Dense) {
  Array a(d, shape, layout);
  a.assign(values);
  return a;
}

// Calls f(lane), the row-major places of one lane along dim, for every lane.
template <class F>
void each_lane(const Shape& shape, std::size_t dim, F f) {
  for (std::int64_t i = 0; i < elements_of(shape); ++i) {
    Shape index = index_of(shape, i);
    if (index[dim] != 0) continue;
    std::vector<std::size_t> lane;
    for (index[dim] = 0; index[dim] < shape[dim]; ++index[dim]) lane.push_back(at(flat_of(shape, index)));
    f(lane);
  }
}

Values softmax_of(const Shape& shape, const Values& x, std::size_t dim, bool log) {
  Values y(x.size());
  each_lane(shape, dim, [&](const std::vector<std::size_t>& lane) {
    double shift = -std::numeric_limits<double>::infinity(), total = 0;
    for (const std::size_t i : lane) shift = std::max(shift, x[i]);
    for (const std::size_t i : lane) total += std::exp(x[i] - shift);
    for (const std::size_t i : lane) y[i] = log ? x[i] - shift - std::log(total) : std::exp(x[i] - shift) / total;
  });
  return y;
}

Values softmax_grad_of(const Shape& shape, const Values& dy, const Values& y, std::size_t dim, bool log) {
  Values dx(y.size());
  each_lane(shape, dim, [&](const std::vector<std::size_t>& lane) {
    double total = 0;
    for (const std::size_t i : lane) total += log ? dy[i] : dy[i] * y[i];
    for (const std::size_t i : lane) dx[i] = log ? dy[i] - std::exp(y[i]) * total : y[i] * (dy[i] - total);
  });
  return dx;
}

TEST(softmax_every_dim_and_layout) {
  for (const DType d : kFloats)
    for (const Shape& shape : kShapes)
      for (std::size_t dim = 0; dim < shape.size(); ++dim)
        for (const Layout layout : kLayouts)
          for (const bool log : {false, true}) {
            const Layout to = kWritable[(static_cast<std::size_t>(layout) + dim) % 4];
            const SoftmaxParams p{static_cast<std::int32_t>(dim), log};
            Array x(d, shape, layout), y(d, shape, to), dy(d, shape, layout), dx(d, shape, to);
            x.randomize(dim + 1, -20, 20);
            dy.randomize(dim + 2);
            launch(Prim::Softmax, {y.view(), x.view()}, p);
            const std::string what = (log ? "log softmax " : "softmax ") + show(shape, layout, d);
            check_values(y, softmax_of(shape, x.values(), dim, log), tolerance(d), tolerance(d), what);
            launch(Prim::SoftmaxGrad, {dx.view(), dy.view(), y.view()}, p);
            check_values(dx, softmax_grad_of(shape, dy.values(), y.values(), dim, log), 4 * tolerance(d),
                         20 * tolerance(d), "gradient of " + what);
          }
}

TEST(softmax_awkward_lengths) {
  for (const DType d : kFloats)
    for (const std::int64_t n : {1, 3, 7, 17, 33, 127, 300, 1000})
      for (const bool log : {false, true})
        for (const std::int32_t dim : {0, 1}) {
          const Shape shape = dim == 0 ? Shape{n, 3} : Shape{3, n};
          Array x(d, shape), y(d, shape), dy(d, shape), dx(d, shape);
          x.randomize(4, -90, 90);
          dy.randomize(5);
          launch(Prim::Softmax, {y.view(), x.view()}, SoftmaxParams{dim, log});
          const std::string what = "softmax " + show(x.shape);
          const auto along = static_cast<std::size_t>(dim);
          check_values(y, softmax_of(shape, x.values(), along, log), tolerance(d), tolerance(d), what);
          launch(Prim::SoftmaxGrad, {dx.view(), dy.view(), y.view()}, SoftmaxParams{dim, log});
          check_values(dx, softmax_grad_of(shape, dy.values(), y.values(), along, log), 4 * tolerance(d),
                       20 * tolerance(d), "gradient of " + what);
        }
}

TEST(softmax_in_place) {
  for (const bool log : {false, true})
    for (const std::int32_t dim : {0, 1}) {
      Array x(DType::Float32, {300, 7});
      x.randomize(1);
      const Values expected = softmax_of(x.shape, x.values(), static_cast<std::size_t>(dim), log);
      launch(Prim::Softmax, {x.view(), x.view()}, SoftmaxParams{dim, log});
      check_values(x, expected, 2e-6, 1e-6, "softmax in place");
    }
}

TEST(softmax_extreme_rows) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  for (const DType d : kFloats)
    for (const Layout layout : {Layout::Dense, Layout::Transposed}) {
      Array x = from(d, {4, 5}, {-inf, -inf, -inf, -inf, -inf,  //
                                 -inf, 1,    1,    -inf, -inf,  //
                                 1,    nan,  2,    3,    4,     //
                                 1e4,  1e4,  -1e4, 0,    -inf},
                     layout);
      Array y(d, {4, 5}, layout);
      launch(Prim::Softmax, {y.view(), x.view()}, SoftmaxParams{1, false});
      check_values(y, {nan, nan, nan, nan, nan, 0, .5, .5, 0, 0, nan, nan, nan, nan, nan, .5, .5, 0, 0, 0}, 0, 0,
                   "softmax");
      launch(Prim::Softmax, {y.view(), x.view()}, SoftmaxParams{1, true});
      const double half = rounded(d, std::log(0.5));
      check_values(y, {nan, nan, nan, nan, nan, -inf, half, half,        -inf,        -inf,
                       nan, nan, nan, nan, nan, half, half, -2e4 + half, -1e4 + half, -inf},
                   1e-7, 0, "log softmax");
    }
}

const std::vector<std::pair<std::int64_t, std::int64_t>> kRows = {
    {0, 5}, {1, 1}, {7, 3}, {3, 7}, {33, 17}, {17, 33}, {5, 127}, {127, 5}, {2, 1000}, {1000, 1}, {130, 48}};

TEST(layer_norm_and_gradient) {
  const double eps = 1e-5;
  for (const DType d : kFloats)
    for (const auto& [rows, n] : kRows)
      for (const bool affine : {false, true}) {
        const Shape shape{rows, n};
        Array x(d, shape), out(d, shape), mean(d, {rows}), rstd(d, {rows}), gamma(d, {n}), beta(d, {n}), dy(d, shape);
        Array dx(d, shape), dgamma(d, {n}), dbeta(d, {n});
        x.randomize(1, 2, 5);
        gamma.randomize(2, 0.5, 2);
        beta.randomize(3);
        dy.randomize(4);
        const View absent{};
        launch(Prim::LayerNorm,
               {out.view(), mean.view(), rstd.view(), x.view(), affine ? gamma.view() : absent,
                affine ? beta.view() : absent},
               NormParams{eps});
        launch(Prim::LayerNormGrad,
               {dx.view(), affine ? dgamma.view() : absent, affine ? dbeta.view() : absent, dy.view(), x.view(),
                mean.view(), rstd.view(), affine ? gamma.view() : absent},
               NoParams{});

        Values want(at(rows * n)), want_dx(at(rows * n)), want_dgamma(at(n)), want_dbeta(at(n));
        for (std::int64_t r = 0; r < rows; ++r) {
          double m = 0, v = 0, g_sum = 0, gx_sum = 0;
          for (std::int64_t j = 0; j < n; ++j) m += x.get(r * n + j) / static_cast<double>(n);
          for (std::int64_t j = 0; j < n; ++j) v += std::pow(x.get(r * n + j) - m, 2) / static_cast<double>(n);
          const double s = 1 / std::sqrt(v + eps);
          for (std::int64_t j = 0; j < n; ++j) {
            const double normal = (x.get(r * n + j) - m) * s, g = dy.get(r * n + j) * (affine ? gamma.get(j) : 1);
            want[at(r * n + j)] = affine ? normal * gamma.get(j) + beta.get(j) : normal;
            g_sum += g / static_cast<double>(n);
            gx_sum += g * normal / static_cast<double>(n);
            if (affine) want_dgamma[at(j)] += dy.get(r * n + j) * normal;
            if (affine) want_dbeta[at(j)] += dy.get(r * n + j);
          }
          for (std::int64_t j = 0; j < n; ++j) {
            const double normal = (x.get(r * n + j) - m) * s, g = dy.get(r * n + j) * (affine ? gamma.get(j) : 1);
            want_dx[at(r * n + j)] = s * (g - g_sum - normal * gx_sum);
          }
          check_close(mean.get(r), m, tolerance(d), 0, "mean");
          check_close(rstd.get(r), s, tolerance(d), 0, "rstd");
        }
        const std::string what = "layer norm " + show(shape, Layout::Dense, d);
        check_values(out, want, 2 * tolerance(d), 2 * tolerance(d), what);
        check_values(dx, want_dx, 2 * tolerance(d), 5 * tolerance(d), what + " dx");
        check_values(dgamma, want_dgamma, 5 * tolerance(d), 20 * tolerance(d), what + " dgamma");
        check_values(dbeta, want_dbeta, tolerance(d), 5 * tolerance(d), what + " dbeta");
      }
}

TEST(layer_norm_of_shifted_and_constant_rows) {
  Array x(DType::Float32, {2, 33}), out(DType::Float32, {2, 33}), mean(DType::Float32, {2}), rstd(DType::Float32, {2});
  for (int j = 0; j < 33; ++j) {
    x.set(j, 10000 + (j % 2 == 0 ? 0.5 : -0.5));
    x.set(33 + j, 0.1);
  }
  launch(Prim::LayerNorm, {out.view(), mean.view(), rstd.view(), x.view(), View{}, View{}}, NormParams{1e-5});
  // The variance of 17 values +1/2 and 16 of −1/2.
  CHECK_CLOSE(rstd.get(0), 1 / std::sqrt(0.25 - 1.0 / (66 * 66) + 1e-5), 1e-5, 0);
  CHECK_CLOSE(rstd.get(1), 1 / std::sqrt(1e-5), 1e-6, 0);
  CHECK_EQ(out.get(40), 0);
}

TEST(batch_norm_and_gradient) {
  const double eps = 1e-3;
  for (const DType d : kFloats)
    for (const Shape& shape :
         {Shape{1, 3, 4}, Shape{5, 1, 1}, Shape{33, 10, 1}, Shape{7, 300, 1}, Shape{4, 8, 49}, Shape{2, 3, 1000},
          Shape{64, 130, 1}, Shape{6, 0, 4}, Shape{3, 127, 1}, Shape{3, 17, 3}, Shape{7, 33, 7}, Shape{1000, 3, 1},
          Shape{1, 1, 17}, Shape{17, 7, 33}, Shape{1, 2, 127}, Shape{17, 1000, 1}})
      for (const bool affine : {false, true}) {
        const std::int64_t batch = shape[0], channels = shape[1], length = shape[2];
        const double count = static_cast<double>(batch * length);
        Array x(d, shape), out(d, shape), dy(d, shape), dx(d, shape);
        Array mean(d, {channels}), variance(d, {channels}), gamma(d, {channels}), beta(d, {channels});
        Array dgamma(d, {channels}), dbeta(d, {channels});
        x.randomize(1, 1, 4);
        gamma.randomize(2, 0.5, 2);
        beta.randomize(3);
        dy.randomize(4);
        const View absent{};
        launch(Prim::BatchNorm,
               {out.view(), mean.view(), variance.view(), x.view(), affine ? gamma.view() : absent,
                affine ? beta.view() : absent},
               NormParams{eps});
        launch(Prim::BatchNormGrad,
               {dx.view(), affine ? dgamma.view() : absent, affine ? dbeta.view() : absent, dy.view(), x.view(),
                mean.view(), variance.view(), affine ? gamma.view() : absent},
               NormParams{eps});

        Values want(at(x.size())), want_dx(at(x.size()));
        for (std::int64_t c = 0; c < channels; ++c) {
          std::vector<std::int64_t> places;
          for (std::int64_t n = 0; n < batch; ++n)
            for (std::int64_t l = 0; l < length; ++l) places.push_back((n * channels + c) * length + l);
          double m = 0, v = 0, g_sum = 0, gx_sum = 0;
          for (const auto i : places) m += x.get(i) / count;
          for (const auto i : places) v += std::pow(x.get(i) - m, 2) / count;
          const double s = 1 / std::sqrt(v + eps), scale = affine ? gamma.get(c) : 1;
          for (const auto i : places) {
            const double normal = (x.get(i) - m) * s;
            want[at(i)] = normal * scale + (affine ? beta.get(c) : 0);
            g_sum += dy.get(i);
            gx_sum += dy.get(i) * normal;
          }
          for (const auto i : places)
            want_dx[at(i)] = scale * s * (dy.get(i) - g_sum / count - (x.get(i) - m) * s * gx_sum / count);
          check_close(mean.get(c), m, tolerance(d), 0, "mean");
          check_close(variance.get(c), v, tolerance(d), tolerance(d), "variance");
          if (affine) check_close(dgamma.get(c), gx_sum, 10 * tolerance(d), 30 * tolerance(d), "dgamma");
          if (affine) check_close(dbeta.get(c), g_sum, 10 * tolerance(d), 10 * tolerance(d), "dbeta");
        }
        const std::string what = "batch norm " + show(shape, Layout::Dense, d);
        check_values(out, want, 3 * tolerance(d), 3 * tolerance(d), what);
        check_values(dx, want_dx, 5 * tolerance(d), 10 * tolerance(d), what + " dx");
      }
}

TEST(cross_entropy_and_gradient) {
  for (const DType d : kFloats)
    for (const auto& [rows, classes] : kRows)
      for (const double smoothing : {0.0, 0.1})
        for (const double size : {3.0, 200.0})
          for (const Layout layout : {Layout::Dense, Layout::Gaps, Layout::Scalar}) {
            const CrossEntropyParams p{-100, smoothing};
            Array x(d, {rows, classes}), dx(d, {rows, classes}), dloss(d, {rows}, layout);
            Array loss(d, {rows}), lse(d, {rows}), target(DType::Int32, {rows});
            x.randomize(1, -size, size);
            dloss.randomize(2);
            Uniform uniform(5);
            for (std::int64_t r = 0; r < rows; ++r)
              target.set(r, r % 5 == 3 ? -100 : static_cast<double>(uniform.below(classes)));
            launch(Prim::CrossEntropy, {loss.view(), lse.view(), x.view(), target.view()}, p);
            launch(Prim::CrossEntropyGrad, {dx.view(), dloss.view(), x.view(), lse.view(), target.view()}, p);

            const Values log_p = softmax_of(x.shape, x.values(), 1, true);
            Values want(at(rows)), want_dx(at(x.size()));
            for (std::int64_t r = 0; r < rows; ++r) {
              const auto t = static_cast<std::int64_t>(target.get(r));
              if (t == -100) continue;
              const double even = smoothing / static_cast<double>(classes);
              for (std::int64_t c = 0; c < classes; ++c) {
                const double share = even + (c == t ? 1 - smoothing : 0);
                want[at(r)] -= share * log_p[at(r * classes + c)];
                want_dx[at(r * classes + c)] = dloss.get(r) * (std::exp(log_p[at(r * classes + c)]) - share);
              }
            }
            const std::string what = "cross entropy " + show(x.shape, layout, d);
            check_values(loss, want, tolerance(d), tolerance(d) * size, what);
            check_values(dx, want_dx, tolerance(d), tolerance(d) * size, what + " dx");
          }
}

TEST(rows_same_bits_on_any_threads) {
  const int before = thread_count();
  std::vector<Values> results;
  for (const int threads : {1, 4}) {
    set_thread_count(threads);
    Array x(DType::Float32, {500, 200}), y = x, mean(DType::Float32, {500}), rstd = mean, z = x;
    Array channels(DType::Float32, {100, 100, 10}), normal = channels, m(DType::Float32, {100}), v = m;
    x.randomize(1);
    channels.randomize(2);
    launch(Prim::Softmax, {y.view(), x.view()}, SoftmaxParams{1, false});
    launch(Prim::LayerNorm, {z.view(), mean.view(), rstd.view(), x.view(), View{}, View{}}, NormParams{});
    launch(Prim::BatchNorm, {normal.view(), m.view(), v.view(), channels.view(), View{}, View{}}, NormParams{});
    for (const Array* a : {&y, &z, &normal}) results.push_back(a->values());
  }
  set_thread_count(before);
  for (std::size_t i = 0; i < 3; ++i) CHECK(results[i] == results[i + 3]);
}

}  // namespace
}  // namespace fluxion::testing
