#pragma once
// Between tensors and the backend seam.

#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/ops/types.h"

namespace fluxion {

inline kernels::View view_of(const Tensor& t) {
  return {t.raw(), t.dtype(), t.rank(), t.shape().data(), t.strides().data()};
}
inline kernels::View view_of(const std::optional<Tensor>& t) {
  return t && t->defined() ? view_of(*t) : kernels::View{};
}
// t's memory seen through another layout; the layout must outlive the view.
inline kernels::View view_of(const Tensor& t, const Layout& layout) {
  const std::int64_t shift = (layout.offset - t.layout().offset) * static_cast<std::int64_t>(size_of(t.dtype()));
  return {static_cast<std::byte*>(t.raw()) + shift, t.dtype(), layout.shape.ssize(), layout.shape.data(),
          layout.strides.data()};
}

// dtype conversion and contiguity without recording.
Tensor cast_raw(const Tensor& t, DType dtype);
Tensor contiguous_raw(const Tensor& t);

// Checks shared by ops: the error names the op and what it was given.
void check_floating(const char* op, const Tensor& t);
void check_same_dtype(const char* op, const Tensor& a, const Tensor& b);
void check_index_dtype(const char* op, const Tensor& index);
// Every index in [0, size), but for those that are `ignored`; IndexError names the first that is not.
void check_indices(const char* op, const Tensor& index, std::int64_t size, std::optional<std::int64_t> ignored = {});

// The smallest and the largest value of a view that is not empty, for kernels::check_values.
std::pair<double, double> range_of(const kernels::View& view);

// The dtype of a op b: PyTorch's promotion, where a number only matters if it is of a higher category.
DType promote_operands(const Tensor& a, const Operand& b);

}  // namespace fluxion
