#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/indexed_dataset.h"
#include "skillit/data/pack_index.h"

namespace skillit {

/// A part's tokens; nothing when it has no documents.
/// @throws Error kBadFormat when the counts are not those of the index, and as IndexedDataset.
[[nodiscard]] std::optional<IndexedDataset> open_pack_part(const std::filesystem::path& folder,
                                                           const PackPart& part);

/// The skill of that name. @throws Error kMismatch naming the nearest.
[[nodiscard]] const PackedSkill& find_packed_skill(const PackIndex& index, std::string_view name,
                                                   const std::filesystem::path& folder);

/// The tokenizer that a pack's index names. @throws Error kNotFound (not known here), kMismatch
/// (known, but gives other tokens).
[[nodiscard]] std::unique_ptr<Tokenizer> make_pack_tokenizer(const PackIndex& index,
                                                             const std::filesystem::path& folder);

/// One document of a pack.
struct PackExample {
  std::uint64_t document = 0;  ///< Its number in the part.
  std::uint64_t num_tokens = 0;
  std::string text;
};

/// `count` documents of a part, evenly spread, as text (without the end of document).
[[nodiscard]] std::vector<PackExample> read_pack_examples(const std::filesystem::path& folder,
                                                          const PackIndex& index,
                                                          const PackPart& part, std::size_t count,
                                                          const Tokenizer& tokenizer);

/// What was checked.
struct PackCheck {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t documents = 0;
  std::uint64_t tokens = 0;
};

/// Reads everything again: checksums, structure, counts, every token.
/// @throws Error kBadFormat naming the first damaged file and byte; kIo, kNotFound.
[[nodiscard]] PackCheck verify_pack(const std::filesystem::path& folder);

}  // namespace skillit
