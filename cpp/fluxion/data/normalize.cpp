#include "fluxion/data/normalize.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"

namespace fluxion::data {

Normalizer Normalizer::fit(const Tensor& x, std::int64_t dim) {
  check_floating("Normalizer", x);
  const int d = wrap_dim("Normalizer", dim, x.rank());
  if (x.rank() == 0 || x.numel() == 0)
    throw ShapeError(str("Normalizer: there is nothing to fit in a tensor of shape ", x.shape()));
  const NoGrad off;
  const Tensor rows = reshape(movedim(x, {d}, {0}), {x.size(d), -1});
  const Tensor mean = fluxion::mean(rows, Shape{1});
  const Tensor spread = sqrt(fluxion::mean(square(rows - unsqueeze(mean, 1)), Shape{1}));
  return {mean, where(eq(spread, 0), 1.0, spread), dim};
}

Normalizer::Normalizer(Tensor mean, Tensor std, std::int64_t dim)
    : mean_(std::move(mean)), std_(std::move(std)), dim_(dim) {
  if (mean_.rank() != 1 || !(mean_.shape() == std_.shape()))
    throw ShapeError(str("Normalizer: mean ", mean_.shape(), " and std ", std_.shape(), " must be two equal vectors"));
}

Tensor Normalizer::shaped(const Tensor& t, const Tensor& x) const {
  const int d = wrap_dim("Normalizer", dim_, x.rank());
  if (x.rank() == 0 || x.size(d) != t.size(0))
    throw ShapeError(str("Normalizer: fitted to ", t.size(0), " along dimension ", dim_, ", given ", x.shape()));
  Shape shape(static_cast<std::size_t>(x.rank()), 1);
  shape[d] = t.size(0);
  return reshape(t, shape);
}

Tensor Normalizer::apply(const Tensor& x) const { return (x - shaped(mean_, x)) / shaped(std_, x); }
Tensor Normalizer::invert(const Tensor& x) const { return x * shaped(std_, x) + shaped(mean_, x); }

}  // namespace fluxion::data
