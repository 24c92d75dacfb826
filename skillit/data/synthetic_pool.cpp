#include "skillit/data/synthetic_pool.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {
namespace {

using TextHashes = std::unordered_set<std::uint64_t>;

/// Of a task with few texts, at most this part is validation: one in five.
constexpr std::size_t kValidationPart = 5;

/// After this many draws in a row per text known, all of them known, a text not yet met that is as
/// likely as the others is there with a probability of e^-20: the task has no more.
constexpr std::size_t kMissesPerText = 20;

/// Gives `take` up to `count` texts that are neither in `seen` nor drawn before.
template <class Take>
void draw_distinct(std::size_t count, std::size_t skill, Rng rng, const DrawText& draw,
                   TextHashes seen, const Take& take) {
  std::size_t taken = 0, misses = 0;
  while (taken < count && misses <= kMissesPerText * (seen.size() + 1)) {
    AnsweredText text = draw(rng, skill);
    if (seen.insert(hash64(text.text())).second) {
      take(std::move(text));
      ++taken;
      misses = 0;
    } else {
      ++misses;
    }
  }
}

void check(std::string_view task, const PoolOptions& options) {
  const auto check_count = [&](std::string_view name, int count) {
    if (count < 1)
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: {} is {}; at least 1 is needed", task, name, count));
  };
  check_count("train_samples", options.train_samples);
  check_count("validation_samples", options.validation_samples);
}

}  // namespace

SkillData draw_pools(std::string_view task, SkillSet skills, const PoolOptions& options,
                     std::uint64_t seed, const Tokenizer& tokenizer, const DrawText& draw) {
  check(task, options);
  SkillData data{.skills = std::move(skills), .train = {}, .validation = {}};
  data.train.resize(data.skills.size());
  data.validation.resize(data.skills.size());
  const auto rng_for = [&](std::uint64_t any_seed, std::string_view purpose, std::size_t skill) {
    return Rng(any_seed, fmt::format("{} {}", task, purpose), skill);
  };

  TextHashes held_out;
  const auto wanted = static_cast<std::size_t>(options.validation_samples);
  for (std::size_t skill = 0; skill < data.skills.size(); ++skill) {
    Rng rng = rng_for(options.validation_seed, "validation", skill);
    std::vector<AnsweredText> texts;
    draw_distinct(wanted * kValidationPart, skill, rng, draw, {},
                  [&](AnsweredText text) { texts.push_back(std::move(text)); });
    texts.resize(std::min(texts.size(), std::max<std::size_t>(1, texts.size() / kValidationPart)));
    for (const AnsweredText& text : texts) {
      held_out.insert(hash64(text.text()));
      add_answered_text(text, tokenizer, ScoredTokens::kAnswer, data.validation[skill]);
    }
  }
  const auto train_samples = static_cast<std::size_t>(options.train_samples);
  for (std::size_t skill = 0; skill < data.skills.size(); ++skill) {
    Rng rng = rng_for(seed, "train", skill);
    draw_distinct(train_samples, skill, rng, draw, held_out, [&](const AnsweredText& text) {
      add_answered_text(text, tokenizer, options.loss, data.train[skill]);
    });
  }
  return data;
}

}  // namespace skillit
