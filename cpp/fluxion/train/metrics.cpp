#include "fluxion/train/metrics.h"

#include <limits>

#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace fluxion::train {

void Accuracy::update(const Tensor& output, const Tensor& target) {
  const NoGrad off;
  Tensor met;
  if (output.shape() == target.shape()) {
    met = eq(gt(output, options_.threshold), gt(target, 0.5));
  } else {
    Shape expected = output.shape();
    if (!expected.empty()) expected.erase(wrap_dim("accuracy", options_.class_dim, output.rank()));
    if (!(expected == target.shape()))
      throw ShapeError(str("accuracy: targets ", target.shape(), " fit neither the output ", output.shape(),
                           " nor its classes along dimension ", options_.class_dim));
    met = eq(argmax(output, options_.class_dim), target);
  }
  const Tensor counts = ne(target, static_cast<double>(options_.ignore_index));
  if (options_.whole_rows && met.rank() > 1) {
    const Tensor rows = reshape(logical_or(met, logical_not(counts)), {met.size(0), -1});
    right_ += sum(all(rows, Shape{1})).item();
    seen_ += static_cast<double>(met.size(0));
  } else {
    right_ += sum(logical_and(met, counts)).item();
    seen_ += sum(counts).item();
  }
}

double Accuracy::value() const {
  return seen_ > 0 ? right_ / seen_ : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace fluxion::train
