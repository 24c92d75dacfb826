#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/run/data_options.h"
#include "skillit/select/setting.h"
#include "skillit/skill/skill_set.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// Skills by name. An empty list means all of them; out of domain, all that are not evaluated are
/// trained on, and in pre-training all that are trained on are evaluated.
struct SkillChoice {
  std::vector<std::string> train_on;
  std::vector<std::string> evaluate_on;
  Setting setting = Setting::kAuto;
};

/// What a run trains on, what it is measured on, and the tokenizer both were made with. The two
/// sides may name different skills: all of them (pre-training), one target (fine-tuning), or
/// disjoint ones (out of domain).
struct Dataset {
  SkillSet all_skills;  ///< Of the source, whether used or not.
  SkillSet train_skills;
  std::vector<SampleStore> train;  ///< By training skill.
  SkillSet eval_skills;
  std::vector<SampleStore> validation;  ///< By evaluation skill.
  std::shared_ptr<const Tokenizer> tokenizer;
  /// By training skill, in any unit: what sampling without a choice goes by (`random`), where that
  /// is not the number of samples. Of Natural Instructions the tasks, of Alpaca the rows.
  std::vector<double> natural_sizes;

  [[nodiscard]] std::vector<std::uint64_t> train_sizes() const;  ///< Samples by training skill.
  /// Of the training and validation samples of every skill used, in order.
  [[nodiscard]] std::string fingerprint() const;
  /// Whether these are the skills of `choice`, in its order.
  [[nodiscard]] bool is_chosen(const SkillChoice& choice) const;
  /// A copy with the skills named alone. @throws Error kMismatch for a name that is not there, or
  /// skills that contradict the setting.
  [[nodiscard]] Dataset chosen(const SkillChoice& choice) const;
};

/// The tokenizer that make_dataset() would use, without the samples where it can be known without
/// them. @throws Error.
[[nodiscard]] std::shared_ptr<const Tokenizer> data_tokenizer(const DataOptions& options);

/// The one list of data sources. Generated sources draw `train_samples` per skill
/// (options.train_samples when not 0) from `seed`; text does not depend on the seed.
/// @throws Error, also for a name in `choice` that is no skill.
[[nodiscard]] Dataset make_dataset(const DataOptions& options, std::int64_t train_samples,
                                   std::uint64_t seed, const SkillChoice& choice = {});

}  // namespace skillit
