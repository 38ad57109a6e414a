#include "fluxion/manual/loss.h"

#include <cmath>

namespace fluxion::manual {

using kernels::Prim;

Shape Loss::output_shape(const Shape& input) const {
  if (input.ssize() < 2) throw ShapeError(str(type_name(), ": the prediction must be [N, …, values], it is ", input));
  return {1};
}

void Loss::build() {
  fill(dy, 1);  // dL/dL
  make(target, "target", x.shape());
  work_ = room(x.shape());
}

void Loss::set_target(const Tensor& t) {
  check_target(t, x.shape());
  copy_any(target, t);
}

void MSE::check_target(const Tensor& t, const Shape& prediction) const {
  if (!(t.shape() == prediction))
    throw ShapeError(str("MSE: the target must be ", prediction, " as the prediction, it is ", t.shape()));
}

void MSE::forward() {
  subtract(work_, x, target);
  unary(kernels::Unary::Square, work_, work_);
  sum(y, Window(work_, {1, x.numel()}));
  scale(y, y, 1 / static_cast<double>(x.numel()));  // L = mean of (x − t)²
}

void MSE::backward() {
  subtract(dx, x, target);
  scale(dx, dx, 2 / static_cast<double>(x.numel()));  // dL/dx = 2·(x − t)/count
}

void SoftmaxCrossEntropy::build() {
  Loss::build();
  make(logp, "logp", x.shape());
  make(p, "p", x.shape());
  classes_ = Tensor::empty(Shape(x.shape().begin(), x.shape().end() - 1), DType::Int32);
}

void SoftmaxCrossEntropy::check_target(const Tensor& t, const Shape& prediction) const {
  const std::int64_t width = prediction.back();
  const Shape classes(prediction.begin(), prediction.end() - 1);
  if (t.shape() == classes) {
    if (t.dtype() != DType::Int32)
      throw DTypeError(str("SoftmaxCrossEntropy: classes must be int32, the target is ", t.dtype(),
                           "; convert it with to('int32')"));
    for (std::int64_t i = 0; i < t.numel(); ++i)
      if (t.at(i) < 0 || t.at(i) >= static_cast<double>(width))
        throw IndexError(str("SoftmaxCrossEntropy: class ", t.at(i), " is out of range for ", width, " classes"));
    return;
  }
  if (!(t.shape() == prediction))
    throw ShapeError(str("SoftmaxCrossEntropy: the target must be classes ", classes, " or probabilities ", prediction,
                         ", it is ", t.shape()));
  for (std::int64_t row = 0; row < numel(classes); ++row) {
    double total = 0;
    for (std::int64_t i = 0; i < width; ++i) total += t.at(row * width + i);
    if (!(std::abs(total - 1) <= 1e-3))
      throw FluxionError(
          str("SoftmaxCrossEntropy: probabilities add up to 1, those in row ", row, " of the target to ", total));
  }
}

void SoftmaxCrossEntropy::set_target(const Tensor& t) {
  if (t.rank() == x.rank()) return Loss::set_target(t);
  check_target(t, x.shape());
  copy_any(classes_, t);
  fill(target, 0);
  Window ones(dy, {1, 1});  // its 1, once a row
  ones.shape[0] = rows();
  ones.strides[0] = 0;
  kernels::launch(Prim::ScatterAdd, {Window(target), Window(classes_, {rows(), 1}), ones}, kernels::IndexParams{1});
}

void SoftmaxCrossEntropy::forward() {
  softmax(logp, x, true);
  unary(kernels::Unary::Exp, p, logp);  // p = softmax(x)
  multiply(work_, target, logp);
  sum(y, Window(work_, {1, x.numel()}));
  scale(y, y, -1 / static_cast<double>(rows()));  // L = −Σ t·log p / rows
}

void SoftmaxCrossEntropy::backward() {
  subtract(dx, p, target);
  scale(dx, dx, 1 / static_cast<double>(rows()));  // dL/dx = (p − t)/rows
}

}  // namespace fluxion::manual
