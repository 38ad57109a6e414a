// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_creation) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::zeros>("op_zeros");
  bind_op<&fluxion::ones>("op_ones");
  bind_op<&fluxion::full>("op_full");
  bind_op<&fluxion::eye>("op_eye");
  bind_op<&fluxion::arange>("op_arange");
  bind_op<&fluxion::linspace>("op_linspace");
  bind_op<&fluxion::rand>("op_rand");
  bind_op<&fluxion::randn>("op_randn");
  bind_op<&fluxion::randint>("op_randint");
  bind_op<&fluxion::randperm>("op_randperm");
  bind_op<&fluxion::bernoulli>("op_bernoulli");
  bind_op<&fluxion::zeros_like>("op_zeros_like");
  bind_op<&fluxion::ones_like>("op_ones_like");
  bind_op<&fluxion::full_like>("op_full_like");
  bind_op<&fluxion::rand_like>("op_rand_like");
  bind_op<&fluxion::randn_like>("op_randn_like");
  bind_op<&fluxion::multinomial>("op_multinomial");
}
