// Conv2d and its gradients: which of the two products each shape takes.

#include <algorithm>
#include <numeric>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/conv_windows.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/gemm_core.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kTaskWork = 200'000;
constexpr Index kSharedMatrixWork = 4'000'000;

// The sizes of one call; x [images, groups·channels, h, w], out [images, groups·rows, out_h, out_w].
struct Sizes {
  ConvParams p;
  Index images, groups, rows, channels, h, w, kernel_h, kernel_w, out_h, out_w;

  Sizes(const View& x, const View& weight, const View& out, const ConvParams& params)
      : p(params),
        images(x.shape[0]),
        groups(params.groups),
        rows(weight.shape[0] / params.groups),
        channels(weight.shape[1]),
        h(x.shape[2]),
        w(x.shape[3]),
        kernel_h(weight.shape[2]),
        kernel_w(weight.shape[3]),
        out_h(out.shape[2]),
        out_w(out.shape[3]) {}

  bool padded() const { return (p.pad_top | p.pad_left | p.pad_bottom | p.pad_right) != 0; }
  bool pointwise() const { return kernel_h == 1 && kernel_w == 1 && p.stride_h == 1 && p.stride_w == 1 && !padded(); }
  // Planes that are worth a product each.
  bool large() const { return plane() >= 512; }
  // One window that is the whole plane: a fully connected layer.
  bool whole() const { return groups == 1 && out_h == 1 && out_w == 1 && kernel_h == h && kernel_w == w && !padded(); }
  Index plane() const { return h * w; }
  Index out_plane() const { return out_h * out_w; }

  // The plane of a pointwise one is a long row.
  Axis axis_h() const {
    if (pointwise()) return {1, 1, 1, 1, 0, 1};
    return {out_h, h, kernel_h, p.stride_h, -p.pad_top, p.dilation_h};
  }
  Axis axis_w() const {
    if (pointwise()) return {plane(), plane(), 1, 1, 0, 1};
    return {out_w, w, kernel_w, p.stride_w, -p.pad_left, p.dilation_w};
  }
};

// One product for each image and group.
template <class F>
void each_product(const Sizes& s, Index work, F&& f) {
  const Index count = s.images * s.groups;
  if (work >= kSharedMatrixWork) {
    for (Index i = 0; i < count; ++i) f(i);
  } else {
    parallel_for(count, std::max<Index>(1, kTaskWork / (work + 1)), [&](Index i, Index end) {
      for (; i < end; ++i) f(i);
    });
  }
}

template <class T>
void forward(const View* views, const ConvParams& params) {
  const View &out = views[0], &x = views[1], &weight = views[2], &bias = views[3];
  const Sizes s(x, weight, out, params);
  if (s.pointwise() && s.large()) {
    Product<T> g;
    g.m = s.rows, g.n = s.plane(), g.k = s.channels;
    g.a_m = s.channels, g.a_k = 1, g.b_k = s.plane(), g.b_n = 1, g.out_m = s.plane();
    g.epilogue = params.epilogue;
    each_product(s, g.m * g.n * g.k, [&](Index i) {
      Product<T> one = g;
      const Index group = i % s.groups;
      one.a = weight.as<T>() + group * g.m * g.k;
      one.b = x.as<T>() + i * g.k * g.n;
      one.out = out.as<T>() + i * g.m * g.n;
      if (bias.data != nullptr) one.row_bias = bias.as<T>() + group * g.m;
      multiply(one);
    });
    return;
  }
  if (s.whole()) {
    Product<T> g;
    g.m = s.images, g.n = s.rows, g.k = s.channels * s.plane();
    g.a = x.as<T>(), g.a_m = g.k, g.a_k = 1;
    g.b = weight.as<T>(), g.b_k = 1, g.b_n = g.k;
    g.out = out.as<T>(), g.out_m = g.n;
    g.column_bias = bias.as<T>();
    g.epilogue = params.epilogue;
    multiply(g);
    return;
  }
  Windows<T> g;
  g.images = s.images, g.groups = s.groups, g.rows = s.rows, g.channels = s.channels;
  g.h = s.axis_h(), g.w = s.axis_w();
  g.in = x.as<T>();
  g.weight = weight.as<T>();
  g.weight_s = 1, g.weight_r = s.kernel_w, g.weight_c = s.kernel_h * s.kernel_w;
  g.weight_m = s.channels * g.weight_c, g.weight_group = s.rows * g.weight_m;
  g.out = out.as<T>();
  g.out_j = 1, g.out_i = s.out_w, g.out_m = s.out_plane();
  g.out_group = s.rows * g.out_m, g.out_image = s.groups * g.out_group;
  g.bias = bias.as<T>();
  g.epilogue = params.epilogue;
  convolve(g);
}

// Along one axis, the inputs at places begin, begin + stride, … are windows on the output gradient: place
// begin + o·stride got something from tap t of the window at place o + (begin + pad − t·dilation) / stride,
// for every `step`-th tap from the first that divides.
struct Phase {
  Axis axis;
  Index begin = 0;
  Index first_tap = 0, tap_step = 1;
};

Phase input_phase(Index begin, Index inputs, Index outputs, Index kernel, Index stride, Index pad, Index dilation) {
  Phase phase{};
  phase.begin = begin;
  phase.tap_step = stride / std::gcd(stride, dilation);
  while (phase.first_tap < phase.tap_step && (begin + pad - phase.first_tap * dilation) % stride != 0)
    ++phase.first_tap;
  if (phase.first_tap < phase.tap_step && phase.first_tap < kernel)
    phase.axis.taps = (kernel - 1 - phase.first_tap) / phase.tap_step + 1;
  phase.axis.outputs = begin < inputs ? (inputs - begin - 1) / stride + 1 : 0;
  phase.axis.inputs = outputs;
  phase.axis.first = (begin + pad - phase.first_tap * dilation) / stride;
  phase.axis.step = -(phase.tap_step * dilation) / stride;
  return phase;
}

template <class T>
void grad_input(const View* views, const ConvParams& params) {
  const View &dx = views[0], &dy = views[1], &weight = views[2];
  const Sizes s(dx, weight, dy, params);
  if (s.pointwise() && s.large()) {
    Product<T> g;
    g.m = s.channels, g.n = s.plane(), g.k = s.rows;
    g.a_m = 1, g.a_k = s.channels, g.b_k = s.plane(), g.b_n = 1, g.out_m = s.plane();
    each_product(s, g.m * g.n * g.k, [&](Index i) {
      Product<T> one = g;
      one.a = weight.as<T>() + i % s.groups * g.m * g.k;
      one.b = dy.as<T>() + i * g.k * g.n;
      one.out = dx.as<T>() + i * g.m * g.n;
      multiply(one);
    });
    return;
  }
  if (s.whole()) {
    Product<T> g;
    g.m = s.images, g.n = s.channels * s.plane(), g.k = s.rows;
    g.a = dy.as<T>(), g.a_m = g.k, g.a_k = 1;
    g.b = weight.as<T>(), g.b_k = g.n, g.b_n = 1;
    g.out = dx.as<T>(), g.out_m = g.n;
    multiply(g);
    return;
  }
  // Places that no window sees.
  const auto holes = [](Index kernel, Index stride, Index dilation) {
    return kernel < stride || std::gcd(stride, dilation) > 1;
  };
  if (holes(s.kernel_h, params.stride_h, params.dilation_h) || holes(s.kernel_w, params.stride_w, params.dilation_w))
    std::fill_n(dx.as<T>(), s.images * s.groups * s.channels * s.plane(), T(0));
  for (Index a = 0; a < std::min<Index>(params.stride_h, s.h); ++a) {
    for (Index b = 0; b < std::min<Index>(params.stride_w, s.w); ++b) {
      Phase h{s.axis_h()}, w{s.axis_w()};
      if (!s.pointwise()) {
        h = input_phase(a, s.h, s.out_h, s.kernel_h, params.stride_h, params.pad_top, params.dilation_h);
        w = input_phase(b, s.w, s.out_w, s.kernel_w, params.stride_w, params.pad_left, params.dilation_w);
      }
      if (h.axis.taps == 0 || w.axis.taps == 0) continue;
      Windows<T> g;
      g.images = s.images, g.groups = s.groups, g.rows = s.channels, g.channels = s.rows;
      g.h = h.axis, g.w = w.axis;
      g.in = dy.as<T>();
      const Index taps = s.kernel_h * s.kernel_w;
      g.weight = weight.as<T>() + h.first_tap * s.kernel_w + w.first_tap;
      g.weight_s = w.tap_step, g.weight_r = h.tap_step * s.kernel_w;
      g.weight_m = taps, g.weight_c = s.channels * taps, g.weight_group = s.rows * s.channels * taps;
      g.out = dx.as<T>() + a * s.w + b;
      g.out_j = params.stride_w, g.out_i = params.stride_h * s.w, g.out_m = s.plane();
      g.out_group = s.channels * s.plane(), g.out_image = s.groups * g.out_group;
      convolve(g);
    }
  }
}

template <class T>
void grad_weight(const View* views, const ConvParams& params) {
  const View &dw = views[0], &dy = views[1], &x = views[2];
  const Sizes s(x, dw, dy, params);
  if (s.whole()) {
    Product<T> g;
    g.m = s.rows, g.n = s.channels * s.plane(), g.k = s.images;
    g.a = dy.as<T>(), g.a_m = 1, g.a_k = g.m;
    g.b = x.as<T>(), g.b_k = g.n, g.b_n = 1;
    g.out = dw.as<T>(), g.out_m = g.n;
    multiply(g);
    return;
  }
  WindowsGrad<T> g;
  g.images = s.images, g.groups = s.groups, g.rows = s.rows, g.channels = s.channels;
  g.h = s.axis_h(), g.w = s.axis_w();
  g.in = x.as<T>();
  g.dy = dy.as<T>();
  g.dw = dw.as<T>();
  convolve_grad_weight(g);
}

}  // namespace

void conv2d(const View* views, const void* params) {
  ++detail::gemm_core_calls;
  dispatch_floating(views[0].dtype, [&]<class T>() { forward<T>(views, *static_cast<const ConvParams*>(params)); });
}

void conv2d_grad_input(const View* views, const void* params) {
  ++detail::gemm_core_calls;
  dispatch_floating(views[0].dtype, [&]<class T>() { grad_input<T>(views, *static_cast<const ConvParams*>(params)); });
}

void conv2d_grad_weight(const View* views, const void* params) {
  ++detail::gemm_core_calls;
  dispatch_floating(views[0].dtype, [&]<class T>() { grad_weight<T>(views, *static_cast<const ConvParams*>(params)); });
}

}  // namespace fluxion::kernels::cpu
