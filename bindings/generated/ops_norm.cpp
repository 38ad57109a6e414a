// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_norm) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::layer_norm>("op_layer_norm");
  bind_op<&fluxion::batch_norm>("op_batch_norm");
  bind_op<&fluxion::group_norm>("op_group_norm");
  bind_op<&fluxion::instance_norm>("op_instance_norm");
  bind_op<&fluxion::rms_norm>("op_rms_norm");
  bind_op<&fluxion::normalize>("op_normalize");
  bind_op<&fluxion::dropout2d>("op_dropout2d");
  bind_op<&fluxion::dropout>("op_dropout");
}
