#pragma once
// One optimizer, one row. Arguments are the list of parameters and the fields of its options, whose names,
// kinds and defaults come from the struct itself. In C++: make_ref<fluxion::optim::NAME>(params,
// fluxion::optim::NAME::Options{values in order}).

#include "fluxion/ops/row.h"
#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

// Options as samples of op rows are written, and the same optimizer of `params` in PyTorch.
struct OptimizerSample {
  std::string options;
  std::string torch;
};

struct OptimizerRow {
  std::string name;
  std::vector<Arg> args;                  // "params" first
  std::vector<std::string> option_names;  // of args[1…], as set_option() takes them
  std::function<Ref<Optimizer>(const std::vector<Tensor>&, std::span<const Value>)> make;  // options in order

  std::string doc_text, formula_text, shapes_text, errors_text, source_url;
  std::string example_code, example_result;
  std::vector<OptimizerSample> samples;

  OptimizerRow& doc(std::string s) { return set(doc_text, std::move(s)); }
  OptimizerRow& formula(std::string s) { return set(formula_text, std::move(s)); }
  OptimizerRow& shapes(std::string s) { return set(shapes_text, std::move(s)); }
  OptimizerRow& errors(std::string s) { return set(errors_text, std::move(s)); }
  OptimizerRow& source(std::string s) { return set(source_url, std::move(s)); }
  OptimizerRow& example(std::string code, std::string result) {
    example_result = std::move(result);
    return set(example_code, std::move(code));
  }
  OptimizerRow& sample(std::string options, std::string torch) {
    samples.push_back({std::move(options), std::move(torch)});
    return *this;
  }

 private:
  OptimizerRow& set(std::string& field, std::string value) {
    field = std::move(value);
    return *this;
  }
};

namespace detail {

// weight_decay to weightDecay.
std::string camel_case(std::string_view name);

inline Arg option_arg(const char* name, double v) {
  return {camel_case(name), ArgKind::Number, str(v), true, {}};
}
inline Arg option_arg(const char* name, bool v) {
  return {camel_case(name), ArgKind::Bool, str(v), true, {}};
}
inline Arg option_arg(const char* name, const Betas& v) {
  return {camel_case(name), ArgKind::Numbers, str("[", v.first, ", ", v.second, "]"), true, {}};
}
inline void read_option(const Value& from, double& into) { into = std::get<double>(from); }
inline void read_option(const Value& from, bool& into) { into = std::get<bool>(from); }
inline void read_option(const Value& from, Betas& into) { into = Betas(std::get<std::vector<double>>(from)); }

}  // namespace detail

template <class Opt>
OptimizerRow optimizer(std::string name) {
  OptimizerRow row;
  row.name = std::move(name);
  row.args.push_back({"params", ArgKind::Tensors, "", false, {}});
  const typename Opt::Options defaults;
  Opt::Options::each(defaults, [&](const char* option, const auto& value) {
    row.args.push_back(detail::option_arg(option, value));
    row.option_names.emplace_back(option);
  });
  row.make = [](const std::vector<Tensor>& params, std::span<const Value> values) {
    typename Opt::Options options;
    std::size_t i = 0;
    Opt::Options::each(options, [&](const char*, auto& value) { detail::read_option(values[i++], value); });
    return Ref<Optimizer>(make_ref<Opt>(params, options));
  };
  return row;
}

std::vector<OptimizerRow> sgd_rows();
std::vector<OptimizerRow> adam_rows();
std::vector<OptimizerRow> adaptive_rows();
std::vector<OptimizerRow> lion_rows();
// Every optimizer's row. Only tests and the generator ask for them.
std::vector<OptimizerRow> optimizer_rows();

// A sample's options filled in with the defaults.
std::vector<Value> parse_options(const OptimizerRow& row, const std::string& text);

}  // namespace fluxion::optim
