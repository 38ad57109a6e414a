#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_buffer.h"

namespace fluxion::testing {
namespace {

using kernels::AttentionParams;
using kernels::Prim;
using kernels::View;

enum class Mask { None, Full, OfKeys };

struct Case {
  std::int64_t batch = 1, heads = 1, queries = 1, keys = 1, width = 1, value_width = 1;
  bool causal = false;
  Mask mask = Mask::None;
  bool heads_inside = false;  // memory is [batch, row, head, column], as projections give it
};

// Everything by the definition, in double.
struct Reference {
  std::vector<double> out, lse, dq, dk, dv;
};

template <class T>
Reference reference(const Case& c, double scale, const Buffer<T>& q, const Buffer<T>& k, const Buffer<T>& v,
                    const Buffer<T>& dout, const Buffer<T>* mask) {
  Reference r;
  const auto zeros = [&](std::int64_t rows, std::int64_t cols) {
    return std::vector<double>(static_cast<std::size_t>(c.batch * c.heads * rows * cols));
  };
  r.out = zeros(c.queries, c.value_width);
  r.lse = zeros(c.queries, 1);
  r.dq = zeros(c.queries, c.width);
  r.dk = zeros(c.keys, c.width);
  r.dv = zeros(c.keys, c.value_width);
  const auto at = [&](std::vector<double>& x, std::int64_t bh, std::int64_t rows, std::int64_t row, std::int64_t cols,
                      std::int64_t col) -> double& {
    return x[static_cast<std::size_t>((bh * rows + row) * cols + col)];
  };
  std::vector<double> p(static_cast<std::size_t>(c.keys)), dp(p.size());
  for (std::int64_t b = 0; b < c.batch; ++b) {
    for (std::int64_t h = 0; h < c.heads; ++h) {
      const std::int64_t bh = b * c.heads + h;
      for (std::int64_t i = 0; i < c.queries; ++i) {
        double highest = -std::numeric_limits<double>::infinity(), total = 0;
        for (std::int64_t j = 0; j < c.keys; ++j) {
          double s = 0;
          for (std::int64_t d = 0; d < c.width; ++d)
            s += static_cast<double>(q(b, h, i, d)) * static_cast<double>(k(b, h, j, d));
          s *= scale;
          if (mask != nullptr) s += static_cast<double>((*mask)(b, h, i, j));
          if (c.causal && j > i) s = -std::numeric_limits<double>::infinity();
          p[static_cast<std::size_t>(j)] = s;
          highest = std::max(highest, s);
        }
        if (std::isinf(highest)) highest = 0;
        for (double& x : p) total += x = std::exp(x - highest);
        at(r.lse, bh, c.queries, i, 1, 0) = highest + std::log(total);
        if (total == 0) continue;
        double delta = 0;
        for (std::int64_t j = 0; j < c.keys; ++j) {
          const auto jj = static_cast<std::size_t>(j);
          p[jj] /= total;
          dp[jj] = 0;
          for (std::int64_t d = 0; d < c.value_width; ++d) {
            const double g = static_cast<double>(dout(b, h, i, d)), value = static_cast<double>(v(b, h, j, d));
            at(r.out, bh, c.queries, i, c.value_width, d) += p[jj] * value;
            at(r.dv, bh, c.keys, j, c.value_width, d) += p[jj] * g;
            dp[jj] += g * value;
          }
          delta += p[jj] * dp[jj];
        }
        for (std::int64_t j = 0; j < c.keys; ++j) {
          const double ds = p[static_cast<std::size_t>(j)] * (dp[static_cast<std::size_t>(j)] - delta) * scale;
          for (std::int64_t d = 0; d < c.width; ++d) {
            at(r.dq, bh, c.queries, i, c.width, d) += ds * static_cast<double>(k(b, h, j, d));
            at(r.dk, bh, c.keys, j, c.width, d) += ds * static_cast<double>(q(b, h, i, d));
          }
        }
      }
    }
  }
  return r;
}

template <class T>
bool run(const Case& c) {
  const std::vector<int> order = c.heads_inside ? std::vector{0, 2, 1, 3} : std::vector{0, 1, 2, 3};
  const std::int64_t gap = c.heads_inside ? 0 : 3;
  const auto operand = [&](std::int64_t rows, std::int64_t cols, std::uint64_t seed) {
    Buffer<T> b({c.batch, c.heads, rows, cols}, order, gap);
    b.randomize(seed);
    return b;
  };
  Buffer<T> q = operand(c.queries, c.width, 1), k = operand(c.keys, c.width, 2), v = operand(c.keys, c.value_width, 3);
  Buffer<T> dout = operand(c.queries, c.value_width, 4), out = operand(c.queries, c.value_width, 5);
  Buffer<T> dq = operand(c.queries, c.width, 6), dk = operand(c.keys, c.width, 7);
  Buffer<T> dv = operand(c.keys, c.value_width, 8);
  Buffer<T> lse({c.batch, c.heads, c.queries});
  // One mask for all heads, or one row of keys for all queries of a batch; some keys are out of sight, and
  // one query sees none.
  Buffer<T> mask({c.mask == Mask::OfKeys ? c.batch : 1, 1, c.mask == Mask::OfKeys ? 1 : c.queries, c.keys});
  mask.randomize(9);
  for (std::int64_t i = 0; i < count_of(mask.shape); i += 3) mask.data()[i] = -std::numeric_limits<T>::infinity();
  if (c.mask == Mask::Full && c.queries > 0)
    for (std::int64_t j = 0; j < c.keys; ++j) mask(0, 0, c.queries / 2, j) = -std::numeric_limits<T>::infinity();
  if (c.mask == Mask::OfKeys) mask.strides[2] = 0;
  if (c.mask == Mask::Full) mask.strides[0] = 0;
  mask.strides[1] = 0;
  const Shape mask_shape = mask.shape;
  mask.shape = {c.batch, c.heads, c.queries, c.keys};

  const AttentionParams params{.scale = 1.7 / std::sqrt(static_cast<double>(c.width)), .causal = c.causal};
  const View mask_view = c.mask == Mask::None ? View{} : mask.view();
  const Reference r = reference(c, params.scale, q, k, v, dout, c.mask == Mask::None ? nullptr : &mask);
  launch(Prim::Attention, {out.view(), lse.view(), q.view(), k.view(), v.view(), mask_view}, params);
  launch(
      Prim::AttentionGrad,
      {dq.view(), dk.view(), dv.view(), dout.view(), q.view(), k.view(), v.view(), out.view(), lse.view(), mask_view},
      params);
  const double eps = 64 * static_cast<double>(std::numeric_limits<T>::epsilon());
  const bool held = CHECK_CLOSE(out.values(), r.out, eps, eps) && CHECK_CLOSE(lse.values(), r.lse, eps, eps) &&
                    CHECK_CLOSE(dq.values(), r.dq, eps, eps) && CHECK_CLOSE(dk.values(), r.dk, eps, eps) &&
                    CHECK_CLOSE(dv.values(), r.dv, eps, eps) && CHECK(out.guards_hold() && lse.guards_hold()) &&
                    CHECK(dq.guards_hold() && dk.guards_hold() && dv.guards_hold());
  if (!held)
    fail(std::source_location::current(),
         "at " + show(std::vector{c.batch, c.heads, c.queries, c.keys, c.width, c.value_width}) + " causal " +
             show(c.causal) + " mask " + show(static_cast<int>(c.mask)));
  return held;
}

template <class T>
void all_masks(Case c) {
  for (const bool causal : {false, true}) {
    for (const Mask mask : {Mask::None, Mask::Full, Mask::OfKeys}) {
      c.causal = causal;
      c.mask = mask;
      if (!run<T>(c)) return;
    }
  }
}

TEST(attention_sizes) {
  const std::int64_t sizes[] = {0, 1, 3, 17, 33, 65};
  for (const auto queries : sizes) {
    for (const auto keys : sizes) {
      all_masks<float>({2, 3, queries, keys, 5, 7});
      all_masks<double>({1, 2, queries, keys, 8, 3, false, Mask::None, true});
    }
  }
}

// Widths of queries and of values apart from the vectors', and lengths beyond the tiles'.
TEST(attention_awkward_widths) {
  const std::int64_t sizes[] = {1, 3, 7, 17, 33, 127};
  for (const auto width : sizes)
    for (const auto value_width : sizes) {
      run<float>({1, 2, 7, 17, width, value_width, true, Mask::None});
      run<float>({2, 1, 33, 3, width, value_width, false, Mask::Full, true});
      run<double>({1, 1, 3, 7, width, value_width, false, Mask::OfKeys});
    }
  run<float>({1, 1, 1000, 3, 7, 17, false, Mask::None});
  run<float>({1, 1, 1, 1000, 33, 127, false, Mask::OfKeys});
  run<double>({1, 1, 127, 1000, 3, 1, true, Mask::None});
}

TEST(attention_many_tiles) {
  all_masks<float>({1, 2, 127, 200, 32, 32});
  all_masks<float>({2, 2, 150, 150, 12, 12, false, Mask::None, true});
  all_masks<double>({1, 1, 130, 129, 16, 20});
  all_masks<float>({1, 1, 7, 1000, 8, 8});
}

TEST(attention_large_scores) {
  Buffer<float> q({1, 1, 2, 1}), k({1, 1, 100, 1}), v({1, 1, 100, 1}), out({1, 1, 2, 1}), lse({1, 1, 2});
  for (int j = 0; j < 100; ++j) {
    k(0, 0, j, 0) = static_cast<float>(j * 10);
    v(0, 0, j, 0) = static_cast<float>(j);
  }
  q(0, 0, 0, 0) = 1;
  q(0, 0, 1, 0) = -1;
  launch(Prim::Attention, {out.view(), lse.view(), q.view(), k.view(), v.view(), View{}}, AttentionParams{});
  CHECK_CLOSE(out(0, 0, 0, 0), 99 - 4.5402e-5, 1e-6, 0);
  CHECK_CLOSE(out(0, 0, 1, 0), 4.5404e-5, 1e-3, 0);
  CHECK_CLOSE(lse(0, 0, 0), 990.00004, 1e-6, 0);
}

TEST(attention_same_bits_at_every_thread_count) {
  std::vector<float> first;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const Shape shape{3, 4, 100, 24};
    Buffer<float> q(shape), k(shape), v(shape), out(shape), dq(shape), dk(shape), dv(shape), lse({3, 4, 100});
    q.randomize(1);
    k.randomize(2);
    v.randomize(3);
    const AttentionParams params{.scale = 0.2, .causal = true};
    launch(Prim::Attention, {out.view(), lse.view(), q.view(), k.view(), v.view(), View{}}, params);
    launch(Prim::AttentionGrad,
           {dq.view(), dk.view(), dv.view(), q.view(), q.view(), k.view(), v.view(), out.view(), lse.view(), View{}},
           params);
    std::vector<float> all;
    for (auto* b : {&out, &dq, &dk, &dv}) {
      const auto values = b->values();
      all.insert(all.end(), values.begin(), values.end());
    }
    if (threads == 1)
      first = all;
    else
      CHECK(first == all);
  }
  set_thread_count(1);
}

}  // namespace
}  // namespace fluxion::testing
