// Attention without its score matrix: tiles of scores, softmax as they come (Milakov and Gimelshein 2018; Dao et
// al. 2022). The gradient makes the tiles again from the saved log-sum-exp of each row.

#include <algorithm>
#include <cmath>
#include <limits>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/gemm_core.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

// Queries and keys to a tile of scores. Causal attention takes fewer queries, to waste less on the diagonal.
constexpr Index kQueries = 64, kCausalQueries = 32, kKeys = 64;
constexpr Index kTaskWork = 100'000;

// A thread's tiles, for up to `queries` rows.
template <class T>
struct Tiles {
  Index queries;
  T* weights;  // scores, then softmax weights
  T* grads;
};

// Calls f with tiles behind what the products pack; without memory, with small ones on the stack.
template <class T, class F>
void with_tiles(F&& f) {
  static_assert(2 * kQueries * kKeys * static_cast<Index>(sizeof(T)) <= detail::kScratchBytes - detail::kPackBytes);
  if (auto* memory = static_cast<std::byte*>(detail::scratch())) {
    T* weights = reinterpret_cast<T*>(memory + detail::kPackBytes);
    f(Tiles<T>{kQueries, weights, weights + kQueries * kKeys});
  } else {
    constexpr Index few = 4;
    T weights[few * kKeys], grads[few * kKeys];
    f(Tiles<T>{few, weights, grads});
  }
}

// Views of [batch, head, row, column] by pointer and strides; the last is 1, the mask's apart.
template <class T>
struct Operand {
  T* data;
  Index batch, head, row, col;

  explicit Operand(const View& v)
      : data(v.as<T>()),
        batch(v.data == nullptr ? 0 : v.strides[0]),
        head(v.data == nullptr ? 0 : v.strides[1]),
        row(v.data == nullptr ? 0 : v.strides[2]),
        col(v.data == nullptr || v.rank < 4 ? 0 : v.strides[3]) {}

  Operand at(Index b, Index h) const {
    Operand o = *this;
    if (data != nullptr) o.data += b * batch + h * head;
    return o;
  }
  T* rows(Index i) const { return data + i * row; }
};

// One head's part of the call.
template <class T>
struct Head {
  Operand<T> q, k, v, mask;
  Index queries, keys, width, value_width;
  AttentionParams params;

  // Keys that queries before `end` look at.
  Index visible(Index end) const { return params.causal ? std::min(end, keys) : keys; }

  // Queries to a tile.
  Index block(const Tiles<T>& tiles) const {
    return params.causal ? std::min(kCausalQueries, tiles.queries) : tiles.queries;
  }
};

// weights[i][j] = q_i·k_j.
template <class T>
void products(const Head<T>& head, Index i0, Index rows, Index j0, Index cols, T* weights) {
  Product<T> g;
  g.m = rows, g.n = cols, g.k = head.width;
  g.a = head.q.rows(i0), g.a_m = head.q.row, g.a_k = 1;
  g.b = head.k.rows(j0), g.b_n = head.k.row, g.b_k = 1;
  g.out = weights, g.out_m = kKeys;
  multiply(g);
}

// Of the products of query i with keys from j0 on makes scores: scale · product + mask, −∞ where causality forbids.
// Gives how many are of interest, as whole vectors; the other weights up to `cols` are set to 0.
template <class T>
Index score(const Head<T>& head, Index i, Index j0, Index cols, T* row) {
  using V = simd::Simd<T>;
  const Index seen = head.params.causal ? std::clamp<Index>(i + 1 - j0, 0, cols) : cols;
  const Index whole = ceil_div(seen, V::lanes) * V::lanes;
  const V scale = V::splat(static_cast<T>(head.params.scale));
  for (Index j = 0; j < whole; j += V::lanes) (V::load(row + j) * scale).store(row + j);
  if (head.mask.data != nullptr) {
    const T* mask = head.mask.rows(i) + j0 * head.mask.col;
    for (Index j = 0; j < seen; ++j) row[j] += mask[j * head.mask.col];
  }
  std::fill(row + seen, row + whole, -std::numeric_limits<T>::infinity());
  if (whole < cols) std::fill(row + whole, row + cols, T(0));
  return whole;
}

// What a row is shifted by before exp: 0 for a row that sees nothing, whose weights are all 0 then.
template <class T>
T shift_of(T maximum) {
  return maximum == -std::numeric_limits<T>::infinity() ? T(0) : maximum;
}

template <class T>
void multiply_row(T* row, Index count, T factor) {
  for (Index d = 0; d < count; ++d) row[d] *= factor;
}

// out for queries [i0, i0 + rows), and their log-sum-exp.
template <class T>
void forward_block(const Head<T>& head, const Operand<T>& out, T* lse, Index lse_step, Index i0, Index rows,
                   T* weights) {
  T highest[kQueries], total[kQueries];
  std::fill_n(highest, rows, -std::numeric_limits<T>::infinity());
  std::fill_n(total, rows, T(0));
  const Index seen = head.visible(i0 + rows);
  for (Index j0 = 0; j0 < seen; j0 += kKeys) {
    const Index cols = std::min(kKeys, seen - j0);
    products(head, i0, rows, j0, cols, weights);
    for (Index i = 0; i < rows; ++i) {
      T* row = weights + i * kKeys;
      const Index whole = score(head, i0 + i, j0, cols, row);
      const T now = rows::largest(row, whole, highest[i]);
      const T shift = shift_of(now);
      const T added = static_cast<T>(rows::exponentials(row, row, whole, shift));
      if (j0 > 0) {
        const T fade = std::exp(highest[i] - shift);
        total[i] *= fade;
        if (fade != T(1)) multiply_row(out.rows(i0 + i), head.value_width, fade);
      }
      highest[i] = now;
      total[i] += added;
    }
    Product<T> g;
    g.m = rows, g.n = head.value_width, g.k = cols;
    g.a = weights, g.a_m = kKeys, g.a_k = 1;
    g.b = head.v.rows(j0), g.b_k = head.v.row, g.b_n = 1;
    g.out = out.rows(i0), g.out_m = out.row;
    g.accumulate = j0 > 0;
    multiply(g);
  }
  for (Index i = 0; i < rows; ++i) {
    T* row = out.rows(i0 + i);
    if (total[i] == T(0))
      std::fill_n(row, head.value_width, T(0));
    else
      multiply_row(row, head.value_width, T(1) / total[i]);
    lse[(i0 + i) * lse_step] = highest[i] + std::log(total[i]);
  }
}

template <class T>
Head<T> head_of(const View& q, const View& k, const View& v, const View& mask, const AttentionParams& params) {
  Head<T> head{Operand<T>(q), Operand<T>(k), Operand<T>(v), Operand<T>(mask), 0, 0, 0, 0, params};
  head.queries = static_cast<Index>(q.shape[2]);
  head.keys = static_cast<Index>(k.shape[2]);
  head.width = static_cast<Index>(q.shape[3]);
  head.value_width = static_cast<Index>(v.shape[3]);
  return head;
}

template <class T>
Head<T> one_head(const Head<T>& all, Index batch, Index head) {
  Head<T> one = all;
  one.q = all.q.at(batch, head);
  one.k = all.k.at(batch, head);
  one.v = all.v.at(batch, head);
  one.mask = all.mask.at(batch, head);
  return one;
}

// The gradients of one head.
template <class T>
struct HeadGrads {
  Operand<T> dq, dk, dv, dout, out;
  const T* lse;
  Index lse_step;
};

template <class T>
void zero_rows(const Operand<T>& o, Index rows, Index cols) {
  for (Index i = 0; i < rows; ++i) std::fill_n(o.rows(i), cols, T(0));
}

// From dout for queries [i0, i0 + rows): with weights P, dV += Pᵀ·dO, dS = P ∘ (dO·Vᵀ − δ) · scale where
// δ_i = dO_i·O_i, dQ = dS·K and dK += dSᵀ·Q.
template <class T>
void backward_block(const Head<T>& head, const HeadGrads<T>& grads, Index i0, Index rows, const Tiles<T>& tiles) {
  using V = simd::Simd<T>;
  T delta[kQueries];
  for (Index i = 0; i < rows; ++i) {
    const T *g = grads.dout.rows(i0 + i), *o = grads.out.rows(i0 + i);
    V sum = V::zero();
    Index d = 0;
    for (; d + V::lanes <= head.value_width; d += V::lanes) sum = simd::madd(V::load(g + d), V::load(o + d), sum);
    delta[i] = simd::sum(sum);
    for (; d < head.value_width; ++d) delta[i] += g[d] * o[d];
  }
  const Index seen = head.visible(i0 + rows);
  if (seen == 0)
    for (Index i = 0; i < rows; ++i) std::fill_n(grads.dq.rows(i0 + i), head.width, T(0));
  const V scale = V::splat(static_cast<T>(head.params.scale));
  for (Index j0 = 0; j0 < seen; j0 += kKeys) {
    const Index cols = std::min(kKeys, seen - j0);
    products(head, i0, rows, j0, cols, tiles.weights);
    Index whole[kQueries];  // vectors of a row
    for (Index i = 0; i < rows; ++i) {
      T* row = tiles.weights + i * kKeys;
      whole[i] = score(head, i0 + i, j0, cols, row);
      rows::exponentials(row, row, whole[i], shift_of(grads.lse[(i0 + i) * grads.lse_step]));
    }

    Product<T> g;
    g.m = cols, g.n = head.value_width, g.k = rows;
    g.a = tiles.weights, g.a_m = 1, g.a_k = kKeys;
    g.b = grads.dout.rows(i0), g.b_k = grads.dout.row, g.b_n = 1;
    g.out = grads.dv.rows(j0), g.out_m = grads.dv.row;
    g.accumulate = true;
    multiply(g);

    g.m = rows, g.n = cols, g.k = head.value_width;
    g.a = grads.dout.rows(i0), g.a_m = grads.dout.row, g.a_k = 1;
    g.b = head.v.rows(j0), g.b_n = head.v.row, g.b_k = 1;
    g.out = tiles.grads, g.out_m = kKeys;
    g.accumulate = false;
    multiply(g);
    for (Index i = 0; i < rows; ++i) {
      const T* weight = tiles.weights + i * kKeys;
      T* grad = tiles.grads + i * kKeys;
      const V d = V::splat(delta[i]);
      for (Index j = 0; j < whole[i]; j += V::lanes)
        (V::load(weight + j) * (V::load(grad + j) - d) * scale).store(grad + j);
      if (whole[i] < cols) std::fill(grad + whole[i], grad + cols, T(0));
    }

    g.n = head.width, g.k = cols;
    g.a = tiles.grads, g.a_m = kKeys;
    g.b = head.k.rows(j0), g.b_k = head.k.row, g.b_n = 1;
    g.out = grads.dq.rows(i0), g.out_m = grads.dq.row;
    g.accumulate = j0 > 0;
    multiply(g);

    g.m = cols, g.k = rows;
    g.a_m = 1, g.a_k = kKeys;
    g.b = head.q.rows(i0), g.b_k = head.q.row;
    g.out = grads.dk.rows(j0), g.out_m = grads.dk.row;
    g.accumulate = true;
    multiply(g);
  }
}

template <class T>
void forward(const View* views, const AttentionParams& params) {
  const View &out = views[0], &lse = views[1], &q = views[2];
  const Head<T> all = head_of<T>(q, views[3], views[4], views[5], params);
  const Operand<T> to(out), sums(lse);
  const Index heads = q.shape[1], batch = q.shape[0];
  // The cut into bands must not depend on a thread's memory.
  const Index band = params.causal ? kCausalQueries : kQueries;
  const Index bands = ceil_div(all.queries, band);
  const Index work = std::min(band, all.queries) * all.keys * (all.width + all.value_width) + 1;
  parallel_for(batch * heads * bands, std::max<Index>(1, kTaskWork / work), [&](Index task, Index end) {
    with_tiles<T>([&](const Tiles<T>& tiles) {
      for (; task < end; ++task) {
        const Index b = task / bands / heads, h = task / bands % heads;
        const Head<T> head = one_head(all, b, h);
        const Index stop = std::min(all.queries, (task % bands + 1) * band);
        for (Index i0 = task % bands * band; i0 < stop; i0 += head.block(tiles))
          forward_block(head, to.at(b, h), sums.at(b, h).data, sums.row, i0, std::min(stop - i0, head.block(tiles)),
                        tiles.weights);
      }
    });
  });
}

template <class T>
void backward(const View* views, const AttentionParams& params) {
  const View& q = views[4];
  const Head<T> all = head_of<T>(q, views[5], views[6], views[9], params);
  const Operand<T> dq(views[0]), dk(views[1]), dv(views[2]), dout(views[3]), out(views[7]), lse(views[8]);
  const Index heads = q.shape[1], batch = q.shape[0];
  const Index work = all.queries * all.keys * (all.width + all.value_width) + 1;
  parallel_for(batch * heads, std::max<Index>(1, kTaskWork / work), [&](Index task, Index end) {
    with_tiles<T>([&](const Tiles<T>& tiles) {
      for (; task < end; ++task) {
        const Index b = task / heads, h = task % heads;
        const Head<T> head = one_head(all, b, h);
        const HeadGrads<T> grads{dq.at(b, h),  dk.at(b, h),       dv.at(b, h), dout.at(b, h),
                                 out.at(b, h), lse.at(b, h).data, lse.row};
        zero_rows(grads.dk, head.keys, head.width);
        zero_rows(grads.dv, head.keys, head.value_width);
        const Index block = head.block(tiles);
        for (Index i0 = 0; i0 < head.queries; i0 += block)
          backward_block(head, grads, i0, std::min(block, head.queries - i0), tiles);
      }
    });
  });
}

}  // namespace

void attention(const View* views, const void* params) {
  dispatch_floating(views[0].dtype,
                    [&]<class T>() { forward<T>(views, *static_cast<const AttentionParams*>(params)); });
}

void attention_grad(const View* views, const void* params) {
  dispatch_floating(views[0].dtype,
                    [&]<class T>() { backward<T>(views, *static_cast<const AttentionParams*>(params)); });
}

}  // namespace fluxion::kernels::cpu
