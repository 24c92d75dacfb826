#pragma once

#include <cstdint>

#include "skillit/data/packed_windows.h"
#include "skillit/data/sample_store.h"
#include "skillit/data/text_corpus.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// How documents become samples.
struct TextOptions {
  PackingOptions packing = {};
  double validation_fraction = 0.02;  ///< Of the documents, about; between 0 and 1.
  int max_validation_samples = 500;   ///< Per skill; >= 1. More are thinned out evenly.
};

/// Divides every skill's documents into training and validation and packs each side into samples.
///
/// A document's content alone decides its side (a hash), so the split is the same on every machine,
/// stays when documents are added or reordered, and never has the same text on both sides. A skill
/// of which nothing would be validated gives its document of smallest hash (in every skill that
/// holds the same text), but never its last one.
///
/// Each document is followed by end_of_document(); see PackedWindows. Nothing is padded.
/// @throws Error kBadArgument (options outside their range, a skill with nothing on one side; a
/// text the tokenizer cannot express, with file and line).
[[nodiscard]] SkillData make_text_data(const Corpus& corpus, const TextOptions& options,
                                       const Tokenizer& tokenizer);

}  // namespace skillit
