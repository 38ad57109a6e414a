#pragma once
// Tensors by name, in order: what a module or an optimizer saves, and what a safetensors file holds.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion {

class StateDict {
 public:
  using Entry = std::pair<std::string, Tensor>;

  StateDict() = default;
  StateDict(std::initializer_list<Entry> entries) : entries_(entries) {}

  // Names are not checked for repetition here; readers of files do that.
  void add(std::string name, Tensor value) { entries_.emplace_back(std::move(name), std::move(value)); }
  // Null when there is none.
  const Tensor* find(std::string_view name) const {
    for (const Entry& e : entries_)
      if (e.first == name) return &e.second;
    return nullptr;
  }
  // FluxionError when there is none.
  const Tensor& at(std::string_view name) const {
    if (const Tensor* t = find(name)) return *t;
    throw FluxionError(str("stateDict: there is no tensor named '", name, "'"));
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace fluxion
