#include "fluxion/core/tensor.h"

#include <cstring>

#include "fluxion/core/free_list.h"
#include "fluxion/core/recorder.h"

namespace fluxion {

namespace detail {
constinit Recorder* current_recorder = nullptr;
constinit bool recorder_paused = false;
constinit std::uint64_t changes = 0, generation = 0;
}  // namespace detail

namespace {
constinit Storage* g_newest = nullptr;
}

Storage* Storage::newest() { return g_newest; }

Storage::Storage(std::uint64_t bytes)
    : data_(allocate_bytes(bytes)), bytes_(static_cast<std::size_t>(bytes)), older_(g_newest) {
  if (older_ != nullptr) older_->newer_ = this;
  g_newest = this;
  if (detail::current_recorder != nullptr) [[unlikely]] detail::current_recorder->allocated(*this);
}

Storage::~Storage() {
  (newer_ == nullptr ? g_newest : newer_->older_) = older_;
  if (older_ != nullptr) older_->newer_ = newer_;
  if (detail::current_recorder != nullptr && detail::current_recorder->freed(*this)) [[unlikely]] return;
  free_bytes(data_, bytes_);
}

void* Storage::operator new(std::size_t n) { return FreeList<Storage>::take(n); }
void Storage::operator delete(void* p, std::size_t n) { FreeList<Storage>::give(p, n); }
void* TensorImpl::operator new(std::size_t n) { return FreeList<TensorImpl>::take(n); }
void TensorImpl::operator delete(void* p, std::size_t n) { FreeList<TensorImpl>::give(p, n); }

TensorImpl::TensorImpl(Ref<Storage> s, Layout l, DType d)
    : storage(std::move(s)),
      layout(std::move(l)),
      count(fluxion::numel(layout.shape)),
      dtype(d),
      contiguous(fluxion::is_contiguous(layout)) {
  ++detail::mutable_memory_stats().tensors;
}

TensorImpl::~TensorImpl() { --detail::mutable_memory_stats().tensors; }

Tensor Tensor::empty(const Shape& shape, DType dtype, std::string_view op) {
  if (shape.ssize() > kMaxRank)
    throw ShapeError(str(op, ": rank ", shape.ssize(), " is over the limit of ", kMaxRank));
  const std::uint64_t bytes = static_cast<std::uint64_t>(fluxion::numel(shape, op)) * size_of(dtype);
  return Tensor(
      make_ref<TensorImpl>(make_ref<Storage>(bytes), Layout{shape, contiguous_strides(shape), 0}, dtype));
}

Tensor Tensor::view_of(Layout layout) const {
  return Tensor(make_ref<TensorImpl>(impl_->storage, std::move(layout), impl_->dtype));
}

Tensor Tensor::from_bytes(const void* bytes, const Shape& shape, DType dtype) {
  Tensor out = empty(shape, dtype);
  if (Recorder* r = recorder()) [[unlikely]] r->filled(out.storage());
  if (out.numel() > 0) std::memcpy(out.raw(), bytes, static_cast<std::size_t>(out.numel()) * size_of(dtype));
  return out;
}

void* Tensor::raw() const {
  return static_cast<std::byte*>(impl_->storage->data()) +
         impl_->layout.offset * static_cast<std::int64_t>(size_of(impl_->dtype));
}

double Tensor::at(std::int64_t i) const {
  refuse_recording("a tensor's values were read");
  std::int64_t element = 0;
  for (int d = rank() - 1; d >= 0; --d) {
    element += i % shape()[d] * strides()[d];
    i /= shape()[d];
  }
  return dispatch(dtype(), [&]<class T>() { return static_cast<double>(data<T>()[element]); });
}

double Tensor::item() const {
  if (numel() != 1) throw ShapeError(str("item: a tensor of one element is needed, this one is ", shape()));
  return at(0);
}

}  // namespace fluxion
