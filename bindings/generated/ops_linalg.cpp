// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_linalg) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::matmul>("op_matmul");
  bind_op<&fluxion::mm>("op_mm");
  bind_op<&fluxion::bmm>("op_bmm");
  bind_op<&fluxion::addmm>("op_addmm");
  bind_op<&fluxion::baddbmm>("op_baddbmm");
  bind_op<&fluxion::trace>("op_trace");
  bind_op<&fluxion::einsum>("op_einsum");
  bind_op<&fluxion::mv>("op_mv");
  bind_op<&fluxion::dot>("op_dot");
  bind_op<&fluxion::outer>("op_outer");
  bind_op<&fluxion::linear>("op_linear");
  bind_op<&fluxion::scaled_dot_product_attention>("op_scaled_dot_product_attention");
  bind_op<&fluxion::rotary_embedding>("op_rotary_embedding");
}
