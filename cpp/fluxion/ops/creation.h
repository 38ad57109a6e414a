#pragma once
// New tensors.

#include <optional>

#include "fluxion/core/random.h"
#include "fluxion/ops/types.h"

namespace fluxion {

Tensor zeros(const Shape& shape, DType dtype = DType::Float32);
Tensor ones(const Shape& shape, DType dtype = DType::Float32);
Tensor full(const Shape& shape, double value, DType dtype = DType::Float32);
Tensor eye(std::int64_t n, std::optional<std::int64_t> m = {}, DType dtype = DType::Float32);
// Integers give int32 unless dtype says otherwise.
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step = 1, std::optional<DType> dtype = {});
Tensor linspace(double start, double end, std::int64_t steps, DType dtype = DType::Float32);
Tensor zeros_like(const Tensor& x, std::optional<DType> dtype = {});
Tensor ones_like(const Tensor& x, std::optional<DType> dtype = {});
Tensor full_like(const Tensor& x, double value, std::optional<DType> dtype = {});

// Draws from the default generator: PyTorch's CPU stream.
void manual_seed(std::uint64_t seed);
Tensor rand(const Shape& shape, DType dtype = DType::Float32);
Tensor randn(const Shape& shape, DType dtype = DType::Float32);
Tensor randint(std::int64_t low, std::int64_t high, const Shape& shape, DType dtype = DType::Int32);
Tensor randperm(std::int64_t n);
Tensor bernoulli(const Shape& shape, double p, DType dtype = DType::Float32);
Tensor rand_like(const Tensor& x, std::optional<DType> dtype = {});
Tensor randn_like(const Tensor& x, std::optional<DType> dtype = {});
// Indices drawn by the weights in each row, which need not sum to 1: int32.
Tensor multinomial(const Tensor& x, std::int64_t num_samples, bool replacement = false);
// In place, for initialisers; unrecorded.
void fill_(const Tensor& x, double value);
void uniform_(const Tensor& x, double from = 0, double to = 1);
void normal_(const Tensor& x, double mean = 0, double std = 1);
// Copies values (any dtype, broadcast) into x; unrecorded.
void copy_(const Tensor& x, const Tensor& source);

}  // namespace fluxion
