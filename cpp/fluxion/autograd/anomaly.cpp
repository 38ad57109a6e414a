#include "fluxion/autograd/anomaly.h"

#include "fluxion/autograd/autograd.h"

namespace fluxion {

bool detail::g_detecting = false;

namespace {

std::string (*g_find_place)() = nullptr;

struct Place {
  std::uint64_t sequence;
  std::string call;
};

// What each recorded node was called with, and where, in the order of their numbers.
std::vector<Place>& places() {
  static auto* list = new std::vector<Place>;
  return *list;
}

Place* find_place(const Node& node) {
  for (std::size_t i = places().size(); i-- > 0;)
    if (places()[i].sequence == node.sequence) return &places()[i];
  return nullptr;
}

bool is_finite(const Tensor& t) { return !t.defined() || arithmetic().first_not_finite(t) < 0; }

// "nan at element 3" for what is not finite in t.
std::string found_in(const Tensor& t) {
  const std::int64_t i = arithmetic().first_not_finite(t);
  return str(t.at(i), " at element ", i, " of ", t.shape());
}

}  // namespace

void set_detect_anomaly(bool on) {
  detail::g_detecting = on;
  if (!on) places().clear();
}
bool detecting_anomaly() { return detail::g_detecting; }
void set_place_finder(std::string (*find)()) { g_find_place = find; }

void detail::check_forward(const char* op, const Tensor& out, std::span<const Tensor* const> inputs,
                           std::uint64_t sequence) {
  std::string call = op;
  // These two only move values, among them a number that is no tensor: minus infinity in masks.
  bool was_finite = call != "where" && call != "pad";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& t = *inputs[i];
    call += i == 0 ? "(" : ", ";
    call += t.defined() ? str(t.shape()) : "none";
    was_finite = was_finite && is_finite(t);
  }
  call += ")";
  if (g_find_place != nullptr) call += g_find_place();
  if (was_finite && !is_finite(out))
    throw FluxionError(str("detectAnomaly: a result is ", found_in(out), ", from finite inputs of ", call));
  places().push_back({sequence, std::move(call)});
}

void detail::check_backward(const Node& node, const Tensor& grad, const std::vector<Tensor>& grads) {
  if (!is_finite(grad)) return;
  for (std::size_t i = 0; i < grads.size(); ++i) {
    if (is_finite(grads[i])) continue;
    const Place* place = find_place(node);
    throw FluxionError(str("detectAnomaly: the gradient of input ", i, " is ", found_in(grads[i]),
                           ", from a finite one of ", place == nullptr ? node.op : place->call.c_str()));
  }
}

void detail::forget_place(const Node& node) {
  // Backward goes from the last node to the first, so the place is at the end or near it.
  if (Place* place = find_place(node)) places().erase(places().begin() + (place - places().data()));
}

}  // namespace fluxion
