#include "fluxion/nn/embedding.h"

#include <cmath>

#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

Tensor Positional::from(std::int64_t start, const Tensor& x) const {
  const Tensor& rows = table();
  if (x.rank() < 2 || x.size(-1) != rows.size(1))
    throw ShapeError(str(type_name(), ": needs an input of [..., T, ", rows.size(1), "], this one is ", x.shape()));
  if (const std::int64_t end = start + x.size(-2); end > rows.size(0))
    throw ShapeError(
        str(type_name(), ": a sequence of ", end, " is longer than the ", rows.size(0), " positions there are"));
  return x + (x.size(-2) == rows.size(0) ? rows : narrow(rows, 0, start, x.size(-2)));
}

Embedding::Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim, std::optional<std::int64_t> padding_idx,
                     DType dtype)
    : padding_idx_(padding_idx) {
  check_at_least("Embedding", "numEmbeddings", num_embeddings, 1);
  check_at_least("Embedding", "embeddingDim", embedding_dim, 1);
  check_float_dtype("Embedding", dtype);
  if (padding_idx_ && *padding_idx_ < 0) *padding_idx_ += num_embeddings;
  if (padding_idx_ && (*padding_idx_ < 0 || *padding_idx_ >= num_embeddings))
    throw IndexError(str("Embedding: paddingIdx ", *padding_idx, " is out of range for ", num_embeddings, " rows"));
  weight = randn({num_embeddings, embedding_dim}, dtype);
  if (padding_idx_) fill_(select(weight, 0, *padding_idx_), 0);
  register_parameter("weight", weight);
}

std::string Embedding::extra_repr() const {
  return str(weight.size(0), ", ", weight.size(1), padding_idx_ ? str(", padding_idx=", *padding_idx_) : "");
}

Tensor Embedding::forward(const Tensor& index) { return embedding(index, weight, padding_idx_); }

SinusoidalPositionalEncoding::SinusoidalPositionalEncoding(std::int64_t dim, std::int64_t max_length, DType dtype) {
  check_at_least("SinusoidalPositionalEncoding", "dim", dim, 1);
  check_at_least("SinusoidalPositionalEncoding", "maxLength", max_length, 1);
  check_float_dtype("SinusoidalPositionalEncoding", dtype);
  std::vector<double> values(static_cast<std::size_t>(dim * max_length));
  for (std::int64_t t = 0; t < max_length; ++t) {
    for (std::int64_t i = 0; i < dim; ++i) {
      const double angle = static_cast<double>(t) *
                           std::exp(static_cast<double>(i / 2 * 2) * -std::log(10000.0) / static_cast<double>(dim));
      values[static_cast<std::size_t>(t * dim + i)] = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
  encoding = to_dtype(Tensor::from(values, {max_length, dim}), dtype);
  register_buffer("encoding", encoding, false);
}

std::string SinusoidalPositionalEncoding::extra_repr() const {
  return str(encoding.size(1), ", max_length=", encoding.size(0));
}

LearnedPositionalEmbedding::LearnedPositionalEmbedding(std::int64_t max_length, std::int64_t dim, DType dtype) {
  check_at_least("LearnedPositionalEmbedding", "maxLength", max_length, 1);
  check_at_least("LearnedPositionalEmbedding", "dim", dim, 1);
  check_float_dtype("LearnedPositionalEmbedding", dtype);
  weight = randn({max_length, dim}, dtype);
  register_parameter("weight", weight);
}

std::string LearnedPositionalEmbedding::extra_repr() const { return str(weight.size(0), ", ", weight.size(1)); }

std::vector<ModuleRow> embedding_module_rows() {
  return {
      module<Embedding(std::int64_t, std::int64_t, std::optional<std::int64_t>, DType)>(
          "Embedding", {"numEmbeddings", "embeddingDim", "*paddingIdx=null", "*dtype=\"float32\""})
          .doc("A table of learnt vectors, looked up by int32 index. The row paddingIdx starts as zeros and "
               "gets no "
               "gradient.")
          .shapes("[…] to […, embeddingDim]; weight [numEmbeddings, embeddingDim]")
          .init("weight from N(0, 1)")
          .errors("IndexError when an index lies outside the table, DTypeError when indices are not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html")
          .fields({"weight"})
          .example("new nn.Embedding(10, 4).forward(tensor([1, 2, 3], { dtype: 'int32' })).shape", "[3, 4]")
          .sample("numEmbeddings=10 embeddingDim=3", "[2,5]:i(0,10)", "nn.Embedding(10, 3)")
          .sample("numEmbeddings=8 embeddingDim=4 paddingIdx=-1", "[7]:i(0,8)", "nn.Embedding(8, 4, padding_idx=-1)"),
      module<SinusoidalPositionalEncoding(std::int64_t, std::int64_t, DType)>(
          "SinusoidalPositionalEncoding", {"dim", "*maxLength=5000", "*dtype=\"float32\""})
          .doc("Adds sines and cosines of geometrically spaced frequencies, so that a transformer can tell "
               "positions "
               "apart.")
          .formula("x + pe, pe(t, 2i) = sin(t / 10000^(2i/dim)), pe(t, 2i + 1) = cos(t / 10000^(2i/dim))")
          .shapes("[…, T, dim], kept")
          .errors("ShapeError when T is over maxLength")
          .source("https://arxiv.org/abs/1706.03762")
          .fields({"encoding"})
          .example("new nn.SinusoidalPositionalEncoding(4).forward(zeros([1, 4])).toArray()", "[[0, 1, 0, 1]]")
          .sample("dim=6 maxLength=9", "[2,5,6]", "SinusoidalPositionalEncoding(6, max_length=9)")
          .sample("dim=5 maxLength=4", "[4,5]", "SinusoidalPositionalEncoding(5, max_length=4)"),
      module<LearnedPositionalEmbedding(std::int64_t, std::int64_t, DType)>("LearnedPositionalEmbedding",
                                                                            {"maxLength", "dim", "*dtype=\"float32\""})
          .doc("Adds a learnt vector for each position.")
          .formula("x + weight[0…T−1]")
          .shapes("[…, T, dim], kept; weight [maxLength, dim]")
          .init("weight from N(0, 1)")
          .errors("ShapeError when T is over maxLength")
          .source("https://arxiv.org/abs/1705.03122")
          .fields({"weight"})
          .example("new nn.LearnedPositionalEmbedding(8, 4).forward(zeros([2, 5, 4])).shape", "[2, 5, 4]")
          .sample("maxLength=7 dim=3", "[2,5,3]", "LearnedPositionalEmbedding(7, 3)"),
  };
}

}  // namespace fluxion::nn
