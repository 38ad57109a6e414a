// Tensors as text, by the rules of torch/_tensor_str.py: four digits, scientific where the range asks for it, columns
// aligned, and three elements at each end of a dimension once there are more than a thousand values.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "fluxion/core/tensor.h"

namespace fluxion {
namespace {

constexpr int kEdgeItems = 3;
constexpr std::int64_t kThreshold = 1000;
constexpr int kLineWidth = 80;
constexpr int kPrefix = 7;  // "tensor("

std::string printed(const char* format, double v) {
  char buffer[340];  // the longest %.4f of a double has 315 characters
  std::snprintf(buffer, sizeof buffer, format, v);
  return buffer;
}

class Printer {
 public:
  Printer(const Tensor& t, bool summarise) : t_(t), summarise_(summarise) {
    if (is_floating(t.dtype()))
      choose_format();
    else
      visit(0, 0, [&](double v) { width_ = std::max(width_, static_cast<int>(plain(v).size())); });
  }

  std::string text(int dim, std::int64_t element, int indent) const {
    if (dim == t_.rank()) return value_text(element);
    return dim + 1 == t_.rank() ? row(element, indent) : block(dim, element, indent);
  }

 private:
  double value(std::int64_t element) const {
    return dispatch(t_.dtype(), [&]<class T>() { return static_cast<double>(t_.data<T>()[element]); });
  }

  std::string plain(double v) const {
    if (t_.dtype() == DType::Bool) return v != 0 ? "True" : "False";
    return printed("%.0f", v);
  }

  bool cut(int dim) const { return summarise_ && t_.size(dim) > 2 * kEdgeItems; }

  // Calls f with every value that is printed.
  template <class F>
  void visit(int dim, std::int64_t element, const F& f) const {
    if (dim == t_.rank()) return f(value(element));
    for (std::int64_t i = 0; i < t_.size(dim); ++i) {
      if (cut(dim) && i == kEdgeItems) i = t_.size(dim) - kEdgeItems;
      visit(dim + 1, element + i * t_.strides()[dim], f);
    }
  }

  void choose_format() {
    double low = INFINITY, high = 0;
    bool whole = true;
    visit(0, 0, [&](double v) {
      if (!std::isfinite(v) || v == 0) return;
      low = std::min(low, std::abs(v));
      high = std::max(high, std::abs(v));
      whole = whole && v == std::ceil(v);
    });
    if (high == 0) return;
    const bool wide = high / low > 1000 || high > 1e8;
    format_ = whole ? (wide ? "%.4e" : "%.0f") : (wide || low < 1e-4 ? "%.4e" : "%.4f");
    const bool dot = whole && !wide;
    dot_ = dot;
    visit(0, 0, [&](double v) {
      if (std::isfinite(v) && v != 0) width_ = std::max(width_, static_cast<int>(printed(format_, v).size()) + dot);
    });
  }

  std::string value_text(std::int64_t element) const {
    const double v = value(element);
    std::string s;
    if (!is_floating(t_.dtype()))
      s = plain(v);
    else if (std::isnan(v))
      s = "nan";
    else if (std::isinf(v))
      s = v > 0 ? "inf" : "-inf";
    else
      s = printed(format_, v) + (dot_ ? "." : "");
    return std::string(static_cast<std::size_t>(std::max(0, width_ - static_cast<int>(s.size()))), ' ') + s;
  }

  std::string row(std::int64_t element, int indent) const {
    const int last = t_.rank() - 1;
    const int per_line = std::max(1, (kLineWidth - indent) / (width_ + 2));
    std::string out = "[";
    int items = 0;
    const auto put = [&](const std::string& item) {
      if (items > 0)
        out += items % per_line == 0 ? ",\n" + std::string(static_cast<std::size_t>(indent + 1), ' ') : ", ";
      out += item;
      ++items;
    };
    for (std::int64_t i = 0; i < t_.size(last); ++i) {
      if (cut(last) && i == kEdgeItems) {
        put(" ...");
        i = t_.size(last) - kEdgeItems;
      }
      put(value_text(element + i * t_.strides()[last]));
    }
    return out + "]";
  }

  std::string block(int dim, std::int64_t element, int indent) const {
    const std::string gap = "," + std::string(static_cast<std::size_t>(t_.rank() - dim - 1), '\n') +
                            std::string(static_cast<std::size_t>(indent + 1), ' ');
    std::string out = "[";
    for (std::int64_t i = 0; i < t_.size(dim); ++i) {
      if (i > 0) out += gap;
      if (cut(dim) && i == kEdgeItems) {
        out += "..." + gap;
        i = t_.size(dim) - kEdgeItems;
      }
      out += text(dim + 1, element + i * t_.strides()[dim], indent + 1);
    }
    return out + "]";
  }

  const Tensor& t_;
  bool summarise_;
  int width_ = 1;
  const char* format_ = "%.0f";
  bool dot_ = true;
};

}  // namespace

std::string to_string(const Tensor& t, std::string_view suffix) {
  const bool empty = t.numel() == 0;
  std::string out = "tensor(" + (empty ? "[]" : Printer(t, t.numel() > kThreshold).text(0, 0, kPrefix));
  const auto add = [&](const std::string& part) {
    const std::size_t line = out.size() - (out.rfind('\n') + 1);
    const bool over = line + part.size() + 2 > kLineWidth;
    out += over ? ",\n" + std::string(kPrefix, ' ') + part : ", " + part;
  };
  if (empty && t.rank() != 1) add(str("size=", t.shape()));
  // As in PyTorch, the types that plain values give are not named.
  const bool usual = t.dtype() == DType::Float32 || (!empty && (t.dtype() == DType::Int32 || t.dtype() == DType::Bool));
  if (!usual) add(str("dtype=", t.dtype()));
  if (!suffix.empty()) add(std::string(suffix));
  return out + ")";
}

}  // namespace fluxion
