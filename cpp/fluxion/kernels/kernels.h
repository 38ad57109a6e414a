#pragma once
// The backend seam. Everything above this floor computes through the primitives below and touches no raw
// memory. A primitive's call is plain data (which primitive, which buffers, which numbers), so that it can
// be counted, timed, recorded and replayed, and so that another backend can take its place.
//
// Rules of every primitive: outputs come first, then inputs; all checks were made by the caller; a
// primitive never fails, never allocates tensors, and keeps no state between calls. Unless said otherwise
// views may have any strides (0 and negative included), inputs may share memory with each other, and an
// elementwise output may be the same view as an input of the same element size.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "fluxion/core/dtype.h"

namespace fluxion {
class Generator;
}

namespace fluxion::kernels {

using Index = std::ptrdiff_t;

inline constexpr int kMaxRank = 64;

// A strided window on memory. Strides count elements. `data` points at the first element, the offset
// already added; null says that an optional operand is absent.
struct View {
  void* data = nullptr;
  DType dtype = DType::Float32;
  int rank = 0;
  const std::int64_t* shape = nullptr;
  const std::int64_t* strides = nullptr;

  template <class T>
  T* as() const {
    return static_cast<T*>(data);
  }
};

// ---- elementwise ----------------------------------------------------------------------------------------

// One input, element by element. `p` and `q` are the kind's numbers, named beside it.
// Kinds before Exp work on every dtype; from Exp on, on floats only. IsNan … LogicalNot give bool.
enum class Unary : std::int32_t {
  Neg, Abs, Sign, Square, Relu,
  Clamp,       // min(max(x, p), q); NaN stays NaN
  AddScalar,   // x + p   (p and q are rounded to x's dtype first)
  MulScalar,   // x · p
  RSubScalar,  // p − x
  Floor, Ceil, Round, Trunc,  // Round: half to even
  IsNan, IsInf, IsFinite, LogicalNot,
  Exp, Exp2, Expm1, Log, Log2, Log10, Log1p, Sqrt, Rsqrt, Reciprocal,
  Sin, Cos, Tan, Asin, Acos, Atan, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh,
  Sigmoid, LogSigmoid, Erf, Erfc,
  Gelu,        // x · Φ(x) by erf
  GeluTanh,    // the tanh form
  Silu, Mish,
  Softplus,    // log(1 + exp(p·x)) / p, and x where p·x > q
  LeakyRelu,   // x < 0 ? p·x : x
  Elu,         // x > 0 ? x : p·(exp(x) − 1)
  Selu, Relu6, Hardtanh /* p, q */, Hardsigmoid, Hardswish,
  PowScalar,   // x^p, p not rounded
  Count
};

// Two inputs of one dtype. Eq … LogicalXor give bool. The …Grad kinds fuse a gradient: a is the incoming
// gradient, b what the kind's comment says.
enum class Binary : std::int32_t {
  Add, Sub, Mul, Div,  // Div on integers is not asked for (ops convert first)
  FloorDiv,
  Maximum, Minimum,    // NaN wins
  Pow, Fmod, Remainder, Atan2,
  Eq, Ne, Lt, Le, Gt, Ge, LogicalAnd, LogicalOr, LogicalXor,
  ReluGrad,      // b = result: b <= 0 ? 0 : a
  TanhGrad,      // b = result: a · (1 − b²)
  SigmoidGrad,   // b = result: a · b · (1 − b)
  GeluGrad,      // b = input
  GeluTanhGrad,  // b = input
  SiluGrad,      // b = input
  LeakyReluGrad, // b = input, slope p
  SqrtGrad,      // b = result: a / (2b)
  Count
};

struct UnaryParams {
  Unary kind;
  double p = 0, q = 0;
};
struct BinaryParams {
  Binary kind;
  double p = 0;
};
struct FillParams {
  double value = 0;
};
struct ArangeParams {
  double start = 0, step = 1;
};
struct NoParams {};

// ---- reductions and rows --------------------------------------------------------------------------------

enum class Reduce : std::int32_t { Sum, Mean, Prod, Max, Min, All, Any, SumSquares };
enum class ArgReduce : std::int32_t { Max, Min };
enum class Scan : std::int32_t { Sum, Prod };

struct ReduceParams {
  Reduce kind;
};
struct ArgReduceParams {
  ArgReduce kind;
  std::int32_t dim;
};
struct ScanParams {
  Scan kind;
  std::int32_t dim;
};
struct SoftmaxParams {
  std::int32_t dim;
  bool log = false;
};
struct TriParams {
  std::int64_t diagonal = 0;
  bool upper = false;
};
struct SortParams {
  std::int32_t dim;
  bool descending = false;
};

// ---- products -------------------------------------------------------------------------------------------

enum class Epilogue : std::int32_t { None, Relu, Tanh, Sigmoid, Gelu, GeluTanh, Silu };

struct GemmParams {
  bool accumulate = false;  // out += a·b instead of out = a·b
  Epilogue epilogue = Epilogue::None;
};

struct ConvParams {
  std::int32_t stride_h = 1, stride_w = 1;
  std::int32_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  std::int32_t dilation_h = 1, dilation_w = 1;
  std::int32_t groups = 1;
  Epilogue epilogue = Epilogue::None;
};

struct PoolParams {
  std::int32_t kernel_h = 2, kernel_w = 2;
  std::int32_t stride_h = 2, stride_w = 2;
  std::int32_t pad_h = 0, pad_w = 0;
  std::int32_t dilation_h = 1, dilation_w = 1;
  bool count_include_pad = true;
};

// ---- network --------------------------------------------------------------------------------------------

struct NormParams {
  double eps = 1e-5;
};
struct IndexParams {
  std::int32_t dim = 0;
  bool assign = false;  // ScatterAdd: out = src instead of out += src; the last of a cell stays
};
struct CrossEntropyParams {
  std::int64_t ignore_index = -100;
  double label_smoothing = 0;
};
struct AttentionParams {
  double scale = 1;
  bool causal = false;
};

enum class RandomKind : std::int32_t { Uniform, Normal, Bernoulli, RandInt, RandPerm };
struct RandomParams {
  RandomKind kind;
  double a = 0, b = 1;  // uniform bounds; mean and std; probability; low and high
};

struct SgdParams {
  double lr, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false;
  bool first = false;  // the momentum buffers are not yet set: they become the gradients
  int count = 1;       // of parameters
};
struct AdamParams {
  double lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  bool decoupled = false;  // AdamW: p -= lr·decay·p before the step; otherwise decay is added to the gradient
  bool amsgrad = false, maximize = false;
  std::int64_t step = 1;  // counted from 1
  int count = 1;          // of parameters
};
// Views of each parameter.
inline constexpr int kSgdViews = 3, kAdamViews = 5;

// ---- the primitives -------------------------------------------------------------------------------------

enum class Prim : std::int32_t {
  Fill,     // (out; FillParams)
  Arange,   // (out [n]; ArangeParams)
  Copy,     // (out, in) any dtype to any dtype; in is broadcast by stride 0. Float to int truncates; to bool: != 0
  Unary,    // (out, a; UnaryParams)
  Binary,   // (out, a, b; BinaryParams) shapes equal, broadcast by stride 0
  Where,    // (out, cond bool, a, b)
  Random,   // (out contiguous, generator: data = Generator*; RandomParams)
  Reduce,   // (out, in; ReduceParams) same rank; out has size 1 in reduced dimensions. Sum, Mean, Prod,
            // SumSquares keep in's dtype; Max and Min too (NaN wins); All, Any: bool to bool
  ArgReduce,  // (out int32, in; …) out has size 1 in `dim`; first of ties; NaN wins
  Scan,       // (out, in; …)
  Softmax,      // (out, in; …)
  SoftmaxGrad,  // (dx, dy, y; SoftmaxParams) y is the result, of softmax or log softmax
  Tri,          // (out, in; TriParams) last two dimensions; keeps the lower (or upper) triangle, zero elsewhere
  Sort,         // (values, indices int32, in; SortParams) stable; NaN counts as largest
  Gemm,         // (out [b,m,n], a [b,m,k], b [b,k,n], bias [n] or null; GemmParams) floats; any strides for a
                // and b (transposes cost no copy; batch stride 0 is a broadcast); out's last stride is 1.
                // int32 is allowed (plain loop). k = 0 gives zeros (+ bias)
  Conv2d,            // (out [N,O,P,Q], x [N,C,H,W], w [O,C/g,R,S], bias [O] or null; ConvParams) contiguous
  Conv2dGradInput,   // (dx, dy, w; ConvParams) contiguous; overwrites dx
  Conv2dGradWeight,  // (dw, dy, x; ConvParams) contiguous; overwrites dw
  MaxPool2d,         // (out, indices int32, x; PoolParams) contiguous NCHW; index into the H·W plane; NaN wins
  MaxPool2dGrad,     // (dx, dy, indices; PoolParams) overwrites dx
  AvgPool2d,         // (out, x; PoolParams)
  AvgPool2dGrad,     // (dx, dy; PoolParams) overwrites dx
  LayerNorm,      // (out, mean [R], rstd [R], x [R,D], gamma [D] or null, beta [D] or null; NormParams) contiguous
  LayerNormGrad,  // (dx, dgamma or null, dbeta or null, dy, x, mean, rstd, gamma or null; NoParams) contiguous
  BatchNorm,      // (out, mean [C], var [C] (biased), x [N,C,L], gamma or null, beta or null; NormParams) contiguous
  BatchNormGrad,  // (dx, dgamma or null, dbeta or null, dy, x, mean, var, gamma or null; NormParams) contiguous
  Gather,       // (out, in, index int32; IndexParams) torch.gather; index and out have one shape
  ScatterAdd,   // (out in place, index int32, src; IndexParams) sequential per cell, in index order
  IndexSelect,  // (out, in, index int32 [n]; IndexParams)
  IndexAdd,     // (out in place, index int32 [n], src; IndexParams)
  CrossEntropy,      // (loss [N], logsum [N], x [N,C] contiguous, target int32 [N]; …) loss is 0 at ignore_index;
                     // logsum = log Σ exp(x − max x)
  CrossEntropyGrad,  // (dx, dloss [N] any stride, x, logsum [N], target; …)
  Attention,      // (out, lse [B,H,T], q, k, v [B,H,T|S,D], mask (added) or null; AttentionParams)
  AttentionGrad,  // (dq, dk, dv, dout, q, k, v, out, lse, mask or null; AttentionParams)
  SgdStep,   // (p in place, grad, momentum buffer or null, and so on for each p; SgdParams) one dtype of each three,
             // contiguous p and buffer
  AdamStep,  // (p in place, grad, m, v, vmax or null, and so on for each p; AdamParams)
  Count
};

inline constexpr int kPrimCount = static_cast<int>(Prim::Count);

using Entry = void (*)(const View* views, const void* params);

// One implementation of every primitive.
struct Backend {
  const char* name;
  Entry entries[kPrimCount];
};

const Backend& cpu_backend();

// How many of a primitive's operands it writes: the first ones. (The rest it reads.)
int output_count(Prim prim);
// Whether it reads what it is about to write: in place, or added to.
bool reads_outputs(Prim prim, const void* params);

// Sees each call before it runs, and that it ended: the profiler and `compile` are observers.
struct Observer {
  virtual void on_call(Prim prim, const View* views, int view_count, const void* params,
                       std::size_t params_size) = 0;
  virtual void after_call() {}
  // A look at values that may throw, and writes nothing (check_values below).
  virtual void on_check(Entry /*check*/, const View* /*views*/, int /*view_count*/, const void* /*params*/,
                        std::size_t /*params_size*/) {}
  virtual ~Observer() = default;
};

// Gives the observer so far, to be put back; null when there was none.
Observer* set_observer(Observer* o);
std::uint64_t call_count(Prim p);

// Counts the call, shows it to the observer and runs it: what launch() and the replay of recorded calls share.
void run_call(Prim prim, const View* views, int view_count, const void* params, std::size_t params_size);

template <class P>
void launch(Prim prim, std::initializer_list<View> views, const P& params) {
  static_assert(std::is_trivially_copyable_v<P>);
  run_call(prim, views.begin(), static_cast<int>(views.size()), &params, sizeof(P));
}

// A check of values, such as indices against a size, as data like a primitive's call: what is replayed is checked
// again. `check` calls primitives at will, which nobody observes.
template <class P>
void check_values(Entry check, std::initializer_list<View> views, const P& params) {
  static_assert(std::is_trivially_copyable_v<P>);
  Observer* observer = set_observer(nullptr);
  try {
    check(views.begin(), &params);
  } catch (...) {
    set_observer(observer);
    throw;
  }
  set_observer(observer);
  if (observer != nullptr) [[unlikely]]
    observer->on_check(check, views.begin(), static_cast<int>(views.size()), &params, sizeof(P));
}

// The output size of a convolution or pooling window along one axis (floor form).
constexpr std::int64_t window_output(std::int64_t size, std::int64_t pad_both, std::int64_t kernel,
                                     std::int64_t stride, std::int64_t dilation) {
  const std::int64_t span = dilation * (kernel - 1) + 1;
  return size + pad_both < span ? 0 : (size + pad_both - span) / stride + 1;
}

}  // namespace fluxion::kernels
