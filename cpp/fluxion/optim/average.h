#pragma once
// A moving average of weights, kept beside them.

#include <optional>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::optim {

// With a decay: average += (1 - decay)·(weight - average), the exponential moving average. Without: the equal average
// of all that was seen, average += (weight - average)/(n + 1), as stochastic weight averaging wants it. The first
// update copies the weights. Source: torch.optim.swa_utils.AveragedModel; Izmailov et al. 2018.
class WeightAverage : public RefCounted<WeightAverage> {
 public:
  explicit WeightAverage(const std::vector<Tensor>& params, std::optional<double> decay = {});

  void update();
  // Exchanges the values of weights and averages; a second call takes the first one back.
  void swap();

  // In the order of the parameters.
  const std::vector<Tensor>& averages() const { return averages_; }
  std::int64_t count() const { return count_; }
  void set_count(std::int64_t count) { count_ = count; }

 private:
  void take_in();

  std::vector<Tensor> params_, averages_;
  std::optional<double> decay_;
  std::int64_t count_ = 0;
};

}  // namespace fluxion::optim
