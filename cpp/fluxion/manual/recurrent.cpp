#include "fluxion/manual/recurrent.h"

namespace fluxion::manual {

RecurrentCell::RecurrentCell(const char* type, std::int64_t units) : units_(units) {
  check_at_least(type, "units", units, 1);
}

Shape RecurrentCell::output_shape(const Shape& input) const {
  check_input(input.ssize() == 2 || input.ssize() == 3, type_name(), "[N, inputs] or [N, T, inputs]", input);
  Shape out = input;
  out.back() = units_;
  return out;
}

void RecurrentCell::make_buffers(std::int64_t gates) {
  const std::int64_t rows = gates * units_;
  make_parameter(Wx, "Wx", dWx, "dWx", {rows, x.size(-1)});
  make_parameter(Wh, "Wh", dWh, "dWh", {rows, units_});
  make_parameter(b, "b", db, "db", {rows});
  draw_weights(Wx, units_);
  draw_weights(Wh, units_);
  draw_weights(b, units_);
  Shape shape = x.shape();
  shape.back() = rows;
  make(z, "z", shape);
  make(dz, "dz", shape);
  make(h0, "h0", {x.size(0), units_});
  make(dh, "dh", h0.shape());
}

void RNNCell::forward() {
  product(z, x, transposed(Wx), b);  // all steps at once: z = x·Wxᵀ + b
  for (std::int64_t t = 0; t < steps(); ++t) {
    product(step(z, t), h_before(t), transposed(Wh), {}, true);  // z += h'·Whᵀ
    activate(f_, step(y, t), step(z, t));                        // h = f(z)
  }
}

void RNNCell::backward() {
  fill(dh, 0);
  fill(dWh, 0);
  for (std::int64_t t = steps() - 1; t >= 0; --t) {
    const Window dz_t = step(dz, t);
    add(dh, dh, step(dy, t));                                 // from the output, and from the step after
    activate_backward(f_, dz_t, dh, step(z, t), step(y, t));  // dL/dz = dL/dh·f′(z)
    product(dWh, transposed(dz_t), h_before(t), {}, true);    // dL/dWh += (dL/dz)ᵀ·h'
    product(dh, dz_t, Wh);                                    // dL/dh' = dL/dz·Wh
  }
  product(dWx, transposed(dz), x);  // dL/dWx = (dL/dz)ᵀ·x over all steps
  sum(db, dz);                      // dL/db = Σ dL/dz
  product(dx, dz, Wx);              // dL/dx = dL/dz·Wx
}

void LSTMCell::build() {
  make_buffers(4);
  make(gates, "gates", z.shape());
  make(c, "c", y.shape());
  make(tanh_c, "tanhC", y.shape());
  make(c0, "c0", h0.shape());
  make(dc, "dc", h0.shape());
  work_ = room(h0.shape());
}

void LSTMCell::forward() {
  product(z, x, transposed(Wx), b);  // all steps at once: z = x·Wxᵀ + b
  for (std::int64_t t = 0; t < steps(); ++t) {
    product(step(z, t), h_before(t), transposed(Wh), {}, true);  // z += h'·Whᵀ
    for (int k = 0; k < 4; ++k)
      activate(k == 2 ? Activation::Tanh : Activation::Sigmoid, part(gates, t, k), part(z, t, k));
    const Window i = part(gates, t, 0), f = part(gates, t, 1), g = part(gates, t, 2), o = part(gates, t, 3);
    multiply(step(c, t), f, c_before(t));
    multiply(work_, i, g);
    add(step(c, t), step(c, t), work_);  // c = f·c' + i·g
    activate(Activation::Tanh, step(tanh_c, t), step(c, t));
    multiply(step(y, t), o, step(tanh_c, t));  // h = o·tanh(c)
  }
}

void LSTMCell::backward() {
  fill(dh, 0);
  fill(dc, 0);
  fill(dWh, 0);
  for (std::int64_t t = steps() - 1; t >= 0; --t) {
    const Window i = part(gates, t, 0), f = part(gates, t, 1), g = part(gates, t, 2), o = part(gates, t, 3);
    const Window di = part(dz, t, 0), df = part(dz, t, 1), dg = part(dz, t, 2), d_o = part(dz, t, 3);
    add(dh, dh, step(dy, t));            // from the output, and from the step after
    multiply(d_o, dh, step(tanh_c, t));  // dL/do = dL/dh·tanh(c)
    multiply(work_, dh, o);
    activate_backward(Activation::Tanh, work_, work_, step(c, t), step(tanh_c, t));
    add(dc, dc, work_);             // dL/dc += dL/dh·o·(1 − tanh²(c))
    multiply(di, dc, g);            // dL/di = dL/dc·g
    multiply(df, dc, c_before(t));  // dL/df = dL/dc·c'
    multiply(dg, dc, i);            // dL/dg = dL/dc·i
    multiply(dc, dc, f);            // dL/dc' = dL/dc·f
    for (int k = 0; k < 4; ++k)     // through sigmoid or tanh: dL/dz, in place
      activate_backward(k == 2 ? Activation::Tanh : Activation::Sigmoid, part(dz, t, k), part(dz, t, k), part(z, t, k),
                        part(gates, t, k));
    product(dWh, transposed(step(dz, t)), h_before(t), {}, true);  // dL/dWh += (dL/dz)ᵀ·h'
    product(dh, step(dz, t), Wh);                                  // dL/dh' = dL/dz·Wh
  }
  product(dWx, transposed(dz), x);  // dL/dWx = (dL/dz)ᵀ·x over all steps
  sum(db, dz);                      // dL/db = Σ dL/dz
  product(dx, dz, Wx);              // dL/dx = dL/dz·Wx
}

}  // namespace fluxion::manual
