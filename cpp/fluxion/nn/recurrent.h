#pragma once
// Networks that read a sequence step by step: RNN, LSTM and GRU, and the cells that take one step.

#include <array>
#include <deque>

#include "fluxion/nn/linear.h"

namespace fluxion::nn {

enum class RnnNonlinearity { Tanh, Relu, Sigmoid };
std::vector<std::string> choice_names(RnnNonlinearity);

// What the three share. One layer and direction holds weight_ih [G·H, I], weight_hh [G·H, H] and two biases [G·H],
// G blocks (gates) stacked; all start as U(−1/√H, 1/√H), in PyTorch's order.
class Recurrent : public Module {
 public:
  enum class Kind { Rnn, Lstm, Gru };

  struct State {
    Tensor h, c;  // c for the LSTM alone
  };

 protected:
  struct Weights {
    Tensor ih, hh, bias_ih, bias_hh;
  };

  Recurrent(Kind kind, RnnNonlinearity nonlinearity) : kind_(kind), nonlinearity_(nonlinearity) {}
  std::int64_t gates() const { return kind_ == Kind::Lstm ? 4 : kind_ == Kind::Gru ? 3 : 1; }
  void make_weights(Weights& w, const std::string& suffix, std::int64_t input, std::int64_t hidden, bool with_bias,
                    DType dtype);
  // One step: x's share of the gates, already computed, and the state before; gives the state after.
  State step(const Tensor& gates_of_x, const State& before, const Weights& w) const;

  Kind kind_;
  RnnNonlinearity nonlinearity_;
};

// Several layers, one direction or two. forward(x) gives every step's output, which is the last layer's state, or with
// an output size a linear map of it; unroll() takes and gives states too.
class RecurrentStack : public Recurrent {
 public:
  Tensor forward(const Tensor& x) override { return unroll_from(x, {}, {})[0]; }
  std::string extra_repr() const override;
  // [output, h_n] or [output, h_n, c_n].
  std::vector<Tensor> unroll_from(const Tensor& x, const std::optional<Tensor>& h0, const std::optional<Tensor>& c0);

  Ref<Linear> output;  // of each step's state, when an output size is given

 protected:
  RecurrentStack(Kind kind, const char* name, std::int64_t input_size, std::int64_t hidden_size,
                 std::int64_t num_layers, RnnNonlinearity nonlinearity, bool with_bias, bool batch_first,
                 double dropout, bool bidirectional, std::optional<std::int64_t> output_size, DType dtype);

 private:
  void check_state(const char* what, const std::optional<Tensor>& state, const Shape& wanted) const;

  const char* name_;
  std::int64_t input_size_, hidden_size_, num_layers_;
  bool batch_first_, bidirectional_;
  double dropout_;
  std::deque<Weights> weights_;  // by layer, forward before backward; their addresses stay
};

// h = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or with relu or sigmoid in the place of tanh.
class RNN final : public RecurrentStack {
 public:
  RNN(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1,
      RnnNonlinearity nonlinearity = RnnNonlinearity::Tanh, bool with_bias = true, bool batch_first = false,
      double dropout = 0, bool bidirectional = false,
      std::optional<std::int64_t> output_size = {}, DType dtype = DType::Float32)
      : RecurrentStack(Kind::Rnn, "RNN", input_size, hidden_size, num_layers, nonlinearity, with_bias, batch_first,
                       dropout, bidirectional, output_size, dtype) {}
  const char* type_name() const override { return "RNN"; }
  std::vector<Tensor> unroll(const Tensor& x, const std::optional<Tensor>& h0 = {}) { return unroll_from(x, h0, {}); }
};

// i, f, o = σ(…), g = tanh(…); c = f·c + i·g; h = o·tanh(c). Source: Hochreiter and Schmidhuber 1997.
class LSTM final : public RecurrentStack {
 public:
  LSTM(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1, bool with_bias = true,
       bool batch_first = false, double dropout = 0, bool bidirectional = false,
      std::optional<std::int64_t> output_size = {}, DType dtype = DType::Float32)
      : RecurrentStack(Kind::Lstm, "LSTM", input_size, hidden_size, num_layers, RnnNonlinearity::Tanh, with_bias,
                       batch_first, dropout, bidirectional, output_size, dtype) {}
  const char* type_name() const override { return "LSTM"; }
  std::vector<Tensor> unroll(const Tensor& x, const std::optional<Tensor>& h0 = {},
                             const std::optional<Tensor>& c0 = {}) {
    return unroll_from(x, h0, c0);
  }
};

// r, z = σ(…); n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)); h = (1 − z)·n + z·h. Source: Cho et al. 2014.
class GRU final : public RecurrentStack {
 public:
  GRU(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1, bool with_bias = true,
      bool batch_first = false, double dropout = 0, bool bidirectional = false,
      std::optional<std::int64_t> output_size = {}, DType dtype = DType::Float32)
      : RecurrentStack(Kind::Gru, "GRU", input_size, hidden_size, num_layers, RnnNonlinearity::Tanh, with_bias,
                       batch_first, dropout, bidirectional, output_size, dtype) {}
  const char* type_name() const override { return "GRU"; }
  std::vector<Tensor> unroll(const Tensor& x, const std::optional<Tensor>& h0 = {}) { return unroll_from(x, h0, {}); }
};

// One step: x [N, I] or [I], states [N, H] or [H], zeros when not given.
class RecurrentCell : public Recurrent {
 public:
  Tensor forward(const Tensor& x) override { return step_from(x, {}, {}).h; }
  std::string extra_repr() const override;

 protected:
  RecurrentCell(Kind kind, const char* name, std::int64_t input_size, std::int64_t hidden_size, bool with_bias,
                RnnNonlinearity nonlinearity, DType dtype);
  State step_from(const Tensor& x, const std::optional<Tensor>& h, const std::optional<Tensor>& c) const;

 private:
  const char* name_;
  std::int64_t input_size_, hidden_size_;
  Weights weights_;
};

class RNNCell final : public RecurrentCell {
 public:
  RNNCell(std::int64_t input_size, std::int64_t hidden_size, bool with_bias = true,
          RnnNonlinearity nonlinearity = RnnNonlinearity::Tanh, DType dtype = DType::Float32)
      : RecurrentCell(Kind::Rnn, "RNNCell", input_size, hidden_size, with_bias, nonlinearity, dtype) {}
  const char* type_name() const override { return "RNNCell"; }
  Tensor step(const Tensor& x, const std::optional<Tensor>& h = {}) { return step_from(x, h, {}).h; }
};

class GRUCell final : public RecurrentCell {
 public:
  GRUCell(std::int64_t input_size, std::int64_t hidden_size, bool with_bias = true, DType dtype = DType::Float32)
      : RecurrentCell(Kind::Gru, "GRUCell", input_size, hidden_size, with_bias, RnnNonlinearity::Tanh, dtype) {}
  const char* type_name() const override { return "GRUCell"; }
  Tensor step(const Tensor& x, const std::optional<Tensor>& h = {}) { return step_from(x, h, {}).h; }
};

class LSTMCell final : public RecurrentCell {
 public:
  LSTMCell(std::int64_t input_size, std::int64_t hidden_size, bool with_bias = true, DType dtype = DType::Float32)
      : RecurrentCell(Kind::Lstm, "LSTMCell", input_size, hidden_size, with_bias, RnnNonlinearity::Tanh, dtype) {}
  const char* type_name() const override { return "LSTMCell"; }
  std::vector<Tensor> step(const Tensor& x, const std::optional<Tensor>& h = {}, const std::optional<Tensor>& c = {}) {
    const State s = step_from(x, h, c);
    return {s.h, s.c};
  }
};

}  // namespace fluxion::nn
