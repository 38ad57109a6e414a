// Datasets, loaders and toy problems.

#include <algorithm>
#include <set>

#include "check.h"
#include "fluxion/data/loader.h"
#include "fluxion/data/toy.h"
#include "fluxion/ops/ops.h"
#include "nn_fixtures.h"

using namespace fluxion;

namespace {

std::vector<int> order_of(data::DataLoader& loader) {
  std::vector<int> out;
  for (const std::vector<Tensor>& batch : loader)
    for (const int v : batch[0].to_vector<int>()) out.push_back(v);
  return out;
}

}  // namespace

TEST(data_loader_batches) {
  const data::TensorDataset set({arange(0, 7), reshape(arange(0, 14), {7, 2})});
  data::DataLoader loader(set, 3);
  CHECK_EQ(loader.batch_count(), 3);
  std::vector<std::int64_t> sizes;
  for (const std::vector<Tensor>& batch : loader) {
    sizes.push_back(batch[0].size(0));
    CHECK_EQ(batch[1].shape(), (Shape{batch[0].size(0), 2}));
    CHECK_EQ(select(batch[1], 1, 0).to_vector<int>(), (batch[0] * 2).to_vector<int>());
    CHECK(batch[0].shares_storage(set[0]));
  }
  CHECK_EQ(sizes, (std::vector<std::int64_t>{3, 3, 1}));
  CHECK_EQ(order_of(loader), (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));

  data::DataLoader whole(set, {.batch_size = 3, .shuffle = true, .drop_last = true, .seed = 1});
  CHECK_EQ(whole.batch_count(), 2);
  for (const std::vector<Tensor>& batch : whole)
    CHECK_EQ(select(batch[1], 1, 0).to_vector<int>(), (batch[0] * 2).to_vector<int>());
}

TEST(data_loader_draws_pytorchs_orders) {
  const data::TensorDataset set({arange(0, 7)});
  const auto epochs = [](data::DataLoader loader) {
    std::vector<int> out;
    for (int epoch = 0; epoch < 3; ++epoch)
      for (const int v : order_of(loader)) out.push_back(v);
    return out;
  };
  const StateDict& torch = fluxion::testing::module_fixtures();
  CHECK_EQ(epochs({set, {.batch_size = 3, .shuffle = true, .seed = 5}}),
           torch.at("loader/seeded").to_vector<int>());
  manual_seed(3);
  CHECK_EQ(epochs({set, {.batch_size = 3, .shuffle = true}}), torch.at("loader/default").to_vector<int>());
}

TEST(data_refuses_what_does_not_fit) {
  CHECK_THROWS(data::TensorDataset({}), ShapeError, "TensorDataset: there is no tensor");
  CHECK_THROWS(data::TensorDataset({zeros({})}), ShapeError,
               "TensorDataset: a tensor without dimensions holds no examples");
  CHECK_THROWS(data::TensorDataset({zeros({2}), zeros({3, 2})}), ShapeError,
               "numbers of examples differ: [2] and [3, 2]");
  CHECK_THROWS(data::DataLoader(data::TensorDataset({zeros({2})}), 0), ShapeError,
               "DataLoader: batchSize must be at least 1, it is 0");
  data::DataLoader nothing(data::TensorDataset({zeros({0, 3})}), {.batch_size = 2, .shuffle = true});
  CHECK_EQ(nothing.batch_count(), 0);
  for ([[maybe_unused]] const auto& batch : nothing) CHECK(false);
}

TEST(data_random_split) {
  const data::TensorDataset set({arange(0, 10), arange(0, 10) * 3});
  const auto parts = data::random_split(set, {0.75, 0.25}, 4);
  CHECK_EQ(parts[0].size(), 8);
  CHECK_EQ(parts[1].size(), 2);
  std::set<int> seen;
  for (const auto& part : parts) {
    CHECK_EQ((part[0] * 3).to_vector<int>(), part[1].to_vector<int>());
    for (const int v : part[0].to_vector<int>()) seen.insert(v);
  }
  CHECK_EQ(seen.size(), 10);
  CHECK_EQ(data::random_split(set, {0.75, 0.25}, 4)[1][0].to_vector<int>(), parts[1][0].to_vector<int>());
  CHECK(data::random_split(set, {0.75, 0.25}, 5)[1][0].to_vector<int>() != parts[1][0].to_vector<int>());
  CHECK_EQ(data::random_split(set, {0.5, 0.2}, 4)[1].size(), 2);
  CHECK_THROWS(data::random_split(set, {0.75, 0.5}), FluxionError, "the shares add up to 1.25");
  CHECK_THROWS(data::random_split(set, {-0.5}), FluxionError, "a share must lie in [0, 1], one is -0.5");
}

TEST(data_parity_counts_ones) {
  const auto [x, y] = data::xor_problem();
  CHECK_EQ(x.to_vector<int>(), (std::vector<int>{0, 0, 0, 1, 1, 0, 1, 1}));
  CHECK_EQ(y.to_vector<int>(), (std::vector<int>{0, 1, 1, 0}));
  const auto [bits, odd] = data::parity(4);
  CHECK_EQ(bits.shape(), (Shape{16, 4}));
  CHECK_EQ(odd.shape(), (Shape{16, 1}));
  const Tensor rest = sum(bits, Shape{1}) - Tensor(squeeze(odd, 1));
  for (const int v : rest.to_vector<int>()) CHECK_EQ(v % 2, 0);
  CHECK_THROWS(data::parity(0), ShapeError, "parity: bits must be at least 1, it is 0");
  CHECK_THROWS(data::parity(40), ShapeError, "20 is the limit");
}

TEST(data_points_lie_where_they_should) {
  const auto radius = [](const Tensor& x) { return sqrt(sum(x * x, Shape{1})).to_vector<double>(); };
  const auto [x, y] = data::circles(200, 0, 0.5, 1);
  CHECK_EQ(x.shape(), (Shape{200, 2}));
  CHECK(x.dtype() == DType::Float32 && y.dtype() == DType::Int32);
  const std::vector<double> r = radius(x);
  const std::vector<int> label = y.to_vector<int>();
  for (std::size_t i = 0; i < r.size(); ++i)
    if (!CHECK_CLOSE(r[i], label[i] == 0 ? 1 : 0.5, 1e-5, 0)) break;
  CHECK_EQ(std::count(label.begin(), label.end(), 1), 100);
  // In random order, and the same again for the same seed.
  CHECK(std::count(label.begin(), label.begin() + 100, 1) < 100);
  CHECK(label[0] != label[1] || label[1] != label[2] || label[2] != label[3]);
  CHECK_EQ(data::circles(200, 0.1, 0.5, 7).first.to_vector<float>(),
           data::circles(200, 0.1, 0.5, 7).first.to_vector<float>());
  CHECK(data::circles(200, 0.1, 0.5, 7).first.to_vector<float>() !=
        data::circles(200, 0.1, 0.5, 8).first.to_vector<float>());

  const auto [m, half] = data::moons(100, 0, 2);
  for (std::int64_t i = 0; i < 100; ++i) {
    const double px = m.at(2 * i), py = m.at(2 * i + 1);
    const bool upper = half.at(i) == 0;
    if (!CHECK_CLOSE(upper ? px * px + py * py : (px - 1) * (px - 1) + (py - 0.5) * (py - 0.5), 1, 1e-5, 0))
      break;
    if (!CHECK(upper ? py >= -1e-6 : py <= 0.5 + 1e-6)) break;
  }
  const auto [s, arm] = data::spirals(99, 3, 2, 0, 3);
  CHECK_CLOSE(amax(sqrt(sum(s * s, Shape{1}))).item(), 1, 1e-6, 0);
  CHECK_EQ(amax(arm).item(), 2);
  manual_seed(9);
  const std::vector<float> drawn = data::moons(10).first.to_vector<float>();
  manual_seed(9);
  CHECK_EQ(data::moons(10).first.to_vector<float>(), drawn);
  CHECK_THROWS(data::moons(0), ShapeError, "moons: n must be at least 1, it is 0");
  CHECK_THROWS(data::moons(5, -1), FluxionError, "moons: noise must not be negative, it is -1");
}

TEST(data_sorting_pairs_letters_with_their_order) {
  const auto [x, y] = data::sorting(50, 5, 4, 1);
  CHECK_EQ(x.shape(), (Shape{50, 10}));
  CHECK_EQ(y.shape(), (Shape{50, 10}));
  for (std::int64_t i = 0; i < 50; ++i) {
    std::vector<int> row = select(x, 0, i).to_vector<int>();
    const std::vector<int> target = select(y, 0, i).to_vector<int>();
    std::vector<int> letters(row.begin(), row.begin() + 5);
    std::sort(letters.begin(), letters.end());
    CHECK_EQ(row[5], 4);
    CHECK_EQ(std::vector<int>(row.begin() + 6, row.end()),
             std::vector<int>(letters.begin(), letters.end() - 1));
    CHECK_EQ(std::vector<int>(target.begin(), target.begin() + 5), std::vector<int>(5, -100));
    if (!CHECK_EQ(std::vector<int>(target.begin() + 5, target.end()), letters)) break;
    CHECK(letters.front() >= 0 && letters.back() < 4);
  }
}

TEST(data_text_windows_are_views) {
  const Tensor ids = slice(arange(0, 40), 0, 0, 20, 2);  // 0, 2, …, 18 behind a stride
  const auto [x, y] = data::text_windows(ids, 3);
  CHECK_EQ(x.shape(), (Shape{7, 3}));
  CHECK(x.shares_storage(ids));
  CHECK_EQ(select(x, 0, 6).to_vector<int>(), (std::vector<int>{12, 14, 16}));
  CHECK_EQ(select(y, 0, 6).to_vector<int>(), (std::vector<int>{14, 16, 18}));
  const auto [apart, ahead] = data::text_windows(ids, 3, 3);
  CHECK_EQ(apart.to_vector<int>(), (std::vector<int>{0, 2, 4, 6, 8, 10, 12, 14, 16}));
  CHECK_EQ(select(ahead, 0, 2).to_vector<int>(), (std::vector<int>{14, 16, 18}));

  data::DataLoader loader(data::TensorDataset({x, y}), {.batch_size = 4, .shuffle = true, .seed = 1});
  for (const std::vector<Tensor>& batch : loader) {
    CHECK_EQ((batch[0] + 2).to_vector<int>(), batch[1].to_vector<int>());
    CHECK(batch[0].is_contiguous());
  }
  CHECK_THROWS(data::text_windows(ids, 10), ShapeError,
               "10 ids have no room for a window of 10 and its next");
  CHECK_THROWS(data::text_windows(zeros({2, 3}), 2), ShapeError,
               "ids must have one dimension, they are [2, 3]");
}
