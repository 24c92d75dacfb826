#pragma once

#include <filesystem>
#include <memory>

#include "skillit/data/packed_windows.h"
#include "skillit/data/sample_store.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// How a pack becomes samples.
struct PackDataOptions {
  PackingOptions packing = {};
  int max_validation_samples = 500;  ///< Per skill; >= 1. More are thinned out evenly.
};

/// Samples, and the tokenizer the pack names.
struct PackData {
  SkillData data;
  std::unique_ptr<Tokenizer> tokenizer;
};

/// Reads a folder of make_pack() into memory (5 bytes a token), each side as PackedWindows.
/// @throws Error kBadArgument (options outside their range; a skill with nothing on one side), and
/// as read_pack_index, open_pack_part and make_pack_tokenizer.
[[nodiscard]] PackData read_pack_data(const std::filesystem::path& folder,
                                      const PackDataOptions& options);

}  // namespace skillit
