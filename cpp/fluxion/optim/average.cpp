#include "fluxion/optim/average.h"

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"
#include "fluxion/ops/binary.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/view.h"

namespace fluxion::optim {

WeightAverage::WeightAverage(const std::vector<Tensor>& params, std::optional<double> decay)
    : params_(params), decay_(decay) {
  if (params.empty()) throw FluxionError("AveragedModel: there are no parameters");
  if (decay && !(*decay >= 0 && *decay < 1))
    throw FluxionError(str("AveragedModel: decay must lie in [0, 1), it is ", *decay));
  const NoGrad off;
  for (const Tensor& p : params) averages_.push_back(clone(p.detach()));
}

void WeightAverage::update() {
  perform([this, kept = held(this)] { take_in(); });
}

void WeightAverage::take_in() {
  const NoGrad off;
  const double weight = count_ == 0 ? 1 : decay_ ? 1 - *decay_ : 1 / static_cast<double>(count_ + 1);
  for (std::size_t i = 0; i < params_.size(); ++i) {
    const Tensor &average = averages_[i], now = params_[i].detach();
    copy_(average, count_ == 0 ? now : lerp(average, now, weight));
  }
  ++count_;
}

void WeightAverage::swap() {
  const NoGrad off;
  for (std::size_t i = 0; i < params_.size(); ++i) {
    const Tensor kept = clone(averages_[i]);
    copy_(averages_[i], params_[i]);
    copy_(params_[i], kept);
  }
}

}  // namespace fluxion::optim
