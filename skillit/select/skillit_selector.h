#pragma once

#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

/// What the window counts: evaluations (as the authors' code), or rounds, of each its last
/// evaluation (the paper's Algorithm 1). The two differ when a round is evaluated more than once.
enum class WindowUnit { kEvaluations, kRounds };
/// How the losses inside the window become one number per skill. kAuto = kMean when targets are
/// given, else kSum, as the authors' code does; a sum of w losses acts like a mean with a step size
/// w times as large.
enum class Pool { kAuto, kSum, kMean };
/// The weight of a skill on itself: as in the graph, or 1 (the authors' code does that for the
/// static mixture only).
enum class Diagonal { kKeep, kOne };
/// The graph as given, or one that is wrong on purpose (graph_ablation.h).
enum class GraphUse { kGiven, kTransposed, kShuffled };

inline std::vector<std::string_view> spec_names(WindowUnit) {
  return {"evaluations", "rounds"};
}
inline std::vector<std::string_view> spec_names(Pool) {
  return {"auto", "sum", "mean"};
}
inline std::vector<std::string_view> spec_names(Diagonal) {
  return {"keep", "one"};
}
inline std::vector<std::string_view> spec_names(GraphUse) {
  return {"given", "transposed", "shuffled"};
}

struct SkillItOptions {
  double eta = 0.2;  ///< >= 0. The paper uses 0.1 (addition) to 0.8 (Spanish); 0 gives the prior.
  int window = 3;    ///< >= 1.
  WindowUnit window_unit = WindowUnit::kEvaluations;
  Pool pool = Pool::kAuto;
  bool normalize_loss = false;
  bool eta_schedule = false;
  double edge_decay = 1;  ///< In [0, 1]; the authors' dynamic_lambda is 0.5.
  bool fix_isolated = false;
  Diagonal diagonal = Diagonal::kKeep;
  GraphUse graph = GraphUse::kGiven;
  double graph_noise = 0;       ///< >= 0; after `graph`.
  int graph_seed = 0;           ///< >= 0; of the noise and the shuffle.
  std::vector<double> initial;  ///< By training skill, in the order of the run's; empty = computed.

  static constexpr auto fields() {
    using O = SkillItOptions;
    return std::tuple{
        SpecField{"eta", &O::eta, "step size (default 0.2)"},
        SpecField{"window", &O::window, "how many evaluations or rounds count (default 3)"},
        SpecField{"window_unit", &O::window_unit,
                  "evaluations|rounds; of a round its last evaluation counts"},
        SpecField{"pool", &O::pool,
                  "sum|mean of the window's losses; auto = mean with targets, else sum"},
        SpecField{"normalize_loss", &O::normalize_loss, "true: divide by each skill's first loss"},
        SpecField{"eta_schedule", &O::eta_schedule,
                  "true: multiply eta by first / newest total loss"},
        SpecField{"edge_decay", &O::edge_decay,
                  "factor on positive edges between skills after each round (default 1)"},
        SpecField{"fix_isolated", &O::fix_isolated,
                  "true: a skill without edges to others keeps 1/k"},
        SpecField{"diagonal", &O::diagonal,
                  "keep|one: a skill's weight on itself as in the graph, or 1"},
        SpecField{"graph", &O::graph,
                  "given|transposed|shuffled: a wrong graph, to see what the right one is worth"},
        SpecField{"graph_noise", &O::graph_noise,
                  "standard deviation of a normal error on every edge between skills (default 0)"},
        SpecField{"graph_seed", &O::graph_seed, "of that error and of shuffled (default 0)"},
        SpecField{"initial", &O::initial,
                  "1/3/5: the first mixture, in the order of the training skills"}};
  }
};

/// Skill-It's online update. With prior pi, graph A and pooled losses G (1 before the first
/// evaluation),
///   share_i ~ pi_i * exp(eta * sum_j A_ij * G_j),   j over the targets,
/// computed anew from the window in each round, never from the previous mixture. It is a function
/// of the history alone. Only losses in use are looked at: the window's (and the first, when an
/// option divides by it) of the targets. Inputs as checked by make_selector().
/// @throws Error kBadArgument without a graph or on an option out of range, kMismatch when the
/// graph's names differ.
[[nodiscard]] std::unique_ptr<Selector> make_skillit(const SkillItOptions& options,
                                                     const SelectorInputs& inputs);

}  // namespace skillit
