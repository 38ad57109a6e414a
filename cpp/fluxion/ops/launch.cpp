#include "fluxion/ops/launch.h"

#include <cmath>

#include "fluxion/ops/in_place.h"

namespace fluxion {

std::vector<std::string> choice_names(Reduction) { return {"none", "mean", "sum"}; }
std::vector<std::string> choice_names(GeluForm) { return {"none", "tanh"}; }

namespace {

void add_in_place(const Tensor& into, const Tensor& value) {
  const Tensor v = cast_raw(value, into.dtype());
  kernels::launch(kernels::Prim::Binary, {view_of(into), view_of(into), view_of(v)},
                  kernels::BinaryParams{kernels::Binary::Add});
  into.storage().bump_version();
}

std::int64_t first_not_finite(const Tensor& t) {
  if (!is_floating(t.dtype()) || all(isfinite(t.detach())).item() != 0) return -1;
  std::int64_t i = 0;
  while (std::isfinite(t.at(i))) ++i;
  return i;
}

// What the engine cannot do without ops. Every op links this file, so the engine always finds it.
const bool arithmetic_installed = [] {
  set_arithmetic({
      .add = [](const Tensor& a, const Tensor& b) { return add(a, b); },
      .add_to = add_in_place,
      .fit = [](const Tensor& g, const Shape& shape, DType dtype) { return to_dtype(sum_to(g, shape), dtype); },
      .clone = [](const Tensor& t) { return clone(t); },
      .ones_like = [](const Tensor& t) { return ones_like(t); },
      .first_not_finite = first_not_finite,
      .renew_view = renew_view,
  });
  return true;
}();

int category(DType d) { return d == DType::Bool ? 0 : is_floating(d) ? 2 : 1; }

}  // namespace

Tensor cast_raw(const Tensor& t, DType dtype) {
  if (t.dtype() == dtype) return t;
  Tensor out = Tensor::empty(t.shape(), dtype);
  kernels::launch(kernels::Prim::Copy, {view_of(out), view_of(t)}, kernels::NoParams{});
  return out;
}

Tensor contiguous_raw(const Tensor& t) {
  if (t.is_contiguous()) return t;
  Tensor out = Tensor::empty(t.shape(), t.dtype());
  kernels::launch(kernels::Prim::Copy, {view_of(out), view_of(t)}, kernels::NoParams{});
  return out;
}

void check_floating(const char* op, const Tensor& t) {
  if (!is_floating(t.dtype()))
    throw DTypeError(
        str(op, ": needs float32 or float64, this tensor is ", t.dtype(), "; convert it with to('float32')"));
}

void check_same_dtype(const char* op, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype())
    throw DTypeError(str(op, ": dtypes differ: ", a.dtype(), " and ", b.dtype(), "; convert one with to()"));
}

void check_index_dtype(const char* op, const Tensor& index) {
  if (index.dtype() != DType::Int32)
    throw DTypeError(str(op, ": indices must be int32, these are ", index.dtype(), "; convert them with to('int32')"));
}

std::pair<double, double> range_of(const kernels::View& view) {
  const Shape ones(static_cast<std::size_t>(view.rank), 1);
  double found[2];
  dispatch(view.dtype, [&]<class T>() {
    T extreme{};
    const kernels::View out{&extreme, view.dtype, view.rank, ones.data(), ones.data()};
    for (const kernels::Reduce kind : {kernels::Reduce::Min, kernels::Reduce::Max}) {
      kernels::launch(kernels::Prim::Reduce, {out, view}, kernels::ReduceParams{kind});
      found[kind == kernels::Reduce::Max] = static_cast<double>(extreme);
    }
  });
  return {found[0], found[1]};
}

namespace {

struct IndexCheck {
  const char* op;
  std::int64_t size;
  std::int64_t ignored;  // no int32 when there is none
};

void check_index_values(const kernels::View* views, const void* params) {
  const auto& p = *static_cast<const IndexCheck*>(params);
  const kernels::View& index = views[0];
  const auto is_outside = [&](double i) { return i < 0 || i >= static_cast<double>(p.size); };
  const auto [low, high] = range_of(index);
  if (!is_outside(low) && !is_outside(high)) return;
  Shape at(static_cast<std::size_t>(index.rank), 0);
  for (std::int64_t i = 0;; ++i) {
    std::int64_t element = 0;
    for (int d = 0; d < index.rank; ++d) element += at[d] * index.strides[d];
    const std::int32_t value = index.as<std::int32_t>()[element];
    if (value != p.ignored && is_outside(value))
      throw IndexError(str(p.op, ": index ", value, " at position ", i, " is out of range for size ", p.size));
    int d = index.rank - 1;
    while (d >= 0 && ++at[d] == index.shape[d]) at[d--] = 0;
    if (d < 0) return;
  }
}

}  // namespace

void check_indices(const char* op, const Tensor& index, std::int64_t size, std::optional<std::int64_t> ignored) {
  if (index.numel() == 0) return;
  kernels::check_values(check_index_values, {view_of(index)}, IndexCheck{op, size, ignored.value_or(INT64_MAX)});
}

DType promote_operands(const Tensor& a, const Operand& b) {
  const DType scalar = b.scalar.integral ? DType::Int32 : DType::Float32;
  const DType other = b.is_tensor() ? b.tensor.dtype() : scalar;
  if (b.is_tensor() && (a.rank() == 0) == (b.tensor.rank() == 0)) return promote(a.dtype(), other);
  // Numbers count least, then tensors of rank 0; a lesser one matters only through a higher category.
  const bool b_leads = b.is_tensor() && a.rank() == 0;
  const DType leading = b_leads ? other : a.dtype();
  const DType lesser = b_leads ? a.dtype() : other;
  return category(lesser) > category(leading) ? promote(leading, lesser) : leading;
}

}  // namespace fluxion
