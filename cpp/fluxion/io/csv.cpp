#include "fluxion/io/csv.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace fluxion::io {
namespace {

struct Place {
  std::int64_t line, column;
};

[[noreturn]] void fail(const Place& at, const std::string& why) {
  throw ParseError(str("parseCsv: line ", at.line, ", column ", at.column, ": ", why));
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool is_number(std::string_view s, double& value) {
  s = trimmed(s);
  if (!s.empty() && s.front() == '+') s.remove_prefix(1);
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  return error == std::errc() && end == s.data() + s.size() && !s.empty();
}

struct Cell {
  std::string text;
  Place place;
};

class Reader {
 public:
  Reader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = start_ = 3;
  }
  bool done() const { return at_ >= text_.size(); }

  // The cells of the next line.
  std::vector<Cell> row() {
    std::vector<Cell> cells;
    for (;;) {
      cells.push_back(cell());
      if (done()) return cells;
      const char c = text_[at_++];
      if (c == delimiter_) continue;
      if (c == '\r' && !done() && text_[at_] == '\n') ++at_;
      next_line();
      return cells;
    }
  }

 private:
  Place here() const { return {line_, static_cast<std::int64_t>(at_ - start_) + 1}; }
  void next_line() {
    ++line_;
    start_ = at_;
  }

  Cell cell() {
    Cell out{{}, here()};
    if (!done() && text_[at_] == '"') {
      quoted(out);
      if (!done() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r')
        fail(here(), "something follows a closing quote");
      return out;
    }
    while (!done() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r') {
      if (text_[at_] == '"') fail(here(), "a quote inside a cell without quotes; double it within quotes");
      out.text += text_[at_++];
    }
    return out;
  }

  void quoted(Cell& out) {
    for (++at_;; ++at_) {
      if (done()) fail(out.place, "a quote is not closed");
      if (text_[at_] == '"') {
        ++at_;
        if (done() || text_[at_] != '"') return;
      }
      out.text += text_[at_];
      if (text_[at_] == '\n') {
        ++line_;
        start_ = at_ + 1;
      }
    }
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0, start_ = 0;
  std::int64_t line_ = 1;
};

CsvColumn column_of(std::string name, const std::vector<std::vector<Cell>>& rows, std::size_t at,
                    const CsvOptions& options) {
  const bool must = contains(options.number_columns, name);
  Numbers numbers;
  bool all = must || !contains(options.text_columns, name);
  for (std::size_t i = 0; all && i < rows.size(); ++i) {
    const Cell& cell = rows[i][at];
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!contains(options.missing, trimmed(cell.text)) && !is_number(cell.text, value)) {
      if (must) fail(cell.place, str("'", cell.text, "' is no number, in the column '", name, "'"));
      all = false;
    }
    numbers.push_back(value);
  }
  if (all) return {std::move(name), std::move(numbers)};
  Texts texts;
  for (const std::vector<Cell>& row : rows)
    texts.push_back(contains(options.missing, row[at].text) ? std::string() : row[at].text);
  return {std::move(name), std::move(texts)};
}

}  // namespace

Csv parse_csv(std::string_view text, const CsvOptions& options) {
  Reader reader(text, options.delimiter);
  Csv out;
  std::vector<std::string> names;
  std::vector<std::vector<Cell>> rows;
  while (!reader.done()) {
    std::vector<Cell> row = reader.row();
    if (row.size() == 1 && row[0].text.empty()) continue;  // an empty line
    if (names.empty()) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        std::string name = options.header ? std::string(trimmed(row[i].text)) : str(i);
        if (contains(names, name)) fail(row[i].place, str("the column '", name, "' is there twice"));
        names.push_back(std::move(name));
      }
      if (options.header) continue;
    }
    if (row.size() != names.size())
      fail(row.back().place, str(row.size(), " cells where there are ", names.size(), " columns"));
    rows.push_back(std::move(row));
  }
  for (const auto* list : {&options.text_columns, &options.number_columns})
    for (const std::string& name : *list)
      if (!contains(names, name)) throw IndexError(str("parseCsv: no column is called '", name, "'"));
  out.rows = static_cast<std::int64_t>(rows.size());
  for (std::size_t i = 0; i < names.size(); ++i) out.columns.push_back(column_of(names[i], rows, i, options));
  return out;
}

const CsvColumn& Csv::operator[](std::string_view name) const {
  std::string known;
  for (const CsvColumn& c : columns) {
    if (c.name == name) return c;
    known += (known.empty() ? "" : ", ") + c.name;
  }
  throw IndexError(str("csv: no column is called '", std::string(name), "'; there are ", known));
}

Tensor Csv::numbers(const std::vector<std::string>& names, DType dtype) const {
  const auto width = static_cast<std::int64_t>(names.size());
  std::vector<double> values(static_cast<std::size_t>(rows * width));
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto* column = std::get_if<Numbers>(&(*this)[names[k]].values);
    if (column == nullptr) throw DTypeError(str("csv: the column '", names[k], "' holds texts; use classes()"));
    for (std::size_t i = 0; i < column->size(); ++i) values[i * names.size() + k] = (*column)[i];
  }
  if (dtype == DType::Float64) return Tensor::from(values, {rows, width});
  if (dtype != DType::Float32) throw DTypeError(str("csv: numbers are float32 or float64, not ", dtype));
  return Tensor::from(std::vector<float>(values.begin(), values.end()), {rows, width});
}

std::pair<Tensor, Texts> Csv::classes(std::string_view name) const {
  const auto* column = std::get_if<Texts>(&(*this)[name].values);
  if (column == nullptr) throw DTypeError(str("csv: the column '", std::string(name), "' holds numbers"));
  std::map<std::string_view, std::int32_t> known;
  Texts names;
  std::vector<std::int32_t> out;
  for (const std::string& text : *column) {
    if (!text.empty() && known.emplace(text, static_cast<std::int32_t>(names.size())).second) names.push_back(text);
    out.push_back(text.empty() ? -1 : known[text]);
  }
  return {Tensor::from(out, {rows}), std::move(names)};
}

}  // namespace fluxion::io
