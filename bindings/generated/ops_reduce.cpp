// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_reduce) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::sum>("op_sum");
  bind_op<&fluxion::mean>("op_mean");
  bind_op<&fluxion::variance>("op_variance");
  bind_op<&fluxion::standard_deviation>("op_std");
  bind_op<&fluxion::norm>("op_norm");
  bind_op<&fluxion::amax>("op_amax");
  bind_op<&fluxion::amin>("op_amin");
  bind_op<&fluxion::max>("op_max");
  bind_op<&fluxion::min>("op_min");
  bind_op<&fluxion::argmax>("op_argmax");
  bind_op<&fluxion::argmin>("op_argmin");
  bind_op<&fluxion::all>("op_all");
  bind_op<&fluxion::any>("op_any");
  bind_op<&fluxion::softmax>("op_softmax");
  bind_op<&fluxion::log_softmax>("op_log_softmax");
  bind_op<&fluxion::logsumexp>("op_logsumexp");
}
