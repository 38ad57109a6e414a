#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// A loss is a layer whose x is the prediction, whose y is one number, the loss, and whose dx = dL/dx is where a
// network's backward pass begins.
class Loss : public Layer {
 public:
  Tensor target;
  // ShapeError, DTypeError or IndexError when a target does not fit a prediction of this shape.
  virtual void check_target(const Tensor& t, const Shape& prediction) const = 0;
  // Copies the target in.
  virtual void set_target(const Tensor& t);
  double value() const { return y.item(); }
  Shape output_shape(const Shape& input) const override;

 protected:
  void build() override;
  std::int64_t rows() const { return x.numel() / x.size(-1); }
  Tensor work_;
};

// The mean of (x − target)² over all numbers; the target has the prediction's shape.
class MSE : public Loss {
 public:
  const char* type_name() const override { return "MSE"; }
  void check_target(const Tensor& t, const Shape& prediction) const override;
  void forward() override;
  void backward() override;
};

// −Σ t·log p over the classes, p = softmax(x), averaged over the rows. x [N, …, C] are scores. The target is the
// class of each row, int32 [N, …], or the classes' probabilities t, [N, …, C], which add up to 1; `target` holds the
// latter. logp and p are the buffers between.
class SoftmaxCrossEntropy : public Loss {
 public:
  const char* type_name() const override { return "SoftmaxCrossEntropy"; }
  void check_target(const Tensor& t, const Shape& prediction) const override;
  void set_target(const Tensor& t) override;
  void forward() override;
  void backward() override;

  Tensor logp, p;

 private:
  void build() override;
  Tensor classes_;
};

}  // namespace fluxion::manual
