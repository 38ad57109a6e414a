#pragma once
// The convolution under Conv2d and its input gradient: every output sees the input through a grid of taps.

#include "fluxion/kernels/gemm_core.h"

namespace fluxion::kernels::cpu {

// One spatial axis. Output o sees, through tap t, the input place o·stride + first + t·step, or zero outside.
struct Axis {
  Index outputs = 0, inputs = 0;
  Index taps = 0;
  Index stride = 1, first = 0, step = 1;
};

// out[m][i][j] = Σ_c Σ_r Σ_s weight[m][c][r][s] · in[c][place(i, r)][place(j, s)] + bias[m], for each image
// and group, then the epilogue.
template <class T>
struct Windows {
  Index images = 0, groups = 1, rows = 0, channels = 0;  // rows (m) and channels of one group
  Axis h, w;
  const T* in = nullptr;  // contiguous planes; groups follow each other
  const T* weight = nullptr;
  Index weight_group = 0, weight_m = 0, weight_c = 0, weight_r = 0, weight_s = 0;
  T* out = nullptr;
  Index out_image = 0, out_group = 0, out_m = 0, out_i = 0, out_j = 0;
  const T* bias = nullptr;  // contiguous over groups and rows, or null
  Epilogue epilogue = Epilogue::None;
};

// For float and double. As in `multiply`, sums run in a fixed order: channels, then taps.
template <class T>
void convolve(const Windows<T>& windows);

// The same for 3×3 taps side by side of enough channels: false, and nothing done, for another problem.
bool convolve_winograd(const Windows<float>& windows);

// dw[m][c][r][s] = Σ_image Σ_ij dy[m][i][j] · x[c][place(i, r)][place(j, s)]; all contiguous.
template <class T>
struct WindowsGrad {
  Index images = 0, groups = 1, rows = 0, channels = 0;
  Axis h, w;
  const T* in = nullptr;
  const T* dy = nullptr;
  T* dw = nullptr;
};

template <class T>
void convolve_grad_weight(const WindowsGrad<T>& windows);

}  // namespace fluxion::kernels::cpu
