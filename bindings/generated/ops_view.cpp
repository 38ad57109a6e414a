// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_view) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::view>("op_view");
  bind_op<&fluxion::reshape>("op_reshape");
  bind_op<&fluxion::flatten>("op_flatten");
  bind_op<&fluxion::squeeze>("op_squeeze");
  bind_op<&fluxion::unsqueeze>("op_unsqueeze");
  bind_op<&fluxion::transpose>("op_transpose");
  bind_op<&fluxion::t>("op_t");
  bind_op<&fluxion::permute>("op_permute");
  bind_op<&fluxion::expand>("op_expand");
  bind_op<&fluxion::slice>("op_slice");
  bind_op<&fluxion::narrow>("op_narrow");
  bind_op<&fluxion::select>("op_select");
  bind_op<&fluxion::unbind>("op_unbind");
  bind_op<&fluxion::split>("op_split");
  bind_op<&fluxion::chunk>("op_chunk");
  bind_op<&fluxion::diagonal>("op_diagonal");
  bind_op<&fluxion::windows>("op_windows");
  bind_op<&fluxion::contiguous>("op_contiguous");
  bind_op<&fluxion::clone>("op_clone");
  bind_op<&fluxion::cat>("op_cat");
  bind_op<&fluxion::stack>("op_stack");
  bind_op<&fluxion::movedim>("op_movedim");
  bind_op<&fluxion::repeat>("op_repeat");
  bind_op<&fluxion::tile>("op_tile");
  bind_op<&fluxion::repeat_interleave>("op_repeat_interleave");
  bind_op<&fluxion::flip>("op_flip");
  bind_op<&fluxion::roll>("op_roll");
  bind_op<&fluxion::pad>("op_pad");
  bind_op<&fluxion::diag>("op_diag");
}
