// What the rows' samples cannot say of rearranging, sorting, drawing, einsum and windows: the texts of errors,
// PyTorch's stream, and which of several values stays.

#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

Tensor ints(const std::vector<std::int32_t>& v) { return Tensor::from(v, {static_cast<std::int64_t>(v.size())}); }
std::vector<double> values(const Tensor& t) { return t.to_vector<double>(); }
std::vector<double> list(std::vector<double> v) { return v; }

}  // namespace

TEST(arrange_says_what_does_not_fit) {
  const Tensor x = zeros({2, 3});
  CHECK_THROWS((repeat(x, {2})), ShapeError, "repeat: [2] are fewer numbers than x [2, 3] has dimensions; use tile");
  CHECK_THROWS((tile(x, {2, -1})), ShapeError, "tile: nothing is repeated a negative number of times: [2, -1]");
  CHECK_THROWS((movedim(x, {0, 1}, {1})), ShapeError,
               "movedim: source [0, 1] and destination [1] must be equally many");
  CHECK_THROWS((flip(x, {1, -1})), ShapeError, "flip: dimension -1 appears twice in [1, -1]");
  CHECK_THROWS((roll(x, {1, 2})), ShapeError, "roll: without dims there is one shift, these are [1, 2]");
  CHECK_THROWS((repeat_interleave(x, ints({1, 2, 3}), 0)), ShapeError,
               "repeatInterleave: repeats must be one number or 2 of them, it is [3]");
  CHECK_THROWS(repeat_interleave(x, 1.5), ShapeError,
               "repeatInterleave: repeats must be a whole number from 0 on, it is 1.5");
  CHECK_THROWS((pad(x, {1})), ShapeError,
               "pad: takes two amounts, before and after, for at most 2 dimensions of x [2, 3], these are [1]");
  CHECK_THROWS((pad(x, {3, 0}, PadMode::Reflect)), ShapeError,
               "pad: 'reflect' reaches at most 2 over the edge of dimension 1 of [2, 3], not 3");
  CHECK_THROWS((pad(x, {-2, -2})), ShapeError, "pad: [-2, -2] cuts off more than there is of [2, 3]");
  CHECK_THROWS((diag(zeros({2, 2, 2}))), ShapeError, "diag: needs a vector or a matrix, x is [2, 2, 2]");
  CHECK_THROWS(topk(x, 4), IndexError, "topk: k is 4, dimension -1 of [2, 3] has 3 elements");
  CHECK_THROWS((take(x, ints({0, 6}))), IndexError, "take: index 6 is out of range for 6 elements");
  CHECK_THROWS(masked_select(x, x), DTypeError, "maskedSelect: the mask must be bool, this one is float32");
}

TEST(einsum_says_what_does_not_fit) {
  const Tensor a = zeros({2, 3}), b = zeros({4, 5});
  CHECK_THROWS((einsum("ij", {a, b})), FluxionError, "einsum: 'ij' is for 1 tensors, there are 2");
  CHECK_THROWS((einsum("ij,jk->ik", {a, b})), ShapeError,
               "einsum: 'j' in 'ij,jk->ik' has size 4 in [4, 5] and 3 before");
  CHECK_THROWS((einsum("ijk", {a})), ShapeError, "einsum: 'ijk' does not name the dimensions of [2, 3] in 'ijk'");
  CHECK_THROWS((einsum("ii", {a})), ShapeError, "einsum: 'i' in 'ii' has size 3 in [2, 3] and 2 before");
  CHECK_THROWS((einsum("ij->ik", {a})), FluxionError,
               "einsum: 'k' must appear once in the result of 'ij->ik', and in a tensor before it");
  CHECK_THROWS((einsum("i1", {a})), FluxionError,
               "einsum: 'i1' may hold letters, ',', '->' and one '...' a term, not '1'");
  CHECK_EQ((values(einsum(" i j -> j i ", {reshape(arange(0, 6), {2, 3})}))), list({0, 3, 1, 4, 2, 5}));
}

TEST(windows_say_what_does_not_fit) {
  const Tensor line = zeros({1, 2, 5}), image = zeros({1, 2, 4, 5});
  CHECK_THROWS((conv1d(image, zeros({1, 2, 3}))), ShapeError,
               "conv1d: x must be [N, C, L] or [C, L], it is [1, 2, 4, 5]");
  CHECK_THROWS((conv1d(line, zeros({1, 2, 3}), {}, {1, 1})), ShapeError, "conv1d: stride takes one number, not [1, 1]");
  CHECK_THROWS((conv_transpose2d(image, zeros({3, 1, 2, 2}))), ShapeError,
               "convTranspose2d: x has 2 channels, weight [3, 1, 2, 2] with groups 1 expects 3, a multiple of "
               "groups: x [1, 2, 4, 5]");
  CHECK_THROWS((conv_transpose1d(line, zeros({2, 1, 3}), {}, {2}, {0}, {2})), ShapeError,
               "convTranspose1d: outputPadding [2] must be less than stride [2] or dilation [1]");
  CHECK_THROWS((adaptive_avg_pool2d(image, {0})), ShapeError,
               "adaptiveAvgPool2d: outputSize must be at least 1, it is [0]");
  CHECK_THROWS((max_pool1d(line, {3}, {}, {2})), ShapeError,
               "maxPool1d: padding may be at most half the kernel: [2] with kernel [3]");
  CHECK_THROWS((unfold(image, {5})), ShapeError,
               "unfold: the window does not fit: image [4, 5], kernel [5], padding [0], dilation [1]");
  CHECK_THROWS((fold(zeros({4, 7}), {3}, {2})), ShapeError,
               "fold: x must be [N, C·4, 4] for images of [3] and kernel [2], it is [4, 7]");
  CHECK_THROWS(interpolate(image), FluxionError, "interpolate: give either size or scaleFactor");
  CHECK_THROWS((interpolate(image, Shape{2}, {}, Interpolation::Nearest, true)), FluxionError,
               "interpolate: alignCorners goes with 'linear' and 'bilinear'");
  CHECK_THROWS((interpolate(image, Shape{2}, {}, Interpolation::Linear)), ShapeError,
               "interpolate: 'linear' is for [N, C, L], 'bilinear' for [N, C, H, W], x is [1, 2, 4, 5]");
}

TEST(scatter_leaves_the_last_value_of_a_cell) {
  const Tensor index = ints({1, 1, 0, 1});
  CHECK_EQ((values(scatter(zeros({3}), 0, index, Tensor::from(std::vector<float>{1, 2, 3, 4}, {4})))), list({3, 4, 0}));
  CHECK_EQ((values(scatter(zeros({3}), 0, index, 7))), list({7, 7, 0}));
}

// What torch.multinomial drew after torch.manual_seed(7), and the uniform draw after it.
TEST(multinomial_draws_as_pytorch) {
  for (const DType dtype : {DType::Float32, DType::Float64}) {
    const Tensor w = to_dtype(Tensor::from(std::vector<double>{1, 2, 3, 4, 0, 5, 1, 0, 2, 2}, {2, 5}), dtype);
    manual_seed(7);
    CHECK_EQ((values(multinomial(w, 3))), list({1, 3, 0, 1, 0, 4}));
    CHECK_CLOSE((rand({1}).item()), 0.8828775882720947, 1e-7, 0);
    manual_seed(7);
    CHECK_EQ((values(multinomial(w, 1))), list({1, 1}));
    manual_seed(7);
    CHECK_EQ((values(multinomial(w, 8, true))), list({1, 1, 3, 3, 3, 3, 1, 2, 3, 3, 0, 0, 0, 0, 0, 4}));
    CHECK_CLOSE((rand({1}).item()), 0.6266505718231201, 1e-7, 0);
  }
  CHECK_THROWS((multinomial(zeros({3}), 1)), FluxionError,
               "multinomial: the weights must be finite and not negative, and some above 0 in each row");
  CHECK_THROWS((multinomial(ones({3}), 4)), ShapeError, "multinomial: cannot draw 4 of 3 without replacement");
}
