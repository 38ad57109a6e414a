#include "fluxion/io/inflate.h"

#include <array>

#include "fluxion/core/error.h"

namespace fluxion::io {
namespace {

constexpr int kMaxBits = 15;  // of a code
constexpr std::uint64_t kMostFromOne = 1032;

// A canonical prefix code: codes of one length are consecutive numbers, given in the order of their symbols.
class Code {
 public:
  // False where the lengths claim more codes than there are.
  bool set(const std::uint8_t* lengths, int symbols) {
    count_.fill(0);
    for (int s = 0; s < symbols; ++s) ++count_[lengths[s]];
    count_[0] = 0;
    int free = 1;
    std::array<int, kMaxBits + 2> first{};
    for (int bits = 1; bits <= kMaxBits; ++bits) {
      free = 2 * free - count_[static_cast<std::size_t>(bits)];
      if (free < 0) return false;
      first[static_cast<std::size_t>(bits) + 1] =
          first[static_cast<std::size_t>(bits)] + count_[static_cast<std::size_t>(bits)];
    }
    for (int s = 0; s < symbols; ++s)
      if (lengths[s] != 0) symbol_[static_cast<std::size_t>(first[lengths[s]]++)] = static_cast<std::uint16_t>(s);
    return true;
  }

  // The symbol whose code the bits spell, −1 where none does.
  template <class NextBit>
  int read(NextBit&& next) const {
    int code = 0, first = 0, index = 0;
    for (std::size_t bits = 1; bits <= kMaxBits; ++bits) {
      code |= next();
      if (code - first < count_[bits]) return symbol_[static_cast<std::size_t>(index + code - first)];
      index += count_[bits];
      first = (first + count_[bits]) << 1;
      code <<= 1;
    }
    return -1;
  }

 private:
  std::array<int, kMaxBits + 1> count_{};  // codes of each length
  std::array<std::uint16_t, 288> symbol_{};
};

class Inflater {
 public:
  Inflater(std::span<const std::byte> stream, std::uint64_t size, const std::string& source)
      : stream_(stream), size_(size), source_(source) {
    if (size > std::uint64_t{stream.size()} * kMostFromOne)
      fail(str(size, " bytes cannot come from ", stream.size(), " compressed ones"));
    out_.reserve(static_cast<std::size_t>(size));
  }

  std::vector<std::byte> run() {
    for (bool last = false; !last;) {
      last = bits(1) != 0;
      switch (bits(2)) {
        case 0:
          stored();
          break;
        case 1:
          fixed();
          break;
        case 2:
          dynamic();
          break;
        default:
          fail("a block of unknown type");
      }
    }
    if (out_.size() != size_) fail(str("holds ", out_.size(), " bytes, ", size_, " were announced"));
    if (at_ != stream_.size()) fail("bytes follow its end");
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw ParseError(str(source_, ": the compressed data, byte ", at_, ": ", why));
  }

  int bit() {
    if (held_ == 0) {
      if (at_ == stream_.size()) fail("ends early");
      window_ = static_cast<unsigned>(stream_[at_++]);
      held_ = 8;
    }
    const int out = static_cast<int>(window_ & 1);
    window_ >>= 1;
    --held_;
    return out;
  }
  int bits(int n) {
    int out = 0;
    for (int i = 0; i < n; ++i) out |= bit() << i;
    return out;
  }

  void put(std::byte b) {
    if (out_.size() == size_) fail(str("holds more than the ", size_, " bytes announced"));
    out_.push_back(b);
  }

  void stored() {
    held_ = 0;  // the rest of the byte is unused
    const int length = bits(16), check = bits(16);
    if (length != (~check & 0xFFFF)) fail("a stored block's length is damaged");
    if (stream_.size() - at_ < static_cast<std::size_t>(length)) fail("ends early");
    for (int i = 0; i < length; ++i) put(stream_[at_++]);
  }

  void fixed() {
    std::array<std::uint8_t, 288> lengths{};
    for (std::size_t s = 0; s < 288; ++s) lengths[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
    literals_.set(lengths.data(), 288);
    lengths.fill(5);
    distances_.set(lengths.data(), 30);
    block();
  }

  void dynamic() {
    constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    const int literals = bits(5) + 257, distances = bits(5) + 1, listed = bits(4) + 4;
    if (literals > 286 || distances > 30) fail("a block has too many codes");
    std::array<std::uint8_t, 320> lengths{};
    for (int i = 0; i < listed; ++i) lengths[kOrder[static_cast<std::size_t>(i)]] = static_cast<std::uint8_t>(bits(3));
    if (!literals_.set(lengths.data(), 19)) fail("the code of a block is damaged");
    lengths.fill(0);
    for (int i = 0; i < literals + distances;) {
      const int symbol = next(literals_);
      if (symbol < 16) {
        lengths[static_cast<std::size_t>(i++)] = static_cast<std::uint8_t>(symbol);
        continue;
      }
      if (symbol == 16 && i == 0) fail("the code of a block is damaged");
      const std::uint8_t value = symbol == 16 ? lengths[static_cast<std::size_t>(i) - 1] : std::uint8_t{0};
      int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
      if (i + times > literals + distances) fail("the code of a block is damaged");
      while (times-- > 0) lengths[static_cast<std::size_t>(i++)] = value;
    }
    if (!literals_.set(lengths.data(), literals) || !distances_.set(lengths.data() + literals, distances))
      fail("the code of a block is damaged");
    block();
  }

  int next(const Code& code) {
    const int symbol = code.read([this] { return bit(); });
    if (symbol < 0) fail("bits that are no code");
    return symbol;
  }

  void block() {
    for (;;) {
      const int symbol = next(literals_);
      if (symbol == 256) return;
      if (symbol < 256) {
        put(static_cast<std::byte>(symbol));
        continue;
      }
      // Lengths from 3: groups of four with one more bit each, the last alone; distances from 1, groups of two.
      const int length_code = symbol - 257;
      if (length_code > 28) fail("bits that are no code");
      int length = length_code < 8 ? length_code + 3 : 258;
      if (length_code >= 8 && length_code < 28) {
        const int extra = length_code / 4 - 1;
        length = ((4 + length_code % 4) << extra) + 3 + bits(extra);
      }
      const int distance_code = next(distances_);
      if (distance_code > 29) fail("bits that are no code");
      int distance = distance_code + 1;
      if (distance_code >= 4) {
        const int extra = distance_code / 2 - 1;
        distance = ((2 + distance_code % 2) << extra) + 1 + bits(extra);
      }
      if (static_cast<std::size_t>(distance) > out_.size()) fail("goes back beyond its start");
      for (; length > 0; --length) put(out_[out_.size() - static_cast<std::size_t>(distance)]);
    }
  }

  std::span<const std::byte> stream_;
  std::uint64_t size_;
  const std::string& source_;
  std::size_t at_ = 0;
  unsigned window_ = 0;
  int held_ = 0;
  std::vector<std::byte> out_;
  Code literals_, distances_;
};

}  // namespace

std::vector<std::byte> inflate(std::span<const std::byte> stream, std::uint64_t size, const std::string& source) {
  return Inflater(stream, size, source).run();
}

std::uint32_t crc32(std::span<const std::byte> bytes) {
  // By halves of bytes: a table of 256 would be a kilobyte that does not compress.
  static constexpr auto table = [] {
    std::array<std::uint32_t, 16> out{};
    for (std::uint32_t i = 0; i < 16; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 4; ++k) c = (c & 1) != 0 ? 0xEDB88320U ^ c >> 1 : c >> 1;
      out[i] = c;
    }
    return out;
  }();
  std::uint32_t c = ~0U;
  for (const std::byte b : bytes) {
    c ^= static_cast<std::uint32_t>(b);
    c = table[c & 15] ^ c >> 4;
    c = table[c & 15] ^ c >> 4;
  }
  return ~c;
}

}  // namespace fluxion::io
