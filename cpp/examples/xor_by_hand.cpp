// XOR by hand-written backpropagation: no graph, no autograd, each gradient a buffer with a name.

#include <cmath>
#include <cstdio>

#include "fluxion/core/random.h"
#include "fluxion/manual/manual.h"

using namespace fluxion;
using manual::Activation;

int main() {
  default_generator().set_seed(1);
  manual::NeuralBlock net;
  net.add_layer(8, Activation::Tanh);
  net.add_layer(1, Activation::Sigmoid);
  net.set_loss(manual::LossKind::Mse);
  net.set_input(Tensor::from(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, {4, 2}));
  net.set_target(Tensor::from(std::vector<float>{0, 1, 1, 0}, {4, 1}));
  net.initialize();
  for (int epoch = 0; epoch < 2000; epoch += 400) {
    const double loss = net.train(2, 400);
    std::printf("epoch %4d  loss %.4f  dL/db of the output %+.5f\n", epoch + 400, loss, net.buffer("1.db").item());
  }
  const Tensor answers = net.predict(net.x);
  int right = 0;
  for (int i = 0; i < 4; ++i) right += std::round(answers.at(i)) == (i == 1 || i == 2);
  std::printf("%d of 4 right\n", right);
  return right == 4 ? 0 : 1;
}
