// Every kernel that matters, as a share of what this machine can do at most. The target of CMake is `fluxion_bench`
// natively (`build/native/fluxion_bench [--benchmark_filter=conv]`, by Google Benchmark where it is installed) and
// `fluxion_bench_<variant>` in wasm (`node build/wasm/fluxion_bench_relaxed.cjs [--threads N] [name …]`).
//
// The most is the roofline: the peak of multiply-adds on registers, or the rate at which as many bytes as the case
// touches are copied, whichever takes longer.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(FLUXION_GOOGLE_BENCHMARK)
#include <benchmark/benchmark.h>
#endif

#include "bench.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"

namespace {

using namespace fluxion;
using namespace fluxion::kernels;

// An operand, filled with numbers in (-0.5, 0.5) or with indices below `most`.
struct Array {
  DType dtype = DType::Float32;
  std::vector<std::int64_t> shape, strides;
  std::vector<float> values;

  double bytes() const { return 4.0 * static_cast<double>(values.size()); }
};
using Operand = std::shared_ptr<Array>;

Operand array(std::vector<std::int64_t> shape) {
  auto a = std::make_shared<Array>();
  a->strides.resize(shape.size());
  std::int64_t size = 1;
  for (std::size_t d = shape.size(); d-- > 0; size *= shape[d]) a->strides[d] = size;
  a->values.resize(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < a->values.size(); ++i) a->values[i] = static_cast<float>(i * 7919 % 1013) / 1013 - 0.5f;
  a->shape = std::move(shape);
  return a;
}

Operand indices(std::vector<std::int64_t> shape, std::int64_t most) {
  Operand a = array(std::move(shape));
  a->dtype = DType::Int32;
  for (std::size_t i = 0; i < a->values.size(); ++i)
    a->values[i] = __builtin_bit_cast(float, static_cast<std::int32_t>(static_cast<std::int64_t>(i) * 7919 % most));
  return a;
}

// The same memory with its last two dimensions changed over.
Operand turned(std::vector<std::int64_t> shape) {
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  Operand a = array(std::move(shape));
  std::swap(a->shape[a->shape.size() - 1], a->shape[a->shape.size() - 2]);
  std::swap(a->strides[a->strides.size() - 1], a->strides[a->strides.size() - 2]);
  return a;
}

View view(const Operand& a) {
  if (a == nullptr) return {};
  return {a->values.data(), a->dtype, static_cast<int>(a->shape.size()), a->shape.data(), a->strides.data()};
}

struct Ready {
  double bytes;
  std::function<void()> run;
};

// A case makes its operands only when it is its turn.
struct Case {
  std::string name;
  double flop;
  std::function<Ready()> make;
};

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

template <class P, class... Operands>
Ready call(Prim prim, const P& params, Operands... operands) {
  return {((operands == nullptr ? 0 : operands->bytes()) + ...), [=] { launch(prim, {view(operands)...}, params); }};
}

void add(std::string name, double flop, std::function<Ready()> make) {
  cases().push_back({std::move(name), flop, std::move(make)});
}

// ---- products -------------------------------------------------------------------------------------------

void add_gemm(std::int64_t m, std::int64_t k, std::int64_t n, std::string_view forms = "nn nt tn") {
  for (const std::string_view form : {"nn", "nt", "tn"}) {
    if (forms.find(form) == std::string_view::npos) continue;
    const bool ta = form[0] == 't', tb = form[1] == 't';
    const auto size = [](std::int64_t x) { return std::to_string(x); };
    add("gemm " + size(m) + "x" + size(k) + "x" + size(n) + " " +
            (ta   ? "AᵀB"
             : tb ? "ABᵀ"
                  : "AB"),
        2.0 * static_cast<double>(m * k * n), [=] {
          const Operand a = ta ? turned({1, m, k}) : array({1, m, k}), b = tb ? turned({1, k, n}) : array({1, k, n});
          return call(Prim::Gemm, GemmParams{}, array({1, m, n}), a, b, Operand{});
        });
  }
}

void products() {
  for (const std::int64_t n : {16, 32, 64, 128, 256, 512, 1024}) add_gemm(n, n, n);
  add_gemm(64, 784, 128);  // the MLP's layers
  add_gemm(64, 128, 10);
  add_gemm(1024, 128, 512);  // the GPT's
  add_gemm(1024, 512, 128);
  add_gemm(128, 1024, 512);
  for (const auto& [k, n] : {std::pair<int, int>{128, 512}, {512, 128}, {128, 384}, {128, 65}, {512, 512}})
    add_gemm(1, k, n, "nn nt");
  add_gemm(512, 512, 1, "nn tn");
  add_gemm(4, 512, 512);
  add_gemm(4, 2, 8);  // XOR's
  add_gemm(4, 8, 1);
  add_gemm(2, 4, 8);
  add_gemm(8, 4, 1);
  add_gemm(4, 1, 8);
}

// ---- convolutions ---------------------------------------------------------------------------------------

struct Layer {
  std::int64_t images, channels, size, rows, kernel;
  std::int32_t stride = 1, groups = 1, dilation = 1;
};

void add_conv(const Layer& l) {
  const auto pad = static_cast<std::int32_t>(l.kernel > 7 ? 0 : l.kernel / 2 * l.dilation);
  ConvParams p{.stride_h = l.stride, .stride_w = l.stride};
  p.dilation_h = p.dilation_w = l.dilation;
  p.groups = l.groups;
  p.pad_top = p.pad_left = p.pad_bottom = p.pad_right = pad;
  const std::int64_t out = window_output(l.size, 2 * pad, l.kernel, l.stride, l.dilation);
  const double flop =
      2.0 * static_cast<double>(l.images * l.rows * out * out * l.channels / l.groups * l.kernel * l.kernel);
  const auto size = [](std::int64_t x) { return std::to_string(x); };
  std::string name = size(l.channels) + "→" + size(l.rows) + " " + size(l.kernel) + "×" + size(l.kernel) + " " +
                     size(l.images) + "×" + size(l.size) + "²";
  if (l.stride != 1) name += " /" + size(l.stride);
  if (l.groups != 1) name += " groups " + size(l.groups);
  if (l.dilation != 1) name += " dilation " + size(l.dilation);
  const auto x = [=] { return array({l.images, l.channels, l.size, l.size}); };
  const auto w = [=] { return array({l.rows, l.channels / l.groups, l.kernel, l.kernel}); };
  const auto y = [=] { return array({l.images, l.rows, out, out}); };
  add("conv " + name, flop, [=] { return call(Prim::Conv2d, p, y(), x(), w(), Operand{}); });
  add("conv dx " + name, flop, [=] { return call(Prim::Conv2dGradInput, p, x(), y(), w()); });
  add("conv dw " + name, flop, [=] { return call(Prim::Conv2dGradWeight, p, w(), y(), x()); });
}

void convolutions() {
  const Layer layers[] = {
      {64, 1, 28, 16, 3},          {64, 16, 14, 32, 3},                                 // the CNN's
      {32, 3, 32, 64, 3},          {8, 64, 32, 64, 3},        {16, 128, 16, 128, 3},    // ResNet-18's on CIFAR
      {32, 256, 8, 256, 3},        {32, 512, 4, 512, 3},      {16, 64, 32, 128, 3, 2},  //
      {32, 64, 32, 128, 1, 2},     {32, 256, 8, 512, 1, 2},   {32, 512, 4, 512, 1},     //
      {8, 64, 28, 64, 1},          {8, 64, 28, 64, 3, 1, 64}, {8, 64, 28, 64, 3, 2, 64}, {4, 256, 7, 256, 3},
      {8, 32, 28, 32, 3, 1, 1, 2}, {8, 64, 28, 64, 3, 1, 8},  {2, 3, 112, 32, 7, 2},     {1, 3, 224, 64, 16, 16},
  };
  for (const Layer& layer : layers) add_conv(layer);
  const auto x = [] { return array({64, 16, 28, 28}); };
  const auto y = [] { return array({64, 16, 14, 14}); };
  const auto at = [] { return indices({64, 16, 14, 14}, 784); };
  const PoolParams pool;
  add("max pool", 0, [=] { return call(Prim::MaxPool2d, pool, y(), at(), x()); });
  add("max pool grad", 0, [=] { return call(Prim::MaxPool2dGrad, pool, x(), y(), at()); });
  add("avg pool", 0, [=] { return call(Prim::AvgPool2d, pool, y(), x()); });
  add("avg pool grad", 0, [=] { return call(Prim::AvgPool2dGrad, pool, x(), y()); });
}

// ---- elements and rows ----------------------------------------------------------------------------------

void elements() {
  const auto x = [] { return array({1024, 1024}); };
  const auto rows = [] { return array({1024}); };
  const std::pair<const char*, Unary> unary[] = {
      {"neg", Unary::Neg},   {"relu", Unary::Relu},       {"exp", Unary::Exp},   {"log", Unary::Log},
      {"tanh", Unary::Tanh}, {"sigmoid", Unary::Sigmoid}, {"gelu", Unary::Gelu}, {"gelu tanh", Unary::GeluTanh},
      {"silu", Unary::Silu}, {"erf", Unary::Erf},         {"sqrt", Unary::Sqrt}, {"sin", Unary::Sin}};
  for (const auto& [name, kind] : unary)
    add(name, 0, [=] { return call(Prim::Unary, UnaryParams{.kind = kind}, x(), x()); });
  const std::pair<const char*, Binary> binary[] = {{"add", Binary::Add},
                                                   {"mul", Binary::Mul},
                                                   {"div", Binary::Div},
                                                   {"relu grad", Binary::ReluGrad},
                                                   {"gelu tanh grad", Binary::GeluTanhGrad}};
  for (const auto& [name, kind] : binary)
    add(name, 0, [=] { return call(Prim::Binary, BinaryParams{.kind = kind}, x(), x(), x()); });
  add("copy turned", 0, [=] { return call(Prim::Copy, NoParams{}, x(), turned({1024, 1024})); });
  add("sum", 0, [=] { return call(Prim::Reduce, ReduceParams{Reduce::Sum}, array({1, 1}), x()); });
  add("sum of rows", 0, [=] { return call(Prim::Reduce, ReduceParams{Reduce::Sum}, array({1024, 1}), x()); });
  add("sum of columns", 0, [=] { return call(Prim::Reduce, ReduceParams{Reduce::Sum}, array({1, 1024}), x()); });
  add("softmax", 0, [=] { return call(Prim::Softmax, SoftmaxParams{1}, x(), x()); });
  add("softmax grad", 0, [=] { return call(Prim::SoftmaxGrad, SoftmaxParams{1}, x(), x(), x()); });
  add("layer norm", 0, [=] { return call(Prim::LayerNorm, NormParams{}, x(), rows(), rows(), x(), rows(), rows()); });
  add("layer norm grad", 0,
      [=] { return call(Prim::LayerNormGrad, NoParams{}, x(), rows(), rows(), x(), x(), rows(), rows(), rows()); });
  const auto planes = [] { return array({32, 64, 1024}); };
  const auto channels = [] { return array({64}); };
  add("batch norm", 0, [=] {
    return call(Prim::BatchNorm, NormParams{}, planes(), channels(), channels(), planes(), channels(), channels());
  });
  add("batch norm grad", 0, [=] {
    return call(Prim::BatchNormGrad, NormParams{}, planes(), channels(), channels(), planes(), planes(), channels(),
                channels(), channels());
  });
  const auto targets = [] { return indices({1024}, 1024); };
  add("cross entropy", 0,
      [=] { return call(Prim::CrossEntropy, CrossEntropyParams{}, rows(), rows(), x(), targets()); });
  add("cross entropy grad", 0,
      [=] { return call(Prim::CrossEntropyGrad, CrossEntropyParams{}, x(), rows(), x(), rows(), targets()); });
  add("embedding", 0, [=] { return call(Prim::IndexSelect, IndexParams{}, x(), x(), targets()); });
  add("embedding grad", 0, [=] { return call(Prim::IndexAdd, IndexParams{}, x(), targets(), x()); });
  add("SGD", 0, [=] { return call(Prim::SgdStep, SgdParams{.lr = 1e-3}, x(), x(), Operand{}); });
  add("Adam", 0, [=] { return call(Prim::AdamStep, AdamParams{.lr = 1e-3}, x(), x(), x(), x(), Operand{}); });
}

void attention() {
  for (const bool causal : {false, true}) {
    const double flop = 4.0 * 64 * 64 * 64 * 32 * (causal ? 0.5 : 1);
    const AttentionParams p{.scale = 0.18, .causal = causal};
    const auto head = [] { return array({16, 4, 64, 32}); };
    const auto sums = [] { return array({16, 4, 64}); };
    const std::string name = causal ? "causal attention" : "attention";
    add(name, flop, [=] { return call(Prim::Attention, p, head(), sums(), head(), head(), head(), Operand{}); });
    add(name + " grad", 2.5 * flop, [=] {
      return call(Prim::AttentionGrad, p, head(), head(), head(), head(), head(), head(), head(), head(), sums(),
                  Operand{});
    });
  }
}

// ---- the machine, and the report ------------------------------------------------------------------------

// Bytes per second, read or written, that a copy of this footprint moves.
double bandwidth(double bytes) {
  static std::map<int, double> known;
  const int size = std::max(10, static_cast<int>(std::ceil(std::log2(bytes))));
  double& rate = known[size];
  if (rate == 0) {
    const std::size_t half = std::size_t{1} << (size - 1);
    std::vector<float> from(half / 4, 1.0f), to(from);
    const double time = bench::median_time([&] {
      std::memmove(to.data(), from.data(), half);
      bench::sink = to[half / 8];
    });
    rate = 2.0 * static_cast<double>(half) / time;
  }
  return rate;
}

double peak() {
  static const double flop = 1e9 * bench::register_peak();
  return flop * thread_count();
}

// The least seconds that a case could take.
double least_time(double flop, double bytes) { return std::max(flop / peak(), bytes / bandwidth(bytes)); }

void add_all() {
  products();
  convolutions();
  attention();
  elements();
}

}  // namespace

#if defined(FLUXION_GOOGLE_BENCHMARK)

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc > 2 && std::string_view(argv[1]) == "--threads") set_thread_count(std::atoi(argv[2]));
  add_all();
  for (const Case& c : cases())
    benchmark::RegisterBenchmark(c.name.c_str(), [&c](benchmark::State& state) {
      const Ready ready = c.make();
      for (auto _ : state) ready.run();
      using benchmark::Counter;
      const auto least = static_cast<double>(state.iterations()) * least_time(c.flop, ready.bytes);
      state.counters["share"] = Counter(least, Counter::kIsRate);
      if (c.flop > 0)
        state.counters["FLOP"] = Counter(static_cast<double>(state.iterations()) * c.flop, Counter::kIsRate);
      else
        state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(ready.bytes));
    })->UseRealTime();
  benchmark::RunSpecifiedBenchmarks();
}

#else

int main(int argc, char** argv) {
  std::vector<std::string_view> wanted(argv + 1, argv + argc);
  if (wanted.size() > 1 && wanted[0] == "--threads") {
    set_thread_count(std::atoi(argv[2]));
    wanted.erase(wanted.begin(), wanted.begin() + 2);
  }
  add_all();
  std::printf("%d thread(s), %.1f GFLOP/s at most\n\n%-44s %12s %9s %9s %6s\n", thread_count(), 1e-9 * peak(), "", "µs",
              "GFLOP/s", "GB/s", "share");
  for (const Case& c : cases()) {
    const auto in_name = [&](std::string_view part) { return c.name.find(part) != std::string::npos; };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), in_name)) continue;
    const Ready ready = c.make();
    const double time = bench::median_time(ready.run);
    int columns = 0;  // characters, not bytes
    for (const char letter : c.name) columns += (letter & 0xC0) != 0x80;
    std::printf("%s%*s %12.3f %9.1f %9.1f %5.0f%%\n", c.name.c_str(), std::max(1, 44 - columns), "", 1e6 * time,
                1e-9 * c.flop / time, 1e-9 * ready.bytes / time, 100 * least_time(c.flop, ready.bytes) / time);
  }
}

#endif
