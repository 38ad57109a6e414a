#pragma once
// Operands for tests of kernels: memory with guarded ends, any strides, and numbers from a small generator.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "check.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::testing {

using Shape = std::vector<std::int64_t>;

// Uniform in [-1, 1), the same on every platform; integers from -9 to 9.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  template <class T>
  T next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    const auto bits = static_cast<std::uint32_t>(state_ >> 40);  // 24 bits
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<int>(bits % 19) - 9);
    else
      return static_cast<T>(bits) / T(1 << 23) - T(1);
  }

 private:
  std::uint64_t state_;
};

// What a product or a convolution ends with.
inline double activation_ref(kernels::Epilogue e, double x) {
  using kernels::Epilogue;
  switch (e) {
    case Epilogue::Relu:
      return x > 0 ? x : 0;
    case Epilogue::Tanh:
      return std::tanh(x);
    case Epilogue::Sigmoid:
      return 1 / (1 + std::exp(-x));
    case Epilogue::Gelu:
      return x * 0.5 * std::erfc(-x * std::sqrt(0.5));
    case Epilogue::GeluTanh:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    case Epilogue::Silu:
      return x / (1 + std::exp(-x));
    default:
      return x;
  }
}

inline std::int64_t count_of(const Shape& shape) {
  std::int64_t n = 1;
  for (const auto s : shape) n *= s;
  return n;
}

// A tensor whose memory ends in guards on both sides and which fills the gaps of its strides with guards too.
// `order` names the dimensions from the slowest in memory to the fastest; `gap` adds unused values to the
// memory of each row.
template <class T>
class Buffer {
 public:
  static constexpr std::int64_t kGuards = 32;
  static constexpr T kGuard = static_cast<T>(-77);

  Shape shape, strides;

  explicit Buffer(Shape s, std::vector<int> order = {}, std::int64_t gap = 0)
      : shape(std::move(s)), strides(shape.size()) {
    if (order.empty())
      for (std::size_t d = 0; d < shape.size(); ++d) order.push_back(static_cast<int>(d));
    std::int64_t step = 1;
    for (std::size_t d = order.size(); d-- > 0;) {
      const auto dim = static_cast<std::size_t>(order[d]);
      strides[dim] = step;
      step *= shape[dim];
      if (d + 1 == order.size()) step += gap;
    }
    memory_.assign(static_cast<std::size_t>(std::max<std::int64_t>(step, 1) + 2 * kGuards), kGuard);
  }

  Buffer& randomize(std::uint64_t seed) {
    Numbers numbers(seed);
    each([&](T& v) { v = numbers.next<T>(); });
    return *this;
  }
  Buffer& fill(T value) {
    each([&](T& v) { v = value; });
    return *this;
  }

  T* data() { return memory_.data() + kGuards; }
  const T* data() const { return memory_.data() + kGuards; }

  template <class... I>
  T& operator()(I... index) {
    return data()[offset({static_cast<std::int64_t>(index)...})];
  }
  template <class... I>
  const T& operator()(I... index) const {
    return data()[const_cast<Buffer*>(this)->offset({static_cast<std::int64_t>(index)...})];
  }

  kernels::View view() {
    return {data(), dtype_of<T>::value, static_cast<int>(shape.size()), shape.data(), strides.data()};
  }

  // In row-major order of the shape.
  std::vector<T> values() {
    std::vector<T> all;
    each([&](T& v) { all.push_back(v); });
    return all;
  }

  // True if no value outside the tensor was changed.
  bool guards_hold() {
    std::vector<bool> inside(memory_.size());
    each([&](T& v) { inside[static_cast<std::size_t>(&v - memory_.data())] = true; });
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (!inside[i] && memory_[i] != kGuard) return false;
    return true;
  }

 private:
  std::int64_t offset(std::initializer_list<std::int64_t> index) {
    std::int64_t o = 0;
    std::size_t d = 0;
    for (const auto i : index) o += i * strides[d++];
    return o;
  }

  template <class F>
  void each(F f) {
    const std::int64_t n = count_of(shape);
    Shape index(shape.size(), 0);
    for (std::int64_t i = 0; i < n; ++i) {
      std::int64_t o = 0;
      for (std::size_t d = 0; d < shape.size(); ++d) o += index[d] * strides[d];
      f(data()[o]);
      for (std::size_t d = shape.size(); d-- > 0;) {
        if (++index[d] < shape[d]) break;
        index[d] = 0;
      }
    }
  }

  std::vector<T> memory_;
};

}  // namespace fluxion::testing
