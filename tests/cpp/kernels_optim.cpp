// Optimizer steps against the formulas of torch.optim in double, over several steps.

#include <cmath>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::AdamParams;
using kernels::launch;
using kernels::Prim;
using kernels::SgdParams;
using kernels::View;

using Values = std::vector<double>;
constexpr int kSteps = 5;

const SgdParams kSgd[] = {
    {.lr = 0.1},
    {.lr = 0.1, .weight_decay = 0.01, .maximize = true},
    {.lr = 0.1, .momentum = 0.9},
    {.lr = 0.1, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.1},
    {.lr = 0.05, .momentum = 0.8, .weight_decay = 0.1, .nesterov = true},
};

const AdamParams kAdam[] = {
    {.lr = 0.01},
    {.lr = 0.01, .weight_decay = 0.1, .amsgrad = true},
    {.lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-6, .weight_decay = 0.1, .decoupled = true},
    {.lr = 0.01, .weight_decay = 0.01, .decoupled = true, .amsgrad = true, .maximize = true},
};

double tolerance(DType d) { return d == DType::Float32 ? 1e-6 : 1e-13; }

TEST(sgd_step_as_torch) {
  for (const DType d : kFloats)
    for (const SgdParams& given : kSgd)
      for (const Shape& shape : kShapes)
        for (const Layout layout : kLayouts) {
          const bool buffered = given.momentum != 0;
          Array p(d, shape), gradient(d, shape, layout), buffer(d, shape);
          p.randomize(1);
          buffer.randomize(2);  // whatever was there before the first step
          Values want = p.values(), momentum(want.size());
          for (int step = 0; step < kSteps; ++step) {
            gradient.randomize(static_cast<std::uint64_t>(step) + 3);
            SgdParams now = given;
            now.first = step == 0;
            launch(Prim::SgdStep, {p.view(), gradient.view(), buffered ? buffer.view() : View{}}, now);
            for (std::size_t i = 0; i < want.size(); ++i) {
              double g = gradient.get(static_cast<std::int64_t>(i)) * (given.maximize ? -1 : 1);
              g += given.weight_decay * want[i];
              if (buffered) {
                momentum[i] = step == 0 ? g : given.momentum * momentum[i] + (1 - given.dampening) * g;
                g = given.nesterov ? g + given.momentum * momentum[i] : momentum[i];
              }
              want[i] -= given.lr * g;
            }
          }
          check_values(p, want, tolerance(d), tolerance(d), "sgd " + show(shape, layout, d));
          if (buffered)
            check_values(buffer, momentum, tolerance(d), tolerance(d), "momentum " + show(shape, layout, d));
        }
}

TEST(adam_step_as_torch) {
  for (const DType d : kFloats)
    for (const AdamParams& given : kAdam)
      for (const Shape& shape : kShapes)
        for (const Layout layout : kLayouts) {
          Array p(d, shape), gradient(d, shape, layout), first(d, shape), second(d, shape), largest(d, shape);
          p.randomize(1);
          Values want = p.values(), m(want.size()), v(want.size()), top(want.size());
          for (int step = 1; step <= kSteps; ++step) {
            // Later gradients are smaller, so that amsgrad's maximum is an older one.
            gradient.randomize(static_cast<std::uint64_t>(step) + 3, -3.0 / step, 3.0 / step);
            AdamParams now = given;
            now.step = step;
            launch(Prim::AdamStep,
                   {p.view(), gradient.view(), first.view(), second.view(), given.amsgrad ? largest.view() : View{}},
                   now);
            for (std::size_t i = 0; i < want.size(); ++i) {
              double g = gradient.get(static_cast<std::int64_t>(i)) * (given.maximize ? -1 : 1);
              if (given.decoupled)
                want[i] *= 1 - given.lr * given.weight_decay;
              else
                g += given.weight_decay * want[i];
              m[i] = given.beta1 * m[i] + (1 - given.beta1) * g;
              v[i] = given.beta2 * v[i] + (1 - given.beta2) * g * g;
              top[i] = std::fmax(top[i], v[i]);
              const double corrected = (given.amsgrad ? top[i] : v[i]) / (1 - std::pow(given.beta2, step));
              want[i] -= given.lr * m[i] / (1 - std::pow(given.beta1, step)) / (std::sqrt(corrected) + given.eps);
            }
          }
          const std::string what = "adam " + show(shape, layout, d);
          check_values(p, want, 3 * tolerance(d), 3 * tolerance(d), what);
          check_values(first, m, tolerance(d), tolerance(d), what + " first moment");
          check_values(second, v, 3 * tolerance(d), tolerance(d), what + " second moment");
          if (given.amsgrad) check_values(largest, top, 3 * tolerance(d), tolerance(d), what + " largest moment");
        }
}

// Of several parameters in one call: the bits of a call for each.
template <class Params>
void check_together(Prim prim, Params params, int each) {
  const auto make = [&] {
    std::vector<std::vector<Array>> out;
    std::uint64_t seed = 1;
    for (const std::int64_t n : {1, 1000, 3, 33000, 127, 7, 17})
      for (const DType d : kFloats) {
        std::vector<Array>& views = out.emplace_back();
        for (int v = 0; v < each; ++v) {
          views.emplace_back(d, Shape{n, 2}, v == 1 && n % 2 == 1 ? Layout::Transposed : Layout::Dense);
          views.back().randomize(seed++, v < 2 ? -3 : 0.1);
        }
      }
    return out;
  };
  std::vector<std::vector<Array>> alone = make(), together = make();
  std::vector<View> all;
  for (std::vector<Array>& arrays : alone) {
    std::vector<View> views;
    for (Array& a : arrays) views.push_back(a.view());
    kernels::run_call(prim, views.data(), each, &params, sizeof params);
  }
  for (std::vector<Array>& arrays : together)
    for (Array& a : arrays) all.push_back(a.view());
  params.count = static_cast<int>(together.size());
  kernels::run_call(prim, all.data(), static_cast<int>(all.size()), &params, sizeof params);
  for (std::size_t i = 0; i < alone.size(); ++i)
    for (std::size_t v = 0; v < alone[i].size(); ++v) CHECK_EQ(together[i][v].values(), alone[i][v].values());
}

TEST(optimizer_steps_over_several_parameters) {
  for (const int threads : {1, 4}) {
    set_thread_count(threads);
    for (const SgdParams& given : kSgd) check_together(Prim::SgdStep, given, kernels::kSgdViews);
    for (const AdamParams& given : kAdam) check_together(Prim::AdamStep, given, kernels::kAdamViews);
  }
  set_thread_count(1);
}

}  // namespace
}  // namespace fluxion::testing
