#include "fluxion/ops/row.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "fluxion/ops/ops.h"

namespace fluxion {
namespace {

// Deterministic values that float32 holds exactly, so that both precisions start from the same numbers.
class SampleValues {
 public:
  explicit SampleValues(std::string_view seed_text) {
    for (const char c : seed_text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  double unit() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 40) / 16777216.0;
  }
  double between(double low, double high) { return static_cast<float>(low + (high - low) * unit()); }
  double whole(double low, double high) { return low + std::floor((high - low) * unit()); }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

class Reader {
 public:
  Reader(const Row& row, std::string_view s) : row_(&row), text_(s) {}
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void want(char c) {
    if (!take(c)) fail(str("expected '", std::string(1, c), "'"));
  }
  void skip_spaces() {
    while (peek() == ' ') ++at_;
  }
  std::string word() {
    const std::size_t start = at_;
    while (!done() && std::string_view(" =,()[]{}:").find(peek()) == std::string_view::npos) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }
  std::string until_blank() {
    const std::size_t start = at_;
    while (!done() && peek() != ' ') ++at_;
    return std::string(text_.substr(start, at_ - start));
  }
  double number() {
    const std::string w = word();
    char* end = nullptr;
    const double v = std::strtod(w.c_str(), &end);  // takes nan and inf too
    if (w.empty() || *end != '\0') fail(str("'", w, "' is no number"));
    return v;
  }
  std::vector<double> numbers(char open, char close) {
    std::vector<double> out;
    want(open);
    while (!take(close)) {
      out.push_back(number());
      take(',');
    }
    return out;
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw FluxionError(str("row ", row_->name, ", sample '", std::string(text_), "', at ", at_, ": ", why));
  }

 private:
  const Row* row_;
  std::string_view text_;
  std::size_t at_ = 0;
};

Shape to_shape(const std::vector<double>& v) {
  Shape s;
  for (const double d : v) s.push_back(static_cast<std::int64_t>(d));
  return s;
}

Tensor with_values(std::vector<double> values, const Shape& shape, DType dtype) {
  if (is_floating(dtype))
    for (double& v : values) v = static_cast<float>(v);
  return to_dtype(Tensor::from(values, shape), dtype);
}

// The same values behind other strides.
Tensor laid_out(const Tensor& x, char layout) {
  if (x.rank() == 0 || layout == '\0') return x;
  if (layout == 'E') {
    if (x.size(0) == 0) return x;
    return expand(clone(slice(x, 0, 0, 1)), x.shape());
  }
  Shape shape;
  if (layout == 'T') {
    for (int i = x.rank() - 1; i >= 0; --i) shape.push_back(i);
    return permute(clone(permute(x, shape)), shape);
  }
  for (const std::int64_t s : x.shape()) shape.push_back(2 * s + 1);
  Tensor window = full(shape, 7, x.dtype());
  for (int i = 0; i < x.rank(); ++i) window = slice(window, i, 1, {}, 2);
  copy_(window, x);
  return window;
}

Tensor read_tensor(Reader& in, DType float_type, const std::string& seed) {
  const Shape shape = to_shape(in.numbers('[', ']'));
  const std::int64_t count = numel(shape);
  SampleValues draw(seed);
  double low = -2, high = 2;
  char kind = 'd', layout = '\0';
  std::vector<double> values;
  if (in.take(':'))
    while (!in.done() && in.peek() != ' ' && in.peek() != ',' && in.peek() != ')') {
      const char mark = in.peek();
      in.want(mark);
      if (mark == 'T' || mark == 'S' || mark == 'E') {
        layout = mark;
      } else if (mark == 'd' || mark == 'i' || mark == 'u') {
        kind = mark;
        if (in.peek() != '(') continue;  // only the type, for values that are given
        const std::vector<double> range = in.numbers('(', ')');
        if (range.size() != 2) in.fail("a range has two bounds");
        low = range[0];
        high = range[1];
      } else if (mark == 'b' || mark == 't' || mark == 'p') {
        kind = mark;
      } else if (mark == '=') {
        values = in.numbers('{', '}');
        if (static_cast<std::int64_t>(values.size()) != count) in.fail("values do not fill the shape");
      } else {
        in.fail("unknown mark");
      }
    }
  if (values.empty() && kind == 'p') {
    const std::int64_t row = shape.empty() ? 1 : shape.back();
    for (std::int64_t i = 0; i < count; i += row) {
      const std::size_t base = values.size();
      for (std::int64_t j = 0; j < row; ++j) values.push_back(static_cast<double>(j));
      for (std::int64_t j = row - 1; j > 0; --j)
        std::swap(values[base + static_cast<std::size_t>(j)],
                  values[base + static_cast<std::size_t>(draw.whole(0, static_cast<double>(j) + 1))]);
    }
  }
  while (static_cast<std::int64_t>(values.size()) < count)
    values.push_back(kind == 'd'   ? draw.between(low, high)
                     : kind == 'b' ? draw.whole(0, 2)
                     : kind == 't' ? draw.whole(-1, 3) * 0.5
                                   : draw.whole(low, high));
  const DType dtype = kind == 'i' || kind == 'p' ? DType::Int32
                      : kind == 'u'              ? DType::UInt8
                      : kind == 'b'              ? DType::Bool
                                                 : float_type;
  return laid_out(with_values(values, shape, dtype), layout);
}

DType dtype_named(const Reader& in, const std::string& name) {
  for (int d = 0; d < kDTypeCount; ++d)
    if (name_of(static_cast<DType>(d)) == name) return static_cast<DType>(d);
  in.fail(str("'", name, "' is no dtype"));
}

Value read_value(Reader& in, const Arg& arg) {
  if (in.take('"')) in.fail("write words without quotes");
  if (arg.kind == ArgKind::Text) return in.until_blank();
  const bool list = in.peek() == '[';
  switch (arg.kind) {
    case ArgKind::Ints:
    case ArgKind::OptionalInts:
      if (list) return to_shape(in.numbers('[', ']'));
      break;
    case ArgKind::Numbers:
      if (list) return in.numbers('[', ']');
      break;
    default:
      break;
  }
  Reader ahead = in;
  const std::string word = ahead.word();
  if (word == "null") {
    in = ahead;
    return std::monostate{};
  }
  switch (arg.kind) {
    case ArgKind::Bool:
      in = ahead;
      return word == "true";
    case ArgKind::DType:
    case ArgKind::OptionalDType:
      in = ahead;
      return dtype_named(in, word);
    case ArgKind::Choice:
      in = ahead;
      for (std::size_t i = 0; i < arg.choices.size(); ++i)
        if (arg.choices[i] == word) return static_cast<std::int64_t>(i);
      in.fail(str("'", word, "' is not a choice of ", arg.name));
    case ArgKind::Int:
    case ArgKind::OptionalInt:
      return static_cast<std::int64_t>(in.number());
    case ArgKind::Ints:
    case ArgKind::OptionalInts:
      return Shape{static_cast<std::int64_t>(in.number())};
    case ArgKind::Scalar:
    case ArgKind::Operand: {
      const double v = in.number();
      const Scalar s(v, v == std::floor(v));
      return arg.kind == ArgKind::Scalar ? Value(s) : Value(Operand(s));
    }
    default:
      return in.number();
  }
}

bool takes_tensor(ArgKind k) {
  return k == ArgKind::Tensor || k == ArgKind::OptionalTensor || k == ArgKind::Tensors || k == ArgKind::Operand;
}

std::string without_quotes(std::string s) {
  std::erase(s, '"');
  std::erase(s, ' ');
  return s;
}

}  // namespace

const char* name_of(ArgKind k) {
  constexpr const char* names[] = {
      "Tensor",      "OptionalTensor", "Tensors", "Operand",      "Scalar",  "Number", "OptionalNumber", "Int",
      "OptionalInt", "Bool",           "Ints",    "OptionalInts", "Numbers", "DType",  "OptionalDType",  "Choice",
      "Text"};
  return names[static_cast<int>(k)];
}

Arg detail::parse_arg(std::string_view spec, ArgKind kind, std::vector<std::string> choices) {
  Arg arg;
  arg.kind = kind;
  arg.choices = std::move(choices);
  arg.option = spec.starts_with('*');
  if (arg.option) spec.remove_prefix(1);
  const std::size_t equals = spec.find('=');
  arg.name = std::string(spec.substr(0, equals));
  if (equals != std::string_view::npos) arg.default_json = std::string(spec.substr(equals + 1));
  return arg;
}

SampleCall parse_sample(const Row& row, const std::string& sample, DType dtype) {
  SampleCall call;
  call.values.resize(row.args.size());
  std::vector<bool> given(row.args.size());
  Reader in(row, sample);
  std::size_t next_tensor = 0;
  const auto place = [&]() -> std::size_t {
    while (next_tensor < row.args.size() && !takes_tensor(row.args[next_tensor].kind)) ++next_tensor;
    if (next_tensor == row.args.size()) in.fail("more tensors than arguments");
    given[next_tensor] = true;
    return next_tensor++;
  };
  for (in.skip_spaces(); !in.done(); in.skip_spaces()) {
    const char c = in.peek();
    if (in.take('!')) {
      const std::string flag = in.word();
      if (flag == "nograd")
        call.grad = false;
      else if (flag == "noref")
        call.reference = false;
      else if (flag == "nocheck")
        call.check = false;
      else if (flag == "nosecond")
        call.second = false;
      else
        in.fail(str("unknown flag ", flag));
    } else if (c == '[') {
      const std::size_t i = place();
      const Tensor t = read_tensor(in, dtype, str(sample, i));
      call.values[i] = row.args[i].kind == ArgKind::Operand ? Value(Operand(t)) : Value(t);
    } else if (in.take('(')) {
      const std::size_t i = place();
      std::vector<Tensor> list;
      while (!in.take(')')) {
        list.push_back(read_tensor(in, dtype, str(sample, i, list.size())));
        in.take(',');
      }
      call.values[i] = std::move(list);
    } else {
      Reader ahead = in;
      const std::string name = ahead.word();
      if (ahead.take('=')) {
        in = ahead;
        std::size_t i = 0;
        // Samples may use the snake_case name or the camelCase one.
        const auto plain = [](std::string s) {
          std::erase(s, '_');
          for (char& ch : s) ch = static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
          return s;
        };
        while (i < row.args.size() && plain(row.args[i].name) != plain(name)) ++i;
        if (i == row.args.size()) in.fail(str("no argument is named ", name));
        call.values[i] = read_value(in, row.args[i]);
        given[i] = true;
      } else {
        const std::size_t i = place();
        call.values[i] = read_value(in, row.args[i]);
      }
    }
  }
  for (std::size_t i = 0; i < row.args.size(); ++i) {
    const Arg& arg = row.args[i];
    if (given[i]) continue;
    if (arg.default_json.empty() && arg.kind != ArgKind::OptionalTensor) in.fail(str("'", arg.name, "' is missing"));
    if (arg.default_json.empty() || arg.default_json == "null") continue;
    const std::string text = without_quotes(arg.default_json);
    Reader value(row, text);
    call.values[i] = read_value(value, arg);
  }
  return call;
}

std::vector<std::string> unary_samples(const std::string& marks, const std::string& args) {
  const std::string m = marks.empty() ? "" : ":" + marks;
  const std::string also = marks;
  std::vector<std::string> samples = {"[]" + m,         "[1]" + m,
          "[0]" + m,        "[7]" + m,
          "[33]" + m,       "[3,5]" + m,
          "[3,5]:T" + also, "[2,3,5]:S" + also,
          "[2,3,2,3]" + m,  "[2,1,2,3,2]:E" + also,
          "[9]:t !nocheck", "[8]:={nan,inf,-inf,0,-0,1,1e30,-1e-30} !nograd",
          "[6]:i(-3,4)"};
  for (std::string& s : samples)
    if (!args.empty()) s.insert(std::min(s.find(" !"), s.size()), " " + args);
  return samples;
}

std::vector<std::string> binary_samples(const std::string& marks_a, const std::string& marks_b) {
  const auto a = [&](const std::string& shape, const std::string& layout = "") {
    return shape + (layout + marks_a == "" ? "" : ":" + layout + marks_a);
  };
  const auto b = [&](const std::string& shape, const std::string& layout = "") {
    return shape + (layout + marks_b == "" ? "" : ":" + layout + marks_b);
  };
  return {a("[]") + " " + b("[]"),
          a("[1]") + " " + b("[1]"),
          a("[0]") + " " + b("[0]"),
          a("[0,3]") + " " + b("[3]"),
          a("[7]") + " " + b("[7]"),
          a("[33]") + " " + b("[]"),
          a("[3,5]") + " " + b("[5]"),
          a("[3,1]") + " " + b("[1,5]"),
          a("[3,5]", "T") + " " + b("[3,5]", "S"),
          a("[2,3,5]", "S") + " " + b("[3,1]"),
          a("[2,3,2,3]") + " " + b("[3,2,1]", "T"),
          a("[2,1,2,3,2]", "E") + " " + b("[2,3,1]"),
          "[9]:t [9]:t !nocheck",
          "[8]:={nan,1,inf,-inf,0,-0,inf,1} [8]:={1,nan,inf,inf,0,0,-inf,0} !nograd"};
}

const std::vector<Row>& all_rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    const auto family = [&](const char* name, std::vector<Row> members) {
      for (Row& r : members) {
        r.family = name;
        all.push_back(std::move(r));
      }
    };
    family("unary", unary_rows());
    family("binary", binary_rows());
    family("reduce", reduce_rows());
    family("view", view_rows());
    family("view", arrange_rows());
    family("order", order_rows());
    family("index", index_rows());
    family("linalg", linalg_rows());
    family("conv", conv_rows());
    family("conv", pool_rows());
    family("conv", patch_rows());
    family("norm", norm_rows());
    family("loss", loss_rows());
    family("creation", creation_rows());
    return all;
  }();
  return rows;
}

}  // namespace fluxion
