#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "skillit/data/indexed_dataset_writer.h"
#include "skillit/data/pack_index.h"

namespace skillit {

/// The files of a pack while they are written, and the point from which an interrupted pack goes on
/// (`progress.json` beside them).
class PackOutputs {
 public:
  /// Goes on from the folder's progress file, when there is one of the same settings, else begins
  /// anew. `memory_bytes` bounds what is buffered.
  /// @throws Error kMismatch (a progress file of other settings), kBadFormat (damaged), kIo.
  PackOutputs(std::filesystem::path folder, TokenType type, std::string settings,
              std::uint64_t memory_bytes);

  /// Records that are done already.
  [[nodiscard]] std::uint64_t num_records() const noexcept { return num_records_; }
  /// @throws Error kBadArgument (a skill's name too long for a file, a token too large), kIo.
  void add(const std::string& skill, bool validation, std::span<const TokenId> tokens,
           std::uint64_t text_bytes);
  /// All records before `num_records` have been added: puts everything on the disk and notes it.
  void checkpoint(std::uint64_t num_records);
  /// Writes the indexes and checksums and fills in the parts of the skills in `index`.
  void finish(PackIndex& index);
  /// Whether the folder holds a checkpoint.
  [[nodiscard]] static bool can_go_on(const std::filesystem::path& folder);
  /// Removes what only an unfinished pack needs.
  static void remove_leftovers(const std::filesystem::path& folder);

 private:
  using Key = std::pair<std::string, bool>;  ///< Skill, validation.
  struct Output {
    std::string file;
    IndexedDatasetWriter writer;
    std::uint64_t text_bytes = 0;
  };

  void load();
  Output& output_of(const Key& key, WrittenCounts resume_at);
  [[nodiscard]] PackPart finish_part(const std::string& skill, bool validation);

  std::filesystem::path folder_;
  TokenType type_;
  std::string settings_;
  std::uint64_t memory_bytes_;
  std::uint64_t buffered_bytes_ = 0;
  std::uint64_t num_records_ = 0;
  std::map<Key, Output> outputs_;
};

/// A file name for a skill: its bytes, with all but letters, digits, '-', '_' and inner '.' as %XX.
/// @throws Error kBadArgument when that is longer than 200 bytes, or empty.
[[nodiscard]] std::string pack_file_name(const std::string& skill);

}  // namespace skillit
