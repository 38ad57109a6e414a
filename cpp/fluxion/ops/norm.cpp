#include "fluxion/ops/norm.h"

#include <cmath>
#include <limits>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::NormParams;
using kernels::Prim;

Tensor or_none(const std::optional<Tensor>& t) { return t.value_or(Tensor()); }
Tensor contiguous_or_none(const Tensor& t) { return t.defined() ? contiguous_raw(t) : t; }
kernels::View view_or_none(const Tensor& t) { return t.defined() ? view_of(t) : kernels::View{}; }

// A parameter of a fused norm: x's dtype, and the shape that the op expects.
void check_parameter(const char* op, const char* what, const Tensor& x, const std::optional<Tensor>& t,
                     const Shape& shape) {
  if (!t) return;
  check_same_dtype(op, x, *t);
  if (!(t->shape() == shape))
    throw ShapeError(str(op, ": ", what, " must be ", shape, ", it is ", t->shape()));
}

// Uninitialised memory for a gradient that is wanted, none otherwise.
Tensor gradient_like(bool wanted, const Tensor& t) {
  return wanted && t.defined() ? Tensor::empty(t.shape(), t.dtype()) : Tensor();
}

// y = x̂·γ + β with x̂ = (x − μ)·r normalises over `dims`; written with ops, so that it can be differentiated
// again.
//   dx = r·(dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)), dx̂ = dy·γ
struct NormGradient {
  Tensor dx, dy_xhat;
};
NormGradient norm_gradient(const Tensor& dy, const Tensor& x, const Tensor& gamma, const Shape& dims,
                           double eps) {
  const Tensor centred = x - mean(x, dims, true);
  const Tensor rstd = rsqrt(mean(square(centred), dims, true) + eps);
  const Tensor xhat = centred * rstd;
  const Tensor dxhat = gamma.defined() ? dy * gamma : dy;
  const Tensor dx = rstd * (dxhat - mean(dxhat, dims, true) - xhat * mean(dxhat * xhat, dims, true));
  return {dx, dy * xhat};
}

// A channel's numbers seen along dimension 1 of a tensor of `rank`.
Tensor per_channel(const Tensor& t, int rank) {
  Shape shape(static_cast<std::size_t>(rank), 1);
  shape[1] = t.size(0);
  return reshape(t, shape);
}

Shape all_but_channel(int rank) {
  Shape dims;
  for (int i = 0; i < rank; ++i)
    if (i != 1) dims.push_back(i);
  return dims;
}

// running = (1 − momentum)·running + momentum·value, in place.
void blend(const Tensor& running, double momentum, const Tensor& value) {
  copy_(running, running.detach() * (1 - momentum) + value * momentum);
}

// x·weight + bias, one number per channel each.
Tensor scaled_by_channel(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias) {
  const Tensor scaled = weight ? x * per_channel(*weight, x.rank()) : x;
  return bias ? scaled + per_channel(*bias, x.rank()) : scaled;
}

// Mean 0 and variance 1 over each of `groups` groups of channels and everything behind them.
Tensor normalized_groups(const Tensor& x, std::int64_t groups, double eps) {
  if (x.numel() == 0) return clone(x);
  const std::int64_t width = x.numel() / (x.size(0) * groups);
  return reshape(layer_norm(reshape(x, {x.size(0), groups, width}), {width}, {}, {}, eps), x.shape());
}

void check_running(const char* op, const Tensor& x, const std::optional<Tensor>& mean,
                   const std::optional<Tensor>& var, bool needed) {
  check_parameter(op, "runningMean", x, mean, {x.size(1)});
  check_parameter(op, "runningVar", x, var, {x.size(1)});
  if (mean.has_value() != var.has_value())
    throw FluxionError(str(op, ": runningMean and runningVar go together, only one was given"));
  if (needed && !mean) throw FluxionError(str(op, ": outside training, runningMean and runningVar are needed"));
}

// The draws of dropout, one for each of `shape`, which broadcasts to x.
Tensor dropped(const char* op, const Tensor& x, const Shape& shape, double p, bool training) {
  if (!(p >= 0 && p <= 1)) throw FluxionError(str(op, ": the probability must lie in [0, 1], it is ", p));
  if (!training || p == 0 || x.numel() == 0) return x;
  if (p == 1) return x * zeros({}, x.dtype());
  Tensor mask, out;
  {
    const NoGrad off;  // PyTorch's order: draw what stays, scale it, multiply
    mask = bernoulli(shape, 1 - p, x.dtype()) / (1 - p);
    out = x * mask;
  }
  return record(op, out, {&x}, [mask](Backward& ctx) { ctx.give(0, ctx.grad() * mask); });
}

struct BatchNormCall {
  Tensor x, gamma, beta;
  double eps;
};

// [N, C, …] as the kernel's [N, C, L].
Layout planes(const Tensor& contiguous_x) {
  const std::int64_t n = contiguous_x.size(0), c = contiguous_x.size(1);
  const std::int64_t l = contiguous_x.numel() / (n * c);
  return {{n, c, l}, {c * l, l, 1}, contiguous_x.layout().offset};
}

// By the batch's own statistics, which it leaves in mean and var.
Tensor batch_norm_training(const BatchNormCall& call, const Tensor& mean_out, const Tensor& var_out) {
  const Tensor xc = contiguous_raw(call.x), gamma = contiguous_or_none(call.gamma),
               beta = contiguous_or_none(call.beta);
  const Tensor out = Tensor::empty(call.x.shape(), call.x.dtype());
  const Layout lx = planes(xc), lo = planes(out);
  const NormParams params{call.eps};
  kernels::launch(Prim::BatchNorm,
                  {view_of(out, lo), view_of(mean_out), view_of(var_out), view_of(xc, lx),
                   view_or_none(gamma), view_or_none(beta)},
                  params);
  if (!wants_grad(call.x, call.gamma, call.beta)) return out;
  return record(
      "batchNorm", out, {&call.x, &call.gamma, &call.beta},
      [x = Saved(call.x), gamma = Saved(call.gamma), mean_out, var_out, params](Backward& ctx) {
        const Tensor saved_x = x.get(ctx), saved_gamma = gamma.get(ctx);
        const Shape dims = all_but_channel(saved_x.rank());
        const Tensor& g = ctx.grad();
        if (ctx.create_graph()) {
          const Tensor scale = saved_gamma.defined() ? per_channel(saved_gamma, saved_x.rank()) : Tensor();
          const NormGradient d = norm_gradient(g, saved_x, scale, dims, params.eps);
          ctx.give(0, d.dx);
          if (ctx.needs(1)) ctx.give(1, sum(d.dy_xhat, dims));
          if (ctx.needs(2)) ctx.give(2, sum(g, dims));
          return;
        }
        const Tensor dy = contiguous_raw(g), xs = contiguous_raw(saved_x),
                     gs = contiguous_or_none(saved_gamma);
        const Tensor dx = Tensor::empty(xs.shape(), xs.dtype());
        const Tensor dgamma = gradient_like(ctx.needs(1), mean_out),
                     dbeta = gradient_like(ctx.needs(2), mean_out);
        const Layout ldy = planes(dy), lxs = planes(xs), ldx = planes(dx);
        kernels::launch(Prim::BatchNormGrad,
                        {view_of(dx, ldx), view_or_none(dgamma), view_or_none(dbeta), view_of(dy, ldy),
                         view_of(xs, lxs), view_of(mean_out), view_of(var_out), view_or_none(gs)},
                        params);
        ctx.give(0, dx);
        ctx.give(1, dgamma);
        ctx.give(2, dbeta);
      });
}

}  // namespace

Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const std::optional<Tensor>& weight,
                  const std::optional<Tensor>& bias, double eps) {
  constexpr const char* kOp = "layerNorm";
  check_floating(kOp, x);
  const int inner = normalized_shape.ssize(), outer = x.rank() - inner;
  if (inner == 0) throw ShapeError(str(kOp, ": normalizedShape must name at least one dimension"));
  if (outer < 0 || !(Shape(x.shape().begin() + outer, x.shape().end()) == normalized_shape))
    throw ShapeError(str(kOp, ": x ", x.shape(), " does not end in normalizedShape ", normalized_shape));
  check_parameter(kOp, "weight", x, weight, normalized_shape);
  check_parameter(kOp, "bias", x, bias, normalized_shape);

  const std::int64_t width = numel(normalized_shape);
  const std::int64_t rows = numel(Shape(x.shape().begin(), x.shape().begin() + outer));
  const Tensor gamma = or_none(weight), beta = or_none(bias);
  const Tensor xc = contiguous_raw(x), gc = contiguous_or_none(gamma), bc = contiguous_or_none(beta);
  const Tensor out = Tensor::empty(x.shape(), x.dtype());
  const Tensor mu = Tensor::empty({rows}, x.dtype()), rstd = Tensor::empty({rows}, x.dtype());
  const auto matrix = [rows, width](const Tensor& t) {
    return Layout{{rows, width}, {width, 1}, t.layout().offset};
  };
  const auto vector = [width](const Tensor& t) {
    return t.defined() ? Layout{{width}, {1}, t.layout().offset} : Layout{};
  };
  const auto view_vector = [](const Tensor& t, const Layout& l) {
    return t.defined() ? view_of(t, l) : kernels::View{};
  };
  {
    const Layout lo = matrix(out), lx = matrix(xc), lg = vector(gc), lb = vector(bc);
    kernels::launch(Prim::LayerNorm,
                    {view_of(out, lo), view_of(mu), view_of(rstd), view_of(xc, lx), view_vector(gc, lg),
                     view_vector(bc, lb)},
                    NormParams{eps});
  }
  if (!wants_grad(x, gamma, beta)) return out;
  return record(kOp, out, {&x, &gamma, &beta},
                [x = Saved(x), gamma = Saved(gamma), mu, rstd, eps, outer, matrix, vector, view_vector,
                 shape = normalized_shape](Backward& ctx) {
                  const Tensor saved_x = x.get(ctx), saved_gamma = gamma.get(ctx);
                  const Tensor& g = ctx.grad();
                  if (ctx.create_graph()) {
                    Shape dims;
                    for (int i = outer; i < saved_x.rank(); ++i) dims.push_back(i);
                    const NormGradient d = norm_gradient(g, saved_x, saved_gamma, dims, eps);
                    ctx.give(0, d.dx);
                    ctx.give(1, d.dy_xhat);
                    ctx.give(2, g);
                    return;
                  }
                  const Tensor dy = contiguous_raw(g), xs = contiguous_raw(saved_x),
                               gs = contiguous_or_none(saved_gamma);
                  const Tensor dx = Tensor::empty(xs.shape(), xs.dtype());
                  const Tensor dgamma = ctx.needs(1) ? Tensor::empty(shape, xs.dtype()) : Tensor();
                  const Tensor dbeta = ctx.needs(2) ? Tensor::empty(shape, xs.dtype()) : Tensor();
                  const Layout ldx = matrix(dx), ldg = vector(dgamma), ldb = vector(dbeta), ldy = matrix(dy),
                               lxs = matrix(xs), lgs = vector(gs);
                  kernels::launch(
                      Prim::LayerNormGrad,
                      {view_of(dx, ldx), view_vector(dgamma, ldg), view_vector(dbeta, ldb), view_of(dy, ldy),
                       view_of(xs, lxs), view_of(mu), view_of(rstd), view_vector(gs, lgs)},
                      kernels::NoParams{});
                  ctx.give(0, dx);
                  ctx.give(1, dgamma);
                  ctx.give(2, dbeta);
                });
}

Tensor batch_norm(const Tensor& x, const std::optional<Tensor>& running_mean,
                  const std::optional<Tensor>& running_var, const std::optional<Tensor>& weight,
                  const std::optional<Tensor>& bias, bool training, double momentum, double eps) {
  constexpr const char* kOp = "batchNorm";
  check_floating(kOp, x);
  if (x.rank() < 2) throw ShapeError(str(kOp, ": x must be [N, C, …], it is ", x.shape()));
  const Shape channels = {x.size(1)};
  check_parameter(kOp, "weight", x, weight, channels);
  check_parameter(kOp, "bias", x, bias, channels);
  check_running(kOp, x, running_mean, running_var, !training);
  Shape lanes = x.shape();
  lanes[1] = 1;
  const std::int64_t count = numel(lanes);
  if (training && count == 1)
    throw ShapeError(str(kOp, ": training needs more than one value per channel, x is ", x.shape()));

  const Tensor gamma = or_none(weight), beta = or_none(bias);
  if (training && x.numel() > 0) {
    const Tensor mu = Tensor::empty(channels, x.dtype()), var = Tensor::empty(channels, x.dtype());
    const Tensor out = batch_norm_training({x, gamma, beta, eps}, mu, var);
    if (running_mean) {
      const NoGrad off;
      const double n = static_cast<double>(count);
      blend(*running_mean, momentum, mu);
      blend(*running_var, momentum, var * (n / (n - 1)));
    }
    return out;
  }
  if (training) {  // an empty batch has no statistics; its result only has to stay on the tape
    const Tensor scaled = gamma.defined() ? x * per_channel(gamma, x.rank()) : clone(x);
    return beta.defined() ? scaled + per_channel(beta, x.rank()) : scaled;
  }
  // x·s + (β − μ·s) with s = γ/√(σ² + ε)
  Tensor scale = rsqrt(*running_var + eps);
  if (gamma.defined()) scale = scale * gamma;
  Tensor shift = -(*running_mean * scale);
  if (beta.defined()) shift = beta + shift;
  return x * per_channel(scale, x.rank()) + per_channel(shift, x.rank());
}

Tensor group_norm(const Tensor& x, std::int64_t num_groups, const std::optional<Tensor>& weight,
                  const std::optional<Tensor>& bias, double eps) {
  constexpr const char* kOp = "groupNorm";
  check_floating(kOp, x);
  if (x.rank() < 2) throw ShapeError(str(kOp, ": x must be [N, C, …], it is ", x.shape()));
  if (num_groups < 1 || x.size(1) % num_groups != 0)
    throw ShapeError(str(kOp, ": ", x.size(1), " channels do not divide into ", num_groups, " groups: x ", x.shape()));
  check_parameter(kOp, "weight", x, weight, {x.size(1)});
  check_parameter(kOp, "bias", x, bias, {x.size(1)});
  return scaled_by_channel(normalized_groups(x, num_groups, eps), weight, bias);
}

Tensor instance_norm(const Tensor& x, const std::optional<Tensor>& running_mean,
                     const std::optional<Tensor>& running_var, const std::optional<Tensor>& weight,
                     const std::optional<Tensor>& bias, bool use_input_stats, double momentum, double eps) {
  constexpr const char* kOp = "instanceNorm";
  check_floating(kOp, x);
  if (x.rank() < 3) throw ShapeError(str(kOp, ": x must be [N, C, L, …], it is ", x.shape()));
  check_running(kOp, x, running_mean, running_var, !use_input_stats);
  check_parameter(kOp, "weight", x, weight, {x.size(1)});
  check_parameter(kOp, "bias", x, bias, {x.size(1)});
  if (!use_input_stats) return batch_norm(x, running_mean, running_var, weight, bias, false, momentum, eps);
  Shape inner;
  for (int i = 2; i < x.rank(); ++i) inner.push_back(i);
  if (numel(Shape(x.shape().begin() + 2, x.shape().end())) == 1)
    throw ShapeError(str(kOp, ": its own statistics need more than one value per channel, x is ", x.shape()));
  if (running_mean && x.numel() > 0) {
    const NoGrad off;  // the running statistics take the mean of the examples' own
    blend(*running_mean, momentum, mean(mean(x, inner), Shape{0}));
    blend(*running_var, momentum, mean(variance(x, inner), Shape{0}));
  }
  return scaled_by_channel(normalized_groups(x, x.size(1), eps), weight, bias);
}

Tensor rms_norm(const Tensor& x, const Shape& normalized_shape, const std::optional<Tensor>& weight,
                std::optional<double> eps) {
  constexpr const char* kOp = "rmsNorm";
  check_floating(kOp, x);
  const int outer = x.rank() - normalized_shape.ssize();
  if (normalized_shape.empty()) throw ShapeError(str(kOp, ": normalizedShape must name at least one dimension"));
  if (outer < 0 || !(Shape(x.shape().begin() + outer, x.shape().end()) == normalized_shape))
    throw ShapeError(str(kOp, ": x ", x.shape(), " does not end in normalizedShape ", normalized_shape));
  check_parameter(kOp, "weight", x, weight, normalized_shape);
  Shape dims;
  for (int i = outer; i < x.rank(); ++i) dims.push_back(i);
  const double own = x.dtype() == DType::Float32 ? std::numeric_limits<float>::epsilon()
                                                 : std::numeric_limits<double>::epsilon();
  const Tensor out = x * rsqrt(mean(square(x), dims, true) + eps.value_or(own));
  return weight ? out * *weight : out;
}

Tensor normalize(const Tensor& x, double p, std::int64_t dim, double eps) {
  check_floating("normalize", x);
  const int d = wrap_dim("normalize", dim, x.rank());
  if (std::isnan(p)) throw FluxionError("normalize: p is NaN");
  if (x.numel() == 0) return clone(x);
  return x / clamp(norm(x, p, Shape{d}, true), eps);
}

Tensor dropout(const Tensor& x, double p, bool training) {
  check_floating("dropout", x);
  return dropped("dropout", x, x.shape(), p, training);
}

Tensor dropout2d(const Tensor& x, double p, bool training) {
  check_floating("dropout2d", x);
  if (x.rank() < 2) throw ShapeError(str("dropout2d: x must be [N, C, …], it is ", x.shape()));
  Shape channels(static_cast<std::size_t>(x.rank()), 1);
  for (int i = 0; i < 2; ++i) channels[i] = x.size(i);
  return dropped("dropout2d", x, channels, p, training);
}

std::vector<Row> norm_rows() {
  const std::string order = "means are added in the lanes' order";
  std::vector<Row> rows;
  rows.push_back(
      op("layer_norm", layer_norm, {"x", "normalizedShape", "weight=null", "bias=null", "*eps=1e-5"})
          .doc("Brings the last dimensions, of shape normalizedShape, to mean 0 and variance 1, then scales "
               "and shifts them.")
          .formula("y = (x − mean)/√(var + eps)·weight + bias, with the biased variance")
          .shapes("[…, *normalizedShape]; weight and bias are normalizedShape; the result has the shape of x")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when x does not end in normalizedShape or weight or bias do not have it; "
                  "DTypeError on other or differing dtypes")
          .source("https://arxiv.org/abs/1607.06450")
          .torch("F.layer_norm(x, normalized_shape, weight, bias, eps)")
          .example("F.layerNorm(tensor([1, 3]), [2], null, null, { eps: 0 }).toArray()", "[-1, 1]")
          .summation_order(order)
          .no_method()
          .with({"[4] normalizedShape=[4]", "[4] [4] [4] normalizedShape=[4]",
                 "[3,5] [5] [5] normalizedShape=[5]", "[7,33] [33] [33] normalizedShape=[33]",
                 "[3,5] [5] null normalizedShape=[5]", "[3,5] null [5] normalizedShape=[5]",
                 "[3,5] [3,5] [3,5] normalizedShape=[3,5]", "[2,3,5] [5] [5] normalizedShape=[5] eps=0.1",
                 "[2,3,5] [3,5] [3,5] normalizedShape=[3,5]", "[2,3,2,3] [3] [3] normalizedShape=[3]",
                 "[2,1,2,3,2] [3,2] [3,2] normalizedShape=[3,2]", "[3,5]:T [5]:S [5]:S normalizedShape=[5]",
                 "[2,3,5]:S [3,5]:T [3,5]:T normalizedShape=[3,5]", "[3,5]:E [5]:E [5]:E normalizedShape=[5]",
                 "[3,5]:t [5]:t [5]:t normalizedShape=[5]", "[1,1] [1] [1] normalizedShape=[1]",
                 "[0,5] [5] [5] normalizedShape=[5]",
                 "[2,3]:={nan,1,2,3,4,6} [3] [3] normalizedShape=[3] !nograd",
                 "[2,3]:={inf,1,2,-inf,4,6} [3] [3] normalizedShape=[3] !nograd"})
          .exempt("rank0: there is nothing to normalise over"));
  rows.push_back(
      op("batch_norm", batch_norm,
         {"x", "runningMean", "runningVar", "weight=null", "bias=null", "*training=false", "*momentum=0.1",
          "*eps=1e-5"})
          .doc("Brings each channel to mean 0 and variance 1, then scales and shifts it. In training by the "
               "batch's own "
               "statistics, which are blended into the running ones in place; otherwise by the running ones.")
          .formula(
              "y = (x − mean)/√(var + eps)·weight + bias; running = (1 − momentum)·running + momentum·batch")
          .shapes("[N, C, …], the rest [C]; the result has the shape of x")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when training meets one value per channel or a parameter is not [C]; "
                  "FluxionError when the "
                  "running statistics are missing outside training; DTypeError on other or differing dtypes")
          .source("https://arxiv.org/abs/1502.03167")
          .torch("F.batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps)")
          .example(
              "F.batchNorm(tensor([[1], [3]]), null, null, null, null, { training: true, eps: 0 }).toArray()",
              "[[-1], [1]]")
          .summation_order(order)
          .no_method()
          .with({"[4,3] null null [3] [3] training=true",
                 "[5,3] null null training=true",
                 "[4,3] [3] [3]:d(0.5,2) [3] [3] training=true",
                 "[4,3] [3] [3]:d(0.5,2) [3] [3]",
                 "[4,3] [3] [3]:d(0.5,2)",
                 "[2,3,5] null null [3] [3] training=true momentum=0.3 eps=0.01",
                 "[2,3,5] [3] [3]:d(0.5,2) [3] null",
                 "[2,3,5] [3] [3]:d(0.5,2) null [3] eps=0.1",
                 "[3,2,3,5] null null [2] [2] training=true",
                 "[2,3,2,3] [3] [3]:d(0.5,2) [3] [3]",
                 "[2,2,2,3,2] null null [2] [2] training=true",
                 "[5,7,3,3] null null [7] [7] training=true",
                 "[4,3]:T null null [3]:S [3]:S training=true",
                 "[2,3,5]:S [3]:S [3]:Sd(0.5,2) [3]:S [3]:S",
                 "[3,2,5]:E null null [2]:E [2]:E training=true",
                 "[3,2,3]:t null null [2]:t [2]:t training=true",
                 "[1,1] [1] [1]:d(0.5,2) [1] [1]",
                 "[0,3] [3] [3]:d(0.5,2) [3] [3]",
                 "[0,3] null null [3] [3] training=true",
                 "[3,2]:={nan,1,2,3,4,6} null null [2] [2] training=true !nograd",
                 "[3,2]:={inf,1,2,-inf,4,6} [2] [2]:d(0.5,2) [2] [2] !nograd"})
          .exempt("rank0: x has a batch and a channel dimension")
          .exempt("rank1: x has a batch and a channel dimension"));
  rows.push_back(
      op("group_norm", group_norm, {"x", "numGroups", "weight=null", "bias=null", "*eps=1e-5"})
          .doc("Brings the channels of each group, with everything behind them, to mean 0 and variance 1 in each "
               "example, then scales and shifts each channel.")
          .formula("y = (x − mean)/√(var + eps)·weight + bias, with the group's biased variance")
          .shapes("[N, C, …]; weight and bias are [C]; the result has the shape of x")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when the channels do not divide into numGroups, or weight or bias are not [C]; "
                  "DTypeError on other or differing dtypes")
          .source("https://arxiv.org/abs/1803.08494")
          .torch("F.group_norm(x, num_groups, weight, bias, eps)")
          .example("F.groupNorm(tensor([[1, 3]]), 1, null, null, { eps: 0 }).toArray()", "[[-1, 1]]")
          .summation_order(order)
          .no_method()
          .with({"[3,4] [4] [4] numGroups=2", "[2,6,5] [6] [6] numGroups=3", "[2,6,5] numGroups=6",
                 "[2,6,3,5] [6] null numGroups=2 eps=0.1", "[2,6,3,5] null [6] numGroups=1 !noref",
                 "[2,6,3,5] [6] [6] numGroups=1",
                 "[2,2,2,3,2] [2] [2] numGroups=2", "[3,4,7]:T [4]:S [4]:S numGroups=2",
                 "[2,4,3]:S [4] [4] numGroups=4",
                 "[2,4,3]:E [4]:E [4]:E numGroups=2", "[3,4,2]:t [4]:t [4]:t numGroups=2",
                 "[1,1,1] [1] [1] numGroups=1 !noref",
                 "[0,4,3] [4] [4] numGroups=2", "[1,2,3]:={nan,1,2,inf,4,-inf} [2] [2] numGroups=1 !nograd"})
          .exempt("rank0: x has a batch and a channel dimension"));
  rows.push_back(
      op("instance_norm", instance_norm,
         {"x", "runningMean=null", "runningVar=null", "weight=null", "bias=null", "*useInputStats=true",
          "*momentum=0.1", "*eps=1e-5"})
          .doc("Brings each channel of each example to mean 0 and variance 1, then scales and shifts it. Running "
               "statistics, if given, take the mean of the examples' own in place; without useInputStats they are used "
               "instead.")
          .formula("y = (x − mean)/√(var + eps)·weight + bias")
          .shapes("[N, C, L, …], the rest [C]; the result has the shape of x")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when a channel has one value only or a parameter is not [C]; FluxionError when running "
                  "statistics are missing without useInputStats; DTypeError on other or differing dtypes")
          .source("https://arxiv.org/abs/1607.08022")
          .torch("F.instance_norm(x, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)")
          .example("F.instanceNorm(tensor([[[1, 3]]]), null, null, null, null, { eps: 0 }).toArray()", "[[[-1, 1]]]")
          .summation_order(order)
          .no_method()
          .with({"[2,3,5] null null [3] [3]", "[2,3,5]", "[2,3,5] [3] [3]:d(0.5,2) [3] [3]",
                 "[2,3,5] [3] [3]:d(0.5,2) [3] [3] useInputStats=false",
                 "[2,3,4,5] [3] [3]:d(0.5,2) momentum=0.3 eps=0.1",
                 "[2,2,2,3,2] null null [2] [2]", "[3,4,7]:T null null [4]:S [4]:S", "[2,4,3]:S null null [4] [4]",
                 "[2,4,3]:E null null [4]:E [4]:E", "[3,4,2]:t null null [4]:t [4]:t",
                 "[1,1,1] [1] [1]:d(0.5,2) [1] [1] useInputStats=false", "[0,4,3] null null [4] [4] !noref",
                 "[1,2,3]:={nan,1,2,inf,4,-inf} null null [2] [2] !nograd"})
          .exempt("rank0: x has a batch, a channel and a dimension to average")
          .exempt("rank2: x has a batch, a channel and a dimension to average"));
  rows.push_back(
      op("rms_norm", rms_norm, {"x", "normalizedShape", "weight=null", "*eps=null"})
          .doc("Divides by the root mean square over the last dimensions, of shape normalizedShape, then scales. "
               "Without eps, the smallest step of the dtype at 1.")
          .formula("y = x/√(mean x² + eps)·weight")
          .shapes("[…, *normalizedShape]; weight is normalizedShape; the result has the shape of x")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when x does not end in normalizedShape or weight is not so; DTypeError on other or "
                  "differing dtypes")
          .source("https://arxiv.org/abs/1910.07467")
          .torch("x * torch.rsqrt((x * x).mean(tuple(range(-len(normalized_shape), 0)), keepdim=True) + "
                 "(torch.finfo(x.dtype).eps if eps is None else eps)) * (1 if weight is None else weight)")
          .example("F.rmsNorm(tensor([1, 7]), [2]).toArray()", "[0.2, 1.4]")
          .summation_order(order)
          .no_method()
          .with({"[4] normalizedShape=[4]", "[4] [4] normalizedShape=[4]", "[3,5] [5] normalizedShape=[5] eps=0.1",
                 "[7,33] [33] normalizedShape=[33]", "[3,5] [3,5] normalizedShape=[3,5]",
                 "[2,3,5] [3,5] normalizedShape=[3,5]", "[2,3,2,3] [3] normalizedShape=[3]",
                 "[2,1,2,3,2] [3,2] normalizedShape=[3,2]", "[3,5]:T [5]:S normalizedShape=[5]",
                 "[2,3,5]:S [3,5]:T normalizedShape=[3,5]", "[3,5]:E [5]:E normalizedShape=[5]",
                 "[3,5]:t [5]:t normalizedShape=[5]", "[1,1] [1] normalizedShape=[1] eps=0.5",
                 "[0,5] [5] normalizedShape=[5]", "[2,3]:={nan,1,2,inf,4,-inf} [3] normalizedShape=[3] !nograd"})
          .exempt("rank0: there is nothing to normalise over"));
  rows.push_back(
      op("normalize", normalize, {"x", "*p=2", "*dim=1", "*eps=1e-12"})
          .doc("x divided by its p-norm along a dimension, or by eps where that is larger.")
          .formula("x/max(‖x‖ₚ, eps)")
          .shapes("that of x")
          .dtypes("float32, float64")
          .errors("IndexError when the dimension is out of range; DTypeError on other dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html")
          .torch("F.normalize(x, p, dim, eps)")
          .example("F.normalize(tensor([[3, 4]])).toArray()", "[[0.6, 0.8]]")
          .summation_order(order)
          .no_method()
          .with({"[] dim=0 !nosecond", "[1] dim=0", "[7] dim=-1", "[3,5]", "[3,5]:T p=1", "[2,3,5]:S p=3 dim=-1",
                 "[2,3,2,3] dim=0", "[2,1,2,3,2]:E dim=3", "[3,5]:t !nosecond", "[0,3]", "[3]:={0,0,0} dim=0 !nocheck",
                 "[2,3] eps=100", "[1,3]:={nan,1,2} !nograd", "[2,2]:={inf,1,-inf,2} !nograd"}));
  rows.push_back(op("dropout2d", dropout2d, {"x", "p=0.5", "training=true"})
                     .doc("Zeroes each channel of each example with probability p and scales the rest so that the mean "
                          "stays, in training; x itself otherwise.")
                     .formula("y = x·m/(1 − p), m ~ Bernoulli(1 − p) for each channel")
                     .shapes("[N, C, …]; the result has the shape of x")
                     .dtypes("float32, float64")
                     .errors("ShapeError when x has no channels; FluxionError when p is outside [0, 1]; DTypeError on "
                             "other dtypes")
                     .source("https://arxiv.org/abs/1411.4280")
                     .torch("F.dropout2d(x, p, training)")
                     .example("tensor([[1, 2]]).dropout2d(0.5, false).toArray()", "[[1, 2]]")
                     .random()
                     .with({"[3,5]", "[2,3,5] p=0.25", "[2,3,2,3]", "[2,1,2,3,2]", "[3,5,2]:T", "[2,3,5,2]:S",
                            "[2,4,3]:E p=0.3", "[3,5,2]:t", "[1,1,1]", "[0,3,2]", "[3,5] p=0", "[3,5] p=1",
                            "[3,5] training=false", "[1,3]:={nan,inf,-inf} !nograd"})
                     .exempt("rank0: x has a batch and a channel dimension")
                     .exempt("rank1: x has a batch and a channel dimension"));
  rows.push_back(op("dropout", dropout, {"x", "p=0.5", "training=true"})
                     .doc("Zeroes each element with probability p and scales the rest so that the mean "
                          "stays, in training; x itself otherwise.")
                     .formula("y = x·m/(1 − p), m ~ Bernoulli(1 − p)")
                     .shapes("any; the result has the shape of x")
                     .dtypes("float32, float64")
                     .errors("FluxionError when p is outside [0, 1]; DTypeError on other dtypes")
                     .source("https://jmlr.org/papers/v15/srivastava14a.html")
                     .torch("F.dropout(x, p, training)")
                     .example("tensor([1, 2]).dropout(0.5, false).toArray()", "[1, 2]")
                     .random()
                     .with({"[]", "[1]", "[0]", "[7]", "[33] p=0.2", "[3,5] training=false", "[3,5]:T",
                            "[2,3,5]:S p=0.9", "[2,3,2,3] p=0", "[2,1,2,3,2]:E", "[5] p=1", "[9]:t",
                            "[3]:={nan,inf,-inf} !nograd"})
                     .exempt("broadcast: one tensor"));
  return rows;
}

}  // namespace fluxion
