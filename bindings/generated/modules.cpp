// Made by `npm run generate` from the rows in cpp/fluxion/nn. Do not edit.

#include "bindings/objects.h"

namespace fluxion::bindings {
EMSCRIPTEN_BINDINGS(fluxion_modules_made) {
  bind_module<nn::Linear, std::int64_t, std::int64_t, bool, DType>("nn_Linear");
  bind_module<nn::Identity>("nn_Identity");
  bind_module<nn::Flatten, std::int64_t, std::int64_t>("nn_Flatten");
  bind_module<nn::Dropout, double>("nn_Dropout");
  bind_module<nn::Conv2d, std::int64_t, std::int64_t, Shape, Shape, Shape, Shape, std::int64_t, bool, AnyEnum, DType>("nn_Conv2d");
  bind_module<nn::MaxPool2d, Shape, Shape, Shape, Shape, bool>("nn_MaxPool2d");
  bind_module<nn::AvgPool2d, Shape, Shape, Shape, bool, bool>("nn_AvgPool2d");
  bind_module<nn::BatchNorm1d, std::int64_t, double, std::optional<double>, bool, bool, DType>("nn_BatchNorm1d");
  bind_module<nn::BatchNorm2d, std::int64_t, double, std::optional<double>, bool, bool, DType>("nn_BatchNorm2d");
  bind_module<nn::LayerNorm, Shape, double, bool, bool, DType>("nn_LayerNorm");
  bind_module<nn::Embedding, std::int64_t, std::int64_t, std::optional<std::int64_t>, DType>("nn_Embedding");
  bind_module<nn::SinusoidalPositionalEncoding, std::int64_t, std::int64_t, DType>("nn_SinusoidalPositionalEncoding");
  bind_module<nn::LearnedPositionalEmbedding, std::int64_t, std::int64_t, DType>("nn_LearnedPositionalEmbedding");
  bind_module<nn::ReLU>("nn_ReLU");
  bind_module<nn::Sigmoid>("nn_Sigmoid");
  bind_module<nn::Tanh>("nn_Tanh");
  bind_module<nn::SiLU>("nn_SiLU");
  bind_module<nn::Mish>("nn_Mish");
  bind_module<nn::LogSigmoid>("nn_LogSigmoid");
  bind_module<nn::ReLU6>("nn_ReLU6");
  bind_module<nn::SELU>("nn_SELU");
  bind_module<nn::Hardsigmoid>("nn_Hardsigmoid");
  bind_module<nn::Hardswish>("nn_Hardswish");
  bind_module<nn::LeakyReLU, double>("nn_LeakyReLU");
  bind_module<nn::GELU, AnyEnum>("nn_GELU");
  bind_module<nn::Softmax, std::int64_t>("nn_Softmax");
  bind_module<nn::LogSoftmax, std::int64_t>("nn_LogSoftmax");
  bind_module<nn::MultiheadAttention, std::int64_t, std::int64_t, double, bool, bool, DType>("nn_MultiheadAttention");
  bind_method<&nn::MultiheadAttention::attend>("nn_MultiheadAttention_attend");
  bind_method<&nn::MultiheadAttention::weights>("nn_MultiheadAttention_weights");
  bind_module<nn::TransformerBlock, std::int64_t, std::int64_t, std::int64_t, double, bool, bool, AnyEnum, DType>("nn_TransformerBlock");
  bind_module<nn::GPT, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, double, bool, bool, AnyEnum, AnyEnum, DType>("nn_GPT");
  bind_module<nn::RNN, std::int64_t, std::int64_t, std::int64_t, AnyEnum, bool, bool, double, bool, DType>("nn_RNN");
  bind_method<&nn::RNN::unroll>("nn_RNN_unroll");
  bind_module<nn::LSTM, std::int64_t, std::int64_t, std::int64_t, bool, bool, double, bool, DType>("nn_LSTM");
  bind_method<&nn::LSTM::unroll>("nn_LSTM_unroll");
  bind_module<nn::GRU, std::int64_t, std::int64_t, std::int64_t, bool, bool, double, bool, DType>("nn_GRU");
  bind_method<&nn::GRU::unroll>("nn_GRU_unroll");
  bind_module<nn::RNNCell, std::int64_t, std::int64_t, bool, AnyEnum, DType>("nn_RNNCell");
  bind_method<&nn::RNNCell::step>("nn_RNNCell_step");
  bind_module<nn::LSTMCell, std::int64_t, std::int64_t, bool, DType>("nn_LSTMCell");
  bind_method<&nn::LSTMCell::step>("nn_LSTMCell_step");
  bind_module<nn::GRUCell, std::int64_t, std::int64_t, bool, DType>("nn_GRUCell");
  bind_method<&nn::GRUCell::step>("nn_GRUCell_step");
  bind_module<nn::MSELoss, AnyEnum>("nn_MSELoss");
  bind_module<nn::L1Loss, AnyEnum>("nn_L1Loss");
  bind_module<nn::CrossEntropyLoss, std::optional<Tensor>, std::int64_t, AnyEnum, double>("nn_CrossEntropyLoss");
  bind_module<nn::NLLLoss, std::optional<Tensor>, std::int64_t, AnyEnum>("nn_NLLLoss");
  bind_module<nn::BCELoss, std::optional<Tensor>, AnyEnum>("nn_BCELoss");
  bind_module<nn::BCEWithLogitsLoss, std::optional<Tensor>, std::optional<Tensor>, AnyEnum>("nn_BCEWithLogitsLoss");
}
}  // namespace fluxion::bindings
