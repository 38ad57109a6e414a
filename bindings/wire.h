#pragma once
// How an op's C++ arguments are made from the numbers that cross the boundary. JavaScript's side of the same table is
// in scripts/generate/arguments.mjs.

#include <limits>
#include <optional>
#include <string>
#include <tuple>

#include "bindings/boundary.h"
#include "fluxion/ops/types.h"

namespace fluxion::bindings {

template <class... T>
struct Pack {};

// Numbers without a fraction count as integers in promotion, as an int literal does in Python.
inline Scalar scalar_of(double v) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  return Scalar(v, v >= -exact && v <= exact && v == static_cast<double>(static_cast<std::int64_t>(v)));
}

template <class T>
struct Wire;

template <>
struct Wire<Tensor> {
  using Numbers = Pack<int>;
  static const Tensor& read(int handle) { return tensor_at(handle); }
};
template <>
struct Wire<std::optional<Tensor>> {
  using Numbers = Pack<int>;
  static std::optional<Tensor> read(int handle) {
    return handle == 0 ? std::nullopt : std::optional(tensor_at(handle));
  }
};
template <>
struct Wire<std::vector<Tensor>> {
  using Numbers = Pack<unsigned>;
  static std::vector<Tensor> read(unsigned list) { return tensors_of(list); }
};
template <>
struct Wire<Operand> {
  using Numbers = Pack<int, double>;
  static Operand read(int handle, double number) {
    return handle == 0 ? Operand(scalar_of(number)) : Operand(tensor_at(handle));
  }
};
template <>
struct Wire<Scalar> {
  using Numbers = Pack<double>;
  static Scalar read(double v) { return scalar_of(v); }
};
template <>
struct Wire<double> {
  using Numbers = Pack<double>;
  static double read(double v) { return v; }
};
template <>
struct Wire<std::int64_t> {
  using Numbers = Pack<double>;
  static std::int64_t read(double v) { return static_cast<std::int64_t>(v); }
};
template <>
struct Wire<std::uint64_t> {
  using Numbers = Pack<double>;
  static std::uint64_t read(double v) { return static_cast<std::uint64_t>(v); }
};
template <>
struct Wire<bool> {
  using Numbers = Pack<int>;
  static bool read(int v) { return v != 0; }
};
template <>
struct Wire<std::optional<double>> {
  using Numbers = Pack<int, double>;
  static std::optional<double> read(int there, double v) { return there != 0 ? std::optional(v) : std::nullopt; }
};
template <>
struct Wire<std::optional<std::int64_t>> {
  using Numbers = Pack<int, double>;
  static std::optional<std::int64_t> read(int there, double v) {
    return there != 0 ? std::optional(static_cast<std::int64_t>(v)) : std::nullopt;
  }
};
template <>
struct Wire<Shape> {
  using Numbers = Pack<unsigned>;
  static Shape read(unsigned list) { return shape_of(list); }
};
template <>
struct Wire<std::optional<Shape>> {
  using Numbers = Pack<unsigned>;
  static std::optional<Shape> read(unsigned list) { return list == 0 ? std::nullopt : std::optional(shape_of(list)); }
};
template <>
struct Wire<std::vector<double>> {
  using Numbers = Pack<unsigned>;
  static std::vector<double> read(unsigned address) {
    const ListView list = take_list(address);
    return {list.begin(), list.end()};
  }
};
template <>
struct Wire<std::string> {
  using Numbers = Pack<unsigned>;
  static std::string read(unsigned address) { return take_text(address); }
};
template <>
struct Wire<DType> {
  using Numbers = Pack<int>;
  static DType read(int index) { return dtype_of_index(index); }
};
template <>
struct Wire<std::optional<DType>> {
  using Numbers = Pack<int>;
  static std::optional<DType> read(int index) {
    return index < 0 ? std::nullopt : std::optional(dtype_of_index(index));
  }
};
template <class T>
  requires std::is_enum_v<T>
struct Wire<T> {
  using Numbers = Pack<int>;
  static T read(int index) { return static_cast<T>(index); }
};

namespace detail {

template <class... T>
struct Concat {
  using type = Pack<>;
};
template <class... A>
struct Concat<Pack<A...>> {
  using type = Pack<A...>;
};
template <class... A, class... B, class... Rest>
struct Concat<Pack<A...>, Pack<B...>, Rest...> : Concat<Pack<A..., B...>, Rest...> {};

template <class... A>
constexpr std::size_t count_of(Pack<A...>) {
  return sizeof...(A);
}

// Argument I of fn(P...), read from its numbers within the flat list of all.
template <class P, std::size_t First, class Numbers>
decltype(auto) read_at(const Numbers& numbers) {
  using W = Wire<P>;
  return [&]<std::size_t... K>(std::index_sequence<K...>) -> decltype(auto) {
    return W::read(std::get<First + K>(numbers)...);
  }(std::make_index_sequence<count_of(typename W::Numbers{})>{});
}

inline unsigned give(const Tensor& t) { return static_cast<unsigned>(hand_out(t)); }
inline unsigned give(const std::vector<Tensor>& t) { return give_tensors(t); }
inline unsigned give(const std::pair<Tensor, Tensor>& t) { return give_tensors({t.first, t.second}); }

// Ops of one signature share their code; what each has of its own only names it.
template <class Fn, class Flat>
struct Caller;
template <class R, class... P, class... N>
struct Caller<R (*)(P...), Pack<N...>> {
  static constexpr std::size_t kCount = sizeof...(P);

  static constexpr std::array<std::size_t, kCount + 1> offsets() {
    std::array<std::size_t, kCount + 1> out{};
    std::size_t i = 0;
    ((out[i + 1] = out[i] + count_of(typename Wire<std::remove_cvref_t<P>>::Numbers{}), ++i), ...);
    return out;
  }

  [[gnu::noinline]] static unsigned call(R (*fn)(P...), N... numbers) {
    const std::tuple<N...> flat(numbers...);
    return guard([&]() -> unsigned {
      return [&]<std::size_t... I>(std::index_sequence<I...>) -> unsigned {
        constexpr auto at = offsets();
        if constexpr (std::is_void_v<R>) {
          fn(read_at<std::remove_cvref_t<P>, at[I]>(flat)...);
          return 0;
        } else {
          return give(fn(read_at<std::remove_cvref_t<P>, at[I]>(flat)...));
        }
      }(std::make_index_sequence<kCount>{});
    });
  }
};

template <auto fn, class Flat>
struct Op;
template <auto fn, class... N>
struct Op<fn, Pack<N...>> {
  static unsigned call(N... numbers) { return Caller<decltype(fn), Pack<N...>>::call(fn, numbers...); }
};

template <class Fn>
struct FlatNumbers;
template <class R, class... P>
struct FlatNumbers<R (*)(P...)> {
  using type = typename Concat<typename Wire<std::remove_cvref_t<P>>::Numbers...>::type;
};

}  // namespace detail

// An op as an Embind binding. One tensor comes back as a handle, several as the address of a list of handles.
template <auto fn>
void bind_op(const char* name) {
  using Fn = decltype(fn);
  expose(name, &detail::Op<fn, typename detail::FlatNumbers<Fn>::type>::call);
}

}  // namespace fluxion::bindings
