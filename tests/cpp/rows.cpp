// Every op row on every one of its samples: it runs, its gradients of first and second order match finite
// differences, memory layout and precision do not matter, and its samples cover what they must.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"
#include "fluxion/transforms/gradcheck.h"

namespace {

using namespace fluxion;

std::vector<Tensor> tensors_of(const Value& v) {
  if (const auto* t = std::get_if<Tensor>(&v)) return {*t};
  if (const auto* list = std::get_if<std::vector<Tensor>>(&v)) return *list;
  if (const auto* operand = std::get_if<Operand>(&v); operand != nullptr && operand->is_tensor())
    return {operand->tensor};
  return {};
}

std::vector<Tensor> tensors_of(const std::vector<Value>& values) {
  std::vector<Tensor> out;
  for (const Value& v : values)
    for (Tensor& t : tensors_of(v)) out.push_back(std::move(t));
  return out;
}

// The values with their tensors replaced, in order.
std::vector<Value> with_tensors(const std::vector<Value>& values, const std::vector<Tensor>& tensors) {
  std::vector<Value> out = values;
  std::size_t next = 0;
  for (Value& v : out) {
    if (std::holds_alternative<Tensor>(v)) {
      v = tensors[next++];
    } else if (auto* list = std::get_if<std::vector<Tensor>>(&v)) {
      for (Tensor& t : *list) t = tensors[next++];
    } else if (const auto* operand = std::get_if<Operand>(&v); operand != nullptr && operand->is_tensor()) {
      v = Operand(tensors[next++]);
    }
  }
  return out;
}

// Random rows draw the same numbers every time.
std::vector<Tensor> invoke(const Row& row, const std::vector<Value>& values) {
  if (row.is_random) manual_seed(7);
  return row.invoke(values);
}

// All float results as one tensor, so that one L = Σ f·w sees them all.
Tensor as_one(const std::vector<Tensor>& results) {
  std::vector<Tensor> floats;
  for (const Tensor& t : results)
    if (is_floating(t.dtype())) floats.push_back(t);
  if (floats.size() == 1) return floats[0];
  for (Tensor& t : floats) t = reshape(t, {t.numel()});
  return cat(floats);
}

bool has_float(const std::vector<Tensor>& list) {
  return std::any_of(list.begin(), list.end(), [](const Tensor& t) { return is_floating(t.dtype()); });
}

bool all_finite(const std::vector<Tensor>& list) {
  for (const Tensor& t : list)
    for (std::int64_t i = 0; i < t.numel(); ++i)
      if (!std::isfinite(t.at(i))) return false;
  return true;
}

std::string where(const Row& row, const std::string& sample) { return row.name + " on '" + sample + "': "; }

void complain(const Row& row, const std::string& sample, const std::string& what,
              const std::source_location at = std::source_location::current()) {
  testing::fail(at, where(row, sample) + what);
}

template <class F>
void each_sample(DType dtype, F&& f) {
  for (const Row& row : all_rows())
    for (const std::string& sample : row.samples) try {
        f(row, sample, parse_sample(row, sample, dtype));
      } catch (const std::exception& error) {
        complain(row, sample, std::string("threw: ") + error.what());
      }
}

bool agree(const Tensor& a, const Tensor& b, double rtol, double atol) {
  if (!(a.shape() == b.shape())) return false;
  for (std::int64_t i = 0; i < a.numel(); ++i)
    if (!testing::close(a.at(i), b.at(i), rtol, atol)) return false;
  return true;
}

// d Σ results·w / d inputs for the float inputs, in order; undefined where there is none.
std::vector<Tensor> gradients(const Row& row, const SampleCall& call, bool create_graph) {
  std::vector<Tensor> leaves, wanted;
  for (const Tensor& t : tensors_of(call.values)) {
    leaves.push_back(t.detach());
    if (!is_floating(t.dtype())) continue;
    set_requires_grad(leaves.back(), true);
    wanted.push_back(leaves.back());
  }
  const Tensor out = as_one(invoke(row, with_tensors(call.values, leaves)));
  if (!requires_grad(out)) return {};
  const Tensor w = sin(arange(1, static_cast<double>(out.numel()) + 1, 1, out.dtype()));
  return grad({out}, wanted, {reshape(w, out.shape())}, {.create_graph = create_graph}, true);
}

bool is_differentiable(const Row& row, const SampleCall& call) {
  return row.differentiable && call.grad && has_float(tensors_of(call.values));
}

}  // namespace

TEST(rows_are_documented) {
  std::set<std::string> names;
  for (const Row& row : all_rows()) {
    if (!names.insert(row.name).second) complain(row, "", "the name is taken twice");
    if (row.samples.empty()) complain(row, "", "has no samples");
    if (row.doc_text.empty() || row.doc_text.back() != '.')
      complain(row, "", "needs a sentence of documentation");
    if (row.shapes_text.empty() || row.dtypes_text.empty() || row.errors_text.empty())
      complain(row, "", "lacks its shapes, dtypes or errors");
    if (row.example_code.empty() || row.example_result.empty()) complain(row, "", "lacks an example");
  }
}

TEST(rows_run_and_leave_their_inputs_alone) {
  for (const DType dtype : {DType::Float64, DType::Float32})
    each_sample(dtype, [&](const Row& row, const std::string& sample, const SampleCall& call) {
      const std::vector<Tensor> before = tensors_of(call.values);
      std::vector<Tensor> copies;
      for (const Tensor& t : before) copies.push_back(clone(t));
      const std::vector<Tensor> results = invoke(row, call.values);
      const bool updates_its_buffers = row.name == "batch_norm" || row.name == "instance_norm";
      for (std::size_t i = 0; i < before.size(); ++i)
        if (!updates_its_buffers && !agree(before[i], copies[i], 0, 0))
          complain(row, sample, str("changed input ", i));
      if (call.grad && call.check && has_float(before) && all_finite(copies) && !all_finite(results))
        complain(row, sample, "gives NaN or infinity for finite inputs");
      for (const Tensor& t : results)
        if (is_floating(t.dtype()) && dtype == DType::Float64 && has_float(before) && t.dtype() != dtype)
          complain(row, sample, str("gives ", t.dtype(), " for float64"));
    });
}

TEST(rows_do_not_care_about_memory_layout) {
  for (const DType dtype : {DType::Float64, DType::Float32})
    each_sample(dtype, [&](const Row& row, const std::string& sample, const SampleCall& call) {
      std::vector<Tensor> contiguous_inputs;
      bool strided = false;
      for (const Tensor& t : tensors_of(call.values)) {
        strided = strided || !t.is_contiguous();
        contiguous_inputs.push_back(clone(t));
      }
      if (!strided) return;
      const std::vector<Tensor> a = invoke(row, call.values);
      const std::vector<Tensor> b = invoke(row, with_tensors(call.values, contiguous_inputs));
      const double tolerance = dtype == DType::Float64 ? 1e-12 : 2e-6;
      for (std::size_t i = 0; i < a.size(); ++i)
        if (!agree(a[i], b[i], tolerance, tolerance)) complain(row, sample, "differs from contiguous inputs");
    });
}

TEST(rows_agree_between_precisions) {
  each_sample(DType::Float64, [](const Row& row, const std::string& sample, const SampleCall& call) {
    if (row.is_random || !call.grad) return;
    const std::vector<Tensor> a = invoke(row, call.values);
    const std::vector<Tensor> b = invoke(row, parse_sample(row, sample, DType::Float32).values);
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!agree(b[i], a[i], 2e-5, 2e-5)) complain(row, sample, "differs between float32 and float64");
  });
}

TEST(rows_gradients_match_finite_differences) {
  each_sample(DType::Float64, [](const Row& row, const std::string& sample, const SampleCall& call) {
    if (!is_differentiable(row, call) || !call.check) return;
    const auto f = [&](const std::vector<Tensor>& t) {
      return as_one(invoke(row, with_tensors(call.values, t)));
    };
    const GradcheckResult first = gradcheck(f, tensors_of(call.values));
    if (!first.ok) complain(row, sample, first.message);
  });
}

TEST(rows_second_gradients_match_finite_differences) {
  std::set<std::string> unchecked;
  for (const Row& row : all_rows())
    if (row.differentiable && !row.is_random) unchecked.insert(row.name);
  each_sample(DType::Float64, [&](const Row& row, const std::string& sample, const SampleCall& call) {
    if (!is_differentiable(row, call) || !call.check || !call.second) return;
    unchecked.erase(row.name);
    const auto f = [&](const std::vector<Tensor>& t) {
      return as_one(invoke(row, with_tensors(call.values, t)));
    };
    const GradcheckResult second = gradgradcheck(f, tensors_of(call.values));
    if (!second.ok) complain(row, sample, second.message);
  });
  // Rows of which no sample is checked to the second order, and why.
  CHECK_EQ(unchecked, (std::set<std::string>{}));
}

TEST(rows_fused_gradients_agree_with_differentiable_ones) {
  for (const DType dtype : {DType::Float64, DType::Float32})
    each_sample(dtype, [&](const Row& row, const std::string& sample, const SampleCall& call) {
      if (!is_differentiable(row, call)) return;
      const std::vector<Tensor> fused = gradients(row, call, false), composite = gradients(row, call, true);
      const double tolerance = dtype == DType::Float64 ? 1e-11 : 2e-5;
      for (std::size_t i = 0; i < fused.size(); ++i) {
        if (fused[i].defined() != composite[i].defined())
          complain(row, sample, str("input ", i, " has one gradient only"));
        if (fused[i].defined() && !agree(fused[i], composite[i], tolerance, tolerance))
          complain(row, sample,
                   str("gradient ", i, " differs between the fused and the differentiable path"));
      }
    });
}

// What samples must contain, unless the row gives a reason why not.
TEST(rows_samples_cover_what_they_must) {
  int exempted = 0, excused_samples = 0;
  for (const Row& row : all_rows()) {
    std::set<std::string> covered;
    bool nan = false, plus = false, minus = false;
    const auto look = [&](const Tensor& t) {
      covered.insert(str("rank", t.rank()));
      if (t.numel() == 0) covered.insert("size0");
      if (t.numel() == 1) covered.insert("size1");
      bool expanded_dim = false;
      for (int i = 0; i < t.rank(); ++i) {
        if (t.size(i) >= 3 && t.size(i) % 2 == 1) covered.insert("odd");
        expanded_dim = expanded_dim || (t.size(i) > 1 && t.strides()[i] == 0);
      }
      if (expanded_dim) covered.insert("broadcast");
      if (!t.is_contiguous() && !expanded_dim) covered.insert("strided");
      std::set<double> seen;
      for (std::int64_t i = 0; i < t.numel(); ++i) {
        const double v = t.at(i);
        if (!expanded_dim && !seen.insert(v).second) covered.insert("ties");
        nan = nan || std::isnan(v);
        plus = plus || v == std::numeric_limits<double>::infinity();
        minus = minus || v == -std::numeric_limits<double>::infinity();
      }
    };
    for (const std::string& sample : row.samples) {
      const SampleCall call = parse_sample(row, sample, DType::Float64);
      excused_samples += !call.grad || !call.check || !call.second || !call.reference;
      const std::vector<Tensor> inputs = tensors_of(call.values);
      for (const Tensor& t : inputs) {
        look(t);
        if (!(t.shape() == inputs[0].shape())) covered.insert("broadcast");
      }
      if (inputs.empty())
        for (const Tensor& t : invoke(row, call.values)) look(t);
    }
    if (nan && plus && minus) covered.insert("special");
    std::map<std::string, std::string> reasons;
    for (const std::string& e : row.exemptions) {
      const std::size_t colon = e.find(": ");
      if (colon == std::string::npos || colon + 2 == e.size())
        complain(row, e, "an exemption is 'point: reason'");
      else
        reasons[e.substr(0, colon)] = e.substr(colon + 2);
    }
    for (const char* point : {"rank0", "rank1", "rank2", "rank3", "rank4", "rank5", "size0", "size1", "odd",
                              "strided", "broadcast", "ties", "special"}) {
      if (covered.count(point) != 0) continue;
      const bool excused =
          reasons.count(point) != 0 || (std::string(point).starts_with("rank") && reasons.count("rank") != 0);
      if (excused)
        ++exempted;
      else
        complain(row, "", std::string("has no sample for ") + point + ", and gives no reason");
    }
  }
  std::printf("rows: %zu; coverage points exempted: %d; samples with a flag: %d\n", all_rows().size(),
              exempted, excused_samples);
}

// Whatever is wrong with a call, the error begins with the name that the caller knows, and so do graphs.
TEST(rows_are_named_in_errors_and_graphs) {
  const std::vector<Value> misfits = {
      zeros({7, 5, 3, 2, 11}), zeros({}), zeros({3}), zeros({2, 3}, DType::Bool), full({2, 3}, 99, DType::Int32),
      zeros({2, 3}, DType::Float64), zeros({0, 2}), std::int64_t{99}, std::int64_t{-99}, std::int64_t{0},
      Shape{-3}, Shape{99}, Shape{0, 0}, Shape{1, 2, 3, 4, 5, 6, 7}, -5.0, DType::Bool,
      std::string("ab,c?"), std::string("xyz->x")};
  each_sample(DType::Float32, [&](const Row& row, const std::string& sample, const SampleCall& call) {
    const std::string name = public_name(row.name);
    const std::vector<Tensor> inputs = tensors_of(call.values);
    for (const Tensor& t : inputs)
      if (is_floating(t.dtype())) set_requires_grad(t, true);
    for (const Tensor& t : invoke(row, call.values)) {
      const std::string_view op = requires_grad(t) ? gradient_edge(t)->op : "";
      if (op.substr(0, op.size() - !op.empty()).find('_') != std::string_view::npos)
        complain(row, sample, str("is '", op, "' in graphs"));
    }
    for (std::size_t i = 0; i < call.values.size(); ++i)
      for (const Value& misfit : misfits) {
        std::vector<Value> values = call.values;
        if (std::holds_alternative<Operand>(values[i]) && std::holds_alternative<Tensor>(misfit))
          values[i] = Operand(std::get<Tensor>(misfit));
        else if (misfit.index() == values[i].index() && row.args[i].kind != ArgKind::Choice)
          values[i] = misfit;
        else
          continue;
        try {
          invoke(row, values);
        } catch (const Error& error) {
          if (!std::string_view(error.what()).starts_with(name + ": ")) complain(row, sample, error.what());
          const auto* number = std::get_if<std::int64_t>(&misfit);
          if (row.args[i].name.starts_with("dim") && number != nullptr && *number != 0 &&
              error.kind() != ErrorKind::Index)
            complain(row, sample, str("no IndexError: ", error.what()));
        }
      }
  });
}
