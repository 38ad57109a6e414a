#pragma once
// Recurrent cells. x is one step, [N, inputs], or a sequence, [N, T, inputs], along which the cell runs; y holds each
// step's h, [N, T, units]. The first step starts from h0 (and c0): zeros, unless set_buffer() puts something there.
// After backward(), dh (and dc) hold the gradients of h0 (and c0). Weights start uniform in ±1/√units.

#include "fluxion/manual/layer.h"

namespace fluxion::manual {

class RecurrentCell : public Layer {
 public:
  Shape output_shape(const Shape& input) const override;

  Tensor Wx, Wh, b, dWx, dWh, db;
  Tensor z, dz;   // [N, T, gates·units]
  Tensor h0, dh;  // [N, units]

 protected:
  RecurrentCell(const char* type, std::int64_t units);
  void make_buffers(std::int64_t gates);
  std::int64_t steps() const { return x.rank() == 2 ? 1 : x.size(1); }
  Window h_before(std::int64_t t) const { return t == 0 ? Window(h0) : step(y, t - 1); }
  std::int64_t units_;
};

// h = f(x·Wxᵀ + h'·Whᵀ + b), h' being the step before. Wx [units, inputs], Wh [units, units], b [units].
class RNNCell : public RecurrentCell {
 public:
  explicit RNNCell(std::int64_t units, Activation activation = Activation::Tanh)
      : RecurrentCell("RNNCell", units), f_(activation) {}
  const char* type_name() const override { return "RNNCell"; }
  void forward() override;
  void backward() override;

 private:
  void build() override { make_buffers(1); }
  Activation f_;
};

// z = x·Wxᵀ + h'·Whᵀ + b has four parts: the gates i, f and o (sigmoid) and the candidate g (tanh), in PyTorch's order
// i, f, g, o. Then c = f·c' + i·g and h = o·tanh(c). Wx [4·units, inputs], Wh [4·units, units], b [4·units].
class LSTMCell : public RecurrentCell {
 public:
  explicit LSTMCell(std::int64_t units) : RecurrentCell("LSTMCell", units) {}
  const char* type_name() const override { return "LSTMCell"; }
  void forward() override;
  void backward() override;

  Tensor gates;      // i, f, g, o side by side, [N, T, 4·units]
  Tensor c, tanh_c;  // [N, T, units]
  Tensor c0, dc;     // [N, units]

 private:
  void build() override;
  // Part k, of i, f, g and o, of a buffer of four.
  Window part(const Tensor& t, std::int64_t time, int k) const { return columns(step(t, time), k * units_, units_); }
  Window c_before(std::int64_t t) const { return t == 0 ? Window(c0) : step(c, t - 1); }
  Tensor work_;
};

}  // namespace fluxion::manual
