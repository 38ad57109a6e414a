// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_index) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::gather>("op_gather");
  bind_op<&fluxion::scatter_add>("op_scatter_add");
  bind_op<&fluxion::scatter>("op_scatter");
  bind_op<&fluxion::take>("op_take");
  bind_op<&fluxion::masked_select>("op_masked_select");
  bind_op<&fluxion::nonzero>("op_nonzero");
  bind_op<&fluxion::index_select>("op_index_select");
  bind_op<&fluxion::index_add>("op_index_add");
  bind_op<&fluxion::embedding>("op_embedding");
  bind_op<&fluxion::one_hot>("op_one_hot");
  bind_op<&fluxion::tril>("op_tril");
  bind_op<&fluxion::triu>("op_triu");
}
