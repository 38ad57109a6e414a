#include "fluxion/core/layout.h"

namespace fluxion {

std::int64_t numel(const Shape& shape, std::string_view op) {
  std::int64_t n = 1;
  bool zero = false;
  for (const std::int64_t s : shape) {
    if (s < 0) throw ShapeError(str(op, ": a size is negative in ", shape));
    if (s == 0) {
      zero = true;
    } else if ((n | s) >> 29 != 0 && n > INT64_MAX / 16 / s) {  // small ones need no division
      throw ShapeError(str(op, ": too many elements in ", shape));
    } else {
      n *= s;
    }
  }
  return zero ? 0 : n;
}

Shape contiguous_strides(const Shape& shape) {
  Shape strides(shape.size());
  std::int64_t step = 1;
  for (int i = shape.ssize() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= shape[i] > 1 ? shape[i] : 1;
  }
  return strides;
}

bool is_contiguous(const Layout& layout) {
  std::int64_t step = 1;
  for (int i = layout.shape.ssize() - 1; i >= 0; --i) {
    if (layout.shape[i] == 0) return true;
    if (layout.shape[i] != 1) {
      if (layout.strides[i] != step) return false;
      step *= layout.shape[i];
    }
  }
  return true;
}

int wrap_dim(std::string_view op, std::int64_t dim, int rank) {
  const int range = rank == 0 ? 1 : rank;
  if (dim < -range || dim >= range)
    throw IndexError(str(op, ": dimension ", dim, " is out of range for rank ", rank, " (expected ", -range,
                         " to ", range - 1, ")"));
  return static_cast<int>(dim < 0 ? dim + range : dim);
}

Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b) {
  const int rank = std::max(a.ssize(), b.ssize());
  Shape out(static_cast<std::size_t>(rank));
  for (int i = 1; i <= rank; ++i) {
    const std::int64_t x = i <= a.ssize() ? a[a.ssize() - i] : 1;
    const std::int64_t y = i <= b.ssize() ? b[b.ssize() - i] : 1;
    if (x != y && x != 1 && y != 1)
      throw ShapeError(str(op, ": shapes do not broadcast: ", a, " and ", b, " (", x, " vs ", y,
                           " in dimension ", -i, ")"));
    out[rank - i] = x == 1 ? y : x;
  }
  return out;
}

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.ssize() > to.ssize()) return false;
  for (int i = 1; i <= from.ssize(); ++i) {
    const std::int64_t f = from[from.ssize() - i];
    if (f != 1 && f != to[to.ssize() - i]) return false;
  }
  return true;
}

Layout expanded(std::string_view op, const Layout& layout, const Shape& shape) {
  Layout out{shape, Shape(shape.size()), layout.offset};
  const int added = shape.ssize() - layout.shape.ssize();
  bool fits = added >= 0;
  for (int i = 0; fits && i < shape.ssize(); ++i) {
    if (i < added) {
      fits = shape[i] >= 0;
      continue;
    }
    const std::int64_t from = layout.shape[i - added];
    if (shape[i] == -1) out.shape[i] = from;
    if (out.shape[i] == from) {
      out.strides[i] = layout.strides[i - added];
    } else {
      fits = from == 1 && out.shape[i] >= 0;
    }
  }
  if (!fits) throw ShapeError(str(op, ": ", layout.shape, " does not expand to ", shape));
  return out;
}

std::optional<Layout> reshaped(const Layout& layout, const Shape& shape) {
  Layout out{shape, Shape(shape.size()), layout.offset};
  if (numel(layout.shape) == 0 || is_contiguous(layout)) {
    out.strides = contiguous_strides(shape);
    return out;
  }
  // Walk the old dimensions from the back in maximal runs that are contiguous among themselves; each run must
  // be covered exactly by new dimensions.
  int to = shape.ssize() - 1;
  std::int64_t run = 1;
  std::int64_t base = layout.strides.empty() ? 1 : layout.strides.back();
  for (int from = layout.shape.ssize() - 1; from >= 0; --from) {
    run *= layout.shape[from];
    const bool ends = from == 0 || (layout.shape[from - 1] != 1 &&
                                    layout.strides[from - 1] != run * base);
    if (!ends) continue;
    std::int64_t covered = 1;
    while (to >= 0 && (covered < run || shape[to] == 1)) {
      out.strides[to] = covered * base;
      covered *= shape[to];
      --to;
    }
    if (covered != run) return std::nullopt;
    if (from > 0) {
      base = layout.strides[from - 1];
      run = 1;
    }
  }
  return to == -1 ? std::optional(out) : std::nullopt;
}

Shape infer_shape(std::string_view op, const Shape& shape, std::int64_t count) {
  Shape out = shape;
  int unknown = -1;
  std::int64_t known = 1;
  for (int i = 0; i < shape.ssize(); ++i) {
    if (shape[i] == -1) {
      if (unknown >= 0) throw ShapeError(str(op, ": only one size may be -1: ", shape));
      unknown = i;
    } else if (shape[i] < 0) {
      throw ShapeError(str(op, ": a size is negative in ", shape));
    } else {
      known *= shape[i];
    }
  }
  if (unknown >= 0) {
    if (known == 0 || count % known != 0)
      throw ShapeError(str(op, ": ", count, " elements do not fit ", shape));
    out[unknown] = count / known;
  } else if (known != count) {
    throw ShapeError(str(op, ": ", count, " elements do not fit ", shape, " (", known, ")"));
  }
  return out;
}

}  // namespace fluxion
