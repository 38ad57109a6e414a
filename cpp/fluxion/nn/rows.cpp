#include "fluxion/nn/rows.h"

namespace fluxion::nn {

std::vector<ModuleRow> module_rows() {
  std::vector<ModuleRow> all;
  for (const auto& rows :
       {linear_module_rows(), conv_module_rows(), pool_module_rows(), norm_module_rows(), embedding_module_rows(),
        activation_module_rows(), attention_module_rows(), encoder_decoder_module_rows(), transformer_module_rows(),
        llama_module_rows(), recurrent_module_rows(), model_module_rows(), loss_module_rows()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

std::vector<Value> parse_arguments(const ModuleRow& row, const std::string& text) {
  Row as_op;
  as_op.name = row.name;
  as_op.args = row.args;
  return parse_sample(as_op, text, DType::Float32).values;
}

}  // namespace fluxion::nn
