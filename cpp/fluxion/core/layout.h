#pragma once
// Where elements lie: shape, strides (in elements), offset. All view operations are layout arithmetic.

#include <cstdint>
#include <optional>
#include <string_view>

#include "fluxion/core/error.h"
#include "fluxion/core/small_vec.h"

namespace fluxion {

using Shape = SmallVec<std::int64_t, 6>;

inline constexpr int kMaxRank = 64;  // as PyTorch

struct Layout {
  Shape shape;
  Shape strides;
  std::int64_t offset = 0;
};

// Product of sizes; ShapeError when a size is negative or the product overflows.
// Fails on sizes that no tensor has, in the name of `op`.
std::int64_t numel(const Shape& shape, std::string_view op = "tensor");
Shape contiguous_strides(const Shape& shape);
bool is_contiguous(const Layout& layout);

// "dim" from −rank to rank−1 made non-negative; IndexError otherwise. A rank-0 tensor takes −1 and 0.
int wrap_dim(std::string_view op, std::int64_t dim, int rank);

// numpy broadcasting of two shapes; ShapeError names op and both.
Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b);
// True when `from` broadcasts to `to`.
bool broadcasts_to(const Shape& from, const Shape& to);
// The layout seen as `shape` (stride 0 where it is repeated); −1 keeps a size.
Layout expanded(std::string_view op, const Layout& layout, const Shape& shape);

// The same elements under another shape without copying, if strides allow it.
std::optional<Layout> reshaped(const Layout& layout, const Shape& shape);
// `shape` with its one −1 worked out for `count` elements.
Shape infer_shape(std::string_view op, const Shape& shape, std::int64_t count);

}  // namespace fluxion
