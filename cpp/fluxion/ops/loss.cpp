#include "fluxion/ops/loss.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::CrossEntropyParams;
using kernels::Prim;

Tensor reduced(const Tensor& loss, Reduction reduction) {
  if (reduction == Reduction::None) return loss;
  return reduction == Reduction::Sum ? sum(loss) : mean(loss);
}

void check_same_shape(const char* op, const Tensor& input, const Tensor& target) {
  if (!(input.shape() == target.shape()))
    throw ShapeError(
        str(op, ": input and target must have one shape, they are ", input.shape(), " and ", target.shape()));
}

void check_broadcasts(const char* op, const char* what, const std::optional<Tensor>& t, const Tensor& input) {
  if (t && !broadcasts_to(t->shape(), input.shape()))
    throw ShapeError(
        str(op, ": ", what, " ", t->shape(), " does not broadcast to the input's ", input.shape()));
}

// Scores stand in dimension 1, or in the only one.
int class_dim(const Tensor& input) { return input.rank() == 1 ? 0 : 1; }

void check_scores(const char* op, const Tensor& input) {
  check_floating(op, input);
  if (input.rank() == 0) throw ShapeError(str(op, ": input must be [C] or [N, C, …], it is a scalar"));
  if (input.size(class_dim(input)) == 0) throw ShapeError(str(op, ": there is no class in ", input.shape()));
}

void check_class_weight(const char* op, const Tensor& input, const std::optional<Tensor>& weight) {
  if (!weight) return;
  check_same_dtype(op, input, *weight);
  const Shape expected = {input.size(class_dim(input))};
  if (!(weight->shape() == expected))
    throw ShapeError(str(op, ": weight must be ", expected, ", one per class, it is ", weight->shape()));
}

// Class indices: the input's shape without the classes, each within them or ignored.
void check_classes(const char* op, const Tensor& input, const Tensor& target, std::int64_t ignore_index) {
  Shape expected = input.shape();
  expected.erase(class_dim(input));
  if (target.dtype() != DType::Int32)
    throw DTypeError(str(op, ": class indices must be int32, the target is ", target.dtype(),
                         "; convert it with to('int32')"));
  if (!(target.shape() == expected))
    throw ShapeError(str(op, ": target must be ", expected, " for an input of ", input.shape(), ", it is ",
                         target.shape()));
  check_indices(op, target, input.size(class_dim(input)), ignore_index);
}

Tensor count_kept(const Tensor& target, std::int64_t ignore_index, DType dtype) {
  return to_dtype(sum(ne(target, Scalar(ignore_index))), dtype);
}

// Of scores [N, C] and class indices [N], by the fused kernel.
Tensor fused_cross_entropy(const Tensor& x, const Tensor& target, Reduction reduction,
                           const CrossEntropyParams& params) {
  const std::int64_t n = x.size(0);
  const Tensor losses = Tensor::empty({n}, x.dtype()), log_sums = Tensor::empty({n}, x.dtype());
  const Tensor xc = contiguous_raw(x);
  kernels::launch(Prim::CrossEntropy, {view_of(losses), view_of(log_sums), view_of(xc), view_of(target)},
                  params);
  Tensor out = losses, count;
  {
    const NoGrad off;
    if (reduction != Reduction::None) out = sum(losses);
    if (reduction == Reduction::Mean) {
      count = count_kept(target, params.ignore_index, x.dtype());
      out = out / count;
    }
  }
  if (!wants_grad(x)) return out;
  return record(
      "crossEntropy", out, {&x},
      [x = Saved(x), target = Saved(target), log_sums, count, params](Backward& ctx) {
        const Tensor scores = x.get(ctx), classes = target.get(ctx);
        const Tensor g = expand(count.defined() ? ctx.grad() / count : ctx.grad(), {scores.size(0)});
        if (!ctx.create_graph()) {
          const Tensor rows = contiguous_raw(scores), dx = Tensor::empty(rows.shape(), rows.dtype());
          kernels::launch(Prim::CrossEntropyGrad,
                          {view_of(dx), view_of(g), view_of(rows), view_of(log_sums), view_of(classes)},
                          params);
          ctx.give(0, dx);
          return;
        }
        // g·(softmax(x) − (1 − ε)·onehot − ε/C), nothing where ignored
        const Tensor ignored = eq(classes, Scalar(params.ignore_index));
        const std::int64_t c = scores.size(1);
        const Tensor hot = to_dtype(one_hot(masked_fill(classes, ignored, 0), c), scores.dtype());
        const Tensor d = softmax(scores, 1) - hot * (1 - params.label_smoothing) -
                         params.label_smoothing / static_cast<double>(c);
        ctx.give(0, unsqueeze(g, 1) * masked_fill(d, unsqueeze(ignored, 1), 0));
      });
}

// The same of any input, without class weights: classes go last and everything else becomes rows.
Tensor unweighted_cross_entropy(const Tensor& input, const Tensor& target, Reduction reduction,
                                const CrossEntropyParams& params) {
  const std::int64_t classes = input.size(class_dim(input)), rows = input.numel() / classes;
  Tensor scores = input;
  if (input.rank() > 2) {
    Shape order = {0};
    for (int i = 2; i < input.rank(); ++i) order.push_back(i);
    order.push_back(1);
    scores = permute(input, order);
  }
  if (input.rank() != 2) scores = reshape(scores, {rows, classes});
  const Tensor flat = target.rank() == 1 ? target : reshape(target, {rows});
  const Tensor out = fused_cross_entropy(scores, flat, reduction, params);
  return reduction == Reduction::None && target.rank() != 1 ? reshape(out, target.shape()) : out;
}

// −w[target]·logp[target], of checked arguments.
Tensor nll(const Tensor& logp, const Tensor& target, const std::optional<Tensor>& weight,
           std::int64_t ignore_index, Reduction reduction) {
  const int d = class_dim(logp);
  const Tensor ignored = eq(target, Scalar(ignore_index));
  const Tensor safe = masked_fill(target, ignored, 0);
  Tensor loss = -squeeze(gather(logp, d, unsqueeze(safe, d)), d);
  Tensor w;
  if (weight) {
    w = reshape(index_select(*weight, 0, reshape(safe, {safe.numel()})), safe.shape());
    w = masked_fill(w, ignored, 0);
    loss = loss * w;
  }
  loss = masked_fill(loss, ignored, 0);
  if (reduction == Reduction::None) return loss;
  if (reduction == Reduction::Sum) return sum(loss);
  return sum(loss) / (weight ? sum(w) : count_kept(target, ignore_index, logp.dtype()));
}

// Class indices with class weights. Smoothing spreads its part over the classes by their weights, as PyTorch
// does.
Tensor weighted_cross_entropy(const Tensor& input, const Tensor& target, const Tensor& weight,
                              std::int64_t ignore_index, Reduction reduction, double smoothing) {
  const int d = class_dim(input);
  const std::int64_t classes = input.size(d);
  const Tensor logp = log_softmax(input, d);
  const Tensor hard = nll(logp, target, weight, ignore_index, reduction);
  if (smoothing == 0) return hard;
  Shape along(static_cast<std::size_t>(input.rank()), 1);
  along[d] = classes;
  const Tensor ignored = eq(target, Scalar(ignore_index));
  Tensor soft = masked_fill(-sum(logp * reshape(weight, along), Shape{d}), ignored, 0);
  if (reduction != Reduction::None) soft = sum(soft);
  if (reduction == Reduction::Mean) {
    const Tensor safe = reshape(masked_fill(target, ignored, 0), {target.numel()});
    soft = soft / sum(masked_fill(index_select(weight, 0, safe), reshape(ignored, {target.numel()}), 0));
  }
  return hard * (1 - smoothing) + soft * (smoothing / static_cast<double>(classes));
}

Tensor probability_cross_entropy(const Tensor& input, const Tensor& target,
                                 const std::optional<Tensor>& weight, Reduction reduction, double smoothing) {
  const int d = class_dim(input);
  const std::int64_t classes = input.size(d);
  const Tensor wanted =
      smoothing == 0 ? target : target * (1 - smoothing) + smoothing / static_cast<double>(classes);
  Tensor terms = log_softmax(input, d) * wanted;
  if (weight) {
    Shape along(static_cast<std::size_t>(input.rank()), 1);
    along[d] = classes;
    terms = terms * reshape(*weight, along);
  }
  if (reduction == Reduction::None) return -sum(terms, Shape{d});
  const Tensor total = -sum(terms);
  if (reduction == Reduction::Sum) return total;
  return total / (static_cast<double>(input.numel()) / static_cast<double>(classes));
}

// Checked here, for sub would name itself.
Tensor difference(const char* op, const Tensor& input, const Tensor& target) {
  check_floating(op, input);
  broadcast_shapes(op, input.shape(), target.shape());
  return input - target;
}

// d²/2 below the bend, bend·(d − bend/2) above.
Tensor bent(const char* op, const char* what, const Tensor& input, const Tensor& target, double bend, bool may_be_0) {
  if (!(may_be_0 ? bend >= 0 : bend > 0))
    throw FluxionError(str(op, ": ", what, " must be ", may_be_0 ? "0 or more" : "positive", ", it is ", bend));
  const Tensor d = abs(difference(op, input, target));
  return where(lt(d, bend), square(d) * 0.5, (d - bend / 2) * bend);
}

// The p-norm of a − b + eps over the last dimension.
Tensor distance(const Tensor& a, const Tensor& b, double p, double eps) { return norm(a - b + eps, p, Shape{-1}); }

}  // namespace

std::vector<std::string> choice_names(KlReduction) { return {"none", "mean", "sum", "batchmean"}; }

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, Reduction reduction, double beta) {
  const Tensor loss = bent("smoothL1Loss", "beta", input, target, beta, true);
  return reduced(beta == 0 ? abs(input - target) : loss / beta, reduction);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, Reduction reduction, double delta) {
  return reduced(bent("huberLoss", "delta", input, target, delta, false), reduction);
}

Tensor kl_div(const Tensor& input, const Tensor& target, KlReduction reduction, bool log_target) {
  constexpr const char* kOp = "klDiv";
  check_floating(kOp, input);
  check_same_dtype(kOp, input, target);
  const Shape shape = broadcast_shapes(kOp, input.shape(), target.shape());
  if (reduction == KlReduction::BatchMean && shape.empty())
    throw ShapeError(str(kOp, ": reduction 'batchmean' needs a batch, the input is a scalar"));
  Tensor loss;
  if (log_target) {
    loss = exp(target) * (target - input);
  } else {
    const Tensor safe = masked_fill(target, eq(target, 0), 1);  // 0·ln 0 counts as 0
    loss = target * log(safe) - target * input;
  }
  if (reduction == KlReduction::BatchMean) return sum(loss) / static_cast<double>(shape[0]);
  return reduced(loss, static_cast<Reduction>(reduction));
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim, double eps) {
  constexpr const char* kOp = "cosineSimilarity";
  check_floating(kOp, x1);
  check_same_dtype(kOp, x1, x2);
  const Shape shape = broadcast_shapes(kOp, x1.shape(), x2.shape());
  const Shape along = {wrap_dim(kOp, dim, shape.ssize())};
  const Tensor a = expand(x1, shape), b = expand(x2, shape);
  return sum(a * b, along) / (clamp(norm(a, 2, along), eps) * clamp(norm(b, 2, along), eps));
}

Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& target, double margin,
                             Reduction reduction) {
  constexpr const char* kOp = "cosineEmbeddingLoss";
  check_floating(kOp, x1);
  check_same_dtype(kOp, x1, x2);
  if (x1.rank() < 1 || x1.rank() > 2 || !(x1.shape() == x2.shape()) || target.rank() != x1.rank() - 1 ||
      (x1.rank() == 2 && target.size(0) != x1.size(0)))
    throw ShapeError(str(kOp, ": x1 and x2 must be [N, D] with target [N], or [D] with a scalar, they are ", x1.shape(),
                         ", ", x2.shape(), " and ", target.shape()));
  constexpr double kEps = 1e-12;  // PyTorch's
  const auto product = [](const Tensor& a, const Tensor& b) { return sum(a * b, Shape{-1}); };
  const Tensor cosine = product(x1, x2) / sqrt((product(x1, x1) + kEps) * (product(x2, x2) + kEps));
  const Tensor apart = where(eq(target, -1), clamp(cosine - margin, 0), 0.0);
  return reduced(where(eq(target, 1), 1.0 - cosine, apart), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin,
                           double p, double eps, bool swap, Reduction reduction) {
  constexpr const char* kOp = "tripletMarginLoss";
  check_floating(kOp, anchor);
  check_same_dtype(kOp, anchor, positive);
  check_same_dtype(kOp, anchor, negative);
  if (anchor.rank() < 1 || anchor.rank() != positive.rank() || anchor.rank() != negative.rank())
    throw ShapeError(str(kOp, ": all three must have the same dimensions, at least one, they are ", anchor.shape(),
                         ", ",
                         positive.shape(), " and ", negative.shape()));
  const Shape shape =
      broadcast_shapes(kOp, broadcast_shapes(kOp, anchor.shape(), positive.shape()), negative.shape());
  if (!(p > 0)) throw FluxionError(str(kOp, ": p must be positive, it is ", p));
  if (shape.back() == 0) throw ShapeError(str(kOp, ": there is no distance between vectors of no elements"));
  const Tensor near = distance(anchor, positive, p, eps);
  Tensor far = distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, distance(positive, negative, p, eps));
  return reduced(clamp(near - far + margin, 0), reduction);
}

Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  return reduced(square(difference("mseLoss", input, target)), reduction);
}

Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  return reduced(abs(difference("l1Loss", input, target)), reduction);
}

Tensor cross_entropy(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight,
                     std::int64_t ignore_index, Reduction reduction, double label_smoothing) {
  constexpr const char* kOp = "crossEntropy";
  check_scores(kOp, input);
  check_class_weight(kOp, input, weight);
  if (!(label_smoothing >= 0 && label_smoothing <= 1))
    throw FluxionError(str(kOp, ": labelSmoothing must lie in [0, 1], it is ", label_smoothing));
  if (is_floating(target.dtype())) {
    if (!(target.shape() == input.shape()))
      throw ShapeError(str(kOp, ": a float target holds class probabilities and must be ", input.shape(),
                           ", it is ", target.shape(), "; class indices are int32"));
    check_same_dtype(kOp, input, target);
    if (ignore_index >= 0) throw FluxionError(str(kOp, ": ignoreIndex does not go with class probabilities"));
    return probability_cross_entropy(input, target, weight, reduction, label_smoothing);
  }
  check_classes(kOp, input, target, ignore_index);
  if (weight) return weighted_cross_entropy(input, target, *weight, ignore_index, reduction, label_smoothing);
  return unweighted_cross_entropy(input, target, reduction, {ignore_index, label_smoothing});
}

Tensor nll_loss(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight,
                std::int64_t ignore_index, Reduction reduction) {
  check_scores("nllLoss", input);
  check_class_weight("nllLoss", input, weight);
  check_classes("nllLoss", input, target, ignore_index);
  return nll(input, target, weight, ignore_index, reduction);
}

static void check_probabilities(const kernels::View* views, const void*) {
  const auto [low, high] = range_of(views[0]);
  if (!(low >= 0 && high <= 1))
    throw FluxionError(str("binaryCrossEntropy: the input must lie in [0, 1], it reaches from ", low, " to ", high,
                           "; apply sigmoid, or use binaryCrossEntropyWithLogits"));
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight,
                            Reduction reduction) {
  constexpr const char* kOp = "binaryCrossEntropy";
  check_floating(kOp, input);
  check_same_dtype(kOp, input, target);
  check_same_shape(kOp, input, target);
  check_broadcasts(kOp, "weight", weight, input);
  Tensor loss;
  {
    const NoGrad off;
    if (input.numel() > 0) kernels::check_values(check_probabilities, {view_of(input)}, kernels::NoParams{});
    // Logarithms stop at −100, so that a wrong certainty costs much but not everything.
    loss = (target - 1) * clamp(log1p(-input), -100) - target * clamp(log(input), -100);
  }
  if (wants_grad(input, target))
    loss = record(kOp, loss, {&input, &target}, [x = Saved(input), t = Saved(target)](Backward& ctx) {
      const Tensor p = x.get(ctx), y = t.get(ctx), &g = ctx.grad();
      if (ctx.needs(0)) ctx.give(0, g * (p - y) / clamp((1.0 - p) * p, 1e-12));
      if (ctx.needs(1)) ctx.give(1, g * (log1p(-p) - log(p)));
    });
  return reduced(weight ? loss * *weight : loss, reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight, Reduction reduction) {
  constexpr const char* kOp = "binaryCrossEntropyWithLogits";
  check_floating(kOp, input);
  check_same_dtype(kOp, input, target);
  check_same_shape(kOp, input, target);
  check_broadcasts(kOp, "weight", weight, input);
  check_broadcasts(kOp, "posWeight", pos_weight, input);
  const Tensor lost =
      logsigmoid(input) * (pos_weight ? target * (*pos_weight - 1) + 1 : ones({}, input.dtype()));
  const Tensor loss = (1.0 - target) * input - lost;
  return reduced(weight ? loss * *weight : loss, reduction);
}

std::vector<Row> loss_rows() {
  const std::string order = "the terms of the mean are added in another order";
  const std::string reduced_to = "; the result is [] unless reduction is 'none'";
  std::vector<Row> rows;
  const auto distance = [&](const char* name, auto fn, const char* doc, const char* formula,
                            const char* camel, const char* result) {
    rows.push_back(
        op(name, fn, {"input", "target", "*reduction=\"mean\""})
            .doc(doc)
            .formula(formula)
            .shapes("input and target broadcast" + reduced_to)
            .dtypes("float32, float64")
            .errors("ShapeError when the shapes do not broadcast; DTypeError on other dtypes")
            .source(str("https://pytorch.org/docs/stable/generated/torch.nn.functional.", name, ".html"))
            .torch(str("F.", name, "(input, target, reduction=reduction)"))
            .example(str("F.", camel, "(tensor([1, 5]), tensor([3, 1])).item()"), result)
            .summation_order(order)
            .no_method()
            .with({"[] []", "[1] [1]", "[7] [7]", "[33] [33] reduction=sum", "[3,5] [3,5] reduction=none",
                   "[3,5] [3,5]", "[3,5] [5]", "[3,5]:T [3,5]:S", "[2,3,5]:S [2,3,5]",
                   "[2,3,2,3] [2,3,2,3] reduction=sum", "[2,1,2,3,2]:E [2,1,2,3,2]", "[9]:t [9]:t !nocheck",
                   "[0] [0] reduction=sum", "[0,3] [0,3] reduction=none",
                   "[4]:={nan,inf,-inf,1} [4] reduction=none !nograd"}));
  };
  distance("mse_loss", mse_loss, "The squared difference, averaged.", "mean (input − target)²", "mseLoss",
           "10");
  distance("l1_loss", l1_loss, "The absolute difference, averaged.", "mean |input − target|", "l1Loss", "3");

  const auto robust = [&](Row r, const char* formula, const char* example, const char* result, const char* torch,
                          const std::string& bend) {
    rows.push_back(
        r.doc("The squared difference, halved, where it is small, and a straight line in the difference where it is "
              "large, averaged.")
            .formula(formula)
            .shapes("input and target broadcast" + reduced_to)
            .dtypes("float32, float64")
            .errors("ShapeError when the shapes do not broadcast; FluxionError when the bend is negative; DTypeError "
                    "on other dtypes")
            .source(str("https://pytorch.org/docs/stable/generated/torch.nn.functional.", r.name, ".html"))
            .torch(torch)
            .example(example, result)
            .summation_order(order)
            .no_method()
            .with({"[] []", "[1] [1]", "[7] [7]", "[33] [33] reduction=sum", "[3,5] [3,5] reduction=none",
                   "[3,5] [5] " + bend + "=0.5", "[3,5]:T [3,5]:S", "[2,3,5]:S [2,3,5] " + bend + "=2",
                   "[2,3,2,3] [2,3,2,3] reduction=sum", "[2,1,2,3,2]:E [2,1,2,3,2]", "[9]:t [9]:t !nocheck",
                   "[0] [0] reduction=sum", "[4]:={nan,inf,-inf,1} [4] reduction=none !nograd"}));
  };
  robust(op("smooth_l1_loss", smooth_l1_loss, {"input", "target", "*reduction=\"mean\"", "*beta=1"}),
         "mean of d²/(2·beta) for d = |input − target| < beta, d − beta/2 above",
         "F.smoothL1Loss(tensor([1, 5]), tensor([3, 5])).item()", "0.75",
         "F.smooth_l1_loss(input, target, reduction=reduction, beta=beta)", "beta");
  rows.back().sample("[7] [7] beta=0");
  robust(op("huber_loss", huber_loss, {"input", "target", "*reduction=\"mean\"", "*delta=1"}),
         "mean of d²/2 for d = |input − target| < delta, delta·(d − delta/2) above",
         "F.huberLoss(tensor([1, 5]), tensor([3, 5])).item()", "0.75",
         "F.huber_loss(input, target, reduction=reduction, delta=delta)", "delta");
  rows.push_back(
      op("kl_div", kl_div, {"input", "target", "*reduction=\"mean\"", "*logTarget=false"})
          .doc("The Kullback–Leibler divergence of the target from the input, which holds logarithms of probabilities; "
               "with logTarget the target does too. Only 'batchmean' divides by the batch's size alone.")
          .formula("mean target·(ln target − input)")
          .shapes("input and target broadcast; the result is [] unless reduction is 'none'")
          .dtypes("float32, float64; both the same")
          .errors("ShapeError when the shapes do not broadcast; DTypeError on other or differing dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html")
          .torch("F.kl_div(input, target, reduction=reduction, log_target=log_target)")
          .example("F.klDiv(tensor([-1, -1]), tensor([0.5, 0.5]), { reduction: 'sum' }).item()", "0.306853")
          .summation_order(order)
          .no_method()
          .with({"[] []:d(0.1,1)", "[1] [1]:d(0.1,1)", "[7] [7]:d(0.1,1) reduction=sum",
                 "[3,5] [3,5]:d(0.1,1) reduction=batchmean", "[3,5] [5]:d(0.1,1)",
                 "[3,5]:T [3,5]:Sd(0.1,1) reduction=none",
                 "[2,3,5]:S [2,3,5] logTarget=true", "[2,3,2,3] [2,3,2,3] logTarget=true reduction=batchmean",
                 "[2,1,2,3,2]:E [2,1,2,3,2]:d(0.1,1)", "[5]:t [5]:={0.5,0.25,0.5,1,0.25}",
                 "[3]:={-1,-2,-3} [3]:={0,1,0.5} !nograd",
                 "[0] [0] reduction=sum", "[4]:={nan,inf,-inf,1} [4]:d(0.1,1) reduction=none !nograd"}));
  rows.push_back(
      op("cosine_similarity", cosine_similarity, {"x1", "x2", "*dim=1", "*eps=1e-8"})
          .doc("The cosine of the angle between two vectors along a dimension; a length below eps counts as eps.")
          .formula("x1·x2/(max(‖x1‖, eps)·max(‖x2‖, eps))")
          .shapes("x1 and x2 broadcast; the result lacks dim")
          .dtypes("float32, float64; both the same")
          .errors("ShapeError when the shapes do not broadcast; IndexError when the dimension is out of range; "
                  "DTypeError on other or differing dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html")
          .torch("F.cosine_similarity(x1, x2, dim, eps)")
          .example("F.cosineSimilarity(tensor([[3, 4]]), tensor([[4, 3]])).toArray()", "[0.96]")
          .summation_order(order)
          .no_method()
          .with({"[1] [1] dim=0 !nosecond", "[7] [7] dim=0", "[3,5] [3,5]", "[3,5] [5] dim=-1", "[3,5]:T [3,5]:S dim=0",
                 "[2,3,5]:S [2,3,5]", "[2,3,2,3] [3,1,3] dim=3", "[2,1,2,3,2]:E [2,1,2,3,2] dim=3",
                 "[3,4]:t [3,4]:d(0.5,2) !nosecond",
                 "[0,3] [0,3]", "[2,2]:={nan,1,inf,-inf} [2,2] !nograd"})
          .exempt("rank0: vectors have a dimension"));
  rows.push_back(
      op("cosine_embedding_loss", cosine_embedding_loss, {"x1", "x2", "target", "*margin=0", "*reduction=\"mean\""})
          .doc("Draws pairs of target 1 together, by 1 − cosine, and those of target −1 apart, by the cosine's excess "
               "over the margin, averaged.")
          .formula("target = 1: 1 − cos(x1, x2); target = −1: max(0, cos(x1, x2) − margin)")
          .shapes("[N, D], [N, D], [N], or [D], [D], []" + reduced_to)
          .dtypes("float32, float64; the target any")
          .errors("ShapeError when the shapes do not fit; DTypeError on other or differing dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html")
          .torch("F.cosine_embedding_loss(x1, x2, target, margin=margin, reduction=reduction)")
          .example("F.cosineEmbeddingLoss(tensor([[3, 4]]), tensor([[4, 3]]), tensor([1])).item()", "0.04")
          .summation_order(order)
          .no_method()
          .with({"[3] [3] []:i={1}", "[2,1] [2,1] [2]:i={1,-1} !nocheck", "[4,5] [4,5] [4]:i={1,-1,-1,1}",
                 "[4,5]:T [4,5]:S [4]:i={1,-1,-1,1} margin=-0.5 reduction=none",
                 "[3,7] [3,7] [3]:i={-1,-1,1} margin=0.2 reduction=sum",
                 "[3,5]:E [3,5] [3]:i={-1,1,-1}", "[2,3]:t [2,3]:d(0.5,2) [2]:i={1,1}",
                 "[0,3] [0,3] [0]:i(0,1) reduction=sum",
                 "[1,1]:={2} [1,1]:={3} [1]:i={1} !nocheck",
                 "[2,2]:={nan,1,inf,-inf} [2,2] [2]:i={1,-1} reduction=none !nograd"})
          .exempt("rank: pairs of vectors, or a batch of them"));
  rows.push_back(
      op("triplet_margin_loss", triplet_margin_loss,
         {"anchor", "positive", "negative", "*margin=1", "*p=2", "*eps=1e-6", "*swap=false", "*reduction=\"mean\""})
          .doc("Asks that the anchor be nearer to the positive than to the negative by a margin, averaged. With swap, "
               "the distance of positive and negative counts where it is smaller.")
          .formula("max(0, ‖anchor − positive + eps‖ₚ − ‖anchor − negative + eps‖ₚ + margin)")
          .shapes("[…, D] three times, broadcast" + reduced_to)
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when the shapes do not fit; FluxionError when p is not positive; DTypeError on other or "
                  "differing dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html")
          .torch("F.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction=reduction)")
          .example("F.tripletMarginLoss(tensor([[0, 0]]), tensor([[3, 4]]), tensor([[6, 8]]), { margin: 6 }).item()",
                   "1")
          .summation_order(order)
          .no_method()
          .with({"[3] [3] [3]", "[1,1] [1,1] [1,1]", "[4,5] [4,5] [4,5] margin=2",
                 "[4,5] [1,5] [4,5] margin=3 reduction=none",
                 "[4,5]:T [4,5]:S [4,5] p=1 margin=5 reduction=sum", "[4,5] [4,5] [4,5] swap=true margin=2 p=3",
                 "[2,3,5]:S [2,3,5] [2,3,5] margin=2", "[2,3,2,3] [2,3,2,3] [2,3,2,3] margin=2",
                 "[2,1,2,3,2]:E [2,1,2,3,2] [2,1,2,3,2] margin=2",
                 "[3,4]:t [3,4] [3,4] margin=2", "[0,3] [0,3] [0,3] reduction=sum",
                 "[1,2]:={nan,1} [1,2] [1,2] !nograd",
                 "[2,2]:={inf,1,-inf,2} [2,2] [2,2] reduction=none !nograd"})
          .exempt("rank0: a vector has a dimension"));

  const std::string classes = "[N, C], [C] or [N, C, …]; target is the same without C";
  rows.push_back(
      op("cross_entropy", cross_entropy,
         {"input", "target", "*weight=null", "*ignoreIndex=-100", "*reduction=\"mean\"", "*labelSmoothing=0"})
          .doc("How badly raw scores predict the class: the negative logarithm of the softmax at the target. "
               "The target "
               "holds class indices (int32), or class probabilities shaped as the input.")
          .formula("−Σ꜀ t꜀·log softmax(x)꜀, t the target's one-hot or probabilities")
          .shapes(classes + ", or the input's shape for probabilities" + reduced_to)
          .dtypes("input and weight float32 or float64; target int32 or the input's")
          .errors("IndexError when a class is out of range; ShapeError when shapes do not fit; DTypeError "
                  "when dtypes do "
                  "not; FluxionError when labelSmoothing is outside [0, 1]")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html")
          .torch("F.cross_entropy(input, target, weight, ignore_index=ignore_index, reduction=reduction, "
                 "label_smoothing=label_smoothing)")
          .example("F.crossEntropy(tensor([[0, 0]]), tensor([1], { dtype: 'int32' })).item()", "0.693147")
          .summation_order(order)
          .no_method()
          .with({"[5] []:i(0,5)",
                 "[1,1] [1]:i(0,1)",
                 "[3,5] [3]:i(0,5)",
                 "[7,33] [7]:i(0,33)",
                 "[3,5] [3]:i(0,5) reduction=sum",
                 "[3,5] [3]:i(0,5) reduction=none",
                 "[2,5,3] [2,3]:i(0,5)",
                 "[2,5,3] [2,3]:i(0,5) reduction=none",
                 "[2,3,2,3] [2,2,3]:i(0,3)",
                 "[2,3,2,1,2] [2,2,1,2]:i(0,3)",
                 "[5,3]:T [5]:Si(0,3)",
                 "[4,7]:S [4]:i(0,7)",
                 "[3,5]:E [3]:Ei(0,5)",
                 "[3,5]:t [3]:i(0,5)",
                 "[6,3] [6]:i(0,3) ignoreIndex=1",
                 "[4,3] [4]:i(0,3)={0,-100,2,1}",
                 "[4,3] [4]:i(0,3)={0,-100,2,1} reduction=none",
                 "[3,5] [3]:i(0,5) labelSmoothing=0.1",
                 "[2,5,3] [2,3]:i(0,5) labelSmoothing=0.3 reduction=none",
                 "[6,3] [6]:i(0,3) ignoreIndex=1 labelSmoothing=0.2",
                 "[6,3] [6]:i(0,3) [3]:d(0.5,2)",
                 "[6,3] [6]:i(0,3) [3]:d(0.5,2) reduction=sum",
                 "[6,3] [6]:i(0,3) [3]:d(0.5,2) reduction=none ignoreIndex=2",
                 "[6,3] [6]:i(0,3) [3]:d(0.5,2) labelSmoothing=0.2 ignoreIndex=0",
                 "[2,3,4] [2,4]:i(0,3) [3]:d(0.5,2) labelSmoothing=0.2",
                 "[3,5] [3,5]:d(0,1)",
                 "[3,5] [3,5]:d(0,1) reduction=none",
                 "[2,5,3] [2,5,3]:d(0,1) reduction=sum",
                 "[3,5] [3,5]:d(0,1) [5]:d(0.5,2) labelSmoothing=0.2",
                 "[5] [5]:d(0,1)",
                 "[0,5] [0]:i(0,5) reduction=sum",
                 "[0,5] [0]:i(0,5) reduction=none",
                 "[2,3]:={1000,999,-1000,0,-1000,1000} [2]:i(0,3)",
                 "[2,3]:={nan,1,2,inf,1,2} [2]:i(0,3) reduction=none !nograd",
                 "[2,3]:={-inf,1,2,-inf,-inf,-inf} [2]:i(0,3) reduction=none !nograd"})
          .exempt("rank0: scores need classes")
          .exempt("broadcast: shapes must fit exactly"));
  rows.push_back(
      op("nll_loss", nll_loss,
         {"input", "target", "*weight=null", "*ignoreIndex=-100", "*reduction=\"mean\""})
          .doc("The negative log probability of the target class; the input holds log probabilities, as of "
               "logSoftmax.")
          .formula("−weight[target]·input[target], averaged by weight")
          .shapes(classes + reduced_to)
          .dtypes("input and weight float32 or float64; target int32")
          .errors("IndexError when a class is out of range; ShapeError when shapes do not fit; DTypeError "
                  "when dtypes do not")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html")
          .torch("F.nll_loss(input, target, weight, ignore_index=ignore_index, reduction=reduction)")
          .example("F.nllLoss(tensor([[-1, -2]]), tensor([1], { dtype: 'int32' })).item()", "2")
          .summation_order(order)
          .no_method()
          .with({"[5] []:i(0,5)", "[1,1] [1]:i(0,1)", "[3,5] [3]:i(0,5)", "[7,9] [7]:i(0,9) reduction=sum",
                 "[3,5] [3]:i(0,5) reduction=none", "[2,5,3] [2,3]:i(0,5)",
                 "[2,3,2,3] [2,2,3]:i(0,3) reduction=none", "[2,3,2,1,2] [2,2,1,2]:i(0,3)",
                 "[5,3]:T [5]:Si(0,3)", "[4,7]:S [4]:i(0,7)", "[3,5]:E [3]:Ei(0,5)", "[3,5]:t [3]:i(0,5)",
                 "[6,3] [6]:i(0,3) ignoreIndex=1", "[6,3] [6]:i(0,3) [3]:d(0.5,2)",
                 "[6,3] [6]:i(0,3) [3]:d(0.5,2) ignoreIndex=0",
                 "[2,3,4] [2,4]:i(0,3) [3]:d(0.5,2) reduction=none", "[0,5] [0]:i(0,5) reduction=sum",
                 "[2,2]:={nan,1,inf,-inf} [2]:i(0,2) reduction=none !nograd"})
          .exempt("rank0: scores need classes")
          .exempt("broadcast: shapes must fit exactly"));
  rows.push_back(
      op("binary_cross_entropy", binary_cross_entropy,
         {"input", "target", "*weight=null", "*reduction=\"mean\""})
          .doc("How badly probabilities predict 0 or 1; logarithms are held above −100.")
          .formula("−(t·ln x + (1 − t)·ln(1 − x))")
          .shapes("input and target alike, weight broadcasts to them" + reduced_to)
          .dtypes("float32, float64; both the same")
          .errors("FluxionError when the input leaves [0, 1]; ShapeError when shapes differ; DTypeError when "
                  "dtypes do")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html")
          .torch("F.binary_cross_entropy(input, target, weight, reduction=reduction)")
          .example("F.binaryCrossEntropy(tensor([0.5]), tensor([1])).item()", "0.693147")
          .summation_order(order)
          .no_method()
          .with({"[]:d(0.1,0.9) []:d(0,1)", "[1]:d(0.1,0.9) [1]:d(0,1)", "[7]:d(0.1,0.9) [7]:d(0,1)",
                 "[33]:d(0.1,0.9) [33]:d(0,1) reduction=sum", "[3,5]:d(0.1,0.9) [3,5]:d(0,1) reduction=none",
                 "[3,5]:d(0.1,0.9) [3,5]:d(0,1) [5]:d(0.5,2)", "[3,5]:Td(0.1,0.9) [3,5]:Sd(0,1)",
                 "[2,3,5]:Sd(0.1,0.9) [2,3,5]:d(0,1)", "[2,3,2,3]:d(0.1,0.9) [2,3,2,3]:d(0,1)",
                 "[2,1,2,3,2]:Ed(0.1,0.9) [2,1,2,3,2]:Ed(0,1)", "[0]:d(0,1) [0] reduction=sum",
                 "[6]:={0,0,1,1,0.5,0.5} [6]:={0,1,0,1,0.5,0.5} reduction=none !nograd"})
          .exempt("special: the input must lie in [0, 1]"));
  rows.push_back(op("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits,
                    {"input", "target", "*weight=null", "*posWeight=null", "*reduction=\"mean\""})
                     .doc("binaryCrossEntropy of the sigmoid of the input, without its rounding; posWeight "
                          "scales the positive part.")
                     .formula("−(posWeight·t·ln σ(x) + (1 − t)·ln(1 − σ(x)))")
                     .shapes("input and target alike, weight and posWeight broadcast to them" + reduced_to)
                     .dtypes("float32, float64; both the same")
                     .errors("ShapeError when shapes differ; DTypeError when dtypes do")
                     .source("https://pytorch.org/docs/stable/generated/"
                             "torch.nn.functional.binary_cross_entropy_with_logits.html")
                     .torch("F.binary_cross_entropy_with_logits(input, target, weight, "
                            "pos_weight=pos_weight, reduction=reduction)")
                     .example("F.binaryCrossEntropyWithLogits(tensor([0]), tensor([1])).item()", "0.693147")
                     .summation_order(order)
                     .no_method()
                     .with({"[] []:d(0,1)", "[1] [1]:d(0,1)", "[7] [7]:d(0,1)",
                            "[33] [33]:d(0,1) reduction=sum", "[3,5] [3,5]:d(0,1) reduction=none",
                            "[3,5] [3,5]:d(0,1) [5]:d(0.5,2)", "[3,5] [3,5]:d(0,1) null [5]:d(0.5,2)",
                            "[3,5]:T [3,5]:Sd(0,1) [3,1]:d(0.5,2) [5]:d(0.5,2)", "[2,3,5]:S [2,3,5]:d(0,1)",
                            "[2,3,2,3] [2,3,2,3]:d(0,1)", "[2,1,2,3,2]:E [2,1,2,3,2]:Ed(0,1)", "[9]:t [9]:t",
                            "[0] [0] reduction=sum", "[4]:={-200,200,-200,200} [4]:={0,0,1,1} reduction=none",
                            "[4]:={nan,inf,-inf,1} [4]:={0,1,0,1} reduction=none !nograd"}));
  return rows;
}

}  // namespace fluxion
