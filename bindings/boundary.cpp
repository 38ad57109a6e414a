#include "bindings/boundary.h"

#include <emscripten/em_js.h>
#include <emscripten/stack.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

// clang-format off
EM_JS_DEPS(fluxion_boundary, "$UTF8ToString");
EM_JS(void, fluxion_raise, (int kind, const char* message), {
  throw Module['raise'](kind, UTF8ToString(message));
});
EM_JS(double, fluxion_call_javascript, (int id, double a, double b), { return Module['callback'](id, a, b); });
EM_JS(void, fluxion_forget_javascript, (int id), { Module['forget'](id); });
// clang-format on

extern "C" void _emscripten_stack_restore(void* address);

namespace fluxion::bindings {
namespace {

constexpr int kCallbackFailed = -1;

struct Failure {
  bool set = false;
  int kind = 0;
  std::string message;
};

Failure& failure() {
  static auto* f = new Failure;
  return *f;
}

void note(int kind, const char* message) {
  failure().set = true;
  failure().kind = kind;
  failure().message = message;
}

void run(void (*body)(void*), void* context) {
  try {
    body(context);
  } catch (const CallbackFailed&) {
    note(kCallbackFailed, "");
  } catch (const Error& e) {
    note(static_cast<int>(e.kind()), e.what());
  } catch (const std::bad_alloc&) {
    note(static_cast<int>(ErrorKind::OutOfMemory), "out of memory");
  } catch (const std::exception& e) {
    note(static_cast<int>(ErrorKind::Fluxion), e.what());
  }
}

// Where the stack stood when JavaScript last called in: at its base, or where C++ had called JavaScript.
std::uintptr_t g_stack_at_entry = 0;

}  // namespace

void expose(const char* name, emscripten::internal::GenericFunction f) {
  emscripten::internal::_embind_register_function(name, 0, nullptr, nullptr, nullptr, f, false, false);
}

void guarded(void (*body)(void*), void* context) {
  run(body, context);
  if (!failure().set) return;
  failure().set = false;
  // The frames from here to JavaScript are left without their epilogues, which would have given their stack back.
  if (g_stack_at_entry == 0) g_stack_at_entry = emscripten_stack_get_base();
  _emscripten_stack_restore(reinterpret_cast<void*>(g_stack_at_entry));
  fluxion_raise(failure().kind, failure().message.c_str());
}

double call_javascript(int id, double a, double b) {
  const std::uintptr_t before = std::exchange(g_stack_at_entry, emscripten_stack_get_current());
  const double result = fluxion_call_javascript(id, a, b);
  g_stack_at_entry = before;
  if (result == kCallbackFailed) throw CallbackFailed();
  return result;
}

void forget_javascript(int id) { fluxion_forget_javascript(id); }

std::vector<double>& given_list() {
  static auto* list = new std::vector<double>;
  return *list;
}

unsigned give_tensors(const std::vector<Tensor>& tensors) {
  std::vector<double> handles;
  handles.reserve(tensors.size());
  for (const Tensor& t : tensors) handles.push_back(hand_out(t));
  return give_list(handles);
}

unsigned give_text(std::string text) {
  static auto* kept = new std::string;
  static unsigned span[2];
  *kept = std::move(text);
  span[0] = static_cast<unsigned>(kept->size());
  span[1] = reinterpret_cast<unsigned>(kept->data());
  return reinterpret_cast<unsigned>(span);
}

ListView take_list(unsigned address) {
  if (address == 0) return {nullptr, 0};
  const auto* list = reinterpret_cast<const double*>(address);
  return {list + 1, static_cast<std::size_t>(list[0])};
}

std::string take_text(unsigned address) {
  unsigned length;
  std::memcpy(&length, reinterpret_cast<const void*>(address), sizeof length);
  return {reinterpret_cast<const char*>(address) + sizeof length, length};
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    pieces.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return pieces;
}

std::vector<Tensor> tensors_of(unsigned address) {
  const ListView handles = take_list(address);
  std::vector<Tensor> out;
  out.reserve(handles.count);
  for (const double handle : handles) out.push_back(tensor_at(static_cast<int>(handle)));
  return out;
}

Shape shape_of(unsigned address) {
  Shape out;
  for (const double size : take_list(address)) out.push_back(static_cast<std::int64_t>(size));
  return out;
}

DType dtype_of_index(int index) {
  if (index < 0 || index >= kDTypeCount) throw DTypeError(str("no dtype has the number ", index));
  return static_cast<DType>(index);
}

namespace {

// Memory that JavaScript fills before a call; the caller frees it with free_block.
unsigned new_block(double bytes) {
  void* block = std::malloc(static_cast<std::size_t>(bytes));
  if (block == nullptr) throw std::bad_alloc();
  return reinterpret_cast<unsigned>(block);
}
void free_block(unsigned address) { std::free(reinterpret_cast<void*>(address)); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_boundary) {
  bind<&new_block>("newBlock");
  bind<&free_block>("freeBlock");
}

}  // namespace fluxion::bindings
