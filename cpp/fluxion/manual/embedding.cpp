#include "fluxion/manual/embedding.h"

#include <cmath>

namespace fluxion::manual {

using kernels::IndexParams;
using kernels::Prim;

Embedding::Embedding(std::int64_t count, std::int64_t width) : count_(count), width_(width) {
  check_at_least("Embedding", "count", count, 1);
  check_at_least("Embedding", "width", width, 1);
}

Shape Embedding::output_shape(const Shape& input) const {
  check_input(!input.empty(), "Embedding", "[N, …]", input);
  Shape out = input;
  out.push_back(width_);
  return out;
}

void Embedding::build() {
  make_parameter(W, "W", dW, "dW", {count_, width_});
  draw(W, kernels::RandomKind::Normal, 0, 1);
}

void Embedding::forward() {
  const Window indices(x, {x.numel()});
  const auto* index = static_cast<const std::int32_t*>(indices.data);
  for (std::int64_t i = 0; i < x.numel(); ++i)
    if (index[i] < 0 || index[i] >= count_)
      throw IndexError(str("Embedding: index ", index[i], " is out of range for ", count_, " rows"));
  kernels::launch(Prim::IndexSelect, {Window(y), Window(W), indices}, IndexParams{0});  // y[t] = W[x[t]]
}

void Embedding::backward() {
  fill(dW, 0);
  // dL/dW[x[t]] += dL/dy[t]
  kernels::launch(Prim::IndexAdd, {Window(dW), Window(x, {x.numel()}), Window(dy)}, IndexParams{0});
}

Shape PositionalEncoding::output_shape(const Shape& input) const {
  check_input(input.ssize() == 3, "PositionalEncoding", "[N, T, E]", input);
  return input;
}

void PositionalEncoding::build() {
  make(P, "P", {x.size(1), x.size(2)});
  const std::int64_t width = P.size(1);
  std::vector<double> values;
  for (std::int64_t t = 0; t < P.size(0); ++t) {
    for (std::int64_t i = 0; i < width; ++i) {
      const double angle = static_cast<double>(t) *
                           std::exp(static_cast<double>(i / 2 * 2) * -std::log(10000.0) / static_cast<double>(width));
      values.push_back(i % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
  copy(P, Tensor::from(values, P.shape()));
}

void PositionalEncoding::forward() {
  const auto rows = [&](const Tensor& t) { return Window(t, {t.numel() / P.numel(), P.numel()}); };
  add(rows(y), rows(x), rows(P));  // y = x + P
}

void PositionalEncoding::backward() { copy(dx, dy); }  // P is constant

}  // namespace fluxion::manual
