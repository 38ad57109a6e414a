#include "fluxion/nn/recurrent.h"

#include <cmath>

#include "fluxion/nn/init.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

std::vector<std::string> choice_names(RnnNonlinearity) { return {"tanh", "relu", "sigmoid"}; }

void Recurrent::make_weights(Weights& w, const std::string& suffix, std::int64_t input, std::int64_t hidden,
                             bool with_bias, DType dtype) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  const auto make = [&](const char* name, Tensor& field, Shape shape) {
    field = init::uniform_(Tensor::empty(shape, dtype), -bound, bound);
    register_parameter(name + suffix, field);
  };
  const std::int64_t rows = gates() * hidden;
  make("weight_ih", w.ih, {rows, input});
  make("weight_hh", w.hh, {rows, hidden});
  if (!with_bias) return;
  make("bias_ih", w.bias_ih, {rows});
  make("bias_hh", w.bias_hh, {rows});
}

Recurrent::State Recurrent::step(const Tensor& gates_of_x, const State& before, const Weights& w) const {
  const Tensor gates_of_h = linear(before.h, w.hh, maybe(w.bias_hh));
  if (kind_ == Kind::Rnn) {
    const Tensor sum = gates_of_x + gates_of_h;
    return {nonlinearity_ == RnnNonlinearity::Tanh   ? tanh(sum)
            : nonlinearity_ == RnnNonlinearity::Relu ? relu(sum)
                                                     : sigmoid(sum),
            {}};
  }
  if (kind_ == Kind::Lstm) {
    const std::vector<Tensor> gate = chunk(gates_of_x + gates_of_h, 4, -1);
    const Tensor c = sigmoid(gate[1]) * before.c + sigmoid(gate[0]) * tanh(gate[2]);
    return {sigmoid(gate[3]) * tanh(c), c};
  }
  const std::vector<Tensor> of_x = chunk(gates_of_x, 3, -1), of_h = chunk(gates_of_h, 3, -1);
  const Tensor reset = sigmoid(of_x[0] + of_h[0]), keep = sigmoid(of_x[1] + of_h[1]);
  const Tensor fresh = tanh(of_x[2] + reset * of_h[2]);
  return {fresh + keep * (before.h - fresh), {}};
}

RecurrentStack::RecurrentStack(Kind kind, const char* name, std::int64_t input_size, std::int64_t hidden_size,
                               std::int64_t num_layers, RnnNonlinearity nonlinearity, bool with_bias, bool batch_first,
                               double dropout, bool bidirectional, std::optional<std::int64_t> output_size,
                               DType dtype)
    : Recurrent(kind, nonlinearity),
      name_(name),
      input_size_(input_size),
      hidden_size_(hidden_size),
      num_layers_(num_layers),
      batch_first_(batch_first),
      bidirectional_(bidirectional),
      dropout_(dropout) {
  check_at_least(name, "inputSize", input_size, 1);
  check_at_least(name, "hiddenSize", hidden_size, 1);
  check_at_least(name, "numLayers", num_layers, 1);
  check_probability(name, "dropout", dropout);
  check_float_dtype(name, dtype);
  for (std::int64_t layer = 0; layer < num_layers; ++layer)
    for (const bool reverse : {false, true}) {
      if (reverse && !bidirectional) continue;
      const std::int64_t input = layer == 0 ? input_size : hidden_size * (bidirectional ? 2 : 1);
      make_weights(weights_.emplace_back(), str("_l", layer, reverse ? "_reverse" : ""), input, hidden_size, with_bias,
                   dtype);
    }
  if (!output_size) return;
  check_at_least(name, "outputSize", *output_size, 1);
  output = add<Linear>("output", hidden_size * (bidirectional ? 2 : 1), *output_size, true, dtype);
}

std::string RecurrentStack::extra_repr() const {
  std::string out = str(input_size_, ", ", hidden_size_);
  if (num_layers_ != 1) out += str(", num_layers=", num_layers_);
  if (!weights_[0].bias_ih.defined()) out += ", bias=False";
  if (batch_first_) out += ", batch_first=True";
  if (dropout_ != 0) out += str(", dropout=", dropout_);
  if (bidirectional_) out += ", bidirectional=True";
  return out;
}

void RecurrentStack::check_state(const char* what, const std::optional<Tensor>& state, const Shape& wanted) const {
  if (state && state->defined() && !(state->shape() == wanted))
    throw ShapeError(str(name_, ": ", what, " must be ", wanted, ", it is ", state->shape()));
}

std::vector<Tensor> RecurrentStack::unroll_from(const Tensor& x, const std::optional<Tensor>& h0,
                                                const std::optional<Tensor>& c0) {
  const bool batched = x.rank() == 3;
  if ((x.rank() != 2 && !batched) || x.size(-1) != input_size_)
    throw ShapeError(str(name_, ": the input must be ", batch_first_ ? "[N, T, " : "[T, N, ", input_size_, "] or [T, ",
                         input_size_, "], it is ", x.shape()));
  const bool turned = batched && batch_first_;
  Tensor sequence = !batched ? unsqueeze(x, 1) : turned ? transpose(x, 0, 1) : x;  // [T, N, I]
  const std::int64_t steps = sequence.size(0), batch = sequence.size(1);
  if (steps == 0) throw ShapeError(str(name_, ": the sequence is empty: ", x.shape()));
  const auto directions = static_cast<std::int64_t>(bidirectional_ ? 2 : 1);
  const std::int64_t count = num_layers_ * directions;
  const Shape state_shape = batched ? Shape{count, batch, hidden_size_} : Shape{count, hidden_size_};
  check_state("h0", h0, state_shape);
  check_state("c0", c0, state_shape);
  const auto start = [&](const std::optional<Tensor>& given, std::int64_t index) {
    if (!given || !given->defined()) return zeros({batch, hidden_size_}, x.dtype());
    return reshape(select(*given, 0, index), {batch, hidden_size_});
  };

  std::vector<Tensor> last_h, last_c;
  for (std::int64_t layer = 0; layer < num_layers_; ++layer) {
    std::vector<Tensor> sides;
    for (std::int64_t direction = 0; direction < directions; ++direction) {
      const std::int64_t index = layer * directions + direction;
      const Weights& w = weights_[static_cast<std::size_t>(index)];
      // The inputs' share of all steps in one product.
      const std::vector<Tensor> gates_of_x = unbind(linear(sequence, w.ih, maybe(w.bias_ih)));
      State state{start(h0, index), kind_ == Kind::Lstm ? start(c0, index) : Tensor()};
      std::vector<Tensor> outputs(gates_of_x.size());
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::size_t t = direction == 0 ? i : outputs.size() - 1 - i;
        state = step(gates_of_x[t], state, w);
        outputs[t] = state.h;
      }
      sides.push_back(stack(outputs, 0));
      last_h.push_back(state.h);
      last_c.push_back(state.c);
    }
    sequence = directions == 2 ? cat(sides, -1) : sides[0];
    if (dropout_ > 0 && training() && layer + 1 < num_layers_) sequence = dropout(sequence, dropout_, true);
  }
  const auto states = [&](const std::vector<Tensor>& all) { return reshape(stack(all, 0), state_shape); };
  if (output) sequence = (*output)(sequence);
  const Tensor steps_out = !batched ? squeeze(sequence, 1) : turned ? transpose(sequence, 0, 1) : sequence;
  if (kind_ == Kind::Lstm) return {steps_out, states(last_h), states(last_c)};
  return {steps_out, states(last_h)};
}

RecurrentCell::RecurrentCell(Kind kind, const char* name, std::int64_t input_size, std::int64_t hidden_size,
                             bool with_bias, RnnNonlinearity nonlinearity, DType dtype)
    : Recurrent(kind, nonlinearity), name_(name), input_size_(input_size), hidden_size_(hidden_size) {
  check_at_least(name, "inputSize", input_size, 1);
  check_at_least(name, "hiddenSize", hidden_size, 1);
  check_float_dtype(name, dtype);
  make_weights(weights_, "", input_size, hidden_size, with_bias, dtype);
}

std::string RecurrentCell::extra_repr() const {
  return str(input_size_, ", ", hidden_size_, weights_.bias_ih.defined() ? "" : ", bias=False");
}

Recurrent::State RecurrentCell::step_from(const Tensor& x, const std::optional<Tensor>& h,
                                          const std::optional<Tensor>& c) const {
  if ((x.rank() != 1 && x.rank() != 2) || x.size(-1) != input_size_)
    throw ShapeError(
        str(name_, ": the input must be [N, ", input_size_, "] or [", input_size_, "], it is ", x.shape()));
  Shape shape = x.shape();
  shape.back() = hidden_size_;
  const auto start = [&](const char* what, const std::optional<Tensor>& given) {
    if (!given || !given->defined()) return zeros(shape, x.dtype());
    if (!(given->shape() == shape))
      throw ShapeError(str(name_, ": ", what, " must be ", shape, ", it is ", given->shape()));
    return *given;
  };
  const State before{start("h", h), kind_ == Kind::Lstm ? start("c", c) : Tensor()};
  return step(linear(x, weights_.ih, maybe(weights_.bias_ih)), before, weights_);
}

std::vector<ModuleRow> recurrent_module_rows() {
  const std::string shapes =
      "[T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize (twice "
      "that when bidirectional, or outputSize) last; states [numLayers·directions, N, hiddenSize]";
  const std::string cell_shapes = "[N, inputSize] or [inputSize] to [N, hiddenSize] or [hiddenSize]";
  const std::string errors = "ShapeError when a size is below 1, or input or states have other shapes";
  const std::string init = "all uniform in ±1/√hiddenSize";
  const std::string reads =
      " forward(x) gives every step's output, unroll() the states too. With outputSize, each step's output is a linear "
      "map of the last layer's state.";
  const std::string page = "https://pytorch.org/docs/stable/generated/torch.nn.";
  const std::string unroll = "Every step's output, then the last states, from the states given or from zeros: ";
  const std::string step = "One step from the state given or from zeros.";
  const std::vector<std::string> stack_fields = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"};
  const std::vector<std::string> cell_fields = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
  return {
      module<RNN(std::int64_t, std::int64_t, std::int64_t, RnnNonlinearity, bool, bool, double, bool,
                 std::optional<std::int64_t>, DType)>(
          "RNN", {"inputSize", "hiddenSize", "*numLayers=1", "*nonlinearity=\"tanh\"", "*bias=true",
                  "*batchFirst=false", "*dropout=0", "*bidirectional=false", "*outputSize=null", "*dtype=\"float32\""})
          .doc("The simplest network that remembers." + reads)
          .formula("hₜ = tanh(W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh)")
          .shapes(shapes)
          .init(init)
          .errors(errors)
          .source(page + "RNN.html")
          .fields(stack_fields)
          .method("unroll", &RNN::unroll, {"x", "*h0=null"}, unroll + "[output, hN].")
          .example("new nn.RNN(3, 4).forward(zeros([5, 2, 3])).shape", "[5, 2, 4]")
          .sample("inputSize=3 hiddenSize=4", "[5,2,3]", "First(nn.RNN(3, 4))")
          .sample("inputSize=2 hiddenSize=3 numLayers=2 nonlinearity=relu bias=false batchFirst=true", "[2,7,2]",
                  "First(nn.RNN(2, 3, 2, nonlinearity='relu', bias=False, batch_first=True))")
          .sample("inputSize=1 hiddenSize=1 bidirectional=true", "[3,1]", "First(nn.RNN(1, 1, bidirectional=True))")
          .sample("inputSize=3 hiddenSize=5 dtype=float64", "[4,1,3]", "First(nn.RNN(3, 5, dtype=torch.float64))")
          .sample("inputSize=2 hiddenSize=3 batchFirst=true outputSize=4 bidirectional=true", "[2,5,2]",
                  "projected(nn.RNN, 4, 2, 3, batch_first=True, bidirectional=True)")
          .sample("inputSize=2 hiddenSize=3 nonlinearity=sigmoid outputSize=1", "[4,2,2]",
                  "SigmoidRNN(2, 3, 1)"),
      module<LSTM(std::int64_t, std::int64_t, std::int64_t, bool, bool, double, bool, std::optional<std::int64_t>,
             DType)>(
          "LSTM", {"inputSize", "hiddenSize", "*numLayers=1", "*bias=true", "*batchFirst=false", "*dropout=0",
                   "*bidirectional=false", "*outputSize=null", "*dtype=\"float32\""})
          .doc("Long short-term memory: a cell that gates write to, erase and read." + reads)
          .formula(
              "i, f, g, o from W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh; cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g); hₜ = σ(o)·tanh(cₜ)")
          .shapes(shapes)
          .init(init)
          .errors(errors)
          .source(page + "LSTM.html")
          .fields(stack_fields)
          .method("unroll", &LSTM::unroll, {"x", "*h0=null", "*c0=null"}, unroll + "[output, hN, cN].")
          .example("new nn.LSTM(3, 4, { numLayers: 2 }).unroll(zeros([5, 2, 3])).map((t) => t.shape)",
                   "[[5, 2, 4], [2, 2, 4], [2, 2, 4]]")
          .sample("inputSize=3 hiddenSize=4", "[5,2,3]", "First(nn.LSTM(3, 4))")
          .sample("inputSize=2 hiddenSize=3 numLayers=2 batchFirst=true bidirectional=true", "[2,7,2]",
                  "First(nn.LSTM(2, 3, 2, batch_first=True, bidirectional=True))")
          .sample("inputSize=1 hiddenSize=2 bias=false", "[3,1]", "First(nn.LSTM(1, 2, bias=False))")
          .sample("inputSize=2 hiddenSize=3 numLayers=2 outputSize=5", "[4,2,2]", "projected(nn.LSTM, 5, 2, 3, 2)")
          .sample("inputSize=3 hiddenSize=5 dtype=float64", "[13,1,3]", "First(nn.LSTM(3, 5, dtype=torch.float64))"),
      module<GRU(std::int64_t, std::int64_t, std::int64_t, bool, bool, double, bool, std::optional<std::int64_t>,
             DType)>(
          "GRU", {"inputSize", "hiddenSize", "*numLayers=1", "*bias=true", "*batchFirst=false", "*dropout=0",
                  "*bidirectional=false", "*outputSize=null", "*dtype=\"float32\""})
          .doc("Gated recurrent unit: an LSTM's memory with two gates and no cell." + reads)
          .formula("r, z = σ(…); n = tanh(W_in·xₜ + b_in + r·(W_hn·hₜ₋₁ + b_hn)); hₜ = (1 − z)·n + z·hₜ₋₁")
          .shapes(shapes)
          .init(init)
          .errors(errors)
          .source(page + "GRU.html")
          .fields(stack_fields)
          .method("unroll", &GRU::unroll, {"x", "*h0=null"}, unroll + "[output, hN].")
          .example("new nn.GRU(3, 4).forward(zeros([5, 2, 3])).shape", "[5, 2, 4]")
          .sample("inputSize=3 hiddenSize=4", "[5,2,3]", "First(nn.GRU(3, 4))")
          .sample("inputSize=2 hiddenSize=3 numLayers=2 bias=false bidirectional=true", "[7,2,2]",
                  "First(nn.GRU(2, 3, 2, bias=False, bidirectional=True))")
          .sample("inputSize=3 hiddenSize=5 dtype=float64", "[4,1,3]", "First(nn.GRU(3, 5, dtype=torch.float64))"),
      module<RNNCell(std::int64_t, std::int64_t, bool, RnnNonlinearity, DType)>(
          "RNNCell", {"inputSize", "hiddenSize", "*bias=true", "*nonlinearity=\"tanh\"", "*dtype=\"float32\""})
          .doc("One step of an RNN. forward(x) starts from zeros; step() takes the state before.")
          .formula("h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh)")
          .shapes(cell_shapes)
          .init(init)
          .errors(errors)
          .source(page + "RNNCell.html")
          .fields(cell_fields)
          .method("step", &RNNCell::step, {"x", "*h=null"}, step)
          .example("new nn.RNNCell(3, 4, { nonlinearity: 'sigmoid' }).step(zeros([2, 3])).shape", "[2, 4]")
          .sample("inputSize=3 hiddenSize=4", "[2,3]", "nn.RNNCell(3, 4)")
          .sample("inputSize=3 hiddenSize=4 bias=false nonlinearity=relu", "[3]",
                  "nn.RNNCell(3, 4, bias=False, nonlinearity='relu')"),
      module<LSTMCell(std::int64_t, std::int64_t, bool, DType)>(
          "LSTMCell", {"inputSize", "hiddenSize", "*bias=true", "*dtype=\"float32\""})
          .doc(
              "One step of an LSTM. forward(x) starts from zeros and gives h; step() takes both states and gives both.")
          .formula("c′ = σ(f)·c + σ(i)·tanh(g); h′ = σ(o)·tanh(c′)")
          .shapes(cell_shapes)
          .init(init)
          .errors(errors)
          .source(page + "LSTMCell.html")
          .fields(cell_fields)
          .method("step", &LSTMCell::step, {"x", "*h=null", "*c=null"}, step + " Gives [h, c].")
          .example("new nn.LSTMCell(3, 4).step(zeros([2, 3])).map((t) => t.shape)", "[[2, 4], [2, 4]]")
          .sample("inputSize=3 hiddenSize=4", "[2,3]", "First(nn.LSTMCell(3, 4))")
          .sample("inputSize=1 hiddenSize=3 bias=false", "[1]", "First(nn.LSTMCell(1, 3, bias=False))"),
      module<GRUCell(std::int64_t, std::int64_t, bool, DType)>(
          "GRUCell", {"inputSize", "hiddenSize", "*bias=true", "*dtype=\"float32\""})
          .doc("One step of a GRU. forward(x) starts from zeros; step() takes the state before.")
          .formula("h′ = (1 − z)·n + z·h")
          .shapes(cell_shapes)
          .init(init)
          .errors(errors)
          .source(page + "GRUCell.html")
          .fields(cell_fields)
          .method("step", &GRUCell::step, {"x", "*h=null"}, step)
          .example("new nn.GRUCell(3, 4).step(zeros([2, 3])).shape", "[2, 4]")
          .sample("inputSize=3 hiddenSize=4", "[2,3]", "nn.GRUCell(3, 4)")
          .sample("inputSize=2 hiddenSize=3 bias=false", "[2]", "nn.GRUCell(2, 3, bias=False)"),
  };
}

}  // namespace fluxion::nn
