#pragma once
// Tables as text: cells between delimiters, lines between line ends, quotes around what holds either (RFC 4180).

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::io {

using Numbers = std::vector<double>;      // NaN where a value is missing
using Texts = std::vector<std::string>;   // empty where a value is missing

struct CsvOptions {
  char delimiter = ',';
  bool header = true;  // the first line names the columns; otherwise they are "0", "1", …
  std::vector<std::string> missing = {"", "NA", "NaN", "nan", "null"};
  std::vector<std::string> text_columns = {};  // texts though every value may be a number
  std::vector<std::string> number_columns = {};  // where anything but a number is an error
};

struct CsvColumn {
  std::string name;
  std::variant<Numbers, Texts> values;  // numbers where all that are there are numbers
};

struct Csv {
  std::vector<CsvColumn> columns;
  std::int64_t rows = 0;

  const CsvColumn& operator[](std::string_view name) const;  // IndexError names the columns that there are
  // Columns of numbers side by side: [rows, names], float32 unless dtype says otherwise.
  Tensor numbers(const std::vector<std::string>& names, DType dtype = DType::Float32) const;
  // A column of texts as int32 classes [rows], and what each class stands for, in order of appearance; a missing value
  // is −1.
  std::pair<Tensor, Texts> classes(std::string_view name) const;
};

// ParseError names line and column: rows of another length, quotes that do not end, what is no number in a column of
// numbers.
Csv parse_csv(std::string_view text, const CsvOptions& options = {});

}  // namespace fluxion::io
