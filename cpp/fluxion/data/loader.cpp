#include "fluxion/data/loader.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/view.h"

namespace fluxion::data {

TensorDataset::TensorDataset(std::vector<Tensor> tensors) : tensors_(std::move(tensors)) {
  if (tensors_.empty()) throw ShapeError("TensorDataset: there is no tensor");
  for (const Tensor& t : tensors_) {
    if (t.rank() == 0) throw ShapeError("TensorDataset: a tensor without dimensions holds no examples");
    if (t.size(0) != size())
      throw ShapeError(
          str("TensorDataset: numbers of examples differ: ", tensors_[0].shape(), " and ", t.shape()));
  }
}

void TensorDataset::range(std::int64_t start, std::int64_t count, std::vector<Tensor>& out) const {
  out.clear();
  for (const Tensor& t : tensors_) {
    if (start == 0 && count == size()) {
      out.push_back(t);
      continue;
    }
    Layout part = t.layout();
    part.offset += start * part.strides[0];
    part.shape[0] = count;
    out.push_back(t.view_of(std::move(part)));
  }
}

void TensorDataset::pick(const Tensor& index, std::vector<Tensor>& out) const {
  out.clear();
  for (const Tensor& t : tensors_) {
    Shape shape = t.shape();
    shape[0] = index.size(0);
    Tensor batch = Tensor::empty(shape, t.dtype());
    kernels::launch(kernels::Prim::IndexSelect, {view_of(batch), view_of(t), view_of(index)},
                    kernels::IndexParams{0});
    out.push_back(std::move(batch));
  }
}

void fill_randperm(const Tensor& out, Generator& generator) {
  kernels::launch(kernels::Prim::Random, {view_of(out), kernels::View{&generator}},
                  kernels::RandomParams{kernels::RandomKind::RandPerm, 0, static_cast<double>(out.numel())});
}

DataLoader::DataLoader(TensorDataset dataset, const LoaderOptions& options)
    : dataset_(std::move(dataset)), options_(options), generator_(options.seed.value_or(0)) {
  if (options.batch_size < 1)
    throw ShapeError(str("DataLoader: batchSize must be at least 1, it is ", options.batch_size));
  if (options.shuffle) order_ = Tensor::empty({dataset_.size()}, DType::Int32);
}

std::int64_t DataLoader::batch_count() const {
  const std::int64_t n = dataset_.size(), whole = n / options_.batch_size;
  return whole + (!options_.drop_last && n % options_.batch_size != 0 ? 1 : 0);
}

std::int64_t DataLoader::batch_size(std::int64_t batch) const {
  return std::min(options_.batch_size, dataset_.size() - batch * options_.batch_size);
}

// torch draws a seed for its workers first, whether or not there are any. With a generator of its own, its
// sampler draws one more order at the end of an epoch, of which it uses nothing; without one, it draws a seed
// for the order.
void DataLoader::start_epoch() {
  if (!options_.shuffle) return;
  if (options_.seed) {
    generator_.next_u64();
    fill_randperm(order_, generator_);
    for (std::int64_t i = 0; i + 1 < dataset_.size(); ++i) generator_.next_u32();
  } else {
    Generator& source = default_generator();
    source.next_u64();
    Generator generator(source.next_u64() & 0x7FFF'FFFF'FFFF'FFFFULL);
    fill_randperm(order_, generator);
  }
}

void DataLoader::given(std::int64_t batch, std::vector<Tensor>& out) const {
  const std::int64_t start = batch * options_.batch_size, count = batch_size(batch);
  if (!options_.shuffle) return dataset_.range(start, count, out);
  Layout part = order_.layout();
  part.offset += start;
  part.shape[0] = count;
  out.assign(1, order_.view_of(std::move(part)));
}

void DataLoader::take(const std::vector<Tensor>& given, std::vector<Tensor>& out) const {
  if (options_.shuffle)
    dataset_.pick(given[0], out);
  else
    out = given;
}

void DataLoader::load(std::int64_t batch, std::vector<Tensor>& out) const {
  std::vector<Tensor> by;
  given(batch, by);
  take(by, out);
}

namespace {

double total_of(const char* name, const std::vector<double>& shares) {
  double total = 0;
  for (const double share : shares) {
    if (!(share >= 0 && share <= 1))
      throw FluxionError(str(name, ": a share must lie in [0, 1], one is ", share));
    total += share;
  }
  if (shares.empty() || total > 1 + 1e-9)
    throw FluxionError(str(name, ": the shares add up to ", total, ", not to 1 or less"));
  return total;
}

// How many of n examples each share gets; what is left over goes round one by one, from part `first` on.
std::vector<std::int64_t> sizes_of(std::int64_t n, const std::vector<double>& shares, double total,
                                   std::size_t first) {
  std::vector<std::int64_t> sizes;
  std::int64_t left = std::llround(total * static_cast<double>(n));
  for (const double share : shares) {
    sizes.push_back(static_cast<std::int64_t>(std::floor(share * static_cast<double>(n))));
    left -= sizes.back();
  }
  for (std::size_t i = first; left > 0; ++i, --left) ++sizes[i % sizes.size()];
  return sizes;
}

}  // namespace

namespace {

// Parts of the dataset in a random order: of every label, each part has its share.
std::vector<TensorDataset> split(const char* name, const TensorDataset& dataset,
                                 const std::vector<std::int32_t>& labels, const std::vector<double>& shares,
                                 std::optional<std::uint64_t> seed) {
  const double total = total_of(name, shares);
  const Tensor order = Tensor::empty({dataset.size()}, DType::Int32);
  Generator own(seed.value_or(0));
  fill_randperm(order, seed ? own : default_generator());
  // How many examples of a label each part still takes; first, how many there are.
  std::map<std::int32_t, std::vector<std::int64_t>> room;
  for (const std::int32_t label : labels) {
    std::vector<std::int64_t>& count = room[label];
    count.resize(1);
    ++count[0];
  }
  // What is left over starts with another part for each label, so that no part gathers all of it.
  std::size_t first = 0;
  for (auto& [label, sizes] : room) sizes = sizes_of(sizes[0], shares, total, first++);
  std::vector<std::vector<std::int32_t>> picks(shares.size());
  for (const std::int32_t i : order.to_vector<std::int32_t>()) {
    std::vector<std::int64_t>& sizes = room[labels[static_cast<std::size_t>(i)]];
    std::size_t part = 0;
    while (part < sizes.size() && sizes[part] == 0) ++part;
    if (part == sizes.size()) continue;  // the shares leave some out
    --sizes[part];
    picks[part].push_back(i);
  }
  std::vector<TensorDataset> parts;
  for (const std::vector<std::int32_t>& pick : picks) {
    std::vector<Tensor> tensors;
    dataset.pick(Tensor::from(pick, {static_cast<std::int64_t>(pick.size())}), tensors);
    parts.emplace_back(std::move(tensors));
  }
  return parts;
}

}  // namespace

std::vector<TensorDataset> stratified_split(const TensorDataset& dataset, const Tensor& labels,
                                            const std::vector<double>& shares, std::optional<std::uint64_t> seed) {
  constexpr const char* kName = "stratifiedSplit";
  if (labels.dtype() != DType::Int32)
    throw DTypeError(str(kName, ": labels must be int32, they are ", labels.dtype()));
  if (labels.rank() != 1 || labels.size(0) != dataset.size())
    throw ShapeError(str(kName, ": labels ", labels.shape(), " for ", dataset.size(), " examples"));
  return split(kName, dataset, labels.to_vector<std::int32_t>(), shares, seed);
}

std::vector<TensorDataset> random_split(const TensorDataset& dataset, const std::vector<double>& shares,
                                        std::optional<std::uint64_t> seed) {
  const std::vector<std::int32_t> labels(static_cast<std::size_t>(dataset.size()));
  return split("randomSplit", dataset, labels, shares, seed);
}

}  // namespace fluxion::data
