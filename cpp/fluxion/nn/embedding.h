#pragma once
// From indices to vectors, and what tells a transformer where in a sequence it is.

#include "fluxion/nn/module.h"

namespace fluxion::nn {

// Rows of weight [num_embeddings, embedding_dim] picked by int32 indices of any shape: [...] to [..., dim].
// weight starts as N(0, 1); the row padding_idx as zeros, and it gets no gradient. A negative padding_idx
// counts from the end.
class Embedding final : public Module {
 public:
  Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim, std::optional<std::int64_t> padding_idx = {},
            DType dtype = DType::Float32);
  const char* type_name() const override { return "Embedding"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& index) override;

  Tensor weight;

 private:
  std::optional<std::int64_t> padding_idx_;
};

// Adds the rows of a table [L, D] to the places of x [..., T, D].
class Positional : public Module {
 public:
  Tensor forward(const Tensor& x) override { return from(0, x); }
  // x's first place is place `start` of a longer sequence.
  Tensor from(std::int64_t start, const Tensor& x) const;

 protected:
  virtual const Tensor& table() const = 0;
};

// Adds sines and cosines of geometrically spaced frequencies (Vaswani et al. 2017): x [..., T, D] to the
// same. encoding(t, 2i) = sin(t / 10000^(2i/D)), encoding(t, 2i + 1) = cos(t / 10000^(2i/D)).
class SinusoidalPositionalEncoding final : public Positional {
 public:
  explicit SinusoidalPositionalEncoding(std::int64_t dim, std::int64_t max_length = 5000, DType dtype = DType::Float32);
  const char* type_name() const override { return "SinusoidalPositionalEncoding"; }
  std::string extra_repr() const override;

  Tensor encoding;  // [max_length, dim], a buffer that is not saved

 protected:
  const Tensor& table() const override { return encoding; }
};

// Adds a learnt vector for each position: x [..., T, D] to the same. weight [max_length, dim] starts as N(0,
// 1).
class LearnedPositionalEmbedding final : public Positional {
 public:
  LearnedPositionalEmbedding(std::int64_t max_length, std::int64_t dim, DType dtype = DType::Float32);
  const char* type_name() const override { return "LearnedPositionalEmbedding"; }
  std::string extra_repr() const override;

  Tensor weight;

 protected:
  const Tensor& table() const override { return weight; }
};

}  // namespace fluxion::nn
