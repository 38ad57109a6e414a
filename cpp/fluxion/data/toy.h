#pragma once
// Small made-up problems. Each gives inputs and targets; what is random comes from `seed`, or from the
// default generator without one. Points come in a random order.

#include <cstdint>
#include <optional>
#include <utility>

#include "fluxion/core/tensor.h"

namespace fluxion::data {

using Seed = std::optional<std::uint64_t>;
using Examples = std::pair<Tensor, Tensor>;

// x [4, 2] of 0 and 1, y [4, 1]: 1 where exactly one input is 1.
Examples xor_problem();
// Every row of `bits` bits: x [2^bits, bits], y [2^bits, 1]: 1 where an odd number of bits is 1.
Examples parity(std::int64_t bits);

// Points in the plane, x float32 [n, 2], y int32 [n]: the class. `noise` is the standard deviation added to
// both coordinates. Two circles around the origin, of radius 1 (class 0) and `factor` (class 1).
Examples circles(std::int64_t n, double noise = 0.05, double factor = 0.5, Seed seed = {});
// Two interleaved half circles.
Examples moons(std::int64_t n, double noise = 0.1, Seed seed = {});
// Arms that wind `turns` times around the origin, one for each class.
Examples spirals(std::int64_t n, std::int64_t classes = 2, double turns = 1, double noise = 0.02,
                 Seed seed = {});

// Heaps of points of deviation `noise` about one centre for each class; centres lie within ±spread.
Examples blobs(std::int64_t n, std::int64_t classes = 3, double noise = 1, double spread = 10, Seed seed = {});

// What a decoder needs to learn adding: two numbers of `digits` digits, 10 for +, 11 for =, then the sum of digits + 1
// digits, the highest first. x int32 [n, 3·digits + 2] is that sequence without its end, y the same one step ahead,
// with −100 (left out of the loss) up to the =.
Examples arithmetic(std::int64_t n, std::int64_t digits = 2, Seed seed = {});

// What a decoder needs to learn sorting: `length` random letters (0 … letters−1), a separator (= letters),
// the same letters sorted. x int32 [n, 2·length] is that sequence without its end, y int32 [n, 2·length] the
// same one step ahead, with −100 (left out of the loss) up to the separator.
Examples sorting(std::int64_t n, std::int64_t length = 8, std::int64_t letters = 8, Seed seed = {});

// Windows on a sequence of ids [N]: x [n, length] and y, the same one step ahead. Both are overlapping views,
// so that nothing is copied. ShapeError when there is no room for one window.
Examples text_windows(const Tensor& ids, std::int64_t length, std::int64_t stride = 1);

}  // namespace fluxion::data
