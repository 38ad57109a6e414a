// The profiler: what calls cost, which op they are part of, and that it is off afterwards.

#include "check.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"
#include "fluxion/train/profile.h"

using namespace fluxion;
using kernels::Prim;
using train::Profiler;

namespace {

const Profiler::Row* find(const Profiler& p, const std::string& op, Prim prim) {
  for (const Profiler::Row& r : p.rows())
    if (r.prim == prim && std::string(r.op) + (r.gradient ? "Backward" : "") == op) return &r;
  return nullptr;
}

void check_row(const Profiler& p, const std::string& op, Prim prim, double calls, double flop, double bytes) {
  const Profiler::Row* r = find(p, op, prim);
  if (!CHECK(r != nullptr)) return;
  CHECK_EQ(r->calls, calls);
  CHECK_EQ(r->cost.flop, flop);
  CHECK_EQ(r->cost.bytes, bytes);
}

}  // namespace

TEST(profile_counts_products) {
  const Tensor a = randn({3, 5}), b = randn({5, 7});
  set_requires_grad(b, true);
  Profiler p;
  p.start();
  matmul(a, b);
  matmul(a, b);
  p.stop();
  matmul(a, b);
  CHECK_EQ(p.rows().size(), 1u);
  check_row(p, "matmul", Prim::Gemm, 2, 2 * 2 * 3 * 5 * 7, 2 * 4 * (3 * 5 + 5 * 7 + 3 * 7));
  const std::int64_t* sizes = p.rows()[0].sizes;
  CHECK_EQ(Shape(sizes, sizes + 4), (Shape{1, 3, 5, 7}));
  CHECK(p.rows()[0].self > 0 && p.rows()[0].total >= p.rows()[0].self && p.time() >= p.rows()[0].total);
  const std::vector<double>& events = p.events();  // row, run of the op, start, end
  CHECK_EQ(events.size(), 8u);
  CHECK(events[1] != events[5]);
  CHECK(events[6] >= events[3]);
}

TEST(profile_counts_convolutions_and_their_gradients) {
  const Tensor x = randn({2, 4, 8, 8}), w = randn({6, 2, 3, 3}), b = randn({6});
  for (const Tensor& t : {x, w, b}) set_requires_grad(t, true);
  Profiler p;
  p.start();
  backward(sum(conv2d(x, w, b, {1, 1}, {1, 1}, {1, 1}, 2)));
  p.stop();
  const double outputs = 2 * 6 * 8 * 8, products = 2 * outputs * (2 * 3 * 3);
  const double bytes = 4 * (outputs + 2 * 4 * 8 * 8 + 6 * 2 * 3 * 3);
  check_row(p, "conv2d", Prim::Conv2d, 1, products + outputs, bytes + 4 * 6);
  check_row(p, "conv2dBackward", Prim::Conv2dGradInput, 1, products, bytes);
  check_row(p, "conv2dBackward", Prim::Conv2dGradWeight, 1, products, bytes);
  check_row(p, "sum", Prim::Reduce, 1, outputs, 4 * (outputs + 1));
}

TEST(profile_tells_whose_calls_they_are) {
  manual_seed(0);
  const auto model = nn::sequential(make_ref<nn::Linear>(2, 8), make_ref<nn::Tanh>(), make_ref<nn::Linear>(8, 1));
  optim::Adam optimizer(model->parameters());
  const Tensor y = zeros({4, 1});
  Profiler p;
  p.start();
  const Tensor loss = mse_loss((*model)(randn({4, 2})), y);
  optimizer.zero_grad();
  backward(loss);
  optimizer.step();
  p.stop();
  for (const auto& [op, prim] : {std::pair("", Prim::Random), {"linear", Prim::Gemm}, {"tanh", Prim::Unary},
                                 {"linearBackward", Prim::Gemm}, {"tanhBackward", Prim::Binary}, {"", Prim::AdamStep}})
    if (!CHECK(find(p, op, prim) != nullptr)) std::printf("%s %d\n", op, static_cast<int>(prim));
  check_row(p, "tanhBackward", Prim::Binary, 1, 4 * 8, 3 * 4 * 8 * 4);
  // p, m and v are read and written, the gradient is read.
  check_row(p, "", Prim::AdamStep, 1, 14 * 33, 7 * 4 * 33);
  double total = 0;
  for (const Profiler::Row& r : p.rows()) total += r.total;
  CHECK(total <= p.time());
  CHECK(running_node() == nullptr);
}

TEST(profile_counts_attention_and_broadcasts) {
  const Tensor q = randn({2, 3, 5, 4}), row = ones({1, 3});
  for (const Tensor& t : {q, row}) set_requires_grad(t, true);
  Profiler p;
  p.start();
  scaled_dot_product_attention(q, q, q, {}, 0.0, true);
  add(randn({4, 1}), row);
  p.stop();
  const double pairs = 2 * 3 * (5 * 6 / 2);
  const Profiler::Row* r = find(p, "scaledDotProductAttention", Prim::Attention);
  if (CHECK(r != nullptr)) CHECK_EQ(r->cost.flop, pairs * (4 * 4 + 5));
  check_row(p, "add", Prim::Binary, 1, 12, 4 * (12 + 4 + 3));
}

TEST(profile_names_no_op_for_what_was_not_recorded) {
  const Tensor x = randn({4, 4}), w = randn({4, 4});
  set_requires_grad(w, true);
  Profiler p;
  p.start();
  matmul(exp(x), w);
  {
    const NoGrad off;
    tanh(matmul(x, w));
  }
  sum(w);
  p.stop();
  check_row(p, "", Prim::Unary, 1, 16, 128);  // exp; tanh has a row of its own
  check_row(p, "matmul", Prim::Gemm, 1, 128, 192);
  check_row(p, "", Prim::Gemm, 1, 128, 192);
  check_row(p, "sum", Prim::Reduce, 1, 16, 68);
  CHECK_EQ(p.rows().size(), 5u);
}

TEST(profile_is_one_at_a_time) {
  Profiler first;
  first.start();
  Profiler second;
  CHECK_THROWS(second.start(), FluxionError, "profile: a profile is running already; profiles cannot be nested");
  second.stop();
  relu(randn({2}));
  first.stop();
  CHECK(find(first, "", Prim::Unary) != nullptr);
  second.start();
  second.stop();
  CHECK(second.rows().empty());
}
