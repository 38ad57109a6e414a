#pragma once
// Tokenizers in HuggingFace's and GPT-2's files. ParseError names the file and the byte.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fluxion/text/bpe.h"

namespace fluxion::io {

// HuggingFace's tokenizer.json with a byte-level BPE model and GPT-2's pre-splitting; others are refused. A template
// of special tokens around the text (post_processor) is not applied.
nlp::BPETokenizer load_tokenizer(std::string_view json);
// The same format, which HuggingFace's libraries read.
std::string save_tokenizer(const nlp::BPETokenizer& tokenizer);

// GPT-2's vocab.json and merges.txt. Without special tokens named it is <|endoftext|>, where the vocabulary has it.
nlp::BPETokenizer load_gpt2_tokenizer(std::string_view vocab_json, std::string_view merges,
                                      const std::optional<std::vector<std::string>>& special_tokens = {});

}  // namespace fluxion::io
