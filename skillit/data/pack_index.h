#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/token_type.h"

namespace skillit {

/// One side of a packed skill: `<file>.bin` and `<file>.idx` for Megatron, `<file>.sums` to check
/// them.
struct PackPart {
  std::string file;  ///< In the pack's folder, without ending; "" when there are no documents.
  std::uint64_t documents = 0;
  std::uint64_t tokens = 0;
  std::uint64_t text_bytes = 0;  ///< Of the documents before they became tokens.
  std::string fingerprint;       ///< Of `<file>.sums`, and so of all content.
};

struct PackedSkill {
  std::string name;
  PackPart train;
  PackPart validation;
  std::uint64_t duplicates_dropped = 0;
  std::uint64_t near_duplicates = 0;  ///< Documents much like an earlier one of the skill.
};

/// The tokenizer a pack was made with.
struct PackTokenizer {
  std::string name;  ///< For make_tokenizer().
  std::string fingerprint;
  std::uint64_t vocabulary_size = 0;
  TokenId end_of_document = 0;
};

/// What `pack.json` says: a folder is a pack if and only if it holds this file.
struct PackIndex {
  static constexpr std::string_view kFileName = "pack.json";

  TokenType type = TokenType::kI32;
  PackTokenizer tokenizer;
  bool ends_appended = true;  ///< Each document ends with tokenizer.end_of_document.
  double validation_fraction = 0;
  bool near_duplicates_counted = false;
  std::uint64_t without_skill = 0;  ///< Documents that the rules left out.
  std::uint64_t empty = 0;          ///< Documents without text, left out.
  std::string note;                 ///< Licence and source, as the user gave them.
  std::string settings;             ///< Fingerprint of all that decides the content.
  std::vector<PackedSkill> skills;  ///< By name.
};

/// @throws Error kIo.
void write_pack_index(const std::filesystem::path& folder, const PackIndex& index);

/// @throws Error kNotFound (the folder holds no pack; says so of one that is not finished), kIo,
/// kBadFormat naming file and key.
[[nodiscard]] PackIndex read_pack_index(const std::filesystem::path& folder);

}  // namespace skillit
