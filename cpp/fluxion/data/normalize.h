#pragma once
// Values brought to mean 0 and standard deviation 1, and back.

#include <cstdint>

#include "fluxion/core/tensor.h"

namespace fluxion::data {

class Normalizer {
 public:
  // Mean and (biased) standard deviation over every dimension but `dim`: 1 is the channel of images and the column of
  // tables. Where a deviation is 0, 1 stands for it.
  static Normalizer fit(const Tensor& x, std::int64_t dim = 1);
  // Known statistics, one number per place along `dim`.
  Normalizer(Tensor mean, Tensor std, std::int64_t dim = 1);

  const Tensor& mean() const { return mean_; }
  const Tensor& std() const { return std_; }
  Tensor apply(const Tensor& x) const;   // (x − mean)/std
  Tensor invert(const Tensor& x) const;  // x·std + mean

 private:
  Tensor shaped(const Tensor& t, const Tensor& x) const;

  Tensor mean_, std_;
  std::int64_t dim_;
};

}  // namespace fluxion::data
