// Matrix products as a share of the machine's arithmetic peak. A plain program, for native builds and for
// wasm under Node: gemm [threads]. Prints GFLOP/s (medians of 7), beside it the peak of multiply-adds that
// touch registers only, measured in the same run.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/kernels.h"

namespace {

using namespace fluxion;
using bench::median_time;
using kernels::GemmParams;
using kernels::View;

struct Matrix {
  std::vector<float> values;
  std::int64_t shape[3], strides[3];
  Matrix(std::int64_t rows, std::int64_t cols, bool transposed = false)
      : values(static_cast<std::size_t>(rows * cols)),
        shape{1, rows, cols},
        strides{rows * cols, transposed ? 1 : cols, transposed ? rows : 1} {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i * 7919 % 1013) / 1013 - 0.5f;
  }
  View view() { return {values.data(), DType::Float32, 3, shape, strides}; }
};

double product_time(std::int64_t m, std::int64_t n, std::int64_t k, bool transpose_a, bool transpose_b) {
  Matrix a(m, k, transpose_a), b(k, n, transpose_b), out(m, n);
  const View views[4] = {out.view(), a.view(), b.view(), View{}};
  const GemmParams params{};
  return median_time([&] { kernels::cpu::gemm(views, &params); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) set_thread_count(std::atoi(argv[1]));
  const double peak = bench::register_peak();
  std::printf("threads %d, register peak of one %.1f GFLOP/s\n\n", thread_count(), peak);

  std::printf("%22s %9s %9s %9s %9s\n", "GFLOP/s", "A·B", "A·Bᵀ", "Aᵀ·B", "Aᵀ·Bᵀ");
  const std::int64_t shapes[][3] = {{16, 16, 16},    {32, 32, 32},    {64, 64, 64},       {128, 128, 128},
                                    {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {64, 128, 784},
                                    {128, 784, 64},  {64, 10, 128},   {64, 64, 32},       {1024, 512, 128},
                                    {1, 512, 512},   {512, 1, 512},   {4, 512, 512},      {3, 3, 5000}};
  for (const auto& [m, n, k] : shapes) {
    const double flop = 2.0 * static_cast<double>(m * n * k) * 1e-9;
    std::printf("%6d ×%5d ×%5d  ", static_cast<int>(m), static_cast<int>(k), static_cast<int>(n));
    for (const bool ta : {false, true})
      for (const bool tb : {false, true}) std::printf(" %9.1f", flop / product_time(m, n, k, ta, tb));
    std::printf("\n");
  }
  std::printf("\nnanoseconds\n");
  const std::int64_t tiny[][3] = {{4, 8, 2}, {4, 1, 8}, {2, 8, 4}, {1, 4, 4}, {8, 8, 8}};
  for (const auto& [m, n, k] : tiny) {
    std::printf("%6d ×%5d ×%5d  ", static_cast<int>(m), static_cast<int>(k), static_cast<int>(n));
    for (const bool ta : {false, true})
      for (const bool tb : {false, true}) std::printf(" %9.0f", 1e9 * product_time(m, n, k, ta, tb));
    std::printf("\n");
  }
  return 0;
}
