#include "fluxion/train/profile.h"

#include <algorithm>
#include <cstring>

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/error.h"
#include "fluxion/train/slices.h"

namespace fluxion::train {

using kernels::Prim;
using kernels::View;

namespace {

Profiler* g_running = nullptr;

double elements(const View& v) {
  if (v.data == nullptr) return 0;
  double n = 1;
  for (int d = 0; d < v.rank; ++d) n *= static_cast<double>(v.shape[d]);
  return n;
}

// Of the memory that it covers: dimensions of stride 0 repeat what is there.
double bytes_of(const View& v) {
  if (v.data == nullptr) return 0;
  double n = static_cast<double>(size_of(v.dtype));
  for (int d = 0; d < v.rank; ++d)
    if (v.strides[d] != 0) n *= static_cast<double>(v.shape[d]);
  return n;
}

template <class P>
const P& as(const void* params) {
  return *static_cast<const P*>(params);
}

// FLOP per element of the operand named; products, windows and attention have formulas of their own.
struct Rate {
  Prim prim;
  std::int8_t flop, view;
};
constexpr Rate kRates[] = {
    {Prim::Unary, 1, 0},
    {Prim::Binary, 1, 0},
    {Prim::Reduce, 1, 1},
    {Prim::ArgReduce, 1, 1},
    {Prim::Scan, 1, 1},
    {Prim::Softmax, 5, 0},      // greatest, difference, exp, sum, quotient
    {Prim::SoftmaxGrad, 4, 0},  // product, sum, difference, product
    {Prim::LayerNorm, 7, 0},    // mean, difference, square, sum, three to scale and shift
    {Prim::BatchNorm, 7, 0},
    {Prim::LayerNormGrad, 12, 0},
    {Prim::BatchNormGrad, 12, 0},
    {Prim::ScatterAdd, 1, 2},
    {Prim::IndexAdd, 1, 2},
    {Prim::MaxPool2dGrad, 1, 1},
    {Prim::CrossEntropy, 4, 2},
    {Prim::CrossEntropyGrad, 4, 0},
};

// Batch, m, k, n of a product and the like; zeros where sizes are no part of a row.
void sizes_of(Prim prim, const View* v, std::int64_t* out) {
  const auto put = [out](std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    out[0] = a, out[1] = b, out[2] = c, out[3] = d;
  };
  const auto conv = [&](const View& x, const View& y) {
    put(x.shape[0], x.shape[1], y.shape[1], y.shape[2] * y.shape[3]);
  };
  switch (prim) {
    case Prim::Gemm: return put(v[0].shape[0], v[0].shape[1], v[1].shape[2], v[0].shape[2]);
    case Prim::Conv2d: return conv(v[1], v[0]);
    case Prim::Conv2dGradInput: return conv(v[0], v[1]);
    case Prim::Conv2dGradWeight: return conv(v[2], v[1]);
    case Prim::Attention:
    case Prim::AttentionGrad: {
      const View &q = v[prim == Prim::Attention ? 2 : 4], &k = v[prim == Prim::Attention ? 3 : 5];
      return put(q.shape[0] * q.shape[1], q.shape[2], k.shape[2], q.shape[3]);
    }
    default: return;
  }
}

double flop_of(Prim prim, const View* v, const void* params) {
  const auto window = [&] {
    const auto& p = as<kernels::PoolParams>(params);
    return static_cast<double>(p.kernel_h) * p.kernel_w;
  };
  // Each output of a convolution meets its share of one filter: C/g · R · S weights.
  const auto conv = [](const View& y, const View& w) {
    return 2 * elements(y) * elements(w) / std::max(1.0, static_cast<double>(w.shape[0]));
  };
  switch (prim) {
    case Prim::Gemm: {
      const double out = elements(v[0]);
      return out * (2.0 * static_cast<double>(v[1].shape[2]) + (v[3].data != nullptr) +
                    (as<kernels::GemmParams>(params).epilogue != kernels::Epilogue::None));
    }
    case Prim::Conv2d:
      return conv(v[0], v[2]) + elements(v[0]) * ((v[3].data != nullptr) + (as<kernels::ConvParams>(params).epilogue !=
                                                                            kernels::Epilogue::None));
    case Prim::Conv2dGradInput: return conv(v[1], v[2]);
    case Prim::Conv2dGradWeight: return conv(v[1], v[0]);
    case Prim::MaxPool2d:
    case Prim::AvgPool2d: return elements(v[0]) * window();
    case Prim::AvgPool2dGrad: return elements(v[1]) * window();
    case Prim::Attention:
    case Prim::AttentionGrad: {
      // Two products forward and a softmax; five products back, the scores being computed anew.
      std::int64_t s[4];
      sizes_of(prim, v, s);
      const double t = static_cast<double>(s[1]), keys = static_cast<double>(s[2]);
      const bool causal = as<kernels::AttentionParams>(params).causal;
      const double least = std::min(t, keys);
      // A query sees its own position and those before it.
      const double pairs = static_cast<double>(s[0]) * (causal ? least * (least + 1) / 2 + (t - least) * keys
                                                               : t * keys);
      return pairs * (prim == Prim::Attention ? 4.0 * static_cast<double>(s[3]) + 5
                                              : 10.0 * static_cast<double>(s[3]) + 5);
    }
    default:
      for (const Rate& rate : kRates)
        if (rate.prim == prim) return rate.flop * elements(v[rate.view]);
      return 0;
  }
}

int kind_of(Prim prim, const void* params) {
  switch (prim) {
    case Prim::Unary:
    case Prim::Binary:
    case Prim::Reduce:
    case Prim::ArgReduce:
    case Prim::Scan:
    case Prim::Random: return *static_cast<const std::int32_t*>(params);
    default: return 0;
  }
}

bool stands_alone(Prim prim) {
  return prim == Prim::Fill || prim == Prim::Arange || prim == Prim::Random || prim == Prim::SgdStep ||
         prim == Prim::AdamStep;
}

}  // namespace

Cost cost_of(Prim prim, const View* views, int view_count, const void* params) {
  double bytes = 0;
  if (prim == Prim::Gather || prim == Prim::IndexSelect) {
    bytes = 2 * bytes_of(views[0]) + bytes_of(views[2]);  // it reads only what it takes
  } else if (prim == Prim::Random) {
    bytes = bytes_of(views[0]);
  } else if (prim == Prim::ScatterAdd || prim == Prim::IndexAdd) {
    bytes = 3 * bytes_of(views[2]) + bytes_of(views[1]);
  } else {
    for (int i = 0; i < view_count; ++i) bytes += bytes_of(views[i]);
    if (prim == Prim::Gemm && as<kernels::GemmParams>(params).accumulate) bytes += bytes_of(views[0]);
  }
  if (const int each = prim == Prim::SgdStep ? kernels::kSgdViews : prim == Prim::AdamStep ? kernels::kAdamViews : 0) {
    double parameters = 0;
    for (int i = 0; i < view_count; ++i) {
      if (i % each == 0) parameters += elements(views[i]);
      if (i % each != 1) bytes += bytes_of(views[i]);  // all but the gradients are written too
    }
    return {(prim == Prim::SgdStep ? 2 : 14) * parameters, bytes};
  }
  return {flop_of(prim, views, params), bytes};
}

Profiler::~Profiler() { stop(); }

double Profiler::now() const { return milliseconds_now() - began_; }

void Profiler::start() {
  if (g_running != nullptr)
    throw FluxionError("profile: a profile is running already; profiles cannot be nested");
  g_running = this;
  before_ = kernels::set_observer(this);
  detail::g_op_listener = op_done;
  began_ = 0;
  began_ = now();
}

void Profiler::stop() {
  if (g_running != this) return;
  time_ = now();
  settle(node_op_, node_ != nullptr);
  kernels::set_observer(before_);
  detail::g_op_listener = nullptr;
  g_running = nullptr;
}

void Profiler::on_call(Prim prim, const View* views, int view_count, const void* params, std::size_t params_size) {
  if (before_ != nullptr) before_->on_call(prim, views, view_count, params, params_size);
  const Node* node = running_node();
  const bool recording = grad_enabled();
  // What waits must not go to a later op.
  if (node != node_ || recording != recording_ || (node == nullptr && stands_alone(prim))) {
    settle(node_op_, node_ != nullptr);
    node_ = node;
    node_op_ = node == nullptr ? "" : node->op;
    recording_ = recording;
  }
  Row call{"", false, prim, kind_of(prim, params), {}, 1, 0, 0, cost_of(prim, views, view_count, params),
           views[0].data, 0, 0};
  sizes_of(prim, views, call.sizes);
  waiting_.push_back(call);
  waiting_.back().start = now();
}

void Profiler::after_call() {
  Row& call = waiting_.back();
  call.end = now();
  call.self = call.end - call.start;
  call.total = call.end - last_end_;
  last_end_ = call.end;
  if (node_ == nullptr && stands_alone(call.prim)) settle("", false);
  if (before_ != nullptr) before_->after_call();
}

// An op tells its name when its result is there, so of the calls that wait those are its own that came after its inputs
// were made.
void Profiler::op_done(const char* op, const Tensor& out, std::span<const Tensor* const> inputs) {
  if (running_node() != nullptr) return;
  Profiler& p = *g_running;
  if (p.node_ != nullptr) {
    p.settle(p.node_op_, true);
    p.node_ = nullptr;
    p.node_op_ = "";
  }
  std::size_t before = 0;
  for (const Tensor* t : inputs)
    for (std::size_t i = before; t->defined() && t->raw() != out.raw() && i < p.waiting_.size(); ++i)
      if (p.waiting_[i].result == t->raw()) before = i + 1;
  p.settle(op, false, before);
}

void Profiler::settle(const char* op, bool gradient, std::size_t nobodys) {
  if (waiting_.empty()) return;
  op_calls_ += 2;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Row& call = waiting_[i];
    const bool own = i >= nobodys;
    call.op = own ? op : "";
    call.gradient = own && gradient;
    const auto same = [&](const Row& r) {
      return r.prim == call.prim && r.kind == call.kind && r.gradient == call.gradient &&
             std::strcmp(r.op, call.op) == 0 && std::memcmp(r.sizes, call.sizes, sizeof r.sizes) == 0;
    };
    std::size_t at = 0;
    while (at < rows_.size() && !same(rows_[at])) ++at;
    if (at == rows_.size()) {
      rows_.push_back(call);
    } else {
      Row& row = rows_[at];
      row.calls += 1;
      row.self += call.self;
      row.total += call.total;
      row.cost.flop += call.cost.flop;
      row.cost.bytes += call.cost.bytes;
    }
    if (events_.size() < 4 * kMaxEvents)
      for (const double v : {static_cast<double>(at), static_cast<double>(op_calls_ - !own), call.start, call.end})
        events_.push_back(v);
  }
  waiting_.clear();
}

}  // namespace fluxion::train
