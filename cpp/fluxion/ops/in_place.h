#pragma once
// In-place forms, as PyTorch's with a trailing underscore. All of them are one mechanism: an op computes its result
// beside x; the result is then written into x's memory, and x, the tensor it is a view of and that one's other views
// take the result's history. While gradients are recorded a leaf that requires one refuses, and so does a tensor with
// several elements in one place.

#include "fluxion/ops/ops.h"

namespace fluxion {

// What an in-place op computes from: x or, where a gradient may save it, a copy with x's history. `others_record` says
// that other inputs may require a gradient.
Tensor in_place_input(const char* op, const Tensor& x, bool others_record);
// Writes what was computed into x, cast to its dtype.
void in_place_result(const char* op, const Tensor& x, const Tensor& value);

// x = f(x): in_place("add_", x, [&](const Tensor& v) { return v + y; })
template <class F>
const Tensor& in_place(const char* op, const Tensor& x, F&& f) {
  in_place_result(op, x, f(in_place_input(op, x, true)));
  return x;
}

// x = source, of any dtype, broadcast. The recorded twin of copy_().
const Tensor& assign(const Tensor& x, const Tensor& source);

// The history of a view whose base was given another one.
void renew_view(const Tensor& view, const Tensor& base);

}  // namespace fluxion
