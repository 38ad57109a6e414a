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

// Argument P of a call, read from its numbers in a list.
template <class P, class... N, std::size_t... K>
decltype(auto) read_listed(const double* numbers, Pack<N...>, std::index_sequence<K...>) {
  return Wire<P>::read(static_cast<N>(numbers[K])...);
}
template <class P>
decltype(auto) read_listed(const double* numbers) {
  using Numbers = typename Wire<P>::Numbers;
  return read_listed<P>(numbers, Numbers{}, std::make_index_sequence<count_of(Numbers{})>{});
}

template <class... P, class Use>
decltype(auto) with_listed([[maybe_unused]] const double* numbers, Use&& use) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
    [[maybe_unused]] constexpr auto at = Reader<P...>::offsets();
    return use(read_listed<P>(numbers + at[I])...);
  }(std::index_sequence_for<P...>{});
}

template <auto method, class M, class R, class... P>
unsigned called(R (M::*)(P...), nn::Module& module, const double* numbers) {
  return give(with_listed<std::remove_cvref_t<P>...>(numbers, [&](auto&&... a) {
    return (static_cast<M&>(module).*method)(std::forward<decltype(a)>(a)...);
  }));
}

}  // namespace detail

// Modules are made, and their methods called, by their places in the generated tables: one binding serves all classes.
using ModuleMaker = Ref<nn::Module> (*)(const double* numbers);
using ModuleMethod = unsigned (*)(nn::Module& module, const double* numbers);
extern const ModuleMaker module_makers[];
extern const ModuleMethod module_methods[];

// make_module<nn::Linear, std::int64_t, std::int64_t, bool, DType>: the types of its row's arguments.
template <class M, class... P>
Ref<nn::Module> make_module(const double* numbers) {
  return detail::with_listed<P...>(
      numbers, [](auto&&... a) -> Ref<nn::Module> { return make_ref<M>(std::forward<decltype(a)>(a)...); });
}
template <auto method>
unsigned call_method(nn::Module& module, const double* numbers) {
  return detail::called<method>(method, module, numbers);
}

template <class O, class... P>
void bind_optimizer(const char* name) {
  expose(name, &detail::MakeOptimizer<O, typename detail::Reader<P...>::Flat, P...>::call);
}

}  // namespace fluxion::bindings
