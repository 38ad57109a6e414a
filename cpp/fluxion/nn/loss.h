#pragma once
// Losses as modules of two inputs: what the model gave, and what was wanted. The mean over all elements
// unless `reduction` says otherwise.

#include "fluxion/nn/module.h"
#include "fluxion/ops/loss.h"

namespace fluxion::nn {

class Loss : public Module {
 public:
  using Module::forward;
  using Module::operator();
  virtual Tensor forward(const Tensor& input, const Tensor& target) = 0;
  Tensor operator()(const Tensor& input, const Tensor& target) { return forward(input, target); }

 protected:
  explicit Loss(Reduction reduction) : reduction_(reduction) {}
  Reduction reduction_;
};

// (input − target)².
class MSELoss final : public Loss {
 public:
  explicit MSELoss(Reduction reduction = Reduction::Mean) : Loss(reduction) {}
  const char* type_name() const override { return "MSELoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

// |input − target|.
class L1Loss final : public Loss {
 public:
  explicit L1Loss(Reduction reduction = Reduction::Mean) : Loss(reduction) {}
  const char* type_name() const override { return "L1Loss"; }
  using Loss::forward;
  Tensor forward(const Tensor& input, const Tensor& target) override;
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
