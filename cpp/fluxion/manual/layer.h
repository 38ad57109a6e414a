#pragma once
// A layer with hand-written backpropagation: forward() computes y from x, backward() computes from dy = dL/dy the
// gradients of the weights and dx = dL/dx. All buffers are made once, by initialize(), for one size of input; from
// then on nothing is allocated, and each buffer can be read by its name at any time. Names are those of the formulas:
//
//   x, y      input and output            dx, dy   their gradients, dL/dx and dL/dy
//   W, b      weights and bias            dW, db   their gradients
//   z         before the activation, y = f(z)      dz = dL/dz
//
//   auto dense = make_ref<manual::Dense>(8, manual::Activation::Tanh);
//   dense->initialize({4, 2});                      // 4 examples of 2 numbers
//   dense->set_buffer("x", x);
//   dense->forward();                               // dense->y
//   dense->set_buffer("dy", dy);
//   dense->backward();                              // dense->dW, dense->db, dense->dx
//   dense->update(0.1);                             // W −= 0.1·dW, b −= 0.1·db

#include <string>
#include <string_view>
#include <vector>

#include "fluxion/manual/window.h"

namespace fluxion::manual {

class Layer : public RefCounted<Layer> {
 public:
  virtual ~Layer() = default;
  virtual const char* type_name() const = 0;

  // The output's shape; ShapeError when the layer does not take such an input.
  virtual Shape output_shape(const Shape& input) const = 0;
  // True for a layer whose x holds indices (int32): it has no dx.
  virtual bool takes_indices() const { return false; }

  // Makes the buffers for inputs of this shape, the batch first, and draws fresh weights. float32 or float64.
  void initialize(const Shape& input, DType dtype = DType::Float32);
  // The same for a layer within others, which hand in the buffers that they share with it. Without y and dy it
  // makes its own.
  void connect(const Tensor& input, const Tensor& input_gradient, DType dtype, const Tensor& output = {},
               const Tensor& output_gradient = {});

  virtual void forward() = 0;
  virtual void backward() = 0;
  // Gradient descent: each weight W −= lr·dW.
  void update(double lr);

  // Dropout and BatchNorm tell training from prediction; layers start in training.
  void set_training(bool on);
  bool training() const { return training_; }

  // The names of all buffers, inner layers' with a prefix: "x, y, dy, dx, query.W".
  std::string buffer_names() const;
  // One of them, sharing memory with the layer; FluxionError when there is none of that name.
  Tensor buffer(std::string_view name) const;
  // Copies values into a buffer; ShapeError or DTypeError when they do not fit.
  void set_buffer(std::string_view name, const Tensor& value);

  Tensor x, y, dy, dx;

 protected:
  // Makes what the layer needs beside x, y, dy and dx.
  virtual void build() {}

  // A buffer of zeros under a name.
  void make(Tensor& field, const char* name, const Shape& shape);
  void make(Tensor& field, const char* name, Sizes sizes);
  void make_indices(Tensor& field, const char* name, const Shape& shape);
  // An existing buffer under a name.
  void share(Tensor& field, const char* name, const Tensor& t);
  // Memory for what no formula names.
  Tensor room(const Shape& shape) const { return Tensor::empty(shape, dtype_); }
  // Weights and their gradient, which update() takes a step along.
  void make_parameter(Tensor& value, const char* name, Tensor& gradient, const char* gradient_name, Sizes sizes);
  // Uniform draws in ±1/√fan_in, as PyTorch's layers start.
  static void draw_weights(const Tensor& t, std::int64_t fan_in);
  // A layer inside this one, under a name, or without one under a number. It belongs to no other.
  void adopt(const char* name, const Ref<Layer>& child, std::size_t number = 0);
  void drop_children() { children_.clear(); }
  DType dtype() const { return dtype_; }

 private:
  struct Buffer {
    const char* name;
    Tensor tensor;
  };
  struct Parameter {
    Tensor value, gradient;
  };
  struct Child {
    const char* name;
    std::size_t number;
    Ref<Layer> layer;
  };
  void make(Tensor& field, const char* name, const Shape& shape, DType dtype);
  static std::string name_of(const Child& child);
  void collect(const std::string& prefix, std::string& names) const;
  Tensor find(std::string_view name) const;

  std::vector<Buffer> buffers_;
  std::vector<Parameter> parameters_;
  std::vector<Child> children_;
  DType dtype_ = DType::Float32;
  bool training_ = true, adopted_ = false;
};

// A layer that ends in an activation: y = f(z). Linear: z is y and dz is dy, the same memory.
class ActivatedLayer : public Layer {
 public:
  explicit ActivatedLayer(Activation f) : f_(f) {}
  Tensor z, dz;

 protected:
  void make_activation();
  void activate() { manual::activate(f_, y, z); }                            // y = f(z)
  void activate_backward() { manual::activate_backward(f_, dz, dy, z, y); }  // dz = dy·f′(z)

 private:
  Activation f_;
};

// The values of a tensor in a new one of its own.
Tensor copy_of(const Tensor& t);
// Copies values of any dtype that can stand for `into`'s, of one shape; errors say `what` they are.
void copy_checked(const char* type, std::string_view what, const Tensor& into, const Tensor& value);
// ShapeError "Dense: the input must be [N, …, features], it is [3]" unless it fits.
void check_input(bool fits, const char* type, const char* wanted, const Shape& input);
// "Dense: units must be at least 1, it is 0"
void check_at_least(const char* type, const char* argument, std::int64_t value, std::int64_t least);

}  // namespace fluxion::manual
