// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_conv) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::conv2d>("op_conv2d");
  bind_op<&fluxion::conv1d>("op_conv1d");
  bind_op<&fluxion::conv_transpose1d>("op_conv_transpose1d");
  bind_op<&fluxion::conv_transpose2d>("op_conv_transpose2d");
  bind_op<&fluxion::max_pool2d>("op_max_pool2d");
  bind_op<&fluxion::avg_pool2d>("op_avg_pool2d");
  bind_op<&fluxion::max_pool1d>("op_max_pool1d");
  bind_op<&fluxion::avg_pool1d>("op_avg_pool1d");
  bind_op<&fluxion::adaptive_avg_pool1d>("op_adaptive_avg_pool1d");
  bind_op<&fluxion::adaptive_avg_pool2d>("op_adaptive_avg_pool2d");
  bind_op<&fluxion::adaptive_max_pool1d>("op_adaptive_max_pool1d");
  bind_op<&fluxion::adaptive_max_pool2d>("op_adaptive_max_pool2d");
  bind_op<&fluxion::unfold>("op_unfold");
  bind_op<&fluxion::im2col>("op_im2col");
  bind_op<&fluxion::fold>("op_fold");
  bind_op<&fluxion::col2im>("op_col2im");
  bind_op<&fluxion::interpolate>("op_interpolate");
}
