// Chains of elementwise calls, piece by piece: against formulas, and bit for bit what the calls give one by one.

#include <cmath>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/chain.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using namespace kernels;

// y = tanh((x + 1/2)·w), z = y·s, big = z > t, small = !big; s and t are one number for all. What the chain alone sees
// is in slots: x + 1/2, its product and big.
struct Values {
  Array x, w, y, z, small;
  Array s, t;

  Values(DType type, std::int64_t n)
      : x(type, {n}),
        w(type, {n}),
        y(type, {n}),
        z(type, {n}),
        small(DType::Bool, {n}),
        s(type, {n}, Layout::Scalar),
        t(type, {n}, Layout::Scalar) {
    x.randomize(1);
    w.randomize(2);
    s.set(0, 1.5);
    t.set(0, 0.25);
  }

  void run(bool in_one) {
    const std::int64_t n = x.size();
    Array first(x.dtype, {n}), second(x.dtype, {n}), big(DType::Bool, {n});
    const UnaryParams shift{Unary::AddScalar, 0.5}, tanh{Unary::Tanh}, negate{Unary::LogicalNot};
    const BinaryParams product{Binary::Mul}, greater{Binary::Gt};
    const View a[] = {first.view(), x.view()}, b[] = {second.view(), first.view(), w.view()};
    const View c[] = {y.view(), second.view()}, d[] = {z.view(), y.view(), s.view()};
    const View e[] = {big.view(), z.view(), t.view()}, f[] = {small.view(), big.view()};
    const std::int8_t slots_a[] = {0, -1}, slots_b[] = {3, 0, -1}, slots_c[] = {-1, 3}, slots_d[] = {-1, -1, -1};
    const std::int8_t slots_e[] = {1, -1, -1}, slots_f[] = {-1, 1};
    const ChainCall calls[] = {
        {Prim::Unary, a, slots_a, 2, &shift, sizeof shift},
        {Prim::Binary, b, slots_b, 3, &product, sizeof product},
        {Prim::Unary, c, slots_c, 2, &tanh, sizeof tanh},
        {Prim::Binary, d, slots_d, 3, &product, sizeof product},
        {Prim::Binary, e, slots_e, 3, &greater, sizeof greater},
        {Prim::Unary, f, slots_f, 2, &negate, sizeof negate},
    };
    if (in_one) {
      run_chain(calls, std::size(calls), static_cast<Index>(n));
      CHECK_EQ(second.values(), std::vector<double>(static_cast<std::size_t>(n), 0));  // its slot's memory is untouched
      return;
    }
    for (const ChainCall& call : calls) run_call(call.prim, call.views, call.view_count, call.params, call.params_size);
  }
};

TEST(chain_is_its_calls) {
  std::vector<std::int64_t> sizes(std::begin(kAwkward), std::end(kAwkward));
  for (const std::int64_t n : {kChainPiece - 1, kChainPiece, kChainPiece + 1, 9 * kChainPiece + 33}) sizes.push_back(n);
  for (const DType type : kFloats)
    for (const std::int64_t n : sizes) {
      Values single(type, n);
      single.run(false);
      for (const int threads : {1, 3}) {
        set_thread_count(threads);
        Values chain(type, n);
        chain.run(true);
        set_thread_count(1);
        std::vector<double> y, z, small;
        for (std::int64_t i = 0; i < n; ++i) {
          const double sum = rounded(type, chain.x.get(i) + 0.5);
          y.push_back(rounded(type, std::tanh(rounded(type, sum * chain.w.get(i)))));
          z.push_back(rounded(type, chain.y.get(i) * 1.5));
          small.push_back(chain.z.get(i) > 0.25 ? 0 : 1);
        }
        const std::string what = "chain of " + show(n);
        check_values(chain.y, y, type == DType::Float32 ? 4e-7 : 1e-15, 1e-15, what);
        check_values(chain.z, z, 0, 0, what);
        check_values(chain.small, small, 0, 0, what);
        CHECK(chain.y.values() == single.y.values() && chain.z.values() == single.z.values());
      }
    }
}

}  // namespace
}  // namespace fluxion::testing
