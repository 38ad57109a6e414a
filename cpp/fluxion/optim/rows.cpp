#include "fluxion/optim/rows.h"

namespace fluxion::optim {

std::string detail::camel_case(std::string_view name) {
  std::string out;
  bool upper = false;
  for (const char c : name) {
    if (c != '_') out += upper ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return out;
}

std::vector<OptimizerRow> optimizer_rows() {
  std::vector<OptimizerRow> all;
  for (const auto& rows : {sgd_rows(), adam_rows(), adaptive_rows(), lion_rows()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

std::vector<Value> parse_options(const OptimizerRow& row, const std::string& text) {
  Row as_op;
  as_op.name = row.name;
  as_op.args.assign(row.args.begin() + 1, row.args.end());
  return parse_sample(as_op, text, DType::Float32).values;
}

}  // namespace fluxion::optim
