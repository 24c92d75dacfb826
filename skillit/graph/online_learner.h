#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/graph_processing.h"
#include "skillit/graph/learned_graph.h"
#include "skillit/skill/mixture.h"
#include "skillit/skill/skill_losses.h"

namespace skillit {

/// What a run recorded about its rounds. The delivered shares, not the asked ones: those trained.
struct RunRounds {
  std::uint64_t seed = 0;
  std::vector<Mixture> delivered;   ///< Per round, by training skill.
  std::vector<SkillLosses> losses;  ///< Before the first round and after each: one more.
  /// What one sample is of the smallest round. Shares that move by less are whole samples rounded,
  /// not another mixture.
  double least_share = 0;
};

struct OnlineOptions {
  /// Weight of the prior graph against the rounds, 0 or from 1e-9; a round on one skill alone
  /// has weight 1, a round on all k equally 1/k. 0 = rounds alone.
  double ridge = 0;
  /// Fit drops as shares of the loss before the round (the paper's model of the dynamics); else in
  /// nats per round.
  bool relative = true;

  static constexpr auto fields() {
    using O = OnlineOptions;
    return std::tuple{
        SpecField{"ridge", &O::ridge, "weight of the prior graph against the rounds; 0 = none"},
        SpecField{"relative", &O::relative, "drops as shares of the loss; else in nats"},
    };
  }
};
/// "online:ridge=0.1". @throws Error kBadArgument, kNotFound for another learner's name.
[[nodiscard]] OnlineOptions parse_online_spec(std::string_view spec);

struct OnlineGraph {
  LearnedGraph learned;
  /// How many independent mixtures the rounds of the poorest seed delivered, at most k: a skill
  /// counts when its share moves against the others' by 0.001 and by the runs' least share or more,
  /// root mean square over rounds. Below k the rounds alone do not tell all rows apart.
  std::size_t rank = 0;
  /// By training skill, 0 to 1: the part of its row that the rounds decided; the rest is the prior.
  /// Least over seeds.
  std::vector<double> evidence;
};

/// Edges from runs that were made anyway: no probes. Per seed (runs of one seed are put together,
/// say those of all methods of a study) and evaluation skill j it solves
///   min over a of sum over rounds r of (drop_rj - sum_i p_ri a_i)^2 + ridge * |a - prior_j|^2
/// where drop_rj is what L_j lost in round r. Skills whose shares never varied against each other
/// cannot be told apart by any method; `rank` and `evidence` say so. Without a prior the rows are
/// drawn towards 0. What no mixture explains
/// (warm-up, a falling learning rate) is put down to the skills that were trained then. The
/// standard errors are those of the drawn edges: the stronger the prior, the smaller, whatever is
/// true.
/// @throws Error kBadArgument when rounds and losses do not fit, a loss is NaN or infinite (seed,
/// round, skill), or ridge is 0 and the mixtures do not identify the edges (how many there are, how
/// many it takes, what to do); kMismatch when the prior has other names.
[[nodiscard]] OnlineGraph fit_online(const SkillSet& train_skills, const SkillSet& eval_skills,
                                     std::span<const RunRounds> runs, const OnlineOptions& options,
                                     const std::optional<SkillGraph>& prior = std::nullopt,
                                     const GraphProcessing& processing = {});

}  // namespace skillit
