#include "fluxion/nn/loss.h"

#include "fluxion/nn/rows.h"

namespace fluxion::nn {

Tensor MSELoss::forward(const Tensor& input, const Tensor& target) { return mse_loss(input, target, reduction_); }

Tensor L1Loss::forward(const Tensor& input, const Tensor& target) { return l1_loss(input, target, reduction_); }

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
