#include "fluxion/manual/conv.h"

namespace fluxion::manual {
namespace {

using kernels::Prim;

// [N, C, H, W] as [N, C, H·W], and a number for each channel beside it.
Window planes(const Tensor& t) { return {t, {t.size(0), t.size(1), t.size(2) * t.size(3)}}; }
Window per_channel(const Tensor& t) { return {t, {1, t.size(0), 1}}; }

Shape window_shape(const char* type, const Shape& input, std::int64_t channels, std::int64_t kernel,
                   std::int64_t stride, std::int64_t padding) {
  check_input(input.ssize() == 4, type, "[N, C, H, W]", input);
  Shape out = {input[0], channels, 0, 0};
  for (int d = 2; d < 4; ++d) {
    out[d] = kernels::window_output(input[d], 2 * padding, kernel, stride, 1);
    if (out[d] < 1)
      throw ShapeError(
          str(type, ": a window of ", kernel, " does not fit into the input ", input, " with padding ", padding));
  }
  return out;
}

}  // namespace

Conv2d::Conv2d(std::int64_t channels, std::int64_t kernel, const Conv2dOptions& o)
    : ActivatedLayer(o.activation), channels_(channels), kernel_(kernel) {
  check_at_least("Conv2d", "channels", channels, 1);
  check_at_least("Conv2d", "kernel", kernel, 1);
  check_at_least("Conv2d", "stride", o.stride, 1);
  check_at_least("Conv2d", "padding", o.padding, 0);
  params_.stride_h = params_.stride_w = static_cast<std::int32_t>(o.stride);
  params_.pad_top = params_.pad_left = params_.pad_bottom = params_.pad_right = static_cast<std::int32_t>(o.padding);
}

Shape Conv2d::output_shape(const Shape& input) const {
  return window_shape("Conv2d", input, channels_, kernel_, params_.stride_h, params_.pad_top);
}

void Conv2d::build() {
  const std::int64_t fan_in = x.size(1) * kernel_ * kernel_;
  make_parameter(W, "W", dW, "dW", {channels_, x.size(1), kernel_, kernel_});
  make_parameter(b, "b", db, "db", {channels_});
  make_activation();
  draw_weights(W, fan_in);
  draw_weights(b, fan_in);
}

// With o the output channel, c the input channel, (p, q) a place in the output and (r, s) one in the window, which
// lies over x at (p', q') = (p·stride + r − padding, q·stride + s − padding):

void Conv2d::forward() {
  // z[n,o,p,q] = b[o] + Σ_{c,r,s} W[o,c,r,s]·x[n,c,p',q']
  kernels::launch(Prim::Conv2d, {images(z), images(x), images(W), Window(b, {channels_})}, params_);
  activate();
}

void Conv2d::backward() {
  activate_backward();
  // dL/dW[o,c,r,s] = Σ_{n,p,q} dL/dz[n,o,p,q]·x[n,c,p',q']
  kernels::launch(Prim::Conv2dGradWeight, {images(dW), images(dz), images(x)}, params_);
  // dL/db[o] = Σ_{n,p,q} dL/dz[n,o,p,q]
  sum(per_channel(db), planes(dz));
  // dL/dx[n,c,p',q'] = Σ of dL/dz[n,o,p,q]·W[o,c,r,s] over all o, p, q, r, s that reach it
  kernels::launch(Prim::Conv2dGradInput, {images(dx), images(dz), images(W)}, params_);
}

Pool2d::Pool2d(const char* type, std::int64_t kernel, const PoolOptions& o) {
  check_at_least(type, "kernel", kernel, 1);
  check_at_least(type, "stride", o.stride, 0);
  check_at_least(type, "padding", o.padding, 0);
  if (2 * o.padding > kernel)
    throw ShapeError(str(type, ": padding (", o.padding, ") may be at most half the kernel (", kernel, ")"));
  params_.kernel_h = params_.kernel_w = static_cast<std::int32_t>(kernel);
  params_.stride_h = params_.stride_w = static_cast<std::int32_t>(o.stride == 0 ? kernel : o.stride);
  params_.pad_h = params_.pad_w = static_cast<std::int32_t>(o.padding);
}

Shape Pool2d::output_shape(const Shape& input) const {
  return window_shape(type_name(), input, input.ssize() > 1 ? input[1] : 0, params_.kernel_h, params_.stride_h,
                      params_.pad_h);
}

void MaxPool2d::forward() {  // y = the largest x of the window
  kernels::launch(Prim::MaxPool2d, {images(y), images(index), images(x)}, params_);
}

void MaxPool2d::backward() {  // dL/dy goes to where the largest lay, the rest of the window gets nothing
  kernels::launch(Prim::MaxPool2dGrad, {images(dx), images(dy), images(index)}, params_);
}

void AvgPool2d::forward() {  // y = Σ x of the window / kernel²
  kernels::launch(Prim::AvgPool2d, {images(y), images(x)}, params_);
}

void AvgPool2d::backward() {  // each x of the window gets dL/dy / kernel²
  kernels::launch(Prim::AvgPool2dGrad, {images(dx), images(dy)}, params_);
}

Shape Flatten::output_shape(const Shape& input) const {
  check_input(!input.empty(), "Flatten", "[N, …]", input);
  return {input[0], numel(input) / input[0]};
}

void Flatten::forward() { copy(y, Window(x, {y.size(0), y.size(1)})); }
void Flatten::backward() { copy(Window(dx, {y.size(0), y.size(1)}), dy); }

}  // namespace fluxion::manual
