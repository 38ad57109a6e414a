#include "fluxion/nn/decoder.h"

#include <algorithm>

namespace fluxion::nn {

std::function<Tensor(const Tensor& ids, bool anew)> resuming(Ref<Decoder> decoder, std::int64_t context) {
  struct Progress {
    std::vector<Tensor> cache;
    std::int64_t batch = 0, position = 0;
  };
  const std::int64_t longest = decoder->max_length();
  const std::int64_t room = context == 0 ? longest : longest == 0 ? context : std::min(longest, context);
  return [decoder = std::move(decoder), room, at = Progress()](const Tensor& ids, bool anew) mutable {
    const NoGrad off;
    if (at.batch != ids.size(0)) {
      at.cache = decoder->make_cache(ids.size(0), room);
      at.batch = ids.size(0);
    }
    if (anew) at.position = 0;
    Tensor logits = decoder->resume(ids, at.cache, at.position);
    at.position += ids.size(1);
    return logits;
  };
}

}  // namespace fluxion::nn
