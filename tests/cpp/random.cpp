// The random stream against PyTorch's (golden.h), through the generator and through the primitive.

#include "fluxion/core/random.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <random>
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

// Every kind from the standard library's generator of the same numbers, by the formulas.
TEST(random_kinds_by_their_formulas) {
  constexpr std::uint32_t seed = 77;
  for (const std::int64_t n : kAwkward) {
    const auto size = static_cast<std::size_t>(n);
    const auto drawn = [&](DType type, RandomKind kind, double a, double b) {
      Generator generator(seed);
      Array out(type, {n});
      draw(out, generator, kind, a, b);
      return out;
    };
    std::mt19937 words;
    const auto restart = [&] { words.seed(seed); };
    const auto single = [&] { return static_cast<double>(words() & 0xffffff) * 0x1p-24; };
    const auto twice = [&] {
      const std::uint64_t high = words();
      return static_cast<double>((high << 32 | words()) & 0x1fffffffffffff) * 0x1p-53;
    };
    std::vector<double> want(size);

    restart();
    for (double& v : want) v = rounded(DType::Float32, single() * 3.5 - 1.5);
    check_values(drawn(DType::Float32, RandomKind::Uniform, -1.5, 2), want, 0, 0, "uniform " + show(n));
    restart();
    for (double& v : want) v = std::fma(twice(), 3.5, -1.5);
    check_values(drawn(DType::Float64, RandomKind::Uniform, -1.5, 2), want, 0, 0, "uniform " + show(n));
    restart();
    for (double& v : want) v = twice() < 0.3 ? 1 : 0;
    for (const DType type : {DType::Float32, DType::UInt8, DType::Bool})
      check_values(drawn(type, RandomKind::Bernoulli, 0.3, 0), want, 0, 0, "bernoulli " + show(n));
    restart();
    for (double& v : want) v = static_cast<double>(words() % 87) + 3;
    for (const DType type : {DType::Int32, DType::Float32, DType::UInt8})
      check_values(drawn(type, RandomKind::RandInt, 3, 90), want, 0, 0, "randint " + show(n));
    restart();
    std::iota(want.begin(), want.end(), 0);
    for (std::size_t i = 0; i + 1 < size; ++i) std::swap(want[i], want[i + words() % (size - i)]);
    check_values(drawn(DType::Int32, RandomKind::RandPerm, 0, 0), want, 0, 0, "randperm " + show(n));

    // Normals: fewer than 16 in pairs, more in blocks of 16, the last of which is drawn anew.
    for (const DType type : kFloats) {
      restart();
      const auto uniform = [&] { return type == DType::Float32 ? single() : twice(); };
      const auto pair = [&](double angle, double radius, double& a, double& b) {
        radius = std::sqrt(-2 * std::log1p(-radius));
        a = 2 + 3 * radius * std::cos(2 * std::numbers::pi * angle);
        b = 2 + 3 * radius * std::sin(2 * std::numbers::pi * angle);
      };
      double spare;
      if (n < 16) {
        for (std::size_t i = 0; i < size; i += 2) {
          const double angle = twice(), radius = twice();
          pair(angle, radius, want[i], i + 1 < size ? want[i + 1] : spare);
        }
      } else {
        std::generate(want.begin(), want.end(), uniform);
        const auto block = [&](double* x) {
          for (int j = 0; j < 8; ++j) pair(x[j + 8], x[j], x[j], x[j + 8]);
        };
        for (std::size_t i = 0; i + 16 <= size; i += 16) block(&want[i]);
        std::generate(want.end() - 16, want.end(), uniform);
        block(&want[size - 16]);
      }
      const double tolerance = type == DType::Float32 ? 3e-6 : 1e-13;
      check_values(drawn(type, RandomKind::Normal, 2, 3), want, tolerance, tolerance, "normal " + show(n));
    }
  }
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
