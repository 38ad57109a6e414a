#pragma once
// Losses. Reduction as in PyTorch: mean by default.

#include "fluxion/ops/types.h"

namespace fluxion {

Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
// Quadratic below beta (or delta), linear above; smooth_l1 divides by beta, huber does not.
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean,
                      double beta = 1);
Tensor huber_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean, double delta = 1);
// target·(ln target − input), where the input is a logarithm, and with log_target the target too.
enum class KlReduction { None, Mean, Sum, BatchMean };
std::vector<std::string> choice_names(KlReduction);
Tensor kl_div(const Tensor& input, const Tensor& target, KlReduction reduction = KlReduction::Mean,
              bool log_target = false);
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim = 1, double eps = 1e-8);
// target 1: 1 − cos; target −1: max(0, cos − margin).
Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& target, double margin = 0,
                             Reduction reduction = Reduction::Mean);
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1,
                           double p = 2, double eps = 1e-6, bool swap = false,
                           Reduction reduction = Reduction::Mean);
// Input [N, C] or [N, C, d1, …] of raw scores; target int32 class indices [N, …] or class probabilities shaped as
// the input.
Tensor cross_entropy(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight = {},
                     std::int64_t ignore_index = -100, Reduction reduction = Reduction::Mean,
                     double label_smoothing = 0);
Tensor nll_loss(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight = {},
                std::int64_t ignore_index = -100, Reduction reduction = Reduction::Mean);
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const std::optional<Tensor>& weight = {},
                            Reduction reduction = Reduction::Mean);
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const std::optional<Tensor>& weight = {},
                                        const std::optional<Tensor>& pos_weight = {},
                                        Reduction reduction = Reduction::Mean);

}  // namespace fluxion
