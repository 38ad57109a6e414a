#pragma once
// Modules and optimizers behind handles, and how the generated bindings make them and call their methods.

#include "bindings/wire.h"
#include "fluxion/nn/nn.h"
#include "fluxion/optim/optim.h"

namespace fluxion::bindings {

inline nn::Module& module_at(int handle) { return *table<Ref<nn::Module>>().get(handle); }
inline optim::Optimizer& optimizer_at(int handle) { return *table<Ref<optim::Optimizer>>().get(handle); }

// Named tensors cross as one text, NUL between the names, and a list of handles in the same order.
inline StateDict state_of(unsigned names, unsigned tensors) {
  const std::string text = take_text(names);
  StateDict state;
  std::size_t start = 0;
  for (const Tensor& t : tensors_of(tensors)) {
    const std::size_t end = std::min(text.find('\0', start), text.size());
    state.add(text.substr(start, end - start), t);
    start = std::min(end + 1, text.size());
  }
  return state;
}

// And back: the names, each ended by NUL, and the handles.
inline unsigned give_names(const StateDict& state) {
  std::string text;
  for (const auto& [name, tensor] : state) text += name + '\0';
  return give_text(std::move(text));
}
inline unsigned give_values(const StateDict& state) {
  std::vector<Tensor> tensors;
  for (const auto& [name, tensor] : state) tensors.push_back(tensor);
  return give_tensors(tensors);
}

// A constructor's enum argument, whichever it is.
struct AnyEnum {
  int value;
  template <class E>
  requires std::is_enum_v<E>
  operator E() const {  // NOLINT: implicit
    return static_cast<E>(value);
  }
};
template <>
struct Wire<AnyEnum> {
  using Numbers = Pack<int>;
  static AnyEnum read(int index) { return {index}; }
};

namespace detail {

// Calls use(P…) with the arguments read from their numbers.
template <class... P>
struct Reader {
  using Flat = typename Concat<typename Wire<P>::Numbers...>::type;
  static constexpr auto offsets() {
    std::array<std::size_t, sizeof...(P) + 1> out{};
    std::size_t i = 0;
    ((out[i + 1] = out[i] + count_of(typename Wire<P>::Numbers{}), ++i), ...);
    return out;
  }
  template <class Use, class Numbers>
  static decltype(auto) with(const Numbers& numbers, Use&& use) {
    return [&]<std::size_t... I>(std::index_sequence<I...>)->decltype(auto) {
      constexpr auto at = offsets();
      return use(read_at<P, at[I]>(numbers)...);
    }
    (std::index_sequence_for<P...>{});
  }
};

template <class M, class Flat, class... P>
struct MakeModule;
template <class M, class... N, class... P>
struct MakeModule<M, Pack<N...>, P...> {
  static int call(N... numbers) {
    const std::tuple<N...> flat(numbers...);
    return guard([&]() -> int {
      Ref<nn::Module> made =
          Reader<P...>::with(flat, [](auto&&... a) { return make_ref<M>(std::forward<decltype(a)>(a)...); });
      return table<Ref<nn::Module>>().add(std::move(made));
    });
  }
};

template <class O, class Flat, class... P>
struct MakeOptimizer;
template <class O, class... N, class... P>
struct MakeOptimizer<O, Pack<N...>, P...> {
  static int call(unsigned params, N... numbers) {
    const std::tuple<N...> flat(numbers...);
    return guard([&]() -> int {
      const auto options =
          Reader<P...>::with(flat, [](auto&&... a) { return typename O::Options{std::forward<decltype(a)>(a)...}; });
      return table<Ref<optim::Optimizer>>().add(make_ref<O>(tensors_of(params), options));
    });
  }
};

template <auto method, class Fn, class Flat>
struct Method;
template <auto method, class M, class R, class... P, class... N>
struct Method<method, R (M::*)(P...), Pack<N...>> {
  static unsigned call(int handle, N... numbers) {
    const std::tuple<N...> flat(numbers...);
    return guard([&]() -> unsigned {
      auto& module = static_cast<M&>(module_at(handle));
      return give(Reader<std::remove_cvref_t<P>...>::with(
          flat, [&](auto&&... a) { return (module.*method)(std::forward<decltype(a)>(a)...); }));
    });
  }
};
template <class Fn>
struct MethodNumbers;
template <class M, class R, class... P>
struct MethodNumbers<R (M::*)(P...)> {
  using type = typename Concat<typename Wire<std::remove_cvref_t<P>>::Numbers...>::type;
};

}  // namespace detail

// bind_module<nn::Linear, std::int64_t, std::int64_t, bool, DType>("nn_Linear"): the types of its row's arguments.
template <class M, class... P>
void bind_module(const char* name) {
  emscripten::function(name, &detail::MakeModule<M, typename detail::Reader<P...>::Flat, P...>::call);
}

template <class O, class... P>
void bind_optimizer(const char* name) {
  emscripten::function(name, &detail::MakeOptimizer<O, typename detail::Reader<P...>::Flat, P...>::call);
}

template <auto method>
void bind_method(const char* name) {
  using Fn = decltype(method);
  emscripten::function(name, &detail::Method<method, Fn, typename detail::MethodNumbers<Fn>::type>::call);
}

}  // namespace fluxion::bindings
