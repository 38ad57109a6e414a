// The names of primitives and kinds, for profiles, traces and error messages.

#include <iterator>

#include "fluxion/kernels/kernels.h"

namespace fluxion::kernels {

namespace {

constexpr const char* kPrimNames[] = {
    "fill",
    "arange",
    "copy",
    "unary",
    "binary",
    "where",
    "random",
    "reduce",
    "arg_reduce",
    "scan",
    "softmax",
    "softmax_grad",
    "tri",
    "sort",
    "gemm",
    "conv2d",
    "conv2d_grad_input",
    "conv2d_grad_weight",
    "max_pool2d",
    "max_pool2d_grad",
    "avg_pool2d",
    "avg_pool2d_grad",
    "layer_norm",
    "layer_norm_grad",
    "batch_norm",
    "batch_norm_grad",
    "gather",
    "scatter_add",
    "index_select",
    "index_add",
    "cross_entropy",
    "cross_entropy_grad",
    "attention",
    "attention_grad",
    "sgd_step",
    "adam_step",
};
static_assert(std::size(kPrimNames) == kPrimCount);

constexpr const char* kUnaryNames[] = {
    "neg",         "abs",        "sign",  "square",    "relu",        "clamp",     "add_scalar", "mul_scalar",
    "rsub_scalar", "floor",      "ceil",  "round",     "trunc",       "isnan",     "isinf",      "isfinite",
    "logical_not", "exp",        "expm1", "log",       "log2",        "log10",     "log1p",      "sqrt",
    "rsqrt",       "reciprocal", "sin",   "cos",       "tan",         "asin",      "acos",       "atan",
    "sinh",        "cosh",       "tanh",  "asinh",     "acosh",       "atanh",     "sigmoid",    "log_sigmoid",
    "erf",         "erfc",       "gelu",  "gelu_tanh", "silu",        "mish",      "softplus",   "leaky_relu",
    "elu",         "selu",       "relu6", "hardtanh",  "hardsigmoid", "hardswish", "pow_scalar",
};
static_assert(std::size(kUnaryNames) == static_cast<std::size_t>(Unary::Count));

constexpr const char* kBinaryNames[] = {
    "add",
    "sub",
    "mul",
    "div",
    "floor_div",
    "maximum",
    "minimum",
    "pow",
    "fmod",
    "remainder",
    "atan2",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "logical_and",
    "logical_or",
    "logical_xor",
    "relu_grad",
    "tanh_grad",
    "sigmoid_grad",
    "gelu_grad",
    "gelu_tanh_grad",
    "silu_grad",
    "leaky_relu_grad",
    "sqrt_grad",
};
static_assert(std::size(kBinaryNames) == static_cast<std::size_t>(Binary::Count));

}  // namespace

const char* name_of(Prim p) { return kPrimNames[static_cast<int>(p)]; }
const char* name_of(Unary k) { return kUnaryNames[static_cast<int>(k)]; }
const char* name_of(Binary k) { return kBinaryNames[static_cast<int>(k)]; }

}  // namespace fluxion::kernels
