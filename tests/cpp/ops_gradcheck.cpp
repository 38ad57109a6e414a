// gradcheck finds wrong gradients, and says where; second-order gradients of the larger ops.

#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"
#include "fluxion/transforms/gradcheck.h"

namespace {

using namespace fluxion;

Tensor wave(const Shape& shape) {
  const Tensor x = sin(arange(1, numel(shape) + 1, 1, DType::Float64) * 1.7);
  return reshape(x, shape);
}

// x², with a gradient that is wrong at `place`.
Tensor wrong_square(const Tensor& x, std::int64_t place) {
  return record("wrong_square", square(x.detach()), {&x}, [x = Saved(x), place](Backward& ctx) {
    const Tensor g = clone(ctx.grad() * x.get(ctx) * 2);
    if (place >= 0) fill_(select(reshape(g, {g.numel()}), 0, place), 0.5);
    ctx.give(0, g);
  });
}

}  // namespace

TEST(gradcheck_takes_right_gradients) {
  CHECK(gradcheck([](const auto& in) { return wrong_square(in[0], -1); }, {wave({2, 3})}).ok);
  CHECK(gradcheck([](const auto& in) { return matmul(in[0], in[1]); },
                  {wave({2, 3}), transpose(wave({4, 3}), 0, 1)})
            .ok);
  // Inputs of other types are left alone, and what does not depend on an input has no gradient by it.
  CHECK(
      gradcheck([](const auto& in) { return in[0] * in[1]; }, {wave({3}), ones({3}, DType::Int32), wave({2})})
          .ok);
  CHECK(gradcheck([](const auto& in) { return sum(in[0]); }, {zeros({0}, DType::Float64)}).ok);
}

TEST(gradcheck_names_the_wrong_element) {
  const GradcheckResult r =
      gradcheck([](const auto& in) { return in[0] + wrong_square(in[1], 4); }, {wave({2, 3}), wave({2, 3})});
  CHECK(!r.ok);
  CHECK_EQ(r.input, 1);
  CHECK_EQ(r.index, 4);
  CHECK_CLOSE(r.analytical, 0.5, 1e-12, 0);
  CHECK(r.message.find("gradient of input 1 [2, 3] at element 4") == 0);
  // A result that forgets to record its op has no gradient where there should be one.
  CHECK(!gradcheck([](const auto& in) { return square(in[0].detach()); }, {wave({3})}).ok);
  CHECK_THROWS(gradcheck([](const auto& in) { return to_dtype(in[0], DType::Float32); }, {wave({3})}),
               DTypeError, "gradcheck: the function's result must be float64, it is float32");
}

TEST(gradgradcheck_sees_gradients_that_are_constants_by_mistake) {
  const auto f = [](const std::vector<Tensor>& in) {
    return record("frozen", square(in[0].detach()), {&in[0]},
                  [x = in[0].detach()](Backward& ctx) { ctx.give(0, ctx.grad() * x * 2); });
  };
  CHECK(gradcheck(f, {wave({3})}).ok);
  const GradcheckResult r = gradgradcheck(f, {wave({3})});
  CHECK(!r.ok);
  CHECK(r.message.find("second order: gradient of input 0 [3] at element 0") == 0);
  CHECK(gradgradcheck([](const auto& in) { return in[0] * in[0] * in[0]; }, {wave({3})}).ok);
}

TEST(gradients_of_gradients_of_a_network_with_every_larger_op) {
  const Tensor target = Tensor::from<std::int32_t>({1, 0}, {2});
  const auto network = [&](const std::vector<Tensor>& in) {
    const Tensor h = max_pool2d(conv2d(in[0], in[1], in[2], {1}, {1}), {2});
    const Tensor n = batch_norm(avg_pool2d(h, {2}, {1}), {}, {}, in[3], {}, true);
    return cross_entropy(linear(layer_norm(flatten(n, 1), {12}), in[4]), target, {}, -100, Reduction::Sum,
                         0.1);
  };
  const std::vector<Tensor> inputs = {wave({2, 2, 4, 5}) * 3, wave({12, 2, 3, 3}), wave({12}), wave({12}) + 2,
                                      wave({3, 12})};
  CHECK_EQ(gradcheck(network, inputs).message, "");
  CHECK_EQ(gradgradcheck(network, inputs).message, "");
}
