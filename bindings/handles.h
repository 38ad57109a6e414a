#pragma once
// Tables of what JavaScript holds: small integers for tensors, modules, optimizers and the rest. 0 is nothing.

#include <utility>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::bindings {

template <class T>
class Table {
 public:
  int add(T value) {
    if (free_.empty()) {
      slots_.emplace_back(std::move(value));
      return static_cast<int>(slots_.size());
    }
    const int handle = free_.back();
    free_.pop_back();
    at(handle) = std::move(value);
    return handle;
  }

  const T& get(int handle) const {
    if (handle <= 0 || handle > static_cast<int>(slots_.size()) || !is_set(at(handle)))
      throw FluxionError(str("handle ", handle, " does not exist or was released"));
    return at(handle);
  }

  void release(int handle) {
    get(handle);
    // Room first: what the value's destructor releases must not fail half-way.
    free_.push_back(handle);
    const T dropped = std::exchange(at(handle), T());
  }

  int live() const { return static_cast<int>(slots_.size() - free_.size()); }

 private:
  static bool is_set(const Tensor& t) { return t.defined(); }
  template <class U>
  static bool is_set(const U& value) {
    return static_cast<bool>(value);
  }
  T& at(int handle) { return slots_[static_cast<std::size_t>(handle - 1)]; }
  const T& at(int handle) const { return slots_[static_cast<std::size_t>(handle - 1)]; }

  std::vector<T> slots_;
  std::vector<int> free_;
};

// Never destroyed: handles may outlive every static.
template <class T>
Table<T>& table() {
  static auto* t = new Table<T>;
  return *t;
}

inline const Tensor& tensor_at(int handle) { return table<Tensor>().get(handle); }
inline int hand_out(Tensor t) { return t.defined() ? table<Tensor>().add(std::move(t)) : 0; }

}  // namespace fluxion::bindings
