#include "skillit/data/text_skills.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/held_out.h"
#include "skillit/data/token_windows.h"

namespace skillit {
namespace {

using Hashes = std::vector<std::vector<std::uint64_t>>;  // By skill and document.

void check(const TextOptions& options) {
  const auto refuse = [](std::string_view name, auto value, std::string_view allowed) {
    fail(ErrorCode::kBadArgument, fmt::format("text data: {} is {}; {}", name, value, allowed));
  };
  if (options.context < 2) refuse("context", options.context, "at least 2 are needed");
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
  HeldOut held_out(fraction);
  for (const auto& of_skill : hashes)
    held_out.add(*std::min_element(of_skill.begin(), of_skill.end()));
  return held_out;
}

/// Every document's tokens followed by the end of document, of those that are or are not held out.
std::vector<TokenId> tokens_of_side(const Corpus& corpus, std::size_t skill,
                                    const std::vector<bool>& held_out, bool side,
                                    const Tokenizer& tokenizer) {
  std::vector<TokenId> tokens;
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    if (held_out[i] != side) continue;
    const Document& document = corpus.documents[skill][i];
    try {
      const std::vector<TokenId> encoded = tokenizer.encode(document.text);
      tokens.insert(tokens.end(), encoded.begin(), encoded.end());
    } catch (const Error& error) {
      fail(error.code(), fmt::format("{}: {}", corpus.place_of(document), error.what()));
    }
    tokens.push_back(tokenizer.end_of_document());
  }
  return tokens;
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
  const auto context = static_cast<std::size_t>(options.context);
  const Hashes hashes = hash_documents(corpus);
  const HeldOut chosen = choose_held_out(hashes, options.validation_fraction);
  SkillData data{.skills = corpus.skills, .train = {}, .validation = {}};
  for (std::size_t skill = 0; skill < corpus.skills.size(); ++skill) {
    std::vector<bool> held_out;
    for (const std::uint64_t hash : hashes[skill]) held_out.push_back(chosen.contains(hash));
    if (std::find(held_out.begin(), held_out.end(), false) == held_out.end()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("text data: all {} documents of the skill '{}' ({} ..) are held out for "
                       "validation, none is left "
                       "to train on; give it more documents, or lower validation_fraction ({})",
                       held_out.size(), corpus.skills[skill],
                       corpus.place_of(corpus.documents[skill][0]), options.validation_fraction));
    }
    data.train.push_back(cut_windows(tokens_of_side(corpus, skill, held_out, false, tokenizer),
                                     context, std::numeric_limits<std::size_t>::max()));
    data.validation.push_back(
        cut_windows(tokens_of_side(corpus, skill, held_out, true, tokenizer), context,
                    static_cast<std::size_t>(options.max_validation_samples)));
  }
  return data;
}

}  // namespace skillit
