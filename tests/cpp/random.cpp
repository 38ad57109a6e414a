// The random stream against PyTorch's (golden.h), through the generator and through the primitive.

#include "fluxion/core/random.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "check.h"
#include "fluxion/kernels/kernels.h"
#include "golden.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::launch;
using kernels::Prim;
using kernels::RandomKind;
using kernels::RandomParams;
using kernels::View;

void draw(Array& out, Generator& generator, RandomKind kind, double a, double b) {
  launch(Prim::Random, {out.view(), View{&generator, DType::UInt8, 0, nullptr, nullptr}}, RandomParams{kind, a, b});
}

TEST(random_stream_is_torchs) {
  for (std::size_t s = 0; s < std::size(golden::kSeeds); ++s) {
    Generator generator(golden::kSeeds[s]);
    for (const auto& d : golden::kDraws) {
      Array out(d.dtype, {d.n});
      draw(out, generator, d.kind, d.a, d.b);
      // Exact, but for normals in double, whose functions are the standard library's.
      const bool exact = d.kind != RandomKind::Normal || (d.n >= 16 && d.dtype == DType::Float32);
      const std::vector<double> expected(d.expected[s], d.expected[s] + d.n);
      check_values(out, expected, exact ? 0 : 1e-14, 0,
                   "draw " + show(d.kind) + " of " + show(d.n) + " seed " + show(golden::kSeeds[s]));
    }
  }
}

TEST(random_long_draws_are_torchs) {
  const auto weighed = [](RandomKind kind, DType d) {
    Generator generator(3);
    Array out(d, {1000});
    draw(out, generator, kind, 0, 1);
    double total = 0;
    for (std::int64_t i = 0; i < 1000; ++i) total += out.get(i) * static_cast<double>(i + 1);
    return total;
  };
  CHECK_EQ(weighed(RandomKind::Uniform, DType::Float32), golden::kSumOfRand);
  CHECK_EQ(weighed(RandomKind::Normal, DType::Float32), golden::kSumOfRandn);
  CHECK_EQ(weighed(RandomKind::RandPerm, DType::Int32), golden::kSumOfRandPerm);
}

TEST(random_other_types) {
  Generator a(5), b(5);
  Array ints(DType::Int32, {300}), bytes(DType::UInt8, {300}), floats(DType::Float32, {300});
  draw(ints, a, RandomKind::RandInt, 3, 90);
  draw(floats, b, RandomKind::RandInt, 3, 90);
  CHECK_EQ(ints.values(), floats.values());
  CHECK(std::ranges::all_of(ints.values(), [](double v) { return v >= 3 && v < 90; }));
  a.set_seed(6);
  b.set_seed(6);
  draw(bytes, a, RandomKind::Bernoulli, 0.5, 0);
  draw(floats, b, RandomKind::Bernoulli, 0.5, 0);
  CHECK_EQ(bytes.values(), floats.values());
}

TEST(random_state_round_trip) {
  Generator generator(11);
  Array first(DType::Float32, {3}), again(DType::Float32, {3});
  draw(first, generator, RandomKind::Normal, 0, 1);  // leaves the second normal of a pair behind
  const Generator::State state = generator.state();
  draw(first, generator, RandomKind::Normal, 0, 1);
  Generator other(99);
  other.set_state(state);
  CHECK_EQ(other.seed(), 11u);
  draw(again, other, RandomKind::Normal, 0, 1);
  CHECK_EQ(first.values(), again.values());
  generator.set_seed(11);
  draw(again, generator, RandomKind::Normal, 0, 1);
  CHECK(first.values() != again.values());
}

TEST(random_permutation_is_one) {
  Generator generator(1);
  for (const std::int64_t n : {0, 1, 2, 1000}) {
    Array out(DType::Int32, {n});
    draw(out, generator, RandomKind::RandPerm, 0, 0);
    const std::vector<double> values = out.values();
    CHECK_EQ(static_cast<std::int64_t>(std::set<double>(values.begin(), values.end()).size()), n);
    CHECK(std::ranges::all_of(values, [&](double v) { return v >= 0 && v < static_cast<double>(n); }));
  }
}

}  // namespace
}  // namespace fluxion::testing
