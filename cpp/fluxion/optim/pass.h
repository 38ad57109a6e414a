#pragma once
// One pass over the parameters whose steps share their numbers.

#include <initializer_list>
#include <vector>

#include "fluxion/ops/launch.h"

namespace fluxion::optim {

template <kernels::Prim prim, class Params>
class Pass {
 public:
  // `views` is room that the optimizer keeps from step to step.
  Pass(const Params& shared, std::vector<kernels::View>& views) : params_(shared), views_(views) { params_.count = 0; }

  // Another number from here on: what waits has the one before.
  template <class T>
  void set(T Params::* number, T value) {
    if (params_.*number != value) launch();
    params_.*number = value;
  }
  void add(std::initializer_list<kernels::View> views) {
    views_.insert(views_.end(), views);
    ++params_.count;
  }
  void launch() {
    if (params_.count > 0)
      kernels::run_call(prim, views_.data(), static_cast<int>(views_.size()), &params_, sizeof params_);
    views_.clear();
    params_.count = 0;
  }

 private:
  Params params_;
  std::vector<kernels::View>& views_;
};

}  // namespace fluxion::optim
