#pragma once
// Operands of any type and any strides, read and written as doubles, for plain references of kernels.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "check.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::testing {

using Shape = std::vector<std::int64_t>;

// How the elements of a shape lie in memory. The repeated ones have a stride of 0 and serve as inputs only.
enum class Layout { Dense, Transposed, Gaps, Backwards, FirstRepeated, LastRepeated, Scalar };
inline constexpr Layout kWritable[] = {Layout::Dense, Layout::Transposed, Layout::Gaps, Layout::Backwards};
inline constexpr Layout kLayouts[] = {Layout::Dense,         Layout::Transposed,   Layout::Gaps,  Layout::Backwards,
                                      Layout::FirstRepeated, Layout::LastRepeated, Layout::Scalar};

inline constexpr DType kAllTypes[] = {DType::Bool, DType::UInt8, DType::Int32, DType::Float32, DType::Float64};
inline constexpr DType kFloats[] = {DType::Float32, DType::Float64};

// One element, less than a vector, less than two, and what is left of several.
inline constexpr std::int64_t kAwkward[] = {1, 3, 7, 17, 33, 127, 1000};

// Ranks 0 to 6 and sizes around every boundary of the loops.
inline const std::vector<Shape> kShapes = {{},
                                           {0},
                                           {1},
                                           {3},
                                           {7},
                                           {17},
                                           {127},
                                           {1000},
                                           {3, 0},
                                           {4, 8},
                                           {33, 17},
                                           {1, 5},
                                           {127, 3},
                                           {5, 1, 7},
                                           {3, 4, 5},
                                           {2, 3, 33},
                                           {17, 33, 2},
                                           {2, 3, 4, 5},
                                           {2, 1, 3, 2, 5},
                                           {2, 2, 1, 3, 2, 2}};

inline std::int64_t elements_of(const Shape& shape) {
  std::int64_t n = 1;
  for (const auto s : shape) n *= s;
  return n;
}

inline Shape index_of(const Shape& shape, std::int64_t flat) {
  Shape index(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    index[d] = flat % shape[d];
    flat /= shape[d];
  }
  return index;
}

inline std::int64_t flat_of(const Shape& shape, const Shape& index) {
  std::int64_t flat = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) flat = flat * shape[d] + index[d];
  return flat;
}

inline Shape with_size(Shape shape, std::size_t dim, std::int64_t size) {
  shape[dim] = size;
  return shape;
}

// Uniform in [0, 1), the same everywhere.
class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 99) {}
  double operator()() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 40) * 0x1p-24;
  }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>((*this)() * static_cast<double>(n)); }

 private:
  std::uint64_t state_;
};

// What is left of a value in memory of the type: floats round; integers truncate and saturate, NaN is 0 there, and
// what does not fit uint8 wraps around.
inline double rounded(DType type, double value) {
  switch (type) {
    case DType::Float64:
      return value;
    case DType::Float32:
      return static_cast<double>(static_cast<float>(value));
    case DType::Bool:
      return value != 0;
    default: {
      const double whole = std::isnan(value) ? 0 : std::trunc(std::clamp(value, -2147483648.0, 2147483647.0));
      return type == DType::Int32 ? whole : whole - 256 * std::floor(whole / 256);
    }
  }
}

template <class T>
double read_as(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}
template <class T>
void write_as(std::uint8_t* at, double value) {
  const T stored = static_cast<T>(value);
  std::memcpy(at, &stored, sizeof stored);
}

class Array {
 public:
  DType dtype;
  Shape shape, strides;

  explicit Array(DType type, Shape sizes, Layout layout = Layout::Dense)
      : dtype(type), shape(std::move(sizes)), strides(shape.size()) {
    const std::int64_t gap = layout == Layout::Gaps ? 2 : 1;
    std::int64_t step = gap, lowest = 0, highest = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::size_t d = layout == Layout::Transposed ? i : shape.size() - 1 - i;
      const bool repeated = layout == Layout::Scalar || (layout == Layout::FirstRepeated && d == 0) ||
                            (layout == Layout::LastRepeated && d + 1 == shape.size());
      if (repeated) {
        strides[d] = 0;
        continue;
      }
      strides[d] = layout == Layout::Backwards ? -step : step;
      const std::int64_t reach = shape[d] > 0 ? strides[d] * (shape[d] - 1) : 0;
      (reach < 0 ? lowest : highest) += reach;
      step *= gap * std::max<std::int64_t>(1, shape[d]);
    }
    origin_ = kMargin - lowest;
    memory_.assign(static_cast<std::size_t>(highest - lowest + 1 + 2 * kMargin) * size_of(dtype), kUntouched);
    // bool memory holds nothing but 0 and 1.
    if (dtype == DType::Bool) std::fill(memory_.begin(), memory_.end(), 1);
    for (std::int64_t i = 0; i < size(); ++i) set(i, 0);
  }

  std::int64_t size() const { return elements_of(shape); }

  kernels::View view() {
    return {memory_.data() + origin_ * static_cast<std::int64_t>(size_of(dtype)), dtype, static_cast<int>(shape.size()),
            shape.data(), strides.data()};
  }

  // By row-major place.
  double get(std::int64_t flat) const {
    const std::uint8_t* at = place(flat);
    switch (dtype) {
      case DType::Float64:
        return read_as<double>(at);
      case DType::Float32:
        return read_as<float>(at);
      case DType::Int32:
        return read_as<std::int32_t>(at);
      default:
        return *at;
    }
  }
  double at(const Shape& index) const { return get(flat_of(shape, index)); }
  void set(std::int64_t flat, double value) {
    std::uint8_t* at = memory_.data() + (place(flat) - memory_.data());
    value = rounded(dtype, value);
    switch (dtype) {
      case DType::Float64:
        return write_as<double>(at, value);
      case DType::Float32:
        return write_as<float>(at, value);
      case DType::Int32:
        return write_as<std::int32_t>(at, value);
      default:
        return write_as<std::uint8_t>(at, value);
    }
  }
  Array& assign(const std::vector<double>& values) {
    for (std::int64_t i = 0; i < size(); ++i) set(i, values[static_cast<std::size_t>(i)]);
    return *this;
  }

  std::vector<double> values() const {
    std::vector<double> all(static_cast<std::size_t>(size()));
    for (std::int64_t i = 0; i < size(); ++i) all[static_cast<std::size_t>(i)] = get(i);
    return all;
  }

  // Uniform in [low, high); for bool 0 or 1.
  Array& randomize(std::uint64_t seed, double low = -3, double high = 3) {
    Uniform uniform(seed);
    for (std::int64_t i = 0; i < size(); ++i) {
      const double u = uniform();
      double value = low + u * (high - low);
      if (dtype == DType::Bool) value = u < 0.5 ? 0 : 1;
      if (dtype == DType::UInt8) value = std::floor(u * 20);
      if (dtype == DType::Int32) value = std::floor(value * 5);
      set(i, value);
    }
    return *this;
  }

  // True if nothing outside the elements was written.
  bool gaps_hold() const {
    std::vector<bool> inside(memory_.size());
    for (std::int64_t i = 0; i < size(); ++i)
      for (std::size_t b = 0; b < size_of(dtype); ++b)
        inside[static_cast<std::size_t>(place(i) - memory_.data()) + b] = true;
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (!inside[i] && memory_[i] != (dtype == DType::Bool ? 1 : kUntouched)) return false;
    return true;
  }

 private:
  static constexpr std::int64_t kMargin = 16;
  static constexpr std::uint8_t kUntouched = 0xa5;

  const std::uint8_t* place(std::int64_t flat) const {
    std::int64_t o = origin_;
    for (std::size_t d = shape.size(); d-- > 0;) {
      o += flat % shape[d] * strides[d];
      flat /= shape[d];
    }
    return memory_.data() + o * static_cast<std::int64_t>(size_of(dtype));
  }

  std::int64_t origin_;
  std::vector<std::uint8_t> memory_;
};

inline std::string show(const Shape& shape, Layout layout, DType dtype) {
  return show(shape) + " layout " + show(layout) + " " + std::string(name_of(dtype));
}

// One comparison of many: says which case it was.
inline bool check_values(const Array& actual, const std::vector<double>& expected, double rtol, double atol,
                         const std::string& what, const std::source_location where = std::source_location::current()) {
  return check_close(actual.values(), expected, rtol, atol, what.c_str(), where) &&
         check(actual.gaps_hold(), (what + ": wrote outside").c_str(), where);
}

}  // namespace fluxion::testing
