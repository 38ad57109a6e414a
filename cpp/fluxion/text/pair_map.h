#pragma once
// Pairs of ids to numbers: open addressing, for the millions of look-ups of byte-pair encoding.

#include <cstdint>
#include <vector>

namespace fluxion::nlp {

class PairMap {
 public:
  // The pair's number, −1 where it has none.
  std::int32_t find(std::int32_t a, std::int32_t b) const {
    return slots_.empty() ? -1 : slots_[place(key_of(a, b))].value;
  }
  // The same, to be set; the reference holds until the next insertion.
  std::int32_t& at(std::int32_t a, std::int32_t b);

 private:
  struct Slot {
    std::uint64_t key = kFree;
    std::int32_t value = -1;
  };
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};  // no pair: ids are not negative

  static std::uint64_t key_of(std::int32_t a, std::int32_t b) {
    return static_cast<std::uint64_t>(a) << 32 | static_cast<std::uint32_t>(b);
  }
  std::size_t place(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32) & mask;
    while (slots_[i].key != key && slots_[i].key != kFree) i = (i + 1) & mask;
    return i;
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t count_ = 0;
};

}  // namespace fluxion::nlp
