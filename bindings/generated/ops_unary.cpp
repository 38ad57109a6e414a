// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

#include "bindings/wire.h"
#include "fluxion/ops/ops.h"

EMSCRIPTEN_BINDINGS(fluxion_ops_unary) {
  using fluxion::bindings::bind_op;
  bind_op<&fluxion::neg>("op_neg");
  bind_op<&fluxion::abs>("op_abs");
  bind_op<&fluxion::sign>("op_sign");
  bind_op<&fluxion::square>("op_square");
  bind_op<&fluxion::relu>("op_relu");
  bind_op<&fluxion::floor>("op_floor");
  bind_op<&fluxion::ceil>("op_ceil");
  bind_op<&fluxion::round>("op_round");
  bind_op<&fluxion::trunc>("op_trunc");
  bind_op<&fluxion::isnan>("op_isnan");
  bind_op<&fluxion::isinf>("op_isinf");
  bind_op<&fluxion::isfinite>("op_isfinite");
  bind_op<&fluxion::logical_not>("op_logical_not");
  bind_op<&fluxion::exp>("op_exp");
  bind_op<&fluxion::exp2>("op_exp2");
  bind_op<&fluxion::expm1>("op_expm1");
  bind_op<&fluxion::log>("op_log");
  bind_op<&fluxion::log2>("op_log2");
  bind_op<&fluxion::log10>("op_log10");
  bind_op<&fluxion::log1p>("op_log1p");
  bind_op<&fluxion::sqrt>("op_sqrt");
  bind_op<&fluxion::rsqrt>("op_rsqrt");
  bind_op<&fluxion::reciprocal>("op_reciprocal");
  bind_op<&fluxion::sin>("op_sin");
  bind_op<&fluxion::cos>("op_cos");
  bind_op<&fluxion::tan>("op_tan");
  bind_op<&fluxion::asin>("op_asin");
  bind_op<&fluxion::acos>("op_acos");
  bind_op<&fluxion::atan>("op_atan");
  bind_op<&fluxion::sinh>("op_sinh");
  bind_op<&fluxion::cosh>("op_cosh");
  bind_op<&fluxion::tanh>("op_tanh");
  bind_op<&fluxion::asinh>("op_asinh");
  bind_op<&fluxion::acosh>("op_acosh");
  bind_op<&fluxion::atanh>("op_atanh");
  bind_op<&fluxion::sigmoid>("op_sigmoid");
  bind_op<&fluxion::logsigmoid>("op_logsigmoid");
  bind_op<&fluxion::erf>("op_erf");
  bind_op<&fluxion::erfc>("op_erfc");
  bind_op<&fluxion::silu>("op_silu");
  bind_op<&fluxion::mish>("op_mish");
  bind_op<&fluxion::relu6>("op_relu6");
  bind_op<&fluxion::selu>("op_selu");
  bind_op<&fluxion::hardsigmoid>("op_hardsigmoid");
  bind_op<&fluxion::hardswish>("op_hardswish");
  bind_op<&fluxion::leaky_relu>("op_leaky_relu");
  bind_op<&fluxion::elu>("op_elu");
  bind_op<&fluxion::softplus>("op_softplus");
  bind_op<&fluxion::hardtanh>("op_hardtanh");
  bind_op<&fluxion::gelu>("op_gelu");
  bind_op<&fluxion::clamp>("op_clamp");
}
