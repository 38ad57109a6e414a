#pragma once
// One module, one row: what ops/row.h does for functions, for module classes. The Embind binding, the
// TypeScript class, the API page and the PyTorch comparison are made from it; argument kinds come from the
// constructor.
//
//   module<Linear(std::int64_t, std::int64_t, bool, DType)>(
//       "Linear", {"inFeatures", "outFeatures", "*bias=true", "*dtype=\"float32\""})
//       .doc("y = x·Wᵀ + b").shapes("[…, inFeatures] to […, outFeatures]")
//       .fields({"weight", "bias"})
//       .example("new nn.Linear(2, 3).forward(zeros([4, 2])).shape", "[4, 3]")
//       .sample("inFeatures=3 outFeatures=5", "[4,3]", "nn.Linear(3, 5)")
//
// In C++ the module is made by make_ref<fluxion::nn::NAME>(arguments in order), every one of them given.

#include "fluxion/nn/module.h"
#include "fluxion/ops/row.h"

namespace fluxion::nn {

// A method beside forward(x): "attend(query, key, value, …)".
struct MethodRow {
  std::string name;
  std::vector<Arg> args;
  std::string returns;  // "Tensor" or "Tensors"
  std::string doc_text;
};

// Arguments and one input, as samples of op rows are written, and the same module in PyTorch. The input's
// values come from the fixture. Empty torch code: the shapes alone are checked.
struct ModuleSample {
  std::string args;
  std::string input;
  std::string torch;
};

struct ModuleRow {
  std::string name;  // the class in fluxion::nn, in TypeScript and in PyTorch
  std::vector<Arg> args;
  std::function<Ref<Module>(std::span<const Value>)> make;
  bool is_loss = false;  // called with (input, target)
  std::vector<MethodRow> methods;
  std::vector<std::string> members;  // parameters, buffers and children that can be read as fields

  std::string doc_text, formula_text, shapes_text, init_text, errors_text, source_url;
  std::string example_code, example_result;
  std::vector<ModuleSample> samples;

  ModuleRow& doc(std::string s) { return set(doc_text, std::move(s)); }
  ModuleRow& formula(std::string s) { return set(formula_text, std::move(s)); }
  ModuleRow& shapes(std::string s) { return set(shapes_text, std::move(s)); }
  // How the weights start.
  ModuleRow& init(std::string s) { return set(init_text, std::move(s)); }
  ModuleRow& errors(std::string s) { return set(errors_text, std::move(s)); }
  ModuleRow& source(std::string s) { return set(source_url, std::move(s)); }
  ModuleRow& fields(std::vector<std::string> names) {
    members = std::move(names);
    return *this;
  }
  ModuleRow& example(std::string code, std::string result) {
    example_result = std::move(result);
    return set(example_code, std::move(code));
  }
  ModuleRow& sample(std::string arguments, std::string input, std::string torch = "") {
    samples.push_back({std::move(arguments), std::move(input), std::move(torch)});
    return *this;
  }
  ModuleRow& loss() {
    is_loss = true;
    return *this;
  }
  template <class M, class R, class... P>
  ModuleRow& method(std::string method_name, R (M::*)(P...), std::initializer_list<std::string_view> specs,
                    std::string text) {
    MethodRow m{std::move(method_name), {}, std::is_same_v<R, Tensor> ? "Tensor" : "Tensors", std::move(text)};
    if (specs.size() != sizeof...(P))
      throw FluxionError(str("row ", name, ".", m.name, ": argument names do not match"));
    const std::string_view* s = specs.begin();
    (m.args.push_back(fluxion::detail::parse_arg(*s++, fluxion::detail::ArgTraits<std::remove_cvref_t<P>>::kind,
                                                 fluxion::detail::ArgTraits<std::remove_cvref_t<P>>::choices())),
     ...);
    methods.push_back(std::move(m));
    return *this;
  }

 private:
  ModuleRow& set(std::string& field, std::string value) {
    field = std::move(value);
    return *this;
  }
};

namespace detail {

template <class Signature>
struct Constructor;

template <class M, class... P>
struct Constructor<M(P...)> {
  template <std::size_t... I>
  static ModuleRow row(std::string name, std::initializer_list<std::string_view> specs, std::index_sequence<I...>) {
    using fluxion::detail::ArgTraits;
    static_assert(std::is_constructible_v<M, P...>);
    if (specs.size() != sizeof...(P)) throw FluxionError(str("row ", name, ": argument names do not match"));
    ModuleRow out;
    out.name = std::move(name);
    [[maybe_unused]] const std::string_view* s = specs.begin();
    (out.args.push_back(fluxion::detail::parse_arg(s[I], ArgTraits<P>::kind, ArgTraits<P>::choices())), ...);
    out.make = []([[maybe_unused]] std::span<const Value> v) {
      return Ref<Module>(make_ref<M>(ArgTraits<P>::read(v[I])...));
    };
    return out;
  }
  static ModuleRow row(std::string name, std::initializer_list<std::string_view> specs) {
    return row(std::move(name), specs, std::index_sequence_for<P...>{});
  }
};

}  // namespace detail

template <class Signature>
ModuleRow module(std::string name, std::initializer_list<std::string_view> specs) {
  return detail::Constructor<Signature>::row(std::move(name), specs);
}

std::vector<ModuleRow> linear_module_rows();
std::vector<ModuleRow> conv_module_rows();
std::vector<ModuleRow> pool_module_rows();
std::vector<ModuleRow> norm_module_rows();
std::vector<ModuleRow> embedding_module_rows();
std::vector<ModuleRow> activation_module_rows();
std::vector<ModuleRow> attention_module_rows();
std::vector<ModuleRow> encoder_decoder_module_rows();
std::vector<ModuleRow> transformer_module_rows();
std::vector<ModuleRow> llama_module_rows();
std::vector<ModuleRow> recurrent_module_rows();
std::vector<ModuleRow> model_module_rows();
std::vector<ModuleRow> loss_module_rows();
// Every family's rows. Only tests and the generator ask for them.
std::vector<ModuleRow> module_rows();

// A sample's arguments filled in with the row's defaults.
std::vector<Value> parse_arguments(const ModuleRow& row, const std::string& text);

}  // namespace fluxion::nn
