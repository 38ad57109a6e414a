// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_loss) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::mse_loss>("op_mse_loss");
  bind_op<&fluxion::l1_loss>("op_l1_loss");
  bind_op<&fluxion::smooth_l1_loss>("op_smooth_l1_loss");
  bind_op<&fluxion::huber_loss>("op_huber_loss");
  bind_op<&fluxion::kl_div>("op_kl_div");
  bind_op<&fluxion::cosine_similarity>("op_cosine_similarity");
  bind_op<&fluxion::cosine_embedding_loss>("op_cosine_embedding_loss");
  bind_op<&fluxion::triplet_margin_loss>("op_triplet_margin_loss");
  bind_op<&fluxion::cross_entropy>("op_cross_entropy");
  bind_op<&fluxion::nll_loss>("op_nll_loss");
  bind_op<&fluxion::binary_cross_entropy>("op_binary_cross_entropy");
  bind_op<&fluxion::binary_cross_entropy_with_logits>("op_binary_cross_entropy_with_logits");
}
