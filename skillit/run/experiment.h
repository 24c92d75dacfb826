#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "skillit/run/base_model.h"
#include "skillit/run/dataset.h"
#include "skillit/run/observer.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// One run of a study: one method, one seed.
struct RunPlan {
  Recipe recipe;  ///< As made by for_one_run().
  std::string study;
  std::string method;
  std::int64_t seed = 0;
  std::filesystem::path folder;
  std::optional<BaseModel> base;
  Runtime runtime;
  std::optional<SkillGraph> graph;  ///< On the run's skills; nothing = none.
  std::string label;                ///< What the progress line calls it; empty = the method.
  /// What make_dataset() gives for the recipe's data and the seed, with the run's skills at least;
  /// null = made by the run itself.
  std::shared_ptr<const Dataset> source;
  std::optional<double> graph_flops;  ///< What learning `graph` took; nothing = not known.
};

/// Trains the run to its end, or returns at once when it already is. Goes on from the last
/// checkpoint of an interrupted run and then ends bit for bit where an uninterrupted one ends (CPU,
/// same number of threads).
/// @return false when the observer asked to stop first.
/// @throws Error kMismatch when the folder holds another run (says what differs), and all that
/// data, training and disk throw.
bool run_experiment(const RunPlan& plan, StudyObserver& observer);

/// Folder name of a run below its study's: "skillit-eta=0.5,window=3/seed0".
[[nodiscard]] std::filesystem::path run_folder_name(const std::string& method, std::int64_t seed);

}  // namespace skillit
