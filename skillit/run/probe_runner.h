#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "skillit/graph/probe_plan.h"
#include "skillit/run/base_model.h"
#include "skillit/run/dataset.h"
#include "skillit/run/observer.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"

namespace skillit {

/// Which part of a plan this process works off: probes number index - 1, index - 1 + count, ...
struct Shard {
  std::size_t index = 1;  ///< From 1 to count.
  std::size_t count = 1;
};
/// "2/8". @throws Error kBadArgument.
[[nodiscard]] Shard parse_shard(const std::string& text);

/// Makes the short runs that a graph learner asks for, from a recipe's base model and with its
/// optimizer, and remembers them below `runs`/probes/<what they trained on>/<what was measured>.
///
/// A finished probe is found again by the content of the skills it trained on, the tokenizer, the
/// base model, the shape, optimizer, budget and seed: by any recipe, whatever other skills there
/// are. What a stored probe did not measure (a skill that was added) is measured on its stored
/// model; of such a skill only the first and the last evaluation are known, the others are NaN.
class ProbeRunner {
 public:
  /// Reads the data for every seed. `base` as from ensure_base_model(). @throws Error.
  ProbeRunner(const Recipe& recipe, std::optional<BaseModel> base, std::filesystem::path runs);

  [[nodiscard]] const SkillSet& train_skills() const { return any_data().train_skills; }
  [[nodiscard]] const SkillSet& eval_skills() const { return any_data().eval_skills; }
  [[nodiscard]] const Dataset& any_data() const { return *datasets_.begin()->second; }
  [[nodiscard]] const Dataset& data(std::uint64_t seed) const { return *datasets_.at(seed); }
  [[nodiscard]] std::int64_t steps() const { return recipe_.steps; }  ///< Of each probe.
  [[nodiscard]] const Runtime& runtime() const { return runtime_; }

  /// Whether the probe is finished already.
  [[nodiscard]] bool is_done(const ProbeSpec& probe) const;
  /// Works off what of the shard is not done yet, side by side. @return false when the observer
  /// asked to stop. @throws Error.
  [[nodiscard]] bool run(const ProbePlan& plan, const Shard& shard, StudyObserver& observer) const;
  /// What the plan's probes measured. @throws Error kNotFound when one is not finished, saying how
  /// many are missing.
  [[nodiscard]] ProbeResults collect(const ProbePlan& plan) const;
  /// Floating-point operations that the plan's probes took, training and evaluations; nothing when
  /// a probe is not finished or recorded no costs.
  [[nodiscard]] std::optional<double> flops(const ProbePlan& plan) const;

 private:
  /// The recipe as a probe sees it.
  [[nodiscard]] Recipe probe_recipe(const ProbeSpec& probe) const;
  [[nodiscard]] std::filesystem::path trained_folder(const ProbeSpec& probe) const;
  /// The finished run of the probe that measured most of the wanted skills; nothing = none.
  [[nodiscard]] std::optional<std::filesystem::path> find_done(const ProbeSpec& probe) const;
  [[nodiscard]] ProbeRecord read(const ProbeSpec& probe, const std::filesystem::path& folder) const;
  /// Losses of the skills not measured by the stored run: before its first step, after its last.
  void measure_missing(const ProbeSpec& probe, const std::filesystem::path& folder,
                       const std::vector<std::string>& missing, ProbeRecord& record) const;

  Recipe recipe_;  ///< With `steps` of the probes.
  std::optional<BaseModel> base_;
  std::string base_content_;  ///< Fingerprint of the base's file.
  std::filesystem::path folder_;
  std::map<std::uint64_t, std::shared_ptr<const Dataset>> datasets_;  ///< By seed, of all skills.
  std::string measured_;  ///< Names what this recipe measures.
  Runtime runtime_;
};

}  // namespace skillit
