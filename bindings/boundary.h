#pragma once
// Calls across the boundary: C++ errors become JavaScript errors, JavaScript errors thrown inside a callback pass
// through C++ and come out as themselves.

#include <emscripten/bind.h>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "bindings/handles.h"

namespace fluxion::bindings {

// Thrown where a JavaScript callback failed; its own error waits on the JavaScript side.
struct CallbackFailed : Error {
  CallbackFailed() : Error(ErrorKind::Fluxion, "a JavaScript callback failed") {}
};

// Calls JavaScript function `id` with two numbers. CallbackFailed when it throws.
double call_javascript(int id, double a, double b);
// The function will not be called again.
void forget_javascript(int id);

// A JavaScript function that C++ may keep; forgotten with the last copy.
class Callback {
 public:
  Callback() = default;
  explicit Callback(int id) : id_(make_ref<Id>(id)) {}
  double operator()(double a = 0, double b = 0) const { return call_javascript(id_->value, a, b); }
  explicit operator bool() const { return static_cast<bool>(id_); }

 private:
  struct Id : RefCounted<Id> {
    explicit Id(int v) : value(v) {}
    ~Id() { forget_javascript(value); }
    int value;
  };
  Ref<Id> id_;
};

// Runs body(context); any exception leaves C++ first and is then thrown as a JavaScript Error. What the callers in
// between own must need no destructor: a JavaScript exception ends them where they stand.
void guarded(void (*body)(void*), void* context);

template <class F>
auto guard(F&& f) {
  using R = decltype(f());
  if constexpr (std::is_void_v<R>) {
    guarded([](void* context) { (*static_cast<std::remove_reference_t<F>*>(context))(); }, &f);
  } else {
    static_assert(std::is_arithmetic_v<R>);
    R result{};
    auto body = [&] { result = f(); };
    guarded([](void* context) { (*static_cast<decltype(body)*>(context))(); }, &body);
    return result;
  }
}

namespace detail {
// Calls of one signature share their code; what each function has of its own only names it.
template <class R, class... A>
[[gnu::noinline]] R call_guarded(R (*fn)(A...), A... a) {
  return guard([&]() -> R { return fn(a...); });
}
template <auto fn, class Fn>
struct Guarded;
template <auto fn, class R, class... A>
struct Guarded<fn, R (*)(A...)> {
  static_assert((std::is_arithmetic_v<A> && ...));
  static R call(A... a) { return call_guarded<R, A...>(fn, a...); }
};
}  // namespace detail

// A function over numbers as an Embind binding. Embind is told no types: JavaScript calls the wasm function itself, see
// library.js.
void expose(const char* name, emscripten::internal::GenericFunction f);
// A 64-bit integer would cross as a BigInt.
template <class T>
concept Crosses =
    std::is_floating_point_v<T> || std::same_as<T, bool> || std::same_as<T, int> || std::same_as<T, unsigned>;
template <class R, Crosses... A>
  requires(Crosses<R> || std::is_void_v<R>)
void expose(const char* name, R (*f)(A...)) {
  expose(name, reinterpret_cast<emscripten::internal::GenericFunction>(f));
}

// The same of a free function that may throw: bind<&f>("name").
template <auto fn>
void bind(const char* name) {
  expose(name, &detail::Guarded<fn, decltype(fn)>::call);
}

// The list last given, kept.
std::vector<double>& given_list();
// Lists to JavaScript: the address of [count, values …] as doubles, good until the next call.
template <class It>
unsigned give_list(It first, It last) {
  std::vector<double>& list = given_list();
  list.clear();
  list.push_back(0);
  for (; first != last; ++first) list.push_back(static_cast<double>(*first));
  list[0] = static_cast<double>(list.size() - 1);
  return reinterpret_cast<unsigned>(list.data());
}
inline unsigned give_list(const std::vector<double>& values) { return give_list(values.begin(), values.end()); }
unsigned give_tensors(const std::vector<Tensor>& tensors);
// Text to JavaScript: the address of [length, address of its UTF-8 bytes], good until the next call.
unsigned give_text(std::string text);

// Lists from JavaScript: the address of [count, values …] as doubles; address 0 is an empty list.
struct ListView {
  const double* values;
  std::size_t count;
  const double* begin() const { return values; }
  const double* end() const { return values + count; }
  double operator[](std::size_t i) const { return values[i]; }
};
ListView take_list(unsigned address);
// Text from JavaScript: the address of [length], then its UTF-8 bytes.
std::string take_text(unsigned address);
// A text's pieces, each ended by NUL.
std::vector<std::string> pieces_of(std::string_view text);
inline std::vector<std::string> take_pieces(unsigned address) { return pieces_of(take_text(address)); }

std::vector<Tensor> tensors_of(unsigned address);
Shape shape_of(unsigned address);
DType dtype_of_index(int index);

}  // namespace fluxion::bindings
