#pragma once
// Copies with elements repeated, turned round, moved along or put around the edge.

#include <optional>

#include "fluxion/ops/types.h"

namespace fluxion {

Tensor movedim(const Tensor& x, const Shape& source, const Shape& destination);  // a view
Tensor repeat(const Tensor& x, const Shape& sizes);  // one number per dimension, or more: new ones in front
Tensor tile(const Tensor& x, const Shape& dims);     // like repeat, where missing numbers in front are 1
// Each element (without dim, of x flattened) several times in a row; `repeats` is one number, or one per element.
Tensor repeat_interleave(const Tensor& x, const Operand& repeats, std::optional<std::int64_t> dim = {});
Tensor flip(const Tensor& x, const Shape& dims);
// Without dims, of x flattened.
Tensor roll(const Tensor& x, const Shape& shifts, const std::optional<Shape>& dims = {});

enum class PadMode { Constant, Reflect, Replicate, Circular };
std::vector<std::string> choice_names(PadMode);
// `pad` lists (before, after) from the last dimension on; negative amounts cut off.
Tensor pad(const Tensor& x, const Shape& pad, PadMode mode = PadMode::Constant, double value = 0);

// A vector becomes a matrix with it on a diagonal; a matrix gives its diagonal.
Tensor diag(const Tensor& x, std::int64_t diagonal = 0);

}  // namespace fluxion
