#pragma once
// Resident datasets and their batches.

#include <cstdint>
#include <optional>
#include <vector>

#include "fluxion/core/random.h"
#include "fluxion/core/tensor.h"

namespace fluxion::data {

// Tensors whose first dimensions count the same examples: (inputs, targets), or more. Views are welcome:
// nothing is copied.
class TensorDataset {
 public:
  explicit TensorDataset(std::vector<Tensor> tensors);
  std::int64_t size() const { return tensors_[0].size(0); }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  const Tensor& operator[](std::size_t i) const { return tensors_[i]; }

  // Examples [start, start + count) as views; those at int32 indices [n] as copies. Indices are trusted.
  void range(std::int64_t start, std::int64_t count, std::vector<Tensor>& out) const;
  void pick(const Tensor& index, std::vector<Tensor>& out) const;

 private:
  std::vector<Tensor> tensors_;
};

struct LoaderOptions {
  std::int64_t batch_size = 1;
  bool shuffle = false;
  bool drop_last = false;  // leave out a last batch that is smaller
  // Orders drawn from a generator of this seed, as torch's DataLoader draws with `generator`; without a seed,
  // from the default generator as torch's does without one.
  std::optional<std::uint64_t> seed = {};
};

// Batches of a dataset, epoch by epoch:
//
//   for (const std::vector<Tensor>& batch : loader) step(batch[0], batch[1]);
//
// Batches are gathered from the resident tensors into recycled memory; unshuffled ones are views.
class DataLoader {
 public:
  DataLoader(TensorDataset dataset, const LoaderOptions& options);
  DataLoader(TensorDataset dataset, std::int64_t batch_size)
      : DataLoader(std::move(dataset), LoaderOptions{.batch_size = batch_size}) {}

  const TensorDataset& dataset() const { return dataset_; }
  std::int64_t batch_count() const;  // per epoch
  std::int64_t batch_size(std::int64_t batch) const;

  // Draws the order of a new epoch.
  void start_epoch();
  // Batch number `batch` of this epoch.
  void load(std::int64_t batch, std::vector<Tensor>& out) const;
  // The same in two: what the batch is taken by (its examples' places when shuffled, else views), and the taking.
  void given(std::int64_t batch, std::vector<Tensor>& out) const;
  void take(const std::vector<Tensor>& given, std::vector<Tensor>& out) const;

  // Where it stands, for checkpoints: the order of this epoch, int32 [n], undefined when nothing is shuffled; and the
  // generator of the seed, null without one. Only an order that shuffles may be set, and its indices are trusted.
  const Tensor& order() const { return order_; }
  void set_order(const Tensor& order) { order_ = order; }
  Generator* generator() { return options_.shuffle && options_.seed ? &generator_ : nullptr; }

  class Iterator {
   public:
    Iterator(const DataLoader* loader, std::int64_t batch) : loader_(loader), at_(batch) {}
    const std::vector<Tensor>& operator*() {
      loader_->load(at_, batch_);
      return batch_;
    }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const DataLoader* loader_;
    std::int64_t at_;
    std::vector<Tensor> batch_;
  };
  Iterator begin() {
    start_epoch();
    return {this, 0};
  }
  Iterator end() const { return {this, batch_count()}; }

 private:
  TensorDataset dataset_;
  LoaderOptions options_;
  Generator generator_;  // used when there is a seed
  Tensor order_;         // int32 [n] when shuffled
};

// Disjoint parts of the dataset, chosen at random, of these shares of its size (adding up to 1 at most): part
// i has floor(share·n) examples, and what is left over goes round one by one, as in torch.
std::vector<TensorDataset> random_split(const TensorDataset& dataset, const std::vector<double>& shares,
                                        std::optional<std::uint64_t> seed = {});

// The same with every class's own share in each part: labels int32 [n] say which example is of which. Parts come in a
// random order; what the shares leave over of a class goes round.
std::vector<TensorDataset> stratified_split(const TensorDataset& dataset, const Tensor& labels,
                                            const std::vector<double>& shares, std::optional<std::uint64_t> seed = {});

// 0 … n−1 in a random order drawn from `generator`, into `out` (int32 [n]).
void fill_randperm(const Tensor& out, Generator& generator);

}  // namespace fluxion::data
