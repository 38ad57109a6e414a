#include "fluxion/kernels/chain.h"

#include <algorithm>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"

namespace fluxion::kernels::cpu {

void elementwise_chain(const ChainCall* calls, int count, Index elements) {
  constexpr int kMostViews = 3;
  const Index pieces = (elements + kChainPiece - 1) / kChainPiece;
  parallel_for(pieces, 4, [&](Index piece, Index end) {
    alignas(64) std::byte buffers[kChainSlots][kChainPiece * sizeof(double)];
    for (; piece < end; ++piece) {
      const Index begin = piece * kChainPiece;
      const std::int64_t n = std::min(kChainPiece, elements - begin);
      for (const ChainCall* call = calls; call != calls + count; ++call) {
        static constexpr std::int64_t kDense = 1, kOne = 0;
        View views[kMostViews];
        for (int v = 0; v < call->view_count; ++v) {
          const View& whole = call->views[v];
          const bool one = is_one(whole);
          std::byte* data = whole.as<std::byte>();
          if (call->slots[v] >= 0)
            data = buffers[call->slots[v]];
          else if (!one)
            data += begin * static_cast<Index>(size_of(whole.dtype));
          views[v] = {data, whole.dtype, 1, &n, one && elements > 1 ? &kOne : &kDense};
        }
        (call->prim == Prim::Unary ? unary : binary)(views, call->params);
      }
    }
  });
}

}  // namespace fluxion::kernels::cpu
