#include "fluxion/nn/loss.h"

#include "fluxion/nn/rows.h"

namespace fluxion::nn {

Tensor Loss::forward(const Tensor&, const Tensor&) { throw FluxionError(str(type_name(), ": takes three inputs")); }
Tensor Loss::forward(const Tensor&, const Tensor&, const Tensor&) {
  throw FluxionError(str(type_name(), ": takes two inputs, what the model gave and what was wanted"));
}

MSELoss::MSELoss(Reduction reduction)
    : ElementLoss(
          "MSELoss", [](const Tensor& x, const Tensor& y, Reduction r, double) { return mse_loss(x, y, r); },
          reduction) {}
L1Loss::L1Loss(Reduction reduction)
    : ElementLoss(
          "L1Loss", [](const Tensor& x, const Tensor& y, Reduction r, double) { return l1_loss(x, y, r); },
          reduction) {}
SmoothL1Loss::SmoothL1Loss(Reduction reduction, double beta)
    : ElementLoss("SmoothL1Loss", smooth_l1_loss, reduction, beta) {}
HuberLoss::HuberLoss(Reduction reduction, double delta) : ElementLoss("HuberLoss", huber_loss, reduction, delta) {}

Tensor KLDivLoss::forward(const Tensor& input, const Tensor& target) {
  return kl_div(input, target, kl_reduction_, log_target_);
}

Tensor CosineEmbeddingLoss::forward(const Tensor& x1, const Tensor& x2, const Tensor& target) {
  return cosine_embedding_loss(x1, x2, target, margin_, reduction_);
}

Tensor TripletMarginLoss::forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) {
  return triplet_margin_loss(anchor, positive, negative, margin_, p_, eps_, swap_, reduction_);
}

CrossEntropyLoss::CrossEntropyLoss(const std::optional<Tensor>& class_weight, std::int64_t ignore_index,
                                   Reduction reduction, double label_smoothing)
    : Loss(reduction), ignore_index_(ignore_index), label_smoothing_(label_smoothing) {
  check_probability("CrossEntropyLoss", "labelSmoothing", label_smoothing);
  if (class_weight) weight = *class_weight;
  register_buffer("weight", weight);
}

Tensor CrossEntropyLoss::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy(input, target, maybe(weight), ignore_index_, reduction_, label_smoothing_);
}

NLLLoss::NLLLoss(const std::optional<Tensor>& class_weight, std::int64_t ignore_index, Reduction reduction)
    : Loss(reduction), ignore_index_(ignore_index) {
  if (class_weight) weight = *class_weight;
  register_buffer("weight", weight);
}

Tensor NLLLoss::forward(const Tensor& input, const Tensor& target) {
  return nll_loss(input, target, maybe(weight), ignore_index_, reduction_);
}

BCELoss::BCELoss(const std::optional<Tensor>& element_weight, Reduction reduction) : Loss(reduction) {
  if (element_weight) weight = *element_weight;
  register_buffer("weight", weight);
}

Tensor BCELoss::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy(input, target, maybe(weight), reduction_);
}

BCEWithLogitsLoss::BCEWithLogitsLoss(const std::optional<Tensor>& element_weight,
                                     const std::optional<Tensor>& positive_weight, Reduction reduction)
    : Loss(reduction) {
  if (element_weight) weight = *element_weight;
  if (positive_weight) pos_weight = *positive_weight;
  register_buffer("weight", weight);
  register_buffer("pos_weight", pos_weight);
}

Tensor BCEWithLogitsLoss::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, maybe(weight), maybe(pos_weight), reduction_);
}

std::vector<ModuleRow> loss_module_rows() {
  using Weight = std::optional<Tensor>;
  std::vector<ModuleRow> rows;
  const auto add = [&](ModuleRow row) {
    rows.push_back(row.loss().source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html")));
  };
  const std::string same = "input and target of one shape; a scalar, or that shape with reduction 'none'";
  const std::string classes =
      "input [N, C, …], target int32 [N, …] or [N, C, …]; a scalar, or [N, …] with reduction 'none'";
  add(module<MSELoss(Reduction)>("MSELoss", {"*reduction=\"mean\""})
          .doc("The squared difference.")
          .formula("(input − target)²")
          .shapes(same)
          .example("new nn.MSELoss().forward(tensor([1, 3]), tensor([1, 1])).item()", "2")
          .sample("", "[3,4] [3,4]", "nn.MSELoss()")
          .sample("reduction=sum", "[5] [5]", "nn.MSELoss(reduction='sum')"));
  add(module<L1Loss(Reduction)>("L1Loss", {"*reduction=\"mean\""})
          .doc("The absolute difference.")
          .formula("|input − target|")
          .shapes(same)
          .example("new nn.L1Loss().forward(tensor([1, 3]), tensor([1, 1])).item()", "1")
          .sample("", "[3,4] [3,4]", "nn.L1Loss()")
          .sample("reduction=none", "[5] [5]", "nn.L1Loss(reduction='none')"));
  add(module<SmoothL1Loss(Reduction, double)>("SmoothL1Loss", {"*reduction=\"mean\"", "*beta=1"})
          .doc("The squared difference below beta, the absolute one above.")
          .formula("d < beta ? d²/(2·beta) : d − beta/2, d = |input − target|")
          .shapes(same)
          .example("new nn.SmoothL1Loss({ reduction: 'none' }).forward(tensor([1, 4]), tensor([0, 0])).toArray()",
                   "[0.5, 3.5]")
          .sample("", "[3,4] [3,4]", "nn.SmoothL1Loss()")
          .sample("reduction=sum beta=0.5", "[5] [5]", "nn.SmoothL1Loss(reduction='sum', beta=0.5)"));
  add(module<HuberLoss(Reduction, double)>("HuberLoss", {"*reduction=\"mean\"", "*delta=1"})
          .doc("The squared difference below delta, a line of that slope above.")
          .formula("d < delta ? d²/2 : delta·(d − delta/2), d = |input − target|")
          .shapes(same)
          .example("new nn.HuberLoss({ delta: 2 }).forward(tensor([4]), tensor([0])).item()", "6")
          .sample("", "[3,4] [3,4]", "nn.HuberLoss()")
          .sample("reduction=none delta=0.5", "[5] [5]", "nn.HuberLoss(reduction='none', delta=0.5)"));
  add(module<KLDivLoss(KlReduction, bool)>("KLDivLoss", {"*reduction=\"mean\"", "*logTarget=false"})
          .doc("How far a distribution, given by its logarithm, is from the wanted one. reduction 'batchmean' divides "
               "by the batch, which is the divergence itself.")
          .formula("target·(ln target − input)")
          .shapes(same)
          .example("new nn.KLDivLoss({ reduction: 'sum' }).forward(tensor([0.5, 0.5]).log(), tensor([1, 0])).item()",
                   "0.693147")
          .sample("", "[3,4] [3,4]:d(0,1)", "nn.KLDivLoss()")
          .sample("reduction=batchmean logTarget=true", "[3,4] [3,4]", "nn.KLDivLoss(reduction='batchmean', "
                  "log_target=True)"));
  add(module<CosineEmbeddingLoss(double, Reduction)>("CosineEmbeddingLoss", {"*margin=0", "*reduction=\"mean\""})
          .doc("Draws two vectors to each other where the target is 1, and apart where it is −1. forward takes "
               "(x1, x2, target).")
          .formula("target = 1: 1 − cos(x1, x2); target = −1: max(0, cos(x1, x2) − margin)")
          .shapes("x1 and x2 [N, D], target [N]; a scalar, or [N] with reduction 'none'")
          .errors("FluxionError when there are not three inputs")
          .example("new nn.CosineEmbeddingLoss().forward(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])).item()", "1")
          .sample("", "[3,4] [3,4] [3]:i(1,2)", "nn.CosineEmbeddingLoss()")
          .sample("margin=0.2 reduction=sum", "[5,3] [5,3] [5]:i(-1,0)",
                  "nn.CosineEmbeddingLoss(margin=0.2, reduction='sum')"));
  add(module<TripletMarginLoss(double, double, double, bool, Reduction)>(
          "TripletMarginLoss", {"*margin=1", "*p=2", "*eps=1e-6", "*swap=false", "*reduction=\"mean\""})
          .doc("Keeps an anchor nearer to a positive than to a negative example, by a margin. forward takes (anchor, "
               "positive, negative); with swap, the negative is compared with the nearer of the two.")
          .formula("max(0, ‖anchor − positive‖ₚ − ‖anchor − negative‖ₚ + margin)")
          .shapes("three times [N, D]; a scalar, or [N] with reduction 'none'")
          .errors("FluxionError when there are not three inputs")
          .example("new nn.TripletMarginLoss().forward(tensor([[0]]), tensor([[1]]), tensor([[3]])).item()", "0")
          .sample("", "[3,4] [3,4] [3,4]", "nn.TripletMarginLoss()")
          .sample("margin=2 swap=true reduction=none", "[5,3] [5,3] [5,3]",
                  "nn.TripletMarginLoss(margin=2.0, swap=True, reduction='none')"));
  add(module<CrossEntropyLoss(Weight, std::int64_t, Reduction, double)>(
          "CrossEntropyLoss", {"weight=null", "*ignoreIndex=-100", "*reduction=\"mean\"", "*labelSmoothing=0"})
          .doc("Softmax and negative log-likelihood in one: raw scores against class indices or "
               "probabilities.")
          .formula("−log softmax(input)[target]")
          .shapes(classes)
          .example("new nn.CrossEntropyLoss().forward(tensor([[0, 0]]), tensor([1], { dtype: 'int32' })).item()",
                   "0.693147")
          .sample("", "[4,3] [4]:i(0,3)", "nn.CrossEntropyLoss()")
          .sample("labelSmoothing=0.1 ignoreIndex=1", "[6,3] [6]:i(0,3)",
                  "nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=1)")
          .sample("reduction=sum", "[2,3,4] [2,4]:i(0,3)", "nn.CrossEntropyLoss(reduction='sum')"));
  add(module<NLLLoss(Weight, std::int64_t, Reduction)>("NLLLoss",
                                                       {"weight=null", "*ignoreIndex=-100", "*reduction=\"mean\""})
          .doc("The negative log-likelihood of inputs that are log-probabilities.")
          .formula("−input[target]")
          .shapes(classes)
          .example("new nn.NLLLoss().forward(tensor([[-1, -2]]), tensor([0], { dtype: 'int32' })).item()", "1")
          .sample("", "[4,3] [4]:i(0,3)", "nn.NLLLoss()"));
  add(module<BCELoss(Weight, Reduction)>("BCELoss", {"weight=null", "*reduction=\"mean\""})
          .doc("Binary cross-entropy of probabilities.")
          .formula("−(y·ln p + (1 − y)·ln(1 − p))")
          .shapes(same)
          .example("new nn.BCELoss().forward(tensor([0.5]), tensor([1])).item()", "0.693147")
          .sample("", "[3,4]:d(0,1) [3,4]:d(0,1)", "nn.BCELoss()"));
  add(module<BCEWithLogitsLoss(Weight, Weight, Reduction)>("BCEWithLogitsLoss",
                                                           {"weight=null", "*posWeight=null", "*reduction=\"mean\""})
          .doc("Binary cross-entropy of raw scores, exact where the sigmoid would round to 0 or 1.")
          .formula("−(y·ln σ(x) + (1 − y)·ln(1 − σ(x)))")
          .shapes(same)
          .example("new nn.BCEWithLogitsLoss().forward(tensor([0]), tensor([1])).item()", "0.693147")
          .sample("", "[3,4] [3,4]:d(0,1)", "nn.BCEWithLogitsLoss()"));
  return rows;
}

}  // namespace fluxion::nn
