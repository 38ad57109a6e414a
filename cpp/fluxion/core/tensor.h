#pragma once
// Tensor: a light handle on counted data: storage (bytes, shared by views), layout, dtype, and what the
// autograd floor hangs on it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fluxion/core/allocator.h"
#include "fluxion/core/dtype.h"
#include "fluxion/core/layout.h"
#include "fluxion/core/ref.h"

namespace fluxion {

class Storage : public RefCounted<Storage> {
 public:
  explicit Storage(std::uint64_t bytes);
  ~Storage();
  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  // Counts in-place writes, so that backward can tell that a saved value was changed.
  std::uint32_t version() const { return version_; }
  void bump_version() { ++version_; }

  // All live storage, newest first: null at the end.
  static Storage* newest();
  Storage* older() const { return older_; }

  static void* operator new(std::size_t n);
  static void operator delete(void* p, std::size_t n);

 private:
  void* data_;
  std::size_t bytes_;
  std::uint32_t version_ = 0;
  Storage *newer_ = nullptr, *older_;
};

// What autograd keeps per tensor; the class itself is defined a floor up.
struct TensorMeta {
  virtual ~TensorMeta() = default;
};

struct TensorImpl : public RefCounted<TensorImpl> {
  TensorImpl(Ref<Storage> s, Layout l, DType d);
  ~TensorImpl();
  static void* operator new(std::size_t n);
  static void operator delete(void* p, std::size_t n);

  Ref<Storage> storage;
  Layout layout;
  std::int64_t count;
  DType dtype;
  bool contiguous;
  bool untracked = false;  // a view made without recording: in-place ops cannot tell its base
  // What an in-place op on a view has to tell: the tensor that it is a view of, itself no view. `history` counts the
  // histories that in-place ops gave a base; in a view, it says which of them its own is drawn from.
  Ref<TensorImpl> base;
  std::uint32_t history = 0;
  std::unique_ptr<TensorMeta> meta;
};

class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(Ref<TensorImpl> impl) : impl_(std::move(impl)) {}

  // Uninitialised memory.
  // Sizes that no tensor has are an error in the name of `op`.
  static Tensor empty(const Shape& shape, DType dtype = DType::Float32, std::string_view op = "tensor");
  // Another view on this tensor's storage, without gradient history.
  Tensor view_of(Layout layout) const;
  // The same view without gradient history.
  Tensor detach() const { return view_of(impl_->layout); }

  // From host values, in row-major order.
  template <class T>
  static Tensor from(const std::vector<T>& values, const Shape& shape);
  static Tensor from_bytes(const void* bytes, const Shape& shape, DType dtype);

  bool defined() const { return static_cast<bool>(impl_); }
  const Shape& shape() const { return impl_->layout.shape; }
  const Shape& strides() const { return impl_->layout.strides; }
  const Layout& layout() const { return impl_->layout; }
  std::int64_t size(int dim) const { return shape()[dim < 0 ? dim + rank() : dim]; }
  int rank() const { return impl_->layout.shape.ssize(); }
  std::int64_t numel() const { return impl_->count; }
  DType dtype() const { return impl_->dtype; }
  bool is_contiguous() const { return impl_->contiguous; }
  Storage& storage() const { return *impl_->storage; }
  bool shares_storage(const Tensor& other) const { return impl_->storage == other.impl_->storage; }

  // First element, the offset added.
  void* raw() const;
  template <class T>
  T* data() const {
    return static_cast<T*>(raw());
  }
  // Element at row-major position i of any layout, as double. For tests, printing and scalars.
  double at(std::int64_t i) const;
  // The value of a one-element tensor; ShapeError otherwise.
  double item() const;
  // All elements in row-major order.
  template <class T>
  std::vector<T> to_vector() const;

  TensorImpl* impl() const { return impl_.get(); }
  const Ref<TensorImpl>& ref() const { return impl_; }
  // True when no other handle sees this tensor or its storage: it may be written to in place.
  bool is_sole_owner() const { return impl_->use_count() == 1 && impl_->storage->use_count() == 1; }
  friend bool operator==(const Tensor& a, const Tensor& b) = delete;  // use same_as or eq()
  bool same_as(const Tensor& other) const { return impl_ == other.impl_; }

 private:
  Ref<TensorImpl> impl_;
};

// Like PyTorch's print of a tensor: "tensor([[1.0000, 2.0000]])", with a suffix the caller adds before ")".
std::string to_string(const Tensor& t, std::string_view suffix = "");

template <class T>
Tensor Tensor::from(const std::vector<T>& values, const Shape& shape) {
  if (fluxion::numel(shape) != static_cast<std::int64_t>(values.size()))
    throw ShapeError(str("tensor: ", values.size(), " values do not fill ", shape));
  if constexpr (std::is_same_v<T, bool>) {
    const std::vector<std::uint8_t> bytes(values.begin(), values.end());
    return from_bytes(bytes.data(), shape, DType::Bool);
  } else {
    return from_bytes(values.data(), shape, dtype_of<T>::value);
  }
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  std::vector<T> out(static_cast<std::size_t>(numel()));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<T>(at(static_cast<std::int64_t>(i)));
  return out;
}

}  // namespace fluxion
