#include "skillit/data/text_skills.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/held_out.h"
#include "skillit/data/memory_tokens.h"

namespace skillit {
namespace {

using Hashes = std::vector<std::vector<std::uint64_t>>;  // By skill and document.

void check(const TextOptions& options) {
  const auto refuse = [](std::string_view name, auto value, std::string_view allowed) {
    fail(ErrorCode::kBadArgument, fmt::format("text data: {} is {}; {}", name, value, allowed));
  };
  if (!(options.validation_fraction > 0 && options.validation_fraction < 1)) {
    refuse("validation_fraction", options.validation_fraction,
           "it must be between 0 and 1, such as 0.02");
  }
  if (options.max_validation_samples < 1) {
    refuse("max_validation_samples", options.max_validation_samples, "at least 1 is needed");
  }
}

Hashes hash_documents(const Corpus& corpus) {
  Hashes hashes(corpus.skills.size());
  for (std::size_t skill = 0; skill < hashes.size(); ++skill) {
    for (const Document& document : corpus.documents[skill])
      hashes[skill].push_back(hash64(document.text));
  }
  return hashes;
}

HeldOut choose_held_out(const Hashes& hashes, double fraction) {
  std::vector<HashRange> ranges(hashes.size());
  for (std::size_t skill = 0; skill < hashes.size(); ++skill) {
    for (const std::uint64_t hash : hashes[skill]) ranges[skill].add(hash);
  }
  return HeldOut(fraction, ranges);
}

/// The documents that are or are not held out, each followed by the end of document, as samples.
SampleStore pack_side(const Corpus& corpus, std::size_t skill, const std::vector<bool>& held_out,
                      bool side, const TextOptions& options, const Tokenizer& tokenizer) {
  MemoryTokens documents;
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    if (held_out[i] != side) continue;
    const Document& document = corpus.documents[skill][i];
    try {
      std::vector<TokenId> tokens = tokenizer.encode(document.text);
      tokens.push_back(tokenizer.end_of_document());
      documents.add(tokens);
    } catch (const Error& error) {
      fail(error.code(), fmt::format("{}: {}", corpus.place_of(document), error.what()));
    }
  }
  const auto most = side ? static_cast<std::uint64_t>(options.max_validation_samples)
                         : std::numeric_limits<std::uint64_t>::max();
  return read_windows(PackedWindows(documents, options.packing), most);
}

}  // namespace

SkillData make_text_data(const Corpus& corpus, const TextOptions& options,
                         const Tokenizer& tokenizer) {
  check(options);
  for (std::size_t skill = 0; skill < corpus.skills.size(); ++skill) {
    if (corpus.documents[skill].empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("text data: the skill '{}' has no documents", corpus.skills[skill]));
    }
  }
  const Hashes hashes = hash_documents(corpus);
  const HeldOut chosen = choose_held_out(hashes, options.validation_fraction);
  SkillData data{.skills = corpus.skills, .train = {}, .validation = {}};
  for (std::size_t skill = 0; skill < corpus.skills.size(); ++skill) {
    std::vector<bool> held_out;
    for (const std::uint64_t hash : hashes[skill]) held_out.push_back(chosen.contains(hash));
    if (std::find(held_out.begin(), held_out.end(), true) == held_out.end()) {
      fail(ErrorCode::kBadArgument,
           fmt::format(
               "text data: the {} documents of the skill '{}' ({} ..) are one text, so that "
               "none can be held out for validation; give it more documents",
               held_out.size(), corpus.skills[skill], corpus.place_of(corpus.documents[skill][0])));
    }
    data.train.push_back(pack_side(corpus, skill, held_out, false, options, tokenizer));
    data.validation.push_back(pack_side(corpus, skill, held_out, true, options, tokenizer));
  }
  return data;
}

}  // namespace skillit
