// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_binary) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::add>("op_add");
  bind_op<&fluxion::sub>("op_sub");
  bind_op<&fluxion::mul>("op_mul");
  bind_op<&fluxion::div>("op_div");
  bind_op<&fluxion::pow>("op_pow");
  bind_op<&fluxion::fmod>("op_fmod");
  bind_op<&fluxion::remainder>("op_remainder");
  bind_op<&fluxion::atan2>("op_atan2");
  bind_op<&fluxion::lerp>("op_lerp");
  bind_op<&fluxion::maximum>("op_maximum");
  bind_op<&fluxion::minimum>("op_minimum");
  bind_op<&fluxion::eq>("op_eq");
  bind_op<&fluxion::ne>("op_ne");
  bind_op<&fluxion::lt>("op_lt");
  bind_op<&fluxion::le>("op_le");
  bind_op<&fluxion::gt>("op_gt");
  bind_op<&fluxion::ge>("op_ge");
  bind_op<&fluxion::logical_and>("op_logical_and");
  bind_op<&fluxion::logical_or>("op_logical_or");
  bind_op<&fluxion::logical_xor>("op_logical_xor");
  bind_op<&fluxion::where>("op_where");
  bind_op<&fluxion::masked_fill>("op_masked_fill");
}
