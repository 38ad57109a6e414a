// Every module row's samples against PyTorch: starting weights from one seed, keys, outputs in both modes,
// gradients and buffers.

#include <numeric>
#include <set>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/nn/encoder_decoder.h"
#include "fluxion/nn/loss.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"
#include "nn_fixtures.h"

using namespace fluxion;
using fluxion::testing::check_close;
using fluxion::testing::fixtures_below;

namespace {

bool same_values(const std::string& what, const Tensor& actual, const Tensor& expected, double rtol,
                 double atol) {
  if (!CHECK_EQ(str(what, " ", actual.shape()), str(what, " ", expected.shape()))) return false;
  return check_close(actual.to_vector<double>(), expected.to_vector<double>(), rtol, atol, what.c_str());
}

// The file orders tensors by element size; nn_module.cpp tests the order of keys.
std::string sorted_names(const StateDict& state) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : state) names.insert(name + " ");
  return std::accumulate(names.begin(), names.end(), std::string());
}

// Normal draws in float64 go through log and cos, whose last bits differ between libraries.
void check_start(const std::string& what, const StateDict& actual, const StateDict& expected) {
  if (!CHECK_EQ(what + sorted_names(actual), what + sorted_names(expected))) return;
  for (const auto& [name, tensor] : expected) {
    const double tolerance = tensor.dtype() == DType::Float64 ? 1e-14 : 0;
    same_values(what + name, actual.at(name), tensor, tolerance, tolerance);
  }
}

// A decoder's memory is its input too.
Tensor call(nn::Module& module, const nn::ModuleRow& row, const Tensor& x, const StateDict& fixture) {
  if (row.is_loss) {
    auto& loss = static_cast<nn::Loss&>(module);
    const Tensor* third = fixture.find("third");
    return third != nullptr ? loss.forward(x, fixture.at("target"), *third) : loss.forward(x, fixture.at("target"));
  }
  if (row.name == "TransformerDecoderLayer")
    return static_cast<nn::TransformerDecoderLayer&>(module).decode(x, x, {}, {}, {}, {}, false);
  if (row.name == "TransformerDecoder")
    return static_cast<nn::TransformerDecoder&>(module).decode(x, x, {}, {}, {}, {}, false);
  if (row.name == "Transformer")
    return static_cast<nn::Transformer&>(module).translate(x, x, {}, {}, {}, {}, {}, {}, false);
  return module(x);
}

void run_sample(const nn::ModuleRow& row, const nn::ModuleSample& sample, const std::string& name) {
  const StateDict fixture = fixtures_below(name + "/");
  if (!CHECK(!fixture.empty())) return;
  manual_seed(0);
  const Ref<nn::Module> module = row.make(nn::parse_arguments(row, sample.args));
  CHECK_EQ(module->type_name(), row.name);
  check_start(name + " starts with ", module->state_dict(), fixtures_below(name + "/init/"));

  module->load_state_dict(fixtures_below(name + "/state/"));
  const Tensor x = fixture.at("x");
  const bool wide = x.dtype() == DType::Float64;
  // Roundings add up over a whole model, and relaxed SIMD makes other ones than PyTorch.
  const bool whole = row.name == "GPT" || row.name == "Transformer";
  const double tolerance = wide ? 1e-10 : whole ? 1e-5 : 2e-6;
  if (is_floating(x.dtype())) set_requires_grad(x, true);
  manual_seed(0);  // a VAE's draw
  const Tensor y = call(*module, row, x, fixture);
  same_values(name + " y", y, fixture.at("y"), tolerance, tolerance);
  backward(y, fixture.at("dy"));
  if (is_floating(x.dtype())) same_values(name + " dx", grad_of(x), fixture.at("dx"), tolerance, tolerance);
  for (const auto& [key, parameter] : module->named_parameters())
    if (CHECK(grad_of(parameter).defined()))
      same_values(str(name, " grad ", key), grad_of(parameter), fixture.at("grad/" + key), tolerance,
                  tolerance);
  for (const auto& [key, buffer] : fixtures_below(name + "/after/"))
    same_values(str(name, " after ", key), module->state_dict().at(key), buffer, tolerance, tolerance);

  module->eval();
  same_values(name + " y_eval", call(*module, row, x, fixture), fixture.at("y_eval"), tolerance, tolerance);
  set_grad(x, {});
}

}  // namespace

TEST(nn_pytorch_every_module_row) {
  int samples = 0;
  for (const nn::ModuleRow& row : nn::module_rows()) {
    CHECK(!row.doc_text.empty());
    CHECK(!row.example_code.empty());
    if (!CHECK(!row.samples.empty())) std::printf("%s has no sample\n", row.name.c_str());
    for (std::size_t k = 0; k < row.samples.size(); ++k) {
      if (row.samples[k].torch.empty()) continue;
      run_sample(row, row.samples[k], str(row.name, "#", k));
      ++samples;
    }
  }
  std::printf("nn: %d samples of modules agree with PyTorch's\n", samples);
}
