// Recurrent networks: states in and out, cells against stacks, long sequences, what is refused.

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/transforms/gradcheck.h"

using namespace fluxion;
using fluxion::testing::check_close;

namespace {

void same(const Tensor& a, const Tensor& b, const char* what, double tolerance = 1e-6) {
  if (CHECK_EQ(a.shape(), b.shape()))
    check_close(a.to_vector<double>(), b.to_vector<double>(), tolerance, tolerance, what);
}

template <class Net>
void goes_on_from_its_states(Net&& net) {
  const Tensor x = randn({6, 2, 3});
  const std::vector<Tensor> whole = net(x, {});
  const std::vector<Tensor> first = net(narrow(x, 0, 0, 4), {});
  const std::vector<Tensor> rest = net(narrow(x, 0, 4, 2), std::vector<Tensor>(first.begin() + 1, first.end()));
  same(cat({first[0], rest[0]}, 0), whole[0], "outputs");
  for (std::size_t i = 1; i < whole.size(); ++i) same(rest[i], whole[i], "last states");
}

}  // namespace

TEST(nn_recurrent_goes_on_from_its_states) {
  manual_seed(1);
  nn::LSTM lstm(3, 4, 2);
  goes_on_from_its_states([&](const Tensor& x, const std::vector<Tensor>& s) {
    return s.empty() ? lstm.unroll(x) : lstm.unroll(x, s[0], s[1]);
  });
  nn::GRU gru(3, 4, 2);
  goes_on_from_its_states(
      [&](const Tensor& x, const std::vector<Tensor>& s) { return s.empty() ? gru.unroll(x) : gru.unroll(x, s[0]); });
  nn::RNN rnn(3, 4, 2, nn::RnnNonlinearity::Sigmoid);
  goes_on_from_its_states(
      [&](const Tensor& x, const std::vector<Tensor>& s) { return s.empty() ? rnn.unroll(x) : rnn.unroll(x, s[0]); });
}

TEST(nn_recurrent_cells_take_the_stacks_steps) {
  manual_seed(2);
  nn::LSTM lstm(3, 4);
  nn::LSTMCell cell(3, 4);
  StateDict weights;
  for (const auto& [name, t] : lstm.state_dict()) weights.add(name.substr(0, name.size() - 3), t);
  cell.load_state_dict(weights);
  const Tensor x = randn({5, 2, 3});
  std::vector<Tensor> state = {zeros({2, 4}), zeros({2, 4})}, outputs;
  for (const Tensor& step : unbind(x)) {
    state = cell.step(step, state[0], state[1]);
    outputs.push_back(state[0]);
  }
  const std::vector<Tensor> whole = lstm.unroll(x);
  same(stack(outputs, 0), whole[0], "outputs");
  same(state[1], reshape(whole[2], {2, 4}), "cell state");
}

TEST(nn_recurrent_bidirectional_states_are_both_ends) {
  manual_seed(3);
  nn::GRU gru(2, 3, 1, true, true, 0, true);
  const Tensor x = randn({2, 5, 2});
  const std::vector<Tensor> out = gru.unroll(x);
  CHECK_EQ(out[0].shape(), (Shape{2, 5, 6}));
  same(select(out[1], 0, 0), slice(select(out[0], 1, 4), -1, 0, 3), "forward ends at the last step");
  same(select(out[1], 0, 1), slice(select(out[0], 1, 0), -1, 3, 6), "backward ends at the first step");
}

TEST(nn_recurrent_gradients_are_finite_differences) {
  manual_seed(4);
  nn::LSTM lstm(2, 3, 2, true, false, 0, true, std::nullopt, DType::Float64);
  const Tensor h = randn({4, 2, 3}, DType::Float64), c = randn({4, 2, 3}, DType::Float64);
  const auto f = [&](const std::vector<Tensor>& in) {
    const std::vector<Tensor> out = lstm.unroll(in[0], in[1], in[2]);
    return sum(out[0] * out[0]) + sum(out[1]) + sum(out[2] * out[2]);
  };
  const GradcheckResult result = gradcheck(f, {randn({4, 2, 2}, DType::Float64), h, c});
  CHECK(result.ok);
}

TEST(nn_recurrent_dropout_lies_between_layers) {
  manual_seed(5);
  nn::LSTM lstm(2, 8, 2, true, false, 0.5), one(2, 8, 1, true, false, 0.5);
  const Tensor x = randn({4, 1, 2});
  CHECK(lstm(x).to_vector<double>() != lstm(x).to_vector<double>());
  CHECK_EQ(one(x).to_vector<double>(), one(x).to_vector<double>());
  lstm.eval();
  CHECK_EQ(lstm(x).to_vector<double>(), lstm(x).to_vector<double>());
}

// Each step takes a part of one tensor: their gradients come together in one whole, not in a zero-filled one for each.
TEST(nn_recurrent_parts_share_one_gradient) {
  const Tensor x = randn({20, 3});
  set_requires_grad(x, true);
  const Tensor y = x * 2;
  Tensor loss = zeros({});
  for (const Tensor& part : unbind(y)) loss = loss + sum(part * part);
  const auto before = kernels::call_count(kernels::Prim::Fill);
  backward(loss);
  CHECK(kernels::call_count(kernels::Prim::Fill) - before < 5u);
  same(grad_of(x), x * 8, "gradient");
}

TEST(nn_recurrent_refuses) {
  CHECK_THROWS(nn::LSTM(0, 1), ShapeError, "LSTM: inputSize must be at least 1, it is 0");
  CHECK_THROWS(nn::GRU(1, 1, 1, true, false, 2), FluxionError, "GRU: dropout");
  nn::LSTM lstm(3, 4);
  CHECK_THROWS(lstm(zeros({2, 2})), ShapeError, "LSTM: the input must be [T, N, 3] or [T, 3], it is [2, 2]");
  CHECK_THROWS(lstm(zeros({0, 2, 3})), ShapeError, "LSTM: the sequence is empty: [0, 2, 3]");
  CHECK_THROWS(lstm.unroll(zeros({5, 2, 3}), zeros({2, 4})), ShapeError, "LSTM: h0 must be [1, 2, 4], it is [2, 4]");
  nn::GRUCell cell(3, 4);
  CHECK_THROWS(cell.step(zeros({2, 3}), zeros({4})), ShapeError, "GRUCell: h must be [2, 4], it is [4]");
}
