// Every op row against PyTorch: values and gradients of every sample, float64 and float32, as
// tests/fixtures/generate.py wrote them into ops.bin (its format is described there).

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace {

using namespace fluxion;

// The values of one tensor in both runs; integers and bool stand in `wide` alone.
struct Expected {
  DType wide_dtype = DType::Float64, single_dtype = DType::Float32;
  Shape shape;
  std::vector<double> wide, single;
};

struct Record {
  std::string row, sample;
  std::vector<Expected> inputs, results;
  bool has_gradients = false;
  std::vector<Expected> gradients;  // one per float input; no wide values where L does not depend on it
  std::vector<bool> present;
};

class Bytes {
 public:
  explicit Bytes(std::vector<char> data) : data_(std::move(data)) {}
  template <class T>
  T get() {
    T v;
    if (at_ + sizeof(T) > data_.size()) throw FluxionError("ops.bin ends early");
    std::memcpy(&v, data_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return v;
  }
  std::string string() {
    std::string s(get<std::uint16_t>(), '\0');
    for (char& c : s) c = get<char>();
    return s;
  }
  Shape shape() {
    Shape s(get<std::uint8_t>());
    for (std::int64_t& d : s) d = get<std::uint32_t>();
    return s;
  }
  template <class T>
  std::vector<double> values(std::int64_t count) {
    std::vector<double> v(static_cast<std::size_t>(count));
    for (double& d : v) d = static_cast<double>(get<T>());
    return v;
  }
  std::vector<double> values(DType dtype, std::int64_t count) {
    if (dtype == DType::Float64) return values<double>(count);
    if (dtype == DType::Float32) return values<float>(count);
    return dtype == DType::Int32 ? values<std::int32_t>(count) : values<std::uint8_t>(count);
  }
  Expected tensor() {
    Expected t;
    t.wide_dtype = t.single_dtype = static_cast<DType>(get<std::uint8_t>());
    t.shape = shape();
    t.wide = values(t.wide_dtype, numel(t.shape));
    return t;
  }
  bool done() const { return at_ == data_.size(); }

 private:
  std::vector<char> data_;
  std::size_t at_ = 0;
};

void read_argument(Bytes& in, Record& r) {
  switch (in.get<std::uint8_t>()) {
    case 0:
      return;
    case 1:
      r.inputs.push_back(in.tensor());
      return;
    case 2:
      for (int n = in.get<std::uint8_t>(); n > 0; --n) r.inputs.push_back(in.tensor());
      return;
    case 3:
      in.get<double>();
      return;
    case 4:
      in.get<std::uint8_t>();
      return;
    case 5:
      in.values<double>(in.get<std::uint8_t>());
      return;
    default:
      in.string();
      return;
  }
}

Expected read_result(Bytes& in) {
  Expected t;
  t.wide_dtype = static_cast<DType>(in.get<std::uint8_t>());
  t.single_dtype = static_cast<DType>(in.get<std::uint8_t>());
  t.shape = in.shape();
  const std::int64_t n = numel(t.shape);
  if (!is_floating(t.wide_dtype)) {
    t.wide = in.values(t.wide_dtype, n);
    return t;
  }
  t.wide = in.values<double>(n);
  t.single = in.values<float>(n);
  return t;
}

Record read_record(Bytes& in) {
  Record r;
  r.row = in.string();
  r.sample = in.string();
  for (int n = in.get<std::uint8_t>(); n > 0; --n) read_argument(in, r);
  for (int n = in.get<std::uint8_t>(); n > 0; --n) r.results.push_back(read_result(in));
  r.has_gradients = in.get<std::uint8_t>() != 0;
  if (!r.has_gradients) return r;
  for (const Expected& input : r.inputs) {
    if (!is_floating(input.wide_dtype)) continue;
    r.present.push_back(in.get<std::uint8_t>() != 0);
    Expected g;
    g.shape = input.shape;
    if (r.present.back()) {
      g.wide = in.values<double>(numel(g.shape));
      g.single = in.values<float>(numel(g.shape));
    }
    r.gradients.push_back(std::move(g));
  }
  return r;
}

std::vector<Record> read_fixtures() {
  const char* folder = std::getenv("FLUXION_FIXTURES");
  std::string path = __FILE__;
  path = folder != nullptr ? folder : path.substr(0, path.find_last_of('/')) + "/../fixtures";
  std::ifstream file(path + "/ops.bin", std::ios::binary);
  if (!file) throw FluxionError("no fixtures at " + path + "/ops.bin");
  Bytes in(std::vector<char>(std::istreambuf_iterator<char>(file), {}));
  std::string magic(4, ' ');
  for (char& c : magic) c = in.get<char>();
  if (magic != "FXOP" || in.get<std::uint32_t>() != 1) throw FluxionError("ops.bin is of another format");
  std::vector<Record> records;
  for (std::uint32_t n = in.get<std::uint32_t>(); n > 0; --n) records.push_back(read_record(in));
  if (!in.done()) throw FluxionError("ops.bin has bytes left over");
  return records;
}

// What a run gave: results, and gradients of L for the float inputs (undefined where L does not depend on
// one).
struct Outcome {
  std::vector<Tensor> inputs, results, gradients;
};

Tensor* tensor_in(Value& v) { return std::get_if<Tensor>(&v); }

Outcome run(const Row& row, const Record& record, DType dtype) {
  SampleCall call = parse_sample(row, record.sample, dtype);
  Outcome out;
  std::vector<Tensor> wanted;
  const auto prepare = [&](const Tensor& t) {
    out.inputs.push_back(t);
    Tensor leaf = t.detach();
    if (is_floating(t.dtype())) {
      if (record.has_gradients) set_requires_grad(leaf, true);
      wanted.push_back(leaf);
    }
    return leaf;
  };
  for (Value& v : call.values) {
    if (Tensor* t = tensor_in(v)) *t = prepare(*t);
    if (auto* list = std::get_if<std::vector<Tensor>>(&v))
      for (Tensor& t : *list) t = prepare(t);
    if (auto* operand = std::get_if<Operand>(&v); operand != nullptr && operand->is_tensor())
      *operand = Operand(prepare(operand->tensor));
  }
  out.results = row.invoke(call.values);
  if (!record.has_gradients || wanted.empty()) return out;
  std::vector<Tensor> roots, weights;
  for (std::size_t r = 0; r < out.results.size(); ++r) {
    const Tensor& t = out.results[r];
    if (!is_floating(t.dtype()) || !requires_grad(t)) continue;
    std::vector<double> w(static_cast<std::size_t>(t.numel()));
    for (std::size_t i = 0; i < w.size(); ++i)
      w[i] = (static_cast<double>((37 * (i + 13 * r) + 11) % 64) - 31.5) / 32;
    roots.push_back(t);
    weights.push_back(to_dtype(Tensor::from(w, t.shape()), t.dtype()));
  }
  out.gradients.resize(wanted.size());
  if (!roots.empty()) out.gradients = grad(roots, wanted, weights, {}, true);
  return out;
}

// The largest error against the float64 reference; infinite where one is NaN or infinite and the other is not
// the same.
double largest_error(const Tensor* ours, const std::vector<double>& theirs,
                     const std::vector<double>& truth) {
  double worst = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double v = ours != nullptr ? ours->at(static_cast<std::int64_t>(i)) : theirs[i];
    const bool same = v == truth[i] || (std::isnan(v) && std::isnan(truth[i]));
    if (!same) worst = std::fmax(worst, std::isfinite(v - truth[i]) ? std::abs(v - truth[i]) : INFINITY);
  }
  return worst;
}

// Rows whose float32 results needed it, and how many tensors of theirs.
std::map<std::string, int> held_against_float64;

// Empty when `ours` is as it should be.
std::string compare(const Row& row, const Tensor& ours, const Expected& expected, DType dtype,
                    bool is_input_like) {
  if (!(ours.shape() == expected.shape))
    return str("has shape ", ours.shape(), ", PyTorch's ", expected.shape);
  const bool wide_run = dtype == DType::Float64;
  const DType wanted = wide_run ? expected.wide_dtype : expected.single_dtype;
  if (!is_input_like && ours.dtype() != wanted) return str("is ", ours.dtype(), ", PyTorch's ", wanted);
  const bool exact = !is_floating(wanted), wide = wanted == DType::Float64;
  const std::vector<double>& values = exact || wide_run ? expected.wide : expected.single;
  const double rtol = exact ? 0 : wide ? 1e-7 : 1e-6, atol = exact ? 0 : wide ? 1e-12 : 1e-6;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = ours.at(static_cast<std::int64_t>(i));
    if (testing::close(v, values[i], rtol, atol)) continue;
    if (!wide && !exact && !row.float32_reason.empty() &&
        largest_error(&ours, {}, expected.wide) <=
            2 * largest_error(nullptr, expected.single, expected.wide)) {
      ++held_against_float64[row.name];
      return "";
    }
    return str("element ", i, " is ", v, ", PyTorch's ", values[i]);
  }
  return "";
}

void check_record(const Row& row, const Record& record, DType dtype) {
  const auto complain = [&](const std::string& what) {
    testing::fail(std::source_location::current(),
                  str(row.name, " on '", record.sample, "' in ", dtype, ": ", what));
  };
  const Outcome out = run(row, record, dtype);
  if (out.inputs.size() != record.inputs.size())
    return complain("other inputs than the fixture's: generate it anew");
  const bool updates_its_buffers = row.name == "batch_norm" || row.name == "instance_norm";
  for (std::size_t i = 0; i < out.inputs.size(); ++i)
    if (!updates_its_buffers && (!(out.inputs[i].shape() == record.inputs[i].shape) ||
                                 largest_error(&out.inputs[i], {}, record.inputs[i].wide) != 0))
      return complain("other input values than the fixture's: generate it anew");
  if (out.results.size() != record.results.size()) return complain("another number of results");
  for (std::size_t i = 0; i < out.results.size(); ++i)
    if (const std::string why = compare(row, out.results[i], record.results[i], dtype, false); !why.empty())
      complain(str("result ", i, " ", why));
  for (std::size_t i = 0; i < out.gradients.size() && i < record.gradients.size(); ++i) {
    if (!record.present[i]) continue;
    const Tensor g = out.gradients[i].defined() ? out.gradients[i] : zeros(record.gradients[i].shape, dtype);
    if (const std::string why = compare(row, g, record.gradients[i], dtype, false); !why.empty())
      complain(str("gradient ", i, " ", why));
  }
}

}  // namespace

TEST(fixtures_every_row_agrees_with_pytorch) {
  std::map<std::string, const Row*> rows;
  for (const Row& row : all_rows()) rows[row.name] = &row;
  const std::vector<Record> records = read_fixtures();
  std::set<std::string> seen;
  for (const Record& record : records) {
    seen.insert(record.row + "\n" + record.sample);
    const auto found = rows.find(record.row);
    if (found == rows.end()) {
      testing::fail(std::source_location::current(),
                    "no row is named " + record.row + ": generate the fixtures anew");
      continue;
    }
    for (const DType dtype : {DType::Float64, DType::Float32}) try {
        check_record(*found->second, record, dtype);
      } catch (const std::exception& error) {
        testing::fail(std::source_location::current(),
                      str(record.row, " on '", record.sample, "' in ", dtype, " threw: ", error.what()));
      }
  }
  int without = 0;
  for (const Row& row : all_rows())
    for (const std::string& sample : row.samples) {
      if (row.is_random || !parse_sample(row, sample, DType::Float32).reference)
        ++without;
      else if (seen.count(row.name + "\n" + sample) == 0)
        testing::fail(std::source_location::current(),
                      str(row.name, " on '", sample, "' is not in the fixtures: generate them anew"));
    }
  std::printf("fixtures: %zu samples; %d without a reference\n", records.size(), without);
  for (const auto& [name, count] : held_against_float64)
    std::printf("fixtures: %d float32 tensors of %s held against float64: %s\n", count, name.c_str(),
                rows.at(name)->float32_reason.c_str());
}
