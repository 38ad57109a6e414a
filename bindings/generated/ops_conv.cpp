// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_conv) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::conv2d>("op_conv2d");
  bind_op<&fluxion::max_pool2d>("op_max_pool2d");
  bind_op<&fluxion::avg_pool2d>("op_avg_pool2d");
}
