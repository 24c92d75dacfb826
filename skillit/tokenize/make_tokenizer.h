#pragma once

#include <memory>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// The tokenizer a recipe names: "byte", "words" (the synthetic tasks' words), "character" (the
/// characters of `alphabet`, which only it needs), or the path of a tokenizer.json, which ends in
/// ".json". @throws Error kNotFound on another name, kBadArgument on a bad alphabet, kIo and
/// kBadFormat on a file.
[[nodiscard]] std::unique_ptr<Tokenizer> make_tokenizer(std::string_view name,
                                                        std::string_view alphabet = {});

}  // namespace skillit
