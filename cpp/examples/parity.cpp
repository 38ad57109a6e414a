// 4-bit parity: is the number of ones odd? All 16 cases, learnt by a net of two layers.

#include <cstdio>

#include "fluxion/data/toy.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"

using namespace fluxion;

int main() {
  manual_seed(1);
  const auto [x, y] = data::parity(4);
  const auto model = nn::sequential(make_ref<nn::Linear>(4, 16), make_ref<nn::Tanh>(), make_ref<nn::Linear>(16, 1));
  optim::AdamW optimizer(model->parameters(), {.lr = 0.03, .weight_decay = 0});

  for (int step = 0; step <= 500; ++step) {
    const Tensor loss = binary_cross_entropy_with_logits((*model)(x), y);
    optimizer.zero_grad();
    backward(loss);
    optimizer.step();
    if (step % 100 == 0) std::printf("step %3d  loss %.4f\n", step, loss.item());
  }

  const NoGrad off;
  const double right = sum(eq(gt((*model)(x), 0), gt(y, 0.5))).item();
  std::printf("%.0f of 16 right\n", right);
  return right == 16 ? 0 : 1;
}
