#include "fluxion/data/loader.h"

#include <algorithm>
#include <cmath>

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

void DataLoader::load(std::int64_t batch, std::vector<Tensor>& out) const {
  const std::int64_t start = batch * options_.batch_size, count = batch_size(batch);
  if (!options_.shuffle) return dataset_.range(start, count, out);
  Layout part = order_.layout();
  part.offset += start;
  part.shape[0] = count;
  dataset_.pick(order_.view_of(std::move(part)), out);
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
                                   std::size_t first = 0) {
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

std::vector<TensorDataset> stratified_split(const TensorDataset& dataset, const Tensor& labels,
                                            const std::vector<double>& shares, std::optional<std::uint64_t> seed) {
  constexpr const char* kName = "stratifiedSplit";
  const double total = total_of(kName, shares);
  if (labels.dtype() != DType::Int32)
    throw DTypeError(str(kName, ": labels must be int32, they are ", labels.dtype()));
  if (labels.rank() != 1 || labels.size(0) != dataset.size())
    throw ShapeError(str(kName, ": labels ", labels.shape(), " for ", dataset.size(), " examples"));
  const Tensor order = Tensor::empty({dataset.size()}, DType::Int32);
  Generator own(seed.value_or(0));
  fill_randperm(order, seed ? own : default_generator());
  const std::vector<std::int32_t> label = labels.to_vector<std::int32_t>(), at = order.to_vector<std::int32_t>();
  std::vector<std::int32_t> classes;  // in order
  std::vector<std::int64_t> counts;
  const auto place_of = [&](std::int32_t c) {
    return std::lower_bound(classes.begin(), classes.end(), c) - classes.begin();
  };
  for (const std::int32_t c : label) {
    const auto place = place_of(c);
    if (place == std::ssize(classes) || classes[static_cast<std::size_t>(place)] != c) {
      classes.insert(classes.begin() + place, c);
      counts.insert(counts.begin() + place, 0);
    }
    ++counts[static_cast<std::size_t>(place)];
  }
  // What is left over starts with another part in each class, so that no part gathers all of it.
  std::vector<std::vector<std::int64_t>> room;
  for (const std::int64_t count : counts) room.push_back(sizes_of(count, shares, total, room.size()));
  std::vector<std::vector<std::int32_t>> picks(shares.size());
  for (const std::int32_t i : at) {
    std::vector<std::int64_t>& sizes = room[static_cast<std::size_t>(place_of(label[static_cast<std::size_t>(i)]))];
    for (std::size_t part = 0; part < sizes.size(); ++part)
      if (sizes[part] > 0) {
        --sizes[part];
        picks[part].push_back(i);
        break;
      }
  }
  std::vector<TensorDataset> parts;
  for (const std::vector<std::int32_t>& pick : picks) {
    std::vector<Tensor> tensors;
    dataset.pick(Tensor::from(pick, {static_cast<std::int64_t>(pick.size())}), tensors);
    parts.emplace_back(std::move(tensors));
  }
  return parts;
}

std::vector<TensorDataset> random_split(const TensorDataset& dataset, const std::vector<double>& shares,
                                        std::optional<std::uint64_t> seed) {
  const std::int64_t n = dataset.size();
  const std::vector<std::int64_t> sizes = sizes_of(n, shares, total_of("randomSplit", shares));

  const Tensor order = Tensor::empty({n}, DType::Int32);
  Generator own(seed.value_or(0));
  fill_randperm(order, seed ? own : default_generator());
  std::vector<TensorDataset> parts;
  std::int64_t start = 0;
  for (const std::int64_t size : sizes) {
    std::vector<Tensor> tensors;
    dataset.pick(narrow(order, 0, start, size), tensors);
    parts.emplace_back(std::move(tensors));
    start += size;
  }
  return parts;
}

}  // namespace fluxion::data
