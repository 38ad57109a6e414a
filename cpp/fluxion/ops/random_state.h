#pragma once
// Where a generator stands, as a tensor that can be saved.

#include "fluxion/core/random.h"
#include "fluxion/core/tensor.h"

namespace fluxion {

// int32 [631]: the 624 words, how many of them are left, the next one's place, the seed, and the normal kept back.
Tensor random_state(const Generator& generator);

// Goes on from there. ParseError, opening with `place`, when it is no such state.
void set_random_state(Generator& generator, const Tensor& state, std::string_view place);
// The check alone.
void check_random_state(const Tensor& state, std::string_view place);

}  // namespace fluxion
