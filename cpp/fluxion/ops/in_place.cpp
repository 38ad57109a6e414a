#include "fluxion/ops/in_place.h"

#include <algorithm>
#include <cstdlib>

#include "fluxion/ops/launch.h"

namespace fluxion {
namespace {

// Whether several elements may lie in one place: each stride must step over all that the smaller ones reach.
bool may_overlap(const Layout& layout) {
  const int rank = layout.shape.ssize();
  for (int i = 0; i < rank; ++i) {
    if (layout.shape[i] <= 1) continue;
    const std::int64_t stride = std::abs(layout.strides[i]);
    std::int64_t reach = 0;
    for (int j = 0; j < rank; ++j) {
      const std::int64_t other = std::abs(layout.strides[j]);
      if (other < stride || (other == stride && j < i)) reach += other * std::max<std::int64_t>(layout.shape[j] - 1, 0);
    }
    if (stride <= reach) return true;
  }
  return false;
}

void check_writable(const char* op, const Tensor& x) {
  if (may_overlap(x.layout()))
    throw FluxionError(str(op, ": several elements of the tensor ", x.shape(), " with strides ", x.strides(),
                           " lie in one place; change a clone() of it"));
  if (!grad_enabled()) return;
  const auto leaf = [](const Tensor& t) { return requires_grad(t) && is_leaf(t); };
  if (leaf(x) || (x.impl()->base && leaf(Tensor(x.impl()->base))))
    throw FluxionError(str(op, ": ", leaf(x) ? "a leaf" : "a view of a leaf",
                           " that requires a gradient cannot be changed in place while gradients are recorded; do it "
                           "under noGrad, or change a clone()"));
}

int category(DType d) { return d == DType::Bool ? 0 : is_floating(d) ? 2 : 1; }

// `part` lies in `of`, of which nothing else is known: it must be row-major for a gradient to be laid out like it.
Layout within(const char* op, const Tensor& part, const Tensor& of) {
  if (!of.is_contiguous())
    throw FluxionError(str(op, ": the tensor ", of.shape(), " that this one is a view of has strides ", of.strides(),
                           "; its views cannot be changed in place with gradients. clone() it first"));
  Layout layout = part.layout();
  layout.offset -= of.layout().offset;
  return layout;
}

// The history of a base in which `part` was replaced by `value`.
void replace_history(const Tensor& base, const Layout& part, const Tensor& value) {
  const Tensor mask = zeros(base.shape(), DType::Bool);
  fill_(strided_part(mask, part), 1);
  // A leaf without a gradient has no edge; record() asks the inputs.
  const Tensor alias = base.detach();
  const Tensor with = record("copySlices", alias, {&base, &value}, [mask, part](Backward& ctx) {
    if (ctx.needs(0)) ctx.give(0, masked_fill(ctx.grad(), mask, 0));
    if (ctx.needs(1)) ctx.give(1, strided_part(contiguous(ctx.grad()), part));
  });
  detail::attach(base, meta_of(with)->grad_fn);
}

}  // namespace

void renew_view(const Tensor& view, const Tensor& base) {
  if (!requires_grad(base)) return;
  const GradMode on(true);
  const Tensor again = strided_part(base, within("view", view, base));
  detail::attach(view, meta_of(again)->grad_fn);
}

Tensor in_place_input(const char* op, const Tensor& x, bool others_record) {
  check_writable(op, x);
  const bool saves = grad_enabled() && is_floating(x.dtype()) && (others_record || requires_grad(x));
  return saves ? clone(x) : x;
}

void in_place_result(const char* op, const Tensor& x, const Tensor& value) {
  check_writable(op, x);
  if (!(value.shape() == x.shape()))
    throw ShapeError(str(op, ": the result is ", value.shape(), ", which does not fit into ", x.shape()));
  if (category(value.dtype()) > category(x.dtype()))
    throw DTypeError(str(op, ": the result is ", value.dtype(), ", which a tensor of ", x.dtype(),
                         " cannot hold; convert it with to() first"));
  const bool recorded = grad_enabled() && is_floating(x.dtype());
  const bool shared = value.ref()->use_count() > 1 || value.shares_storage(x);
  Tensor result = shared ? clone(value) : value;
  if (recorded) result = to_dtype(result, x.dtype());
  // What does not depend on x's old values still has a gradient for them: zeros.
  if (recorded && requires_grad(x) && !requires_grad(result))
    result = record(op, result.detach(), {&x}, [](Backward& ctx) { ctx.give(0, zeros_like(ctx.grad())); });
  const bool rebased = recorded && requires_grad(result);
  const Tensor base = x.impl()->base ? Tensor(x.impl()->base) : Tensor();
  Layout part;
  if (rebased) {
    if (x.impl()->untracked && x.storage().use_count() > 1)
      throw FluxionError(str(op, ": this view was made under noGrad, so the tensor behind it cannot be given a "
                                 "gradient; make the view while gradients are recorded, or change a clone()"));
    if (base.defined()) part = within(op, x, base);
  }

  copy_(x, result);
  if (!rebased) return;
  if (base.defined()) {
    replace_history(base, part, result);
    ++base.impl()->history;
    detail::catch_up(x);
  } else {
    detail::attach(x, meta_of(result)->grad_fn);
    ++x.impl()->history;
  }
}

const Tensor& assign(const Tensor& x, const Tensor& source) {
  const Layout wide = expanded("copy_", source.layout(), x.shape());
  check_writable("copy_", x);
  const bool recorded = grad_enabled() && is_floating(x.dtype()) && (requires_grad(x) || requires_grad(source));
  if (recorded)
    in_place_result("copy_", x, clone(to_dtype(expand(source, wide.shape), x.dtype())));
  else
    copy_(x, source.shares_storage(x) ? clone(source) : source);
  return x;
}

}  // namespace fluxion
