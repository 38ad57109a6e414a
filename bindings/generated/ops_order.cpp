// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_order) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::sort>("op_sort");
  bind_op<&fluxion::argsort>("op_argsort");
  bind_op<&fluxion::topk>("op_topk");
  bind_op<&fluxion::cumsum>("op_cumsum");
  bind_op<&fluxion::cumprod>("op_cumprod");
  bind_op<&fluxion::prod>("op_prod");
}
