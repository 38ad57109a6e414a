#include "fluxion/ops/random_state.h"

#include <algorithm>
#include <array>
#include <bit>

namespace fluxion {
namespace {

constexpr std::size_t kWords = 624, kNumbers = kWords + 7;
using Words = std::array<std::uint32_t, kNumbers>;

}  // namespace

Tensor random_state(const Generator& generator) {
  const Generator::State& s = generator.state();
  const auto normal = std::bit_cast<std::array<std::uint32_t, 2>>(s.normal);
  const auto seed = std::bit_cast<std::array<std::uint32_t, 2>>(s.seed);
  Words words;
  std::copy(s.words.begin(), s.words.end(), words.begin());
  const std::uint32_t rest[] = {s.left, s.next, seed[0], seed[1], s.has_normal, normal[0], normal[1]};
  std::copy(std::begin(rest), std::end(rest), words.begin() + kWords);
  return Tensor::from_bytes(words.data(), {static_cast<std::int64_t>(kNumbers)}, DType::Int32);
}

namespace {

// The generator reads words[next] without a look: left and next count the same words.
Words checked(const Tensor& state, std::string_view place) {
  const bool shaped = state.dtype() == DType::Int32 && state.shape() == Shape{static_cast<std::int64_t>(kNumbers)};
  Words w{};
  for (std::size_t i = 0; i < kNumbers && shaped; ++i)
    w[i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(state.at(static_cast<std::int64_t>(i))));
  const std::uint32_t left = w[kWords], next = w[kWords + 1];
  if (!(left == 1 && next == 0) && (left < 1 || left > kWords || next != kWords + 1 - left))
    throw ParseError(str(place, ": this ", state.dtype(), " ", state.shape(), " is no state of a random stream"));
  return w;
}

}  // namespace

void check_random_state(const Tensor& state, std::string_view place) { checked(state, place); }

void set_random_state(Generator& generator, const Tensor& state, std::string_view place) {
  const Words w = checked(state, place);
  const std::uint32_t* rest = w.data() + kWords;
  Generator::State s;
  std::copy_n(w.begin(), kWords, s.words.begin());
  s.left = rest[0];
  s.next = rest[1];
  s.seed = std::bit_cast<std::uint64_t>(std::array{rest[2], rest[3]});
  s.has_normal = rest[4] != 0;
  s.normal = std::bit_cast<double>(std::array{rest[5], rest[6]});
  generator.set_state(s);
}

}  // namespace fluxion
