#include "fluxion/ops/random_state.h"

#include <algorithm>
#include <bit>

namespace fluxion {
namespace {

constexpr std::size_t kWords = 624, kNumbers = kWords + 7;

std::vector<std::uint32_t> words_of(const Tensor& state) {
  std::vector<std::uint32_t> out;
  for (const std::int32_t w : state.to_vector<std::int32_t>()) out.push_back(static_cast<std::uint32_t>(w));
  return out;
}

}  // namespace

Tensor random_state(const Generator& generator) {
  const Generator::State& s = generator.state();
  const auto normal = std::bit_cast<std::uint64_t>(s.normal);
  std::vector<std::uint32_t> words(s.words.begin(), s.words.end());
  for (const std::uint64_t v : {std::uint64_t{s.left}, std::uint64_t{s.next}, s.seed, s.seed >> 32,
                                std::uint64_t{s.has_normal}, normal, normal >> 32})
    words.push_back(static_cast<std::uint32_t>(v));
  return Tensor::from_bytes(words.data(), {static_cast<std::int64_t>(kNumbers)}, DType::Int32);
}

// The generator reads words[next] without a look: left and next count the same words.
void check_random_state(const Tensor& state, std::string_view place) {
  if (state.dtype() != DType::Int32 || !(state.shape() == Shape{static_cast<std::int64_t>(kNumbers)}))
    throw ParseError(str(place, ": the state of a random stream is int32 [", kNumbers, "], this is ", state.dtype(),
                         " ", state.shape()));
  const std::vector<std::uint32_t> w = words_of(state);
  const std::uint32_t left = w[kWords], next = w[kWords + 1];
  const bool fresh = left == 1 && next == 0;
  if (!fresh && (left < 1 || left > kWords || next != kWords + 1 - left))
    throw ParseError(str(place, ": ", left, " words left after word ", next, " is no state of a random stream"));
}

void set_random_state(Generator& generator, const Tensor& state, std::string_view place) {
  check_random_state(state, place);
  const std::vector<std::uint32_t> w = words_of(state);
  Generator::State s;
  std::copy_n(w.begin(), kWords, s.words.begin());
  const auto wide = [&](std::size_t i) {
    return std::uint64_t{w[kWords + i]} | std::uint64_t{w[kWords + i + 1]} << 32;
  };
  s.left = w[kWords];
  s.next = w[kWords + 1];
  s.seed = wide(2);
  s.has_normal = w[kWords + 4] != 0;
  s.normal = std::bit_cast<double>(wide(5));
  generator.set_state(s);
}

}  // namespace fluxion
