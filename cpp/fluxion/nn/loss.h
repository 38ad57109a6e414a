#pragma once
// Losses as modules of two inputs, what the model gave and what was wanted, or of three. The mean over all elements
// unless `reduction` says otherwise.

#include "fluxion/nn/module.h"
#include "fluxion/ops/loss.h"

namespace fluxion::nn {

class Loss : public Module {
 public:
  using Module::forward;
  using Module::operator();
  virtual Tensor forward(const Tensor& input, const Tensor& target);
  // Losses that compare two inputs: with a third tensor for what was wanted of them, or for what they differ from.
  virtual Tensor forward(const Tensor& first, const Tensor& second, const Tensor& third);
  Tensor operator()(const Tensor& input, const Tensor& target) { return forward(input, target); }

 protected:
  explicit Loss(Reduction reduction = Reduction::Mean) : reduction_(reduction) {}
  Reduction reduction_;
};

// One function of both and up to one number.
class ElementLoss : public Loss {
 public:
  using Op = Tensor (*)(const Tensor& input, const Tensor& target, Reduction reduction, double number);
  const char* type_name() const override { return name_; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override { return op_(input, target, reduction_, number_); }

 protected:
  ElementLoss(const char* name, Op op, Reduction reduction, double number = 0)
      : Loss(reduction), name_(name), op_(op), number_(number) {}

 private:
  const char* name_;
  Op op_;
  double number_;
};

// (input − target)².
class MSELoss final : public ElementLoss {
 public:
  explicit MSELoss(Reduction reduction = Reduction::Mean);
};
// |input − target|.
class L1Loss final : public ElementLoss {
 public:
  explicit L1Loss(Reduction reduction = Reduction::Mean);
};
// Quadratic below beta (or delta), linear above; the first is divided by beta.
class SmoothL1Loss final : public ElementLoss {
 public:
  explicit SmoothL1Loss(Reduction reduction = Reduction::Mean, double beta = 1);
};
class HuberLoss final : public ElementLoss {
 public:
  explicit HuberLoss(Reduction reduction = Reduction::Mean, double delta = 1);
};

// target·(ln target − input), where the input is a logarithm, and with log_target the target too.
class KLDivLoss final : public Loss {
 public:
  explicit KLDivLoss(KlReduction reduction = KlReduction::Mean, bool log_target = false)
      : kl_reduction_(reduction), log_target_(log_target) {}
  const char* type_name() const override { return "KLDivLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;

 private:
  KlReduction kl_reduction_;
  bool log_target_;
};

// Of x1, x2 [N, D] and target [N]: 1 − cos where it is 1, max(0, cos − margin) where it is −1.
class CosineEmbeddingLoss final : public Loss {
 public:
  explicit CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction::Mean)
      : Loss(reduction), margin_(margin) {}
  const char* type_name() const override { return "CosineEmbeddingLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& x1, const Tensor& x2, const Tensor& target) override;

 private:
  double margin_;
};

// Of anchor, positive and negative [N, D]: max(0, ‖a − p‖ − ‖a − n‖ + margin).
class TripletMarginLoss final : public Loss {
 public:
  explicit TripletMarginLoss(double margin = 1, double p = 2, double eps = 1e-6, bool swap = false,
                             Reduction reduction = Reduction::Mean)
      : Loss(reduction), margin_(margin), p_(p), eps_(eps), swap_(swap) {}
  const char* type_name() const override { return "TripletMarginLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) override;

 private:
  double margin_, p_, eps_;
  bool swap_;
};

// −log softmax(input)[target]: input [N, C, …] of raw scores, target int32 classes [N, …] or probabilities
// shaped as the input. weight [C] scales the classes; ignore_index is left out.
class CrossEntropyLoss final : public Loss {
 public:
  explicit CrossEntropyLoss(const std::optional<Tensor>& class_weight = {}, std::int64_t ignore_index = -100,
                            Reduction reduction = Reduction::Mean, double label_smoothing = 0);
  const char* type_name() const override { return "CrossEntropyLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;

  Tensor weight;

 private:
  std::int64_t ignore_index_;
  double label_smoothing_;
};

// −input[target]: as CrossEntropyLoss, for inputs that are log-probabilities.
class NLLLoss final : public Loss {
 public:
  explicit NLLLoss(const std::optional<Tensor>& class_weight = {}, std::int64_t ignore_index = -100,
                   Reduction reduction = Reduction::Mean);
  const char* type_name() const override { return "NLLLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;

  Tensor weight;

 private:
  std::int64_t ignore_index_;
};

// −(y·log p + (1 − y)·log(1 − p)) for probabilities p.
class BCELoss final : public Loss {
 public:
  explicit BCELoss(const std::optional<Tensor>& element_weight = {}, Reduction reduction = Reduction::Mean);
  const char* type_name() const override { return "BCELoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;

  Tensor weight;
};

// The same for raw scores, exact where the sigmoid would round to 0 or 1. pos_weight scales the positive
// part.
class BCEWithLogitsLoss final : public Loss {
 public:
  explicit BCEWithLogitsLoss(const std::optional<Tensor>& element_weight = {},
                             const std::optional<Tensor>& positive_weight = {}, Reduction reduction = Reduction::Mean);
  const char* type_name() const override { return "BCEWithLogitsLoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;

  Tensor weight, pos_weight;
};

}  // namespace fluxion::nn
