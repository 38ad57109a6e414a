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
  if (target.numel() == 0) return;
  const std::int64_t classes = input.size(class_dim(input));
  if (amin(target).item() >= 0 && amax(target).item() < static_cast<double>(classes)) return;
  check_indices(op, masked_fill(target, eq(target, Scalar(ignore_index)), 0), classes);
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

}  // namespace

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
    if (input.numel() > 0) {
      const double low = amin(input).item(), high = amax(input).item();
      if (!(low >= 0 && high <= 1))
        throw FluxionError(str(kOp, ": the input must lie in [0, 1], it reaches from ", low, " to ", high,
                               "; apply sigmoid, or use binaryCrossEntropyWithLogits"));
    }
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
