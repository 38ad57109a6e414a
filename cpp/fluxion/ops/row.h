#pragma once
// One op, one row. A row names a differentiable function, its arguments, its documentation and the inputs it
// is tested on. The Embind binding, the TypeScript method and type, the API page, the gradient check and the
// PyTorch comparison are all made from it; argument kinds come from the C++ signature itself.
//
//   op("softmax", softmax, {"x", "dim=-1"})
//       .doc("Exponentials along `dim`, scaled to sum to 1.")
//       .formula("exp(xᵢ) / Σⱼ exp(xⱼ)")
//       .torch("torch.softmax(x, dim)")
//       .example("tensor([0, 0]).softmax().toArray()", "[0.5, 0.5]")
//       .sample("[2,3] dim=1").sample("[2,3]:T dim=0")
//
// Arguments are written "name", "name=default" (positional), or "*name=default" (in the options object).
// Defaults are JSON; an absent optional is "null".
//
// A sample lists tensors in argument order and the rest by name: "[2,3] [3] dim=1 reduction=sum". A tensor is
// a shape with marks after a colon:
//   T  its strides are transposed      S  a slice with steps of a larger tensor     E  its first dimension is expanded
//   i(lo,hi)  int32 from lo to hi−1    u(lo,hi)  uint8    b  bool    d(lo,hi)  floats from lo to hi (−2 to 2 otherwise)
//   t  values with many ties           ={1,nan,inf}  these values (i={0,2}: as int32)                   p  a
//   permutation along the last dimension
// A text argument ends at a blank. "([2,3],[4,3])" is a list of tensors, "null" an absent one, "3.5" alone a scalar
// operand. Flags at the end:
// !nograd (compare values only), !noref (no PyTorch comparison), !nocheck (a kink: no numerical gradient, but the
// comparison with PyTorch's), !nosecond (no second-order check). Parameter names in torch code are snake_case.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/ops/types.h"

namespace fluxion {

enum class ArgKind {
  Tensor,
  OptionalTensor,
  Tensors,
  Operand,
  Scalar,
  Number,
  OptionalNumber,
  Int,
  OptionalInt,
  Bool,
  Ints,
  OptionalInts,
  Numbers,
  DType,
  OptionalDType,
  Choice,
  Text
};

const char* name_of(ArgKind k);

using Value = std::variant<std::monostate, Tensor, std::vector<Tensor>, Operand, Scalar, double, std::int64_t, bool,
                           Shape, std::vector<double>, DType, std::string>;

struct Arg {
  std::string name;
  ArgKind kind = ArgKind::Tensor;
  std::string default_json;  // empty: required
  bool option = false;
  std::vector<std::string> choices;
};

namespace detail {

template <class T>
struct ArgTraits;  // kind, and how to read it from a Value

#define FLUXION_ARG(Type, Kind, Read)                        \
  template <>                                                \
  struct ArgTraits<Type> {                                   \
    static constexpr ArgKind kind = ArgKind::Kind;           \
    static Type read(const Value& v) { return Read; }        \
    static std::vector<std::string> choices() { return {}; } \
  };
FLUXION_ARG(Tensor, Tensor, std::get<Tensor>(v))
FLUXION_ARG(std::optional<Tensor>, OptionalTensor,
            std::holds_alternative<Tensor>(v) ? std::optional(std::get<Tensor>(v)) : std::nullopt)
FLUXION_ARG(std::vector<Tensor>, Tensors, std::get<std::vector<Tensor>>(v))
FLUXION_ARG(Operand, Operand, std::get<Operand>(v))
FLUXION_ARG(Scalar, Scalar, std::get<Scalar>(v))
FLUXION_ARG(double, Number, std::get<double>(v))
FLUXION_ARG(std::optional<double>, OptionalNumber,
            std::holds_alternative<double>(v) ? std::optional(std::get<double>(v)) : std::nullopt)
FLUXION_ARG(std::int64_t, Int, std::get<std::int64_t>(v))
FLUXION_ARG(std::optional<std::int64_t>, OptionalInt,
            std::holds_alternative<std::int64_t>(v) ? std::optional(std::get<std::int64_t>(v)) : std::nullopt)
FLUXION_ARG(bool, Bool, std::get<bool>(v))
FLUXION_ARG(Shape, Ints, std::get<Shape>(v))
FLUXION_ARG(std::optional<Shape>, OptionalInts,
            std::holds_alternative<Shape>(v) ? std::optional(std::get<Shape>(v)) : std::nullopt)
FLUXION_ARG(std::vector<double>, Numbers, std::get<std::vector<double>>(v))
FLUXION_ARG(std::string, Text, std::get<std::string>(v))
FLUXION_ARG(DType, DType, std::get<DType>(v))
FLUXION_ARG(std::optional<DType>, OptionalDType,
            std::holds_alternative<DType>(v) ? std::optional(std::get<DType>(v)) : std::nullopt)
#undef FLUXION_ARG

// Enums whose names are listed by choice_names().
template <class T>
requires std::is_enum_v<T>
struct ArgTraits<T> {
  static constexpr ArgKind kind = ArgKind::Choice;
  static T read(const Value& v) { return static_cast<T>(std::get<std::int64_t>(v)); }
  static std::vector<std::string> choices() { return choice_names(T{}); }
};

inline std::vector<Tensor> as_list(Tensor t) { return {std::move(t)}; }
inline std::vector<Tensor> as_list(std::vector<Tensor> t) { return t; }
inline std::vector<Tensor> as_list(std::pair<Tensor, Tensor> t) { return {std::move(t.first), std::move(t.second)}; }

}  // namespace detail

struct Row {
  std::string name;      // snake_case, as in C++ and PyTorch
  std::string function;  // its C++ name, where that must be another one
  std::string family;
  std::vector<Arg> args;
  std::vector<std::string> results;  // names of the parts when there are several; empty for one tensor
  bool returns_list = false;         // a list whose length depends on the arguments
  std::function<std::vector<Tensor>(std::span<const Value>)> invoke;

  std::string doc_text, formula_text, shapes_text, dtypes_text, errors_text, source_url;
  std::string torch_code;  // empty: torch.<name>(arguments in order)
  std::string example_code, example_result;
  std::vector<std::string> samples;
  std::vector<std::string> exemptions;  // "rank5: reason": coverage the harness need not ask for
  std::string float32_reason;           // summation order: float32 is held against float64 instead
  bool is_method = true;                // also a Tensor method, when its first argument is a tensor
  bool differentiable = true;
  bool in_place = false;                // also as a method with a trailing underscore, which changes x
  bool is_random = false;  // results depend on the generator: only shapes are compared

  Row& doc(std::string s) { return set(doc_text, std::move(s)); }
  Row& formula(std::string s) { return set(formula_text, std::move(s)); }
  Row& shapes(std::string s) { return set(shapes_text, std::move(s)); }
  Row& dtypes(std::string s) { return set(dtypes_text, std::move(s)); }
  Row& errors(std::string s) { return set(errors_text, std::move(s)); }
  Row& source(std::string s) { return set(source_url, std::move(s)); }
  Row& cpp(std::string s) { return set(function, std::move(s)); }
  Row& torch(std::string s) { return set(torch_code, std::move(s)); }
  Row& example(std::string code, std::string result) {
    example_result = std::move(result);
    return set(example_code, std::move(code));
  }
  Row& sample(std::string s) {
    samples.push_back(std::move(s));
    return *this;
  }
  Row& with(const std::vector<std::string>& more) {
    samples.insert(samples.end(), more.begin(), more.end());
    return *this;
  }
  Row& exempt(std::string s) {
    exemptions.push_back(std::move(s));
    return *this;
  }
  Row& summation_order(std::string why) { return set(float32_reason, std::move(why)); }
  Row& returns(std::vector<std::string> names) {
    results = std::move(names);
    return *this;
  }
  Row& no_method() {
    is_method = false;
    return *this;
  }
  Row& no_grad() {
    differentiable = false;
    return *this;
  }
  Row& has_in_place() {
    in_place = true;
    return *this;
  }
  Row& random() {
    is_random = true;
    return *this;
  }

 private:
  Row& set(std::string& field, std::string value) {
    field = std::move(value);
    return *this;
  }
};

namespace detail {

Arg parse_arg(std::string_view spec, ArgKind kind, std::vector<std::string> choices);

template <class R, class... P, std::size_t... I>
Row make_row(std::string name, R (*fn)(P...), std::initializer_list<std::string_view> specs,
             std::index_sequence<I...>) {
  Row row;
  row.name = row.function = std::move(name);
  const std::string_view* s = specs.begin();
  if (specs.size() != sizeof...(P)) throw FluxionError(str("row ", row.name, ": argument names do not match"));
  (row.args.push_back(
       parse_arg(s[I], ArgTraits<std::remove_cvref_t<P>>::kind, ArgTraits<std::remove_cvref_t<P>>::choices())),
   ...);
  row.returns_list = std::is_same_v<R, std::vector<Tensor>>;
  row.invoke = [fn](std::span<const Value> v) { return as_list(fn(ArgTraits<std::remove_cvref_t<P>>::read(v[I])...)); };
  return row;
}

}  // namespace detail

template <class R, class... P>
Row op(std::string name, R (*fn)(P...), std::initializer_list<std::string_view> specs) {
  return detail::make_row(std::move(name), fn, specs, std::index_sequence_for<P...>{});
}

// Every family's rows. Native builds only ask for them in tests and in the generator.
std::vector<Row> unary_rows();
std::vector<Row> binary_rows();
std::vector<Row> reduce_rows();
std::vector<Row> view_rows();
std::vector<Row> arrange_rows();
std::vector<Row> order_rows();
std::vector<Row> index_rows();
std::vector<Row> linalg_rows();
std::vector<Row> conv_rows();
std::vector<Row> pool_rows();
std::vector<Row> patch_rows();
std::vector<Row> norm_rows();
std::vector<Row> loss_rows();
std::vector<Row> creation_rows();
const std::vector<Row>& all_rows();

// A sample's arguments, filled in with the row's defaults; floats in `dtype`.
struct SampleCall {
  std::vector<Value> values;
  bool grad = true, reference = true, check = true, second = true;
};
SampleCall parse_sample(const Row& row, const std::string& sample, DType dtype);

// Samples that suit any elementwise op of one or two inputs: every rank, size 0 and 1, odd sizes, strides,
// broadcasts, ties. `marks` (say "d(0.1,3)") restricts the domain, `args` (say "dim=0") stands in each sample.
std::vector<std::string> unary_samples(const std::string& marks = "", const std::string& args = "");
std::vector<std::string> binary_samples(const std::string& marks_a = "", const std::string& marks_b = "");

}  // namespace fluxion
