// The table of the CPU backend, and what the seam keeps: the backend in use, the observer, the call counts.

#include <utility>

#include "fluxion/kernels/chain.h"
#include "fluxion/kernels/entries.h"

namespace fluxion::kernels {

namespace {

struct Row {
  Prim prim;
  Entry entry;
};

constexpr Row kRows[] = {
    {Prim::Fill, cpu::fill},
    {Prim::Arange, cpu::arange},
    {Prim::Copy, cpu::copy},
    {Prim::Unary, cpu::unary},
    {Prim::Binary, cpu::binary},
    {Prim::Where, cpu::where},
    {Prim::Random, cpu::random},
    {Prim::Reduce, cpu::reduce},
    {Prim::ArgReduce, cpu::arg_reduce},
    {Prim::Scan, cpu::scan},
    {Prim::Softmax, cpu::softmax},
    {Prim::SoftmaxGrad, cpu::softmax_grad},
    {Prim::Tri, cpu::tri},
    {Prim::Sort, cpu::sort},
    {Prim::Gemm, cpu::gemm},
    {Prim::Conv2d, cpu::conv2d},
    {Prim::Conv2dGradInput, cpu::conv2d_grad_input},
    {Prim::Conv2dGradWeight, cpu::conv2d_grad_weight},
    {Prim::MaxPool2d, cpu::max_pool2d},
    {Prim::MaxPool2dGrad, cpu::max_pool2d_grad},
    {Prim::AvgPool2d, cpu::avg_pool2d},
    {Prim::AvgPool2dGrad, cpu::avg_pool2d_grad},
    {Prim::LayerNorm, cpu::layer_norm},
    {Prim::LayerNormGrad, cpu::layer_norm_grad},
    {Prim::BatchNorm, cpu::batch_norm},
    {Prim::BatchNormGrad, cpu::batch_norm_grad},
    {Prim::Gather, cpu::gather},
    {Prim::ScatterAdd, cpu::scatter_add},
    {Prim::IndexSelect, cpu::index_select},
    {Prim::IndexAdd, cpu::index_add},
    {Prim::CrossEntropy, cpu::cross_entropy},
    {Prim::CrossEntropyGrad, cpu::cross_entropy_grad},
    {Prim::Attention, cpu::attention},
    {Prim::AttentionGrad, cpu::attention_grad},
    {Prim::SgdStep, cpu::sgd_step},
    {Prim::AdamStep, cpu::adam_step},
};

static_assert(std::size(kRows) == kPrimCount, "a primitive has no CPU implementation");

constexpr bool rows_are_in_order() {
  for (int i = 0; i < kPrimCount; ++i)
    if (kRows[i].prim != static_cast<Prim>(i)) return false;
  return true;
}
static_assert(rows_are_in_order());

constexpr Backend build_table() {
  Backend table{"cpu", {}};
  for (int i = 0; i < kPrimCount; ++i) table.entries[i] = kRows[i].entry;
  return table;
}

constexpr Backend kCpu = build_table();

const Backend* g_backend = &kCpu;
Observer* g_observer = nullptr;
std::uint64_t g_calls[kPrimCount] = {};

}  // namespace

const Backend& cpu_backend() { return kCpu; }

Observer* set_observer(Observer* o) { return std::exchange(g_observer, o); }
std::uint64_t call_count(Prim p) { return g_calls[static_cast<int>(p)]; }

// A chain's calls are shown one by one; the time of all is the last one's.
void run_chain(const ChainCall* chain, int count, Index elements) {
  Observer* observer = g_observer;
  for (const ChainCall* call = chain; call != chain + count; ++call) {
    ++g_calls[static_cast<int>(call->prim)];
    if (observer == nullptr) [[likely]] continue;
    if (call != chain) observer->after_call();
    observer->on_call(call->prim, call->views, call->view_count, call->params, call->params_size);
  }
  cpu::elementwise_chain(chain, count, elements);
  if (observer != nullptr) [[unlikely]]
    observer->after_call();
}

void run_call(Prim prim, const View* views, int view_count, const void* params, std::size_t params_size) {
  const int index = static_cast<int>(prim);
  ++g_calls[index];
  Observer* observer = g_observer;
  if (observer != nullptr) [[unlikely]]
    observer->on_call(prim, views, view_count, params, params_size);
  g_backend->entries[index](views, params);
  if (observer != nullptr) [[unlikely]]
    observer->after_call();
}

int output_count(Prim prim) {
  switch (prim) {
    case Prim::Sort:
    case Prim::MaxPool2d:
    case Prim::CrossEntropy:
    case Prim::Attention:
      return 2;
    case Prim::LayerNorm:
    case Prim::LayerNormGrad:
    case Prim::BatchNorm:
    case Prim::BatchNormGrad:
    case Prim::AttentionGrad:
      return 3;
    default:
      return 1;
  }
}

bool reads_outputs(Prim prim, const void* params) {
  switch (prim) {
    case Prim::Gemm:
      return static_cast<const GemmParams*>(params)->accumulate;
    case Prim::ScatterAdd:
    case Prim::IndexAdd:
    case Prim::SgdStep:
    case Prim::AdamStep:
      return true;
    default:
      return false;
  }
}

}  // namespace fluxion::kernels
