#include "fluxion/ops/unary.h"

#include <cmath>
#include <limits>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Binary;
using kernels::Unary;

enum class Saves { N, X, Y };

DType result_dtype(Unary kind, DType in) {
  if (kind >= Unary::IsNan && kind <= Unary::LogicalNot) return DType::Bool;
  if (kind >= Unary::Exp && !is_floating(in)) return DType::Float32;
  return in;
}

Tensor apply(Unary kind, const Tensor& x, double p = 0, double q = 0) {
  // Integers between bounds stay integers.
  if (!is_floating(x.dtype()) && kind == Unary::Relu6) return apply(Unary::Clamp, x, 0, 6);
  if (!is_floating(x.dtype()) && kind == Unary::Hardtanh) return apply(Unary::Clamp, x, p, q);
  const DType dtype = result_dtype(kind, x.dtype());
  const Tensor in = dtype == DType::Bool ? x : cast_raw(x, dtype);
  Tensor out = Tensor::empty(x.shape(), dtype);
  kernels::launch(kernels::Prim::Unary, {view_of(out), view_of(in)}, kernels::UnaryParams{kind, p, q});
  return out;
}

Tensor fused_gradient(Binary kind, const Tensor& g, const Tensor& saved, double p = 0) {
  Tensor out = Tensor::empty(g.shape(), g.dtype());
  kernels::launch(kernels::Prim::Binary, {view_of(out), view_of(g), view_of(saved)},
                  kernels::BinaryParams{kind, p});
  return out;
}

// Forward by one kernel; gradient by `formula(g, saved)`, or by a fused kernel when no second derivative is
// asked for.
template <class Formula>
Tensor unary(const char* name, Unary kind, Saves saves, Binary fused, const Tensor& x, Formula formula,
             double p = 0, double q = 0) {
  Tensor out = apply(kind, x, p, q);
  if (!wants_grad(x)) return out;
  Saved saved = saves == Saves::X ? Saved(x) : saves == Saves::Y ? Saved::result(out) : Saved();
  return record(name, out, {&x}, [saved = std::move(saved), formula, fused, p](Backward& ctx) {
    const Tensor value = saved.get(ctx);
    if (fused != Binary::Count && !ctx.create_graph())
      ctx.give(0, fused_gradient(fused, ctx.grad(), value, p));
    else
      ctx.give(0, formula(ctx.grad(), value));
  });
}

Tensor mish_gradient(const Tensor& g, const Tensor& x) {
  const Tensor t = tanh(softplus(x));
  return g * (t + x * sigmoid(x) * (1.0 - t * t));
}

}  // namespace

#define FLUXION_FORMULA_N(expr) [](const Tensor& g, const Tensor&) { return expr; }
#define FLUXION_FORMULA_X(expr) [](const Tensor& g, const Tensor& x) { (void)g; return expr; }
#define FLUXION_FORMULA_Y(expr) [](const Tensor& g, const Tensor& y) { return expr; }
#define FLUXION_UNARY(name, Kind, marks, saves, gradient, Fused, ...)                              \
  Tensor name(const Tensor& input) {                                                               \
    return unary(#name, Unary::Kind, Saves::saves, Binary::Fused, input, FLUXION_FORMULA_##saves(gradient)); \
  }
#include "fluxion/ops/unary_rows.inc"
#undef FLUXION_UNARY

Tensor leaky_relu(const Tensor& x, double negative_slope) {
  return unary(
      "leakyRelu", Unary::LeakyRelu, Saves::X, Binary::LeakyReluGrad, x,
      [negative_slope](const Tensor& g, const Tensor& v) { return where(gt(v, 0), g, g * negative_slope); },
      negative_slope);
}

Tensor elu(const Tensor& x, double alpha) {
  return unary(
      "elu", Unary::Elu, Saves::X, Binary::Count, x,
      [alpha](const Tensor& g, const Tensor& v) { return where(gt(v, 0), g, g * (exp(v) * alpha)); }, alpha);
}

Tensor softplus(const Tensor& x, double beta, double threshold) {
  return unary(
      "softplus", Unary::Softplus, Saves::X, Binary::Count, x,
      [beta, threshold](const Tensor& g, const Tensor& v) {
        return where(gt(v * beta, threshold), g, g * sigmoid(v * beta));
      },
      beta, threshold);
}

Tensor hardtanh(const Tensor& x, double min_val, double max_val) {
  if (min_val > max_val) throw FluxionError(str("hardtanh: minVal ", min_val, " is above maxVal ", max_val));
  return unary(
      "hardtanh", Unary::Hardtanh, Saves::X, Binary::Count, x,
      [min_val, max_val](const Tensor& g, const Tensor& v) {
        return where(logical_and(gt(v, min_val), lt(v, max_val)), g, 0.0);
      },
      min_val, max_val);
}

Tensor gelu(const Tensor& x, GeluForm approximate) {
  if (approximate == GeluForm::None)
    return unary("gelu", Unary::Gelu, Saves::X, Binary::GeluGrad, x, [](const Tensor& g, const Tensor& v) {
      // Φ(x) + x·φ(x)
      const Tensor cdf = (erf(v * 0.7071067811865476) + 1) * 0.5;
      return g * (cdf + v * (exp(v * v * -0.5) * 0.3989422804014327));
    });
  return unary("gelu", Unary::GeluTanh, Saves::X, Binary::GeluTanhGrad, x, [](const Tensor& g, const Tensor& v) {
    constexpr double k = 0.7978845608028654;  // √(2/π)
    const Tensor t = tanh((v + v * v * v * 0.044715) * k);
    const Tensor inner = (v * v * (3 * 0.044715) + 1) * k;
    return g * ((t + 1) * 0.5 + v * (1.0 - t * t) * inner * 0.5);
  });
}

Tensor clamp(const Tensor& x, std::optional<double> min, std::optional<double> max) {
  if (!min && !max) throw FluxionError("clamp: min or max must be given");
  const double low = min.value_or(-std::numeric_limits<double>::infinity());
  const double high = max.value_or(std::numeric_limits<double>::infinity());
  const bool fraction = (min && *min != std::floor(*min)) || (max && *max != std::floor(*max));
  const Tensor in = fraction && !is_floating(x.dtype()) ? to_dtype(x, DType::Float32) : x;
  return unary(
      "clamp", Unary::Clamp, Saves::X, Binary::Count, in,
      [low, high](const Tensor& g, const Tensor& v) {
        return where(logical_and(ge(v, low), le(v, high)), g, 0.0);
      },
      low, high);
}

Tensor to_dtype(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  return record("to", cast_raw(x, dtype), {&x}, [](Backward& ctx) { ctx.give(0, ctx.grad()); });
}

std::vector<Row> unary_rows() {
  const auto row = [](Row r, const std::string& doc, const std::string& formula, const std::string& torch,
                      const std::string& marks, const std::string& in, const std::string& out) {
    return r.doc(doc).formula(formula).torch(torch).shapes("any; the result has the shape of x").errors("none")
        .dtypes("any; integers give float32 where the result is not whole")
        .with(unary_samples(marks))
        .example("tensor(" + in + ")." + public_name(r.name) + "().toArray()", out);
  };
  std::vector<Row> rows;
#define FLUXION_UNARY(name, Kind, marks, saves, gradient, Fused, doc, formula, torch, in, out) \
  rows.push_back(row(op(#name, name, {"x"}), doc, formula, torch, marks, in, out));            \
  if (result_dtype(Unary::Kind, DType::Float32) == DType::Bool) {                              \
    rows.back().no_grad().dtypes("any; the result is bool");                                   \
  } else {                                                                                     \
    rows.back().has_in_place();                                                                \
  }
#include "fluxion/ops/unary_rows.inc"
#undef FLUXION_UNARY
  rows.push_back(row(op("leaky_relu", leaky_relu, {"x", "negativeSlope=0.01"}),
                     "x where positive, a small multiple of it elsewhere.", "x > 0 ? x : negativeSlope·x",
                     "F.leaky_relu(x, negative_slope)", "", "[-1, 2]", "[-0.01, 2]")
                     .sample("[3,5] negativeSlope=0.2")
                     .has_in_place());
  rows.push_back(row(op("elu", elu, {"x", "alpha=1"}), "x where positive, an exponential approach to −alpha elsewhere.",
                     "x > 0 ? x : alpha·(eˣ − 1)", "F.elu(x, alpha)", "", "[-1, 2]", "[-0.632121, 2]")
                     .sample("[3,5] alpha=0.5")
                     .has_in_place());
  rows.push_back(row(op("softplus", softplus, {"x", "*beta=1", "*threshold=20"}),
                     "A smooth form of relu; x itself where beta·x is above the threshold.", "ln(1 + e^(beta·x))/beta",
                     "F.softplus(x, beta, threshold)", "", "[0, 1]", "[0.693147, 1.313262]")
                     .sample("[3,5]:d(-3,3) beta=2 threshold=1"));
  rows.push_back(row(op("hardtanh", hardtanh, {"x", "minVal=-1", "maxVal=1"}), "x held between two bounds.",
                     "min(max(x, minVal), maxVal)", "F.hardtanh(x, min_val, max_val)", "", "[-2, 0.5, 2]",
                     "[-1, 0.5, 1]")
                     .errors("FluxionError when minVal is above maxVal")
                     .sample("[3,5] minVal=-0.5 maxVal=0.25")
                     .has_in_place());
  rows.push_back(row(op("gelu", gelu, {"x", "*approximate=\"none\""}), "The Gaussian error linear unit.",
                     "x·Φ(x); with approximate: 'tanh', ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))",
                     "F.gelu(x, approximate=approximate)", "", "[-1, 1]", "[-0.158655, 0.841345]")
                     .source("https://arxiv.org/abs/1606.08415")
                     .sample("[3,5] approximate=tanh").sample("[2,9]:T approximate=tanh"));
  rows.push_back(row(op("clamp", clamp, {"x", "min=null", "max=null"}),
                     "x held between min and max; either may be left out.", "min(max(x, min), max)",
                     "torch.clamp(x, min, max)", "", "[-2, 0.5, 2]", "[-1, 0.5, 1]"));
  rows.back().samples = unary_samples("", "min=-0.75 max=1.25");
  rows.back().sample("[3,5] min=null max=0.5").sample("[3,5] min=0.25").sample("[4]:i(-5,5) min=-2 max=3");
  rows.back().example("tensor([-2, 0.5, 2]).clamp(-1, 1).toArray()", "[-1, 0.5, 1]")
      .errors("FluxionError when both bounds are missing")
      .has_in_place();
  return rows;
}

}  // namespace fluxion
