#pragma once
// Models that read tokens one after the other and can go on where they stopped.

#include <functional>

#include "fluxion/nn/module.h"

namespace fluxion::nn {

class Decoder : public Module {
 public:
  Decoder* as_decoder() final { return this; }
  // Room for what is kept of `batch` sequences of up to `length` tokens. Made once, written in place.
  virtual std::vector<Tensor> make_cache(std::int64_t batch, std::int64_t length) = 0;
  // int32 ids [N, t] that stand at `position` and follow those already read (position 0 begins anew) to the logits of
  // the last of them, [N, 1, V]. As forward() in evaluation mode, without gradient.
  virtual Tensor resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) = 0;
  // The longest sequence; 0: any.
  virtual std::int64_t max_length() const = 0;
};

// The decoder as a function of new ids [N, t], which follow those given before unless `anew`. Keeps at most `context`
// tokens (0: the longest sequence of the decoder) in one cache.
std::function<Tensor(const Tensor& ids, bool anew)> resuming(Ref<Decoder> decoder, std::int64_t context);

}  // namespace fluxion::nn
