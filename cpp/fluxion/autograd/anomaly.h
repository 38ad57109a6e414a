#pragma once
// Finds the first recorded op that makes a NaN or an infinity from finite values, on the way forward or back.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fluxion/autograd/node.h"

namespace fluxion {

// While on, such an op is a FluxionError that names it, the shapes of its inputs and where it was called. Every result
// is looked through, so it is slow. Off, it costs a look at a flag.
void set_detect_anomaly(bool on);
bool detecting_anomaly();

// Tells where the program stands, for the errors; the bindings give the line of JavaScript.
void set_place_finder(std::string (*find)());

namespace detail {
extern bool g_detecting;
// What comes out of op(inputs), about to be recorded as node number `sequence`.
void check_forward(const char* op, const Tensor& out, std::span<const Tensor* const> inputs, std::uint64_t sequence);
// What a node made of a gradient.
void check_backward(const Node& node, const Tensor& grad, const std::vector<Tensor>& grads);
// The node will not run again.
void forget_place(const Node& node);
}  // namespace detail

}  // namespace fluxion
