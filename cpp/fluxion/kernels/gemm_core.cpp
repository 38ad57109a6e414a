#include "fluxion/kernels/gemm_core.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/gemm_dots.h"
#include "fluxion/kernels/gemm_micro.h"
#include "fluxion/kernels/gemm_pack.h"

namespace fluxion::kernels {

std::uint64_t gemm_core_calls() { return cpu::detail::gemm_core_calls; }

namespace cpu {

namespace detail {

std::uint64_t gemm_core_calls = 0;

void* scratch() {
  struct Free {
    void operator()(std::byte* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  thread_local std::unique_ptr<std::byte[], Free> memory;
  if (memory == nullptr)
    memory.reset(new (std::align_val_t{64}, std::nothrow) std::byte[static_cast<std::size_t>(kScratchBytes)]);
  return memory.get();
}

}  // namespace detail

template <class T>
void apply_epilogue(Epilogue epilogue, T* out, Index rows, Index cols, Index row_step) {
  static constexpr Unary kinds[] = {Unary::Neg,  Unary::Relu,     Unary::Tanh, Unary::Sigmoid,
                                    Unary::Gelu, Unary::GeluTanh, Unary::Silu};
  if (epilogue == Epilogue::None) return;
  const std::int64_t shape[2] = {rows, cols};
  const std::int64_t strides[2] = {row_step, 1};
  const View view{out, dtype_of<T>::value, 2, shape, strides};
  const View views[2] = {view, view};
  const UnaryParams params{kinds[static_cast<int>(epilogue)]};
  unary(views, &params);
}

template void apply_epilogue(Epilogue, float*, Index, Index, Index);
template void apply_epilogue(Epilogue, double*, Index, Index, Index);

namespace {

// Up to so many rows of A it does not pay to copy B first, if its rows are contiguous.
constexpr Index kRowsForDirectB = 24;
// Nor to copy A for so few columns.
constexpr Index kColsForDirectA = 64;
// Multiply-adds below which a task is not worth another thread.
constexpr Index kTaskWork = 200'000;
constexpr Index kMostTasks = 32;
// Values of `out` that an activation is applied to at a time.
constexpr Index kEpilogueValues = 4096;

// One block of k and of columns.
template <class T>
struct Block {
  const Product<T>* g;
  Index k0, depth;     // of this block
  Index col0, cols;    // of this block
  const T* direct;     // B itself where its full panels are read in place, else null
  const T* packed;     // packed panels: all, or the last narrow one alone
  bool first, last;    // of the blocks of k
  bool rows_in_place;  // A is read without packing
};

// Columns of one row tile for panels [begin, end) of the block.
template <class T, int MR>
void row_tile(const Block<T>& block, InterleavedRows<T> a, Index row, Index begin, Index end) {
  constexpr int width = kTileCols<T>, lanes = simd::Simd<T>::lanes;
  constexpr int wide = MR == 1 ? 4 : 2;  // panels to a tile of few rows: more chains of additions
  const Product<T>& g = *block.g;
  TileStore<T> how;
  how.add = !block.first || g.accumulate;
  if (block.last && g.row_bias != nullptr) how.row_bias = g.row_bias + row;
  const bool column_bias = block.last && g.column_bias != nullptr;
  T* out = g.out + row * g.out_m + block.col0;
  Index panel = begin;
  if constexpr (MR <= 3) {
    for (; block.direct != nullptr && panel + wide <= end && (panel + wide) * width <= block.cols; panel += wide) {
      const Index col = panel * width;
      if (column_bias) how.column_bias = g.column_bias + block.col0 + col;
      store_tile<MR, wide * kTileVectors, T>(
          multiply_tile<MR, wide * kTileVectors, T>(block.depth, a, StridedRows<T>{block.direct + col, g.b_k}),
          out + col, g.out_m, 1, wide * width, how);
    }
  }
  for (; panel < end; ++panel) {
    const Index col = panel * width;
    const int cols = static_cast<int>(std::min<Index>(width, block.cols - col));
    StridedRows<T> b{block.packed, width};
    if (block.direct == nullptr)
      b.p += col * block.depth;
    else if (cols == width)
      b = {block.direct + col, g.b_k};
    if (column_bias) how.column_bias = g.column_bias + block.col0 + col;
    if (cols > lanes)
      store_tile<MR, 2, T>(multiply_tile<MR, 2, T>(block.depth, a, b), out + col, g.out_m, 1, cols, how);
    else
      store_tile<MR, 1, T>(multiply_tile<MR, 1, T>(block.depth, a, b), out + col, g.out_m, 1, cols, how);
  }
}

template <class T>
using RowTile = void (*)(const Block<T>&, InterleavedRows<T>, Index, Index, Index);

template <class T>
constexpr auto kRowTiles = []<int... I>(std::integer_sequence<int, I...>) {
  return std::array<RowTile<T>, sizeof...(I) + 1>{nullptr, row_tile<T, I + 1>...};
}
(std::make_integer_sequence<int, kTileRows<T>>());

template <class T>
void run_row_tile(const Block<T>& block, Index row, int rows, Index begin, Index end) {
  const Product<T>& g = *block.g;
  const T* a = g.a + row * g.a_m + block.k0 * g.a_k;
  const RowTile<T> run = kRowTiles<T>[static_cast<std::size_t>(rows)];
  if (block.rows_in_place) {
    run(block, {a, g.a_k}, row, begin, end);
  } else {
    T panel[kDepth * kTileRows<T>];
    pack_rows(a, g.a_m, g.a_k, rows, block.depth, panel);
    run(block, {panel, rows}, row, begin, end);
  }
}

// Everything of one block, cut into tasks of some row tiles and some panels. The cut follows from the sizes
// alone.
template <class T>
void run_block(const Block<T>& block) {
  const Product<T>& g = *block.g;
  const Index panels = ceil_div(block.cols, kTileCols<T>);
  const Index tiles = ceil_div(g.m, kTileRows<T>);
  const Index work = g.m * block.cols * block.depth;
  const Index wanted = std::clamp<Index>(work / kTaskWork, 1, kMostTasks);
  Index group = 1;  // row tiles to a task
  if (wanted < tiles) group = ceil_div(tiles, wanted);
  const bool activate = block.last && g.epilogue != Epilogue::None;
  const Index groups = ceil_div(tiles, group);
  const Index chunks = std::min(panels, ceil_div(wanted, groups));
  const Index panels_to_chunk = ceil_div(panels, chunks);
  const Index tiles_to_activate = std::max<Index>(1, kEpilogueValues / (kTileRows<T> * block.cols));

  parallel_for(groups * chunks, 1, [&](Index task, Index tasks_end) {
    for (; task < tasks_end; ++task) {
      const Index begin = task % chunks * panels_to_chunk;
      const Index end = std::min(panels, begin + panels_to_chunk);
      if (begin >= end) continue;
      const Index last_tile = std::min(tiles, (task / chunks + 1) * group);
      for (Index tile = task / chunks * group; tile < last_tile;) {
        // Rows are shared out evenly: 32 are 5+5+5+5+6+6, not 6+6+6+6+6+2.
        const Index region = tile * g.m / tiles;
        const Index stop = activate ? std::min(last_tile, tile + tiles_to_activate) : last_tile;
        for (; tile < stop; ++tile) {
          const Index row = tile * g.m / tiles;
          run_row_tile(block, row, static_cast<int>((tile + 1) * g.m / tiles - row), begin, end);
        }
        if (activate) {
          const Index col = begin * kTileCols<T>;
          apply_epilogue(g.epilogue, g.out + region * g.out_m + block.col0 + col, tile * g.m / tiles - region,
                         std::min(block.cols, end * kTileCols<T>) - col, g.out_m);
        }
      }
    }
  });
}

template <class T>
void pack_block(Block<T>& block, T* packed) {
  const Product<T>& g = *block.g;
  constexpr int width = kTileCols<T>;
  const Index panels = ceil_div(block.cols, width);
  const T* b = g.b + block.k0 * g.b_k + block.col0 * g.b_n;
  const auto pack = [&](Index panel, T* out) {
    const int cols = static_cast<int>(std::min<Index>(width, block.cols - panel * width));
    pack_cols(b + panel * width * g.b_n, g.b_k, g.b_n, cols, block.depth, out);
  };
  block.packed = packed;
  if (block.direct != nullptr) {
    block.direct = b;
    if (block.cols % width != 0) pack(panels - 1, packed);
    return;
  }
  const Index grain = std::max<Index>(1, 16384 / (block.depth * width));
  parallel_for(panels, grain, [&](Index panel, Index end) {
    for (; panel < end; ++panel) pack(panel, packed + panel * width * block.depth);
  });
}

template <class T>
void multiply_blocked(const Product<T>& g) {
  constexpr int width = kTileCols<T>;
  const bool direct_b = g.b_n == 1 && g.m <= kRowsForDirectB;
  const Index k_blocks = ceil_div(g.k, kDepth);
  const Index depth = std::min(kDepth, (ceil_div(g.k, k_blocks) + 3) / 4 * 4);

  T one_panel[kDepth * width];
  T* packed = one_panel;
  Index most_cols = direct_b ? g.n : width;
  if (!direct_b && g.n > width) {
    if (T* large = static_cast<T*>(detail::scratch())) {
      packed = large;
      most_cols = detail::kPackBytes / static_cast<Index>(sizeof(T)) / depth / width * width;
    }
  }
  // Shared out evenly, in whole panels.
  const Index col_blocks = ceil_div(g.n, most_cols);
  const Index block_cols = ceil_div(ceil_div(g.n, col_blocks), width) * width;

  Block<T> block{};
  block.g = &g;
  block.rows_in_place = g.m == 1 || (g.a_m == 1 && std::min(g.n, block_cols) <= kColsForDirectA);
  for (block.col0 = 0; block.col0 < g.n; block.col0 += block_cols) {
    block.cols = std::min(block_cols, g.n - block.col0);
    for (block.k0 = 0; block.k0 < g.k; block.k0 += depth) {
      block.depth = std::min(depth, g.k - block.k0);
      block.first = block.k0 == 0;
      block.last = block.k0 + block.depth == g.k;
      block.direct = direct_b ? g.b : nullptr;
      pack_block(block, packed);
      run_block(block);
    }
  }
}

// k = 0: the empty sum.
template <class T>
void no_terms(const Product<T>& g) {
  for (Index i = 0; i < g.m; ++i) {
    for (Index j = 0; j < g.n; ++j) {
      T& v = g.out[i * g.out_m + j];
      if (!g.accumulate) v = T(0);
      if (g.column_bias != nullptr) v += g.column_bias[j];
      if (g.row_bias != nullptr) v += g.row_bias[i];
    }
  }
  apply_epilogue(g.epilogue, g.out, g.m, g.n, g.out_m);
}

// A product with one column is the transposed one with one row.
template <class T>
Product<T> transposed(const Product<T>& g) {
  Product<T> t = g;
  t.m = g.n, t.n = g.m;
  t.a = g.b, t.a_m = g.b_n, t.a_k = g.b_k;
  t.b = g.a, t.b_k = g.a_k, t.b_n = g.a_m;
  t.out_m = g.m;
  t.column_bias = g.row_bias, t.row_bias = g.column_bias;
  return t;
}

}  // namespace

template <class T>
void multiply(const Product<T>& g) {
  if (g.m == 0 || g.n == 0) return;
  if (g.k == 0) return no_terms(g);
  if (g.n == 1 && g.m > 1 && g.out_m == 1) return multiply(transposed(g));
  if constexpr (std::is_same_v<T, float>)
    if (prefers_dots(g)) return multiply_dots(g);
  multiply_blocked(g);
}

template void multiply(const Product<float>&);
template void multiply(const Product<double>&);

}  // namespace cpu

}  // namespace fluxion::kernels
