// Prints the registries as JSON, for the generator (rows, modules, optimizers) and, with --samples, every sample of
// every op with its values, for the PyTorch fixtures.

#include "fluxion/nn/rows.h"

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

#include "fluxion/ops/row.h"
#include "fluxion/optim/rows.h"

namespace {

using namespace fluxion;

std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

template <class List, class F>
std::string joined(const List& list, F f, char open = '[', char close = ']') {
  std::string out(1, open);
  for (const auto& item : list) {
    if (out.size() > 1) out += ",";
    out += f(item);
  }
  return out + close;
}

std::string field(std::string_view name, const std::string& json) { return quoted(name) + ":" + json; }
std::string flag(bool b) { return b ? "true" : "false"; }

std::string number(double v) {
  if (std::isnan(v)) return "\"nan\"";
  if (std::isinf(v)) return v > 0 ? "\"inf\"" : "\"-inf\"";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.17g", v);
  return buffer;
}

std::string args_json(const std::vector<Arg>& args) {
  return joined(args, [](const Arg& a) {
    return "{" + field("name", quoted(a.name)) + "," + field("kind", quoted(name_of(a.kind))) + "," +
           field("default", a.default_json.empty() ? "null" : quoted(a.default_json)) + "," +
           field("option", flag(a.option)) + "," + field("choices", joined(a.choices, quoted)) + "}";
  });
}

template <class R>
std::string doc_json(const R& r) {
  return field("name", quoted(r.name)) + "," + field("args", args_json(r.args)) + "," +
         field("doc", quoted(r.doc_text)) + "," + field("formula", quoted(r.formula_text)) + "," +
         field("shapes", quoted(r.shapes_text)) + "," + field("errors", quoted(r.errors_text)) + "," +
         field("source", quoted(r.source_url)) + "," +
         field("example",
               "{" + field("code", quoted(r.example_code)) + "," + field("result", quoted(r.example_result)) + "}");
}

std::string row_json(const Row& r) {
  return "{" + doc_json(r) + "," + field("function", quoted(r.function)) + "," +
         field("family", quoted(r.family)) + "," +
         field("results", joined(r.results, quoted)) + "," + field("returnsList", flag(r.returns_list)) + "," +
         field("dtypes", quoted(r.dtypes_text)) + "," + field("torch", quoted(r.torch_code)) + "," +
         field("isMethod", flag(r.is_method)) + "," +
         field("inPlace", flag(r.in_place)) + "," + field("differentiable", flag(r.differentiable)) + "," +
         field("random", flag(r.is_random)) + "," + field("float32Reason", quoted(r.float32_reason)) + "," +
         field("exemptions", joined(r.exemptions, quoted)) + "," + field("samples", joined(r.samples, quoted)) + "}";
}

// What a field holds, read off the modules that the samples make: "parameter", "buffer", or the child's class
// ("Module" when samples differ).
std::string field_kind(const nn::ModuleRow& r, const std::string& name) {
  const auto has = [&](const std::vector<nn::NamedTensor>& list) {
    for (const auto& [key, tensor] : list)
      if (key == name) return true;
    return false;
  };
  std::string kind;
  for (const nn::ModuleSample& s : r.samples) {
    const Ref<nn::Module> module = r.make(nn::parse_arguments(r, s.args));
    std::string here;
    if (has(module->named_parameters("", false))) here = "parameter";
    if (has(module->named_buffers("", false))) here = "buffer";
    for (const auto& [key, child] : module->named_children())
      if (key == name) here = child->type_name();
    if (!here.empty()) kind = kind.empty() || kind == here ? here : "Module";
  }
  if (kind.empty()) throw FluxionError(str("row ", r.name, ": no sample has the field ", name));
  return kind;
}

std::string module_json(const nn::ModuleRow& r) {
  const auto member = [&](const std::string& name) {
    return "{" + field("name", quoted(name)) + "," + field("kind", quoted(field_kind(r, name))) + "}";
  };
  const auto method = [](const nn::MethodRow& m) {
    return "{" + field("name", quoted(m.name)) + "," + field("args", args_json(m.args)) + "," +
           field("returns", quoted(m.returns)) + "," + field("doc", quoted(m.doc_text)) + "}";
  };
  const auto sample = [](const nn::ModuleSample& s) {
    return "{" + field("args", quoted(s.args)) + "," + field("input", quoted(s.input)) + "," +
           field("torch", quoted(s.torch)) + "}";
  };
  return "{" + doc_json(r) + "," + field("init", quoted(r.init_text)) + "," + field("isLoss", flag(r.is_loss)) + "," +
         field("methods", joined(r.methods, method)) + "," + field("fields", joined(r.members, member)) + "," +
         field("samples", joined(r.samples, sample)) + "}";
}

std::string optimizer_json(const optim::OptimizerRow& r) {
  const auto sample = [](const optim::OptimizerSample& s) {
    return "{" + field("options", quoted(s.options)) + "," + field("torch", quoted(s.torch)) + "}";
  };
  return "{" + doc_json(r) + "," + field("optionNames", joined(r.option_names, quoted)) + "," +
         field("samples", joined(r.samples, sample)) + "}";
}

std::string tensor_json(const Tensor& t) {
  std::string values;
  for (std::int64_t i = 0; i < t.numel(); ++i) values += (i > 0 ? "," : "") + number(t.at(i));
  const auto int_list = [](const Shape& s) { return joined(s, [](std::int64_t v) { return std::to_string(v); }); };
  return "{" + field("dtype", quoted(name_of(t.dtype()))) + "," + field("shape", int_list(t.shape())) + "," +
         field("strides", int_list(t.strides())) + "," + field("values", "[" + values + "]") + "}";
}

struct ValueJson {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(const Tensor& t) const { return tensor_json(t); }
  std::string operator()(const std::vector<Tensor>& list) const { return joined(list, tensor_json); }
  std::string operator()(const Operand& o) const { return o.is_tensor() ? tensor_json(o.tensor) : (*this)(o.scalar); }
  std::string operator()(const Scalar& s) const { return number(s.value); }
  std::string operator()(double v) const { return number(v); }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(bool v) const { return flag(v); }
  std::string operator()(const Shape& s) const {
    return joined(s, [](std::int64_t v) { return std::to_string(v); });
  }
  std::string operator()(const std::vector<double>& v) const { return joined(v, number); }
  std::string operator()(const std::string& s) const { return quoted(s); }
  std::string operator()(DType d) const { return quoted(name_of(d)); }
};

// Tensors of float kind are printed as float64; their values are exact in float32 too.
std::string samples_json(const Row& row) {
  return joined(row.samples, [&](const std::string& sample) {
    const SampleCall call = parse_sample(row, sample, DType::Float64);
    std::string args;
    for (std::size_t i = 0; i < call.values.size(); ++i) {
      const Arg& arg = row.args[i];
      std::string value = std::visit(ValueJson{}, call.values[i]);
      if (arg.kind == ArgKind::Choice)
        value = quoted(arg.choices[static_cast<std::size_t>(std::get<std::int64_t>(call.values[i]))]);
      args += (i > 0 ? "," : "") + field(arg.name, value);
    }
    return "{" + field("text", quoted(sample)) + "," + field("grad", flag(call.grad)) + "," +
           field("reference", flag(call.reference)) + "," + field("check", flag(call.check)) + "," +
           field("second", flag(call.second)) + "," + field("args", "{" + args + "}") + "}\n";
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--samples") {
    std::string out = joined(
        all_rows(), [](const Row& r) { return "\n" + field(r.name, samples_json(r)); }, '{', '}');
    std::fputs((out + "\n").c_str(), stdout);
    return 0;
  }
  const std::string out =
      "{\n" + field("ops", joined(all_rows(), [](const Row& r) { return "\n" + row_json(r); })) + ",\n" +
      field("modules", joined(nn::module_rows(), [](const auto& r) { return "\n" + module_json(r); })) + ",\n" +
      field("optimizers", joined(optim::optimizer_rows(), [](const auto& r) { return "\n" + optimizer_json(r); })) +
      "\n}\n";
  std::fputs(out.c_str(), stdout);
  return 0;
}
