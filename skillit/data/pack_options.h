#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/document_files.h"
#include "skillit/data/document_parser.h"

namespace skillit {

/// How far packing has come.
struct PackProgress {
  bool scanning = true;  ///< Else tokens are written.
  std::uint64_t documents = 0;
  std::uint64_t num_documents = 0;  ///< 0 = not known yet, while scanning.
};

/// What is packed and how.
struct PackOptions {
  std::vector<DocumentFile> files;  ///< Read twice; they must not change meanwhile.
  DocumentRules rules;
  double validation_fraction = 0.02;   ///< Of the documents, by hash of their content; 0 = none.
  bool drop_duplicates = false;        ///< Keeps the first of equal texts in a skill.
  bool count_near_duplicates = false;  ///< Within a skill, by MinHash.
  bool append_ends = true;             ///< The tokenizer's end of document after each.
  std::string note;                    ///< Licence and source, for the index.

  int threads = 0;  ///< 0 = one per processor. The result does not depend on it.
  /// About what packing holds in memory, besides a bit (or two) per document and some times the
  /// longest document per thread.
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::uint64_t max_document_bytes = std::uint64_t{64} << 20;  ///< Longer ones are refused.
  std::uint64_t checkpoint_bytes = std::uint64_t{256} << 20;   ///< Of text between two of them.
  std::function<void(const PackProgress&)> progress;  ///< Called now and then; may be empty.
};

/// Of all that decides a pack's content, with the size and time of change of every file.
/// @throws Error kIo.
[[nodiscard]] std::string settings_fingerprint(const PackOptions& options,
                                               std::string_view tokenizer_fingerprint);

/// Threads to use.
[[nodiscard]] std::size_t num_threads(const PackOptions& options);
/// Text bytes that one thread takes at a time, so that those of all fit the memory.
[[nodiscard]] std::size_t batch_bytes(const PackOptions& options);

}  // namespace skillit
