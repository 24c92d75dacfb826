#pragma once

#include <cstdint>

#include "skillit/data/sample_store.h"
#include "skillit/data/text_corpus.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// How documents become samples.
struct TextOptions {
  int context = 256;                  ///< Tokens of a sample; >= 2.
  double validation_fraction = 0.02;  ///< Of the documents, about; between 0 and 1.
  int max_validation_samples = 500;   ///< Per skill; >= 1. More are thinned out evenly.
};

/// Divides every skill's documents into training and validation and cuts each side into samples.
///
/// A document's content alone decides its side (a hash), so the split is the same on every machine,
/// stays when documents are added or reordered, and never has the same text on both sides. A skill
/// of which nothing would be validated gives its document of smallest hash (in every skill that
/// holds the same text).
///
/// One side's documents, each followed by end_of_document(), stand one after the other and are cut
/// every `context` tokens; what is left at the end is a shorter sample if it has at least 2 tokens.
/// Every token but a sample's first is scored; nothing is padded.
/// @throws Error kBadArgument (options outside their range, a skill with nothing on one side; a
/// text the tokenizer cannot express, with file and line).
[[nodiscard]] SkillData make_text_data(const Corpus& corpus, const TextOptions& options,
                                       const Tokenizer& tokenizer);

}  // namespace skillit
