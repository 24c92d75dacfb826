#include "skillit/data/pack.h"

#include <fmt/core.h>

#include <span>
#include <string>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/ordered_batches.h"
#include "skillit/data/pack_outputs.h"
#include "skillit/data/pack_plan.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

struct EncodedDocument {
  std::string skill;
  bool validation = false;
  std::size_t end = 0;  ///< In EncodedBatch::tokens.
  std::uint64_t text_bytes = 0;
};

struct EncodedBatch {
  std::vector<TokenId> tokens;
  std::vector<EncodedDocument> documents;
  std::uint64_t text_bytes = 0;
};

void check(const fs::path& folder, const PackOptions& options) {
  if (!(options.validation_fraction >= 0 && options.validation_fraction < 1)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("data: the validation fraction is {}; it must be at least 0 and below 1",
                     options.validation_fraction));
  }
  if (options.memory_bytes < (1 << 20))
    fail(ErrorCode::kBadArgument, "data: the memory is below 1 MiB; give more");
  std::error_code ignored;
  if (fs::symlink_status(folder, ignored).type() != fs::file_type::not_found) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: exists already; name another folder, or remove it", folder.string()));
  }
}

/// The tokens of a batch's documents that are not dropped. `first` numbers its first record.
EncodedBatch encode(const PackOptions& options, const PackPlan& plan, const Tokenizer& tokenizer,
                    const RecordBatch& records, std::uint64_t first) {
  DocumentParser parser(options.rules, options.files);
  EncodedBatch batch;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!plan.dropped.empty() && plan.dropped[first + i]) continue;
    const auto [text, skill] = parser.parse(records[i]);
    if (text.empty() || skill.empty()) continue;
    try {
      const std::vector<TokenId> tokens = tokenizer.encode(text);
      batch.tokens.insert(batch.tokens.end(), tokens.begin(), tokens.end());
    } catch (const Error& error) {
      fail(error.code(), fmt::format("{}: {}", parser.place_of(records[i]), error.what()));
    }
    if (options.append_ends) batch.tokens.push_back(tokenizer.end_of_document());
    batch.text_bytes += text.size();
    batch.documents.push_back({std::string(skill), plan.held_out.contains(hash64(text)),
                               batch.tokens.size(), text.size()});
  }
  return batch;
}

/// Second pass: from where the outputs stand to the end.
void write_tokens(const PackOptions& options, const PackPlan& plan, const Tokenizer& tokenizer,
                  PackOutputs& outputs) {
  RecordReader reader(options.files, options.max_document_bytes);
  std::uint64_t since_checkpoint = 0;
  if (!reader.skip(outputs.num_records()))
    fail(ErrorCode::kMismatch, "data: a file has become shorter while it was packed");
  for_ordered_batches(
      reader, outputs.num_records(), batch_bytes(options), num_threads(options),
      [&](const RecordBatch& records, std::uint64_t first) {
        return encode(options, plan, tokenizer, records, first);
      },
      [&](std::uint64_t first, std::uint64_t count, const EncodedBatch& batch) {
        std::size_t begin = 0;
        for (const EncodedDocument& document : batch.documents) {
          outputs.add(document.skill, document.validation,
                      std::span(batch.tokens).subspan(begin, document.end - begin),
                      document.text_bytes);
          begin = document.end;
        }
        since_checkpoint += batch.text_bytes;
        if (since_checkpoint >= options.checkpoint_bytes) {
          outputs.checkpoint(first + count);
          since_checkpoint = 0;
        }
        if (options.progress) options.progress({false, first + count, plan.num_records});
      });
  outputs.checkpoint(plan.num_records);
}

PackIndex describe(const PackOptions& options, const PackPlan& plan, const Tokenizer& tokenizer,
                   const std::string& tokenizer_name, const std::string& settings) {
  PackIndex index;
  index.type = megatron_token_type(tokenizer.vocabulary_size());
  index.tokenizer = {tokenizer_name, tokenizer.fingerprint(), tokenizer.vocabulary_size(),
                     tokenizer.end_of_document()};
  index.ends_appended = options.append_ends;
  index.validation_fraction = options.validation_fraction;
  index.near_duplicates_counted = options.count_near_duplicates;
  index.without_skill = plan.without_skill;
  index.empty = plan.empty;
  index.note = options.note;
  index.settings = settings;
  for (const auto& [name, counts] : plan.skills)
    index.skills.push_back({name, {}, {}, counts.duplicates, counts.near_duplicates});
  return index;
}

void make_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem)
    fail(ErrorCode::kIo, fmt::format("{}: cannot make: {}", folder.string(), problem.message()));
}

/// All but the folder's name. Whatever stops it, the same call repeats or goes on.
PackIndex make_partial(const fs::path& partial, const PackOptions& options,
                       const Tokenizer& tokenizer, const std::string& tokenizer_name) {
  const std::string settings = settings_fingerprint(options, tokenizer.fingerprint());
  make_folder(partial / "scratch");
  PackOutputs outputs(partial, megatron_token_type(tokenizer.vocabulary_size()), settings,
                      options.memory_bytes / 4);
  const PackPlan plan = plan_pack(options, partial / "scratch");
  write_tokens(options, plan, tokenizer, outputs);
  if (settings_fingerprint(options, tokenizer.fingerprint()) != settings) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: a file was changed while it was packed; remove the folder and pack again",
                     partial.string()));
  }
  PackIndex index = describe(options, plan, tokenizer, tokenizer_name, settings);
  outputs.finish(index);
  write_pack_index(partial, index);
  return index;
}

}  // namespace

PackIndex make_pack(const fs::path& folder, const PackOptions& options, const Tokenizer& tokenizer,
                    const std::string& tokenizer_name) {
  check(folder, options);
  const fs::path partial = folder.string() + ".partial";
  std::error_code ignored;
  // What was left before the first checkpoint, perhaps of other files, is of no use.
  if (!PackOutputs::can_go_on(partial)) fs::remove_all(partial, ignored);
  try {
    PackIndex index = make_partial(partial, options, tokenizer, tokenizer_name);
    std::error_code problem;
    fs::rename(partial, folder, problem);
    if (problem) {
      fail(ErrorCode::kIo, fmt::format("{}: is whole, but cannot be renamed to {}: {}",
                                       partial.string(), folder.string(), problem.message()));
    }
    PackOutputs::remove_leftovers(folder);
    return index;
  } catch (...) {
    if (!PackOutputs::can_go_on(partial)) fs::remove_all(partial, ignored);
    throw;
  }
}

}  // namespace skillit
