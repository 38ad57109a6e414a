// The Gemm primitive: batches and dtypes.

#include <algorithm>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/gemm_core.h"
#include "fluxion/kernels/gemm_small.h"

namespace fluxion::kernels::cpu {

namespace {

// Multiply-adds of one matrix below which the batch, not the matrix, is shared among threads.
constexpr Index kSharedMatrixWork = 4'000'000;
constexpr Index kTaskWork = 200'000;

// A bias of any stride.
template <class T>
void start_from_bias(const View& out, const View& bias, bool accumulate) {
  for (Index batch = 0; batch < out.shape[0]; ++batch) {
    for (Index i = 0; i < out.shape[1]; ++i) {
      T* row = out.as<T>() + batch * out.strides[0] + i * out.strides[1];
      for (Index j = 0; j < out.shape[2]; ++j)
        row[j] = (accumulate ? row[j] : T(0)) + bias.as<T>()[j * bias.strides[0]];
    }
  }
}

template <class T>
void gemm_floating(const View* views, const GemmParams& params) {
  const View &out = views[0], &a = views[1], &b = views[2], &bias = views[3];
  Index batch = out.shape[0];
  const Index out_b = out.strides[0], a_b = a.strides[0], b_b = b.strides[0];
  Product<T> g;
  g.m = out.shape[1];
  g.n = out.shape[2];
  g.k = a.shape[2];
  g.a = a.as<T>();
  g.a_m = a.strides[1];
  g.a_k = a.strides[2];
  g.b = b.as<T>();
  g.b_k = b.strides[1];
  g.b_n = b.strides[2];
  g.out = out.as<T>();
  g.out_m = out.strides[1];
  g.accumulate = params.accumulate;
  if (bias.data != nullptr && bias.strides[0] != 1) {
    start_from_bias<T>(out, bias, params.accumulate);
    g.accumulate = true;
  } else {
    g.column_bias = bias.as<T>();
  }
  g.epilogue = params.epilogue;

  // One b for all: the batch is more rows.
  if (batch > 1 && b_b == 0 && a_b == g.m * g.a_m && out_b == g.m * g.out_m) {
    g.m *= batch;
    batch = 1;
  }
  if (batch == 1) {
    multiply(g);
    return;
  }
  const Index work = g.m * g.n * g.k;
  const auto one = [&](Index i) {
    Product<T> p = g;
    p.a += i * a_b;
    p.b += i * b_b;
    p.out += i * out_b;
    multiply(p);
  };
  if (work >= kSharedMatrixWork) {
    for (Index i = 0; i < batch; ++i) one(i);
  } else {
    parallel_for(batch, std::max<Index>(1, kTaskWork / (work + 1)), [&](Index i, Index end) {
      for (; i < end; ++i) one(i);
    });
  }
}

// Integers wrap around.
void gemm_int(const View* views, const GemmParams& params) {
  const View &out = views[0], &a = views[1], &b = views[2], &bias = views[3];
  const Index m = out.shape[1], n = out.shape[2], depth = a.shape[2];
  for (Index batch = 0; batch < out.shape[0]; ++batch) {
    for (Index i = 0; i < m; ++i) {
      std::int32_t* row = out.as<std::int32_t>() + batch * out.strides[0] + i * out.strides[1];
      const std::int32_t* x = a.as<std::int32_t>() + batch * a.strides[0] + i * a.strides[1];
      for (Index j = 0; j < n; ++j) {
        const std::int32_t* y = b.as<std::int32_t>() + batch * b.strides[0] + j * b.strides[2];
        std::uint32_t sum = params.accumulate ? static_cast<std::uint32_t>(row[j]) : 0;
        if (bias.data != nullptr) sum += static_cast<std::uint32_t>(bias.as<std::int32_t>()[j]);
        for (Index k = 0; k < depth; ++k)
          sum += static_cast<std::uint32_t>(x[k * a.strides[2]]) * static_cast<std::uint32_t>(y[k * b.strides[1]]);
        row[j] = static_cast<std::int32_t>(sum);
      }
      if (params.epilogue == Epilogue::Relu)
        for (Index j = 0; j < n; ++j) row[j] = std::max(row[j], 0);
    }
  }
}

}  // namespace

void gemm(const View* views, const void* params) {
  ++detail::gemm_core_calls;
  const auto& p = *static_cast<const GemmParams*>(params);
  switch (views[0].dtype) {
    case DType::Float32:
      if (!multiply_small(views, p)) gemm_floating<float>(views, p);
      break;
    case DType::Float64:
      gemm_floating<double>(views, p);
      break;
    default:
      gemm_int(views, p);
      break;
  }
}

}  // namespace fluxion::kernels::cpu
