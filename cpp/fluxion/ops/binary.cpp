#include "fluxion/ops/binary.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Binary;
using kernels::Unary;

// A number as a tensor of rank 0.
Tensor as_tensor(const Operand& b, DType dtype) {
  return b.is_tensor() ? cast_raw(b.tensor, dtype) : full({}, b.scalar.value, dtype);
}

Tensor apply(const char* name, Binary kind, const Tensor& a, const Tensor& b, DType out_dtype) {
  if (a.shape() == b.shape()) {
    Tensor out = Tensor::empty(a.shape(), out_dtype);
    kernels::launch(kernels::Prim::Binary, {view_of(out), view_of(a), view_of(b)}, kernels::BinaryParams{kind});
    return out;
  }
  const Shape shape = broadcast_shapes(name, a.shape(), b.shape());
  const Layout la = expanded(name, a.layout(), shape);
  const Layout lb = expanded(name, b.layout(), shape);
  Tensor out = Tensor::empty(shape, out_dtype);
  kernels::launch(kernels::Prim::Binary, {view_of(out), view_of(a, la), view_of(b, lb)}, kernels::BinaryParams{kind});
  return out;
}

Tensor with_scalar(Unary kind, const Tensor& a, double p) {
  Tensor out = Tensor::empty(a.shape(), a.dtype());
  kernels::launch(kernels::Prim::Unary, {view_of(out), view_of(a)}, kernels::UnaryParams{kind, p});
  return out;
}

Tensor compare(const char* name, Binary kind, const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  return apply(name, kind, cast_raw(a, dtype), as_tensor(b, dtype), DType::Bool);
}

Tensor logical(const char* name, Binary kind, const Tensor& a, const Tensor& b) {
  return apply(name, kind, cast_raw(a, DType::Bool), cast_raw(b, DType::Bool), DType::Bool);
}

Tensor extreme(const char* name, Binary kind, const Tensor& a, const Tensor& b) {
  const DType dtype = promote_operands(a, b);
  const Tensor x = to_dtype(a, dtype), y = to_dtype(b, dtype);
  Tensor out = apply(name, kind, x, y, dtype);
  if (!wants_grad(x, y)) return out;
  const bool is_max = kind == Binary::Maximum;
  return record(name, out, {&x, &y}, [x = Saved(x), y = Saved(y), is_max](Backward& ctx) {
    // Ties share the gradient.
    const Tensor u = x.get(ctx), v = y.get(ctx), g = ctx.grad();
    const Tensor half = where(eq(u, v), g * 0.5, 0.0);
    ctx.give(0, where(is_max ? gt(u, v) : lt(u, v), g, half));
    ctx.give(1, where(is_max ? gt(v, u) : lt(v, u), g, half));
  });
}

const Tensor& tensor_or(const Operand& b, const Tensor& fallback) { return b.is_tensor() ? b.tensor : fallback; }

Tensor modulo(const char* name, Binary kind, const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  if (dtype == DType::Bool) throw DTypeError(str(name, ": bool tensors have no remainder; convert with to('int32')"));
  const Tensor divisor = as_tensor(b, dtype);
  if (!is_floating(dtype) && (b.is_tensor() ? any(eq(divisor, 0)).item() != 0 : b.scalar.value == 0))
    throw FluxionError(str(name, ": an integer divisor is 0; convert with to('float32') for NaN in its place"));
  Tensor out = apply(name, kind, cast_raw(a, dtype), divisor, dtype);
  if (!wants_grad(a, b.tensor)) return out;
  return record(name, out, {&a, &b.tensor},
                [a = Saved(a), b = Saved(tensor_or(b, divisor)), floored = kind == Binary::Remainder](Backward& ctx) {
                  ctx.give(0, ctx.grad());
                  if (!ctx.needs(1)) return;
                  const Tensor quotient = a.get(ctx) / b.get(ctx);
                  ctx.give(1, neg(ctx.grad() * (floored ? floor(quotient) : trunc(quotient))));
                });
}

}  // namespace

Tensor add(const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  const Tensor x = cast_raw(a, dtype);
  if (!b.is_tensor())
    return record("add", with_scalar(Unary::AddScalar, x, b.scalar.value), {&a},
                  [](Backward& ctx) { ctx.give(0, ctx.grad()); });
  return record("add", apply("add", Binary::Add, x, cast_raw(b.tensor, dtype), dtype), {&a, &b.tensor},
                [](Backward& ctx) {
                  ctx.give(0, ctx.grad());
                  ctx.give(1, ctx.grad());
                });
}

Tensor sub(const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  if (dtype == DType::Bool)
    throw DTypeError("sub: bool tensors have no difference; use logicalXor, or convert with to('int32')");
  const Tensor x = cast_raw(a, dtype);
  if (!b.is_tensor())
    return record("sub", with_scalar(Unary::AddScalar, x, -b.scalar.value), {&a},
                  [](Backward& ctx) { ctx.give(0, ctx.grad()); });
  return record("sub", apply("sub", Binary::Sub, x, cast_raw(b.tensor, dtype), dtype), {&a, &b.tensor},
                [](Backward& ctx) {
                  ctx.give(0, ctx.grad());
                  if (ctx.needs(1)) ctx.give(1, neg(ctx.grad()));
                });
}

Tensor mul(const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  const Tensor x = cast_raw(a, dtype);
  if (!b.is_tensor())
    return record("mul", with_scalar(Unary::MulScalar, x, b.scalar.value), {&a},
                  [factor = b.scalar.value](Backward& ctx) { ctx.give(0, ctx.grad() * factor); });
  Tensor out = apply("mul", Binary::Mul, x, cast_raw(b.tensor, dtype), dtype);
  if (!wants_grad(a, b.tensor)) return out;
  return record("mul", out, {&a, &b.tensor}, [a = Saved(a), b = Saved(b.tensor)](Backward& ctx) {
    if (ctx.needs(0)) ctx.give(0, ctx.grad() * b.get(ctx));
    if (ctx.needs(1)) ctx.give(1, ctx.grad() * a.get(ctx));
  });
}

Tensor div(const Tensor& a, const Operand& b) {
  DType dtype = promote_operands(a, b);
  if (!is_floating(dtype)) dtype = DType::Float32;
  const Tensor divisor = as_tensor(b, dtype);
  Tensor out = apply("div", Binary::Div, cast_raw(a, dtype), divisor, dtype);
  if (!wants_grad(a, b.tensor)) return out;
  return record("div", out, {&a, &b.tensor}, [b = Saved(tensor_or(b, divisor)), y = Saved::result(out)](Backward& ctx) {
    const Tensor d = b.get(ctx);
    const Tensor g = div(ctx.grad(), d);
    ctx.give(0, g);
    if (ctx.needs(1)) ctx.give(1, neg(g * y.get(ctx)));
  });
}

Tensor pow(const Tensor& a, const Operand& b) {
  const DType dtype = promote_operands(a, b);
  if (!b.is_tensor()) {
    const double e = b.scalar.value;
    const bool root_of_integers = !is_floating(dtype) && e < 0;
    if (root_of_integers)
      throw DTypeError("pow: integers to a negative power are not whole; convert with to('float32')");
    const Tensor x = to_dtype(a, dtype);
    if (!is_floating(dtype)) return apply("pow", Binary::Pow, x, full({}, e, dtype), dtype);
    Tensor out = with_scalar(Unary::PowScalar, x, e);
    if (!wants_grad(x)) return out;
    return record("pow", out, {&x}, [x = Saved(x), e](Backward& ctx) {
      ctx.give(0, e == 0 ? zeros_like(ctx.grad()) : ctx.grad() * (pow(x.get(ctx), e - 1) * e));
    });
  }
  const Tensor x = to_dtype(a, dtype), y = to_dtype(b.tensor, dtype);
  Tensor out = apply("pow", Binary::Pow, x, y, dtype);
  if (!wants_grad(x, y)) return out;
  return record("pow", out, {&x, &y}, [x = Saved(x), y = Saved(y), r = Saved::result(out)](Backward& ctx) {
    const Tensor base = x.get(ctx), e = y.get(ctx), g = ctx.grad();
    if (ctx.needs(0)) ctx.give(0, where(eq(e, 0), 0.0, g * (e * pow(base, e - 1))));
    // 0 to a power of 0 or more stays 0 (or 1) as the power changes.
    if (ctx.needs(1)) ctx.give(1, where(logical_and(eq(base, 0), ge(e, 0)), 0.0, g * (r.get(ctx) * log(base))));
  });
}

Tensor fmod(const Tensor& a, const Operand& b) { return modulo("fmod", Binary::Fmod, a, b); }
Tensor remainder(const Tensor& a, const Operand& b) { return modulo("remainder", Binary::Remainder, a, b); }

Tensor atan2(const Tensor& a, const Tensor& b) {
  const DType promoted = promote_operands(a, b), dtype = is_floating(promoted) ? promoted : DType::Float32;
  const Tensor y = to_dtype(a, dtype), x = to_dtype(b, dtype);
  Tensor out = apply("atan2", Binary::Atan2, y, x, dtype);
  if (!wants_grad(y, x)) return out;
  return record("atan2", out, {&y, &x}, [y = Saved(y), x = Saved(x)](Backward& ctx) {
    const Tensor v = y.get(ctx), u = x.get(ctx), scaled = ctx.grad() / (v * v + u * u);
    if (ctx.needs(0)) ctx.give(0, scaled * u);
    if (ctx.needs(1)) ctx.give(1, neg(scaled * v));
  });
}

Tensor lerp(const Tensor& start, const Tensor& end, const Operand& weight) {
  check_floating("lerp", start);
  check_same_dtype("lerp", start, end);
  const Shape shape = broadcast_shapes("lerp", start.shape(), end.shape());
  if (weight.is_tensor()) {
    check_same_dtype("lerp", start, weight.tensor);
    broadcast_shapes("lerp", shape, weight.tensor.shape());
  }
  // From the nearer end, so that both ends are hit exactly.
  const Tensor way = end - start;
  if (!weight.is_tensor()) {
    const double w = weight.scalar.value;
    return w < 0.5 ? start + way * w : end - way * (1 - w);
  }
  const Tensor& w = weight.tensor;
  return where(lt(w, 0.5), start + way * w, end - way * (1.0 - w));
}

Tensor maximum(const Tensor& a, const Tensor& b) { return extreme("maximum", Binary::Maximum, a, b); }
Tensor minimum(const Tensor& a, const Tensor& b) { return extreme("minimum", Binary::Minimum, a, b); }

Tensor eq(const Tensor& a, const Operand& b) { return compare("eq", Binary::Eq, a, b); }
Tensor ne(const Tensor& a, const Operand& b) { return compare("ne", Binary::Ne, a, b); }
Tensor lt(const Tensor& a, const Operand& b) { return compare("lt", Binary::Lt, a, b); }
Tensor le(const Tensor& a, const Operand& b) { return compare("le", Binary::Le, a, b); }
Tensor gt(const Tensor& a, const Operand& b) { return compare("gt", Binary::Gt, a, b); }
Tensor ge(const Tensor& a, const Operand& b) { return compare("ge", Binary::Ge, a, b); }
Tensor logical_and(const Tensor& a, const Tensor& b) { return logical("logicalAnd", Binary::LogicalAnd, a, b); }
Tensor logical_or(const Tensor& a, const Tensor& b) { return logical("logicalOr", Binary::LogicalOr, a, b); }
Tensor logical_xor(const Tensor& a, const Tensor& b) { return logical("logicalXor", Binary::LogicalXor, a, b); }

Tensor where(const Tensor& condition, const Operand& a, const Operand& b) {
  if (condition.dtype() != DType::Bool)
    throw DTypeError(str("where: the condition must be bool, this one is ", condition.dtype(),
                         "; compare it with something, as in x.gt(0)"));
  const DType scalars = a.scalar.integral && b.scalar.integral ? DType::Int32 : DType::Float32;
  const DType dtype = a.is_tensor()   ? promote_operands(a.tensor, b)
                      : b.is_tensor() ? promote_operands(b.tensor, a)
                                      : scalars;
  const Tensor x = as_tensor(a, dtype), y = as_tensor(b, dtype);
  const Shape shape = broadcast_shapes("where", broadcast_shapes("where", x.shape(), y.shape()), condition.shape());
  const Layout lc = expanded("where", condition.layout(), shape);
  const Layout lx = expanded("where", x.layout(), shape);
  const Layout ly = expanded("where", y.layout(), shape);
  Tensor out = Tensor::empty(shape, dtype);
  kernels::launch(kernels::Prim::Where, {view_of(out), view_of(condition, lc), view_of(x, lx), view_of(y, ly)},
                  kernels::NoParams{});
  if (!wants_grad(a.tensor, b.tensor)) return out;
  return record("where", out, {&a.tensor, &b.tensor}, [c = Saved(condition)](Backward& ctx) {
    if (ctx.needs(0)) ctx.give(0, where(c.get(ctx), ctx.grad(), 0.0));
    if (ctx.needs(1)) ctx.give(1, where(c.get(ctx), 0.0, ctx.grad()));
  });
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, double value) {
  if (mask.dtype() != DType::Bool)
    throw DTypeError(str("maskedFill: the mask must be bool, this one is ", mask.dtype()));
  if (!broadcasts_to(mask.shape(), x.shape()))
    throw ShapeError(str("maskedFill: the mask's shape ", mask.shape(), " does not broadcast to ", x.shape()));
  return where(mask, full({}, value, x.dtype()), x);
}

[[gnu::noinline]] Operand::Operand(const Tensor& t) : tensor(t) {}
[[gnu::noinline]] Operand::Operand(double v) : scalar(v) {}
[[gnu::noinline]] Operand::Operand(int v) : scalar(v) {}

#define FLUXION_OPERATOR(sign, op)                                                                           \
  [[gnu::noinline]] Tensor operator sign(const Tensor& a, const Operand& b) { return op(a, b); }             \
  [[gnu::noinline]] Tensor operator sign(const Tensor& a, const Tensor& b) { return op(a, Operand(b)); }     \
  [[gnu::noinline]] Tensor operator sign(const Tensor& a, double b) { return op(a, Operand(b)); }            \
  [[gnu::noinline]] Tensor operator sign(const Tensor& a, int b) { return op(a, Operand(b)); }
FLUXION_OPERATOR(+, add)
FLUXION_OPERATOR(-, sub)
FLUXION_OPERATOR(*, mul)
FLUXION_OPERATOR(/, div)
#undef FLUXION_OPERATOR

Tensor operator+(double a, const Tensor& b) { return add(b, a); }
Tensor operator*(double a, const Tensor& b) { return mul(b, a); }
Tensor operator-(const Tensor& a) { return neg(a); }

Tensor operator-(double a, const Tensor& b) {
  const DType dtype = promote_operands(b, Scalar(a));
  return record("rsub", with_scalar(Unary::RSubScalar, cast_raw(b, dtype), a), {&b},
                [](Backward& ctx) { ctx.give(0, neg(ctx.grad())); });
}

Tensor operator/(double a, const Tensor& b) { return div(full({}, a, b.dtype()), b); }

std::vector<Row> binary_rows() {
  std::vector<Row> rows;
  const std::string shapes = "a and b broadcast; the result has the broadcast shape";
  const auto arithmetic = [&](const char* name, auto fn, const std::string& doc, const std::string& formula,
                              const std::string& marks_a, const std::string& marks_b, const std::string& result) {
    const std::string code = std::string("tensor([4, 9]).") + name + "(tensor([2, 3])).toArray()";
    rows.push_back(op(name, fn, {"a", "b"})
                       .doc(doc)
                       .formula(formula)
                       .shapes(shapes)
                       .dtypes("promoted as in PyTorch")
                       .errors("ShapeError when the shapes do not broadcast")
                       .example(code, result)
                       .has_in_place()
                       .with(binary_samples(marks_a, marks_b)));
  };
  arithmetic("add", add, "The sum of two tensors, or of a tensor and a number.", "a + b", "", "", "[6, 12]");
  rows.back().sample("[2,3] 1.5").sample("[3]:i(-5,5) 2").sample("[2,3] [3]:i(-5,5)").sample("[3]:b [3]:i(-5,5)");
  arithmetic("sub", sub, "The difference of two tensors, or of a tensor and a number.", "a − b", "", "", "[2, 6]");
  rows.back().sample("[2,3] 1.5").sample("[3]:i(-5,5) 2");
  arithmetic("mul", mul, "The product, element by element.", "a·b", "", "", "[8, 27]");
  rows.back().sample("[2,3] 1.5").sample("[3]:i(-5,5) 2");
  arithmetic("div", div, "The quotient, element by element; integers give float32.", "a/b", "", "d(0.5,2)", "[2, 3]");
  rows.back().sample("[2,3] 1.5").sample("[3]:i(-5,5) 2").sample("[3]:={1,-1,0} [3]:={0,0,0} !nograd");
  arithmetic("pow", pow, "a to the power of b.", "aᵇ", "d(0.2,2)", "", "[16, 729]");
  rows.back()
      .sample("[2,3] 2")
      .sample("[2,3] 3")
      .sample("[2,3]:d(0.2,2) 0.5")
      .sample("[2,3]:d(0.2,2) -1.5")
      .sample("[3]:i(-5,5) 2")
      .sample("[5]:={0,0,-2,-2,2} [5]:={0,2,2,3,-1} !nograd");

  const auto moduli = [&](const char* name, auto fn, const char* doc, const char* formula) {
    arithmetic(name, fn, doc, formula, "d(3.1,3.9)", "d(0.8,1)", "[0, 0]");
    rows.back()
        .example(str("tensor([-7, 7]).", name, "(3).toArray()"), name[0] == 'f' ? "[-1, 1]" : "[2, 1]")
        .errors("ShapeError when the shapes do not broadcast; DTypeError when both are bool; FluxionError when an "
                "integer divisor is 0")
        .with({"[7]:d(-3.9,-3.1) [7]:d(0.8,1)", "[7]:d(3.1,3.9) [7]:d(-1,-0.8)", "[2,3]:d(3.1,3.9) 0.75",
               "[7]:i(-9,9) 4", "[7]:i(-9,9) [7]:i(1,5)", "[7]:i(-9,9) [7]:i(-5,0)"});
    for (std::string& s : rows.back().samples)  // a multiple is a jump, and 0 has no remainder
      if (s == "[9]:t [9]:t !nocheck") s = "[9]:t [9]:d(0.8,1) !nocheck";
  };
  moduli("fmod", fmod, "The remainder of a/b, with the sign of a.", "a − b·trunc(a/b)");
  moduli("remainder", remainder, "The remainder of a/b, with the sign of b.", "a − b·⌊a/b⌋");
  arithmetic("atan2", atan2, "The angle of the point (b, a), from −π to π.", "arg(b + i·a)", "d(0.5,2)", "d(-2,-0.5)",
             "[1.107149, 1.249046]");
  rows.back()
      .dtypes("promoted as in PyTorch; integers give float32")
      .with({"[7]:d(-2,-0.5) [7]", "[5]:i(-5,5) [5]:i(1,9)"});
  rows.push_back(op("lerp", lerp, {"start", "end", "weight"})
                     .doc("The point between start and end that `weight`, a number or a tensor, says: 0 is start, 1 "
                          "is end.")
                     .formula("start + weight·(end − start)")
                     .shapes("all broadcast; the result has the broadcast shape")
                     .dtypes("float32, float64; all the same")
                     .errors("ShapeError when the shapes do not broadcast; DTypeError on other or differing dtypes")
                     .source("https://pytorch.org/docs/stable/generated/torch.lerp.html")
                     .has_in_place()
                     .example("tensor([1, 10]).lerp(tensor([3, 20]), 0.5).toArray()", "[2, 15]")
                     .with({"[] [] []", "[1] [1] [1]", "[0] [0] 0.5", "[7] [7] 0.25", "[33] [33] 0.75",
                            "[3,5] [5] [3,1]",
                            "[3,5]:T [3,5]:S [3,5]", "[2,3,5]:S [2,3,5] -0.5", "[2,3,2,3] [2,3,2,3] 1.5",
                            "[2,1,2,3,2]:E [2,3,1] [2]", "[9]:t [9]:t [9]:t !nocheck",
                            "[4]:={nan,inf,-inf,1} [4]:={1,2,3,-inf} 0.25 !nograd"}));

  const auto extremes = [&](const char* name, auto fn, const std::string& doc, const std::string& formula,
                            const std::string& result) {
    rows.push_back(op(name, fn, {"a", "b"})
                       .doc(doc)
                       .formula(formula)
                       .shapes(shapes)
                       .dtypes("promoted as in PyTorch")
                       .errors("ShapeError when the shapes do not broadcast")
                       .example(std::string("tensor([1, 5]).") + name + "(tensor([2, 3])).toArray()", result)
                       .with(binary_samples()));
  };
  extremes("maximum", maximum, "The larger of two, element by element; NaN wins, ties share the gradient.", "max(a, b)",
           "[2, 5]");
  extremes("minimum", minimum, "The smaller of two, element by element; NaN wins, ties share the gradient.",
           "min(a, b)", "[1, 3]");

  const auto comparison = [&](const char* name, auto fn, const std::string& doc, const std::string& formula,
                              const std::string& result) {
    rows.push_back(op(name, fn, {"a", "b"})
                       .doc(doc)
                       .formula(formula)
                       .shapes(shapes)
                       .dtypes("the result is bool")
                       .errors("ShapeError when the shapes do not broadcast")
                       .no_grad()
                       .example(std::string("tensor([1, 2, 3]).") + name + "(2).toArray()", result)
                       .with(binary_samples("t", "t"))
                       .sample("[5]:i(-2,2) 1")
                       .sample("[2,3]:t 1"));
  };
  comparison("eq", eq, "Where a equals b.", "a = b", "[false, true, false]");
  comparison("ne", ne, "Where a differs from b.", "a ≠ b", "[true, false, true]");
  comparison("lt", lt, "Where a is less than b.", "a < b", "[true, false, false]");
  comparison("le", le, "Where a is at most b.", "a ≤ b", "[true, true, false]");
  comparison("gt", gt, "Where a is greater than b.", "a > b", "[false, false, true]");
  comparison("ge", ge, "Where a is at least b.", "a ≥ b", "[false, true, true]");

  const auto logic = [&](const char* name, auto fn, const std::string& doc, const std::string& formula,
                         const std::string& method, const std::string& result) {
    rows.push_back(op(name, fn, {"a", "b"})
                       .doc(doc)
                       .formula(formula)
                       .shapes(shapes)
                       .dtypes("anything but 0 counts as true; the result is bool")
                       .no_grad()
                       .errors("ShapeError when the shapes do not broadcast")
                       .example("tensor([true, false])." + method + "(tensor([true, true])).toArray()", result)
                       .with(binary_samples("t", "t"))
                       .sample("[4]:b [4]:b"));
  };
  logic("logical_and", logical_and, "Where both are true.", "a ∧ b", "logicalAnd", "[true, false]");
  logic("logical_or", logical_or, "Where at least one is true.", "a ∨ b", "logicalOr", "[true, true]");
  logic("logical_xor", logical_xor, "Where exactly one is true.", "a ⊕ b", "logicalXor", "[false, true]");

  rows.push_back(op("where", where, {"condition", "a", "b"})
                     .doc("a where the condition holds, b elsewhere.")
                     .formula("condition ? a : b")
                     .shapes("all three broadcast; the result has the broadcast shape")
                     .dtypes("the condition is bool; a and b are promoted as in PyTorch")
                     .errors("DTypeError when the condition is not bool; ShapeError when the shapes do not broadcast")
                     .example("where(tensor([true, false]), tensor([1, 2]), 0).toArray()", "[1, 0]")
                     .no_method()
                     .sample("[]:b [] []")
                     .sample("[1]:b [1] [1]")
                     .sample("[7]:b [7] [7]")
                     .sample("[0]:b [0] [0]")
                     .sample("[3,5]:b [3,5] [5]")
                     .sample("[3,1]:b [3,5]:T [3,5]:S")
                     .sample("[2,3,5]:b [2,3,5]:t [2,1,5]:E")
                     .sample("[2,3,2,3]:b [3,2,3] [2,3,2,3]")
                     .sample("[2,1,2,3,2]:b [2,1,2,3,2] [1]")
                     .sample("[3]:b [3]:={nan,inf,-inf} [3]:={-inf,nan,1} !nograd")
                     .sample("[3]:b [3]:i(0,9) [3]:i(0,9)"));
  rows.push_back(op("masked_fill", masked_fill, {"x", "mask", "value"})
                     .doc("x with `value` where the mask is true.")
                     .formula("mask ? value : x")
                     .shapes("the mask broadcasts to x")
                     .dtypes("the mask is bool")
                     .errors("DTypeError when the mask is not bool; ShapeError when it does not broadcast to x")
                     .has_in_place()
                     .torch("x.masked_fill(mask, value)")
                     .example("tensor([1, 2]).maskedFill(tensor([true, false]), 0).toArray()", "[0, 2]")
                     .sample("[] []:b value=0")
                     .sample("[1] [1]:b value=2")
                     .sample("[0] [0]:b value=1")
                     .sample("[7] [7]:b value=-inf !nocheck")
                     .sample("[3,5] [5]:b value=0.5")
                     .sample("[3,5]:T [3,1]:b value=0")
                     .sample("[2,3,5]:t [3,5]:b value=0")
                     .sample("[2,3,2,3]:S [3]:b value=0")
                     .sample("[2,1,2,3,2]:E [2]:b value=1")
                     .sample("[3]:={nan,inf,-inf} [3]:b value=0 !nograd"));
  return rows;
}

}  // namespace fluxion
