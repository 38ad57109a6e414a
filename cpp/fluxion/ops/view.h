#pragma once
// Views share storage with their input; cat, stack and contiguous copy.

#include <optional>
#include <vector>

#include "fluxion/ops/types.h"

namespace fluxion {

// The elements of a contiguous x that `layout` names, its offset counted from x's first.
Tensor strided_part(const Tensor& x, const Layout& layout);
Tensor view(const Tensor& x, const Shape& shape);     // ShapeError when the strides do not allow it
Tensor reshape(const Tensor& x, const Shape& shape);  // a view where possible, a copy otherwise; one size may be −1
Tensor flatten(const Tensor& x, std::int64_t start_dim = 0, std::int64_t end_dim = -1);
Tensor squeeze(const Tensor& x, std::optional<std::int64_t> dim = {});
Tensor unsqueeze(const Tensor& x, std::int64_t dim);
Tensor transpose(const Tensor& x, std::int64_t dim0, std::int64_t dim1);
Tensor t(const Tensor& x);  // a matrix's transpose
Tensor permute(const Tensor& x, const Shape& dims);
Tensor expand(const Tensor& x, const Shape& shape);
// x[..., start:end:step, ...] along dim; negative bounds count from the end; a negative step walks back.
Tensor slice(const Tensor& x, std::int64_t dim, std::optional<std::int64_t> start = {},
             std::optional<std::int64_t> end = {}, std::int64_t step = 1);
Tensor narrow(const Tensor& x, std::int64_t dim, std::int64_t start, std::int64_t length);
Tensor select(const Tensor& x, std::int64_t dim, std::int64_t index);
std::vector<Tensor> unbind(const Tensor& x, std::int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, std::int64_t split_size, std::int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim = 0);
Tensor diagonal(const Tensor& x, std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1);
// Every window of `size` along dim, `step` apart, as a new last dimension: PyTorch's Tensor.unfold.
Tensor windows(const Tensor& x, std::int64_t dim, std::int64_t size, std::int64_t step);

Tensor contiguous(const Tensor& x);  // the same tensor when it is already
Tensor clone(const Tensor& x);       // always a contiguous copy, with gradient
Tensor cat(const std::vector<Tensor>& tensors, std::int64_t dim = 0);
Tensor stack(const std::vector<Tensor>& tensors, std::int64_t dim = 0);

}  // namespace fluxion
