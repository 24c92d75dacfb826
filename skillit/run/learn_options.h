#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "skillit/config/fields.h"
#include "skillit/config/problems.h"
#include "skillit/graph/learner.h"

namespace skillit {

/// How a recipe's skills graph is learned: `skillit graph learn RECIPE`, or graph=learn. The short
/// runs train as the recipe says, for `steps` steps each.
struct LearnOptions {
  std::string learner = "approximate";
  std::int64_t steps = 0;  ///< Of each short run; 0 = the recipe's.
  std::vector<std::int64_t> seeds{0, 1, 2};
  std::string process;                 ///< graph_processing.h, as in "clip=true,diagonal=one".
  std::int64_t gradient_samples = 64;  ///< Learner gradient: samples per skill and seed.

  static constexpr auto fields() {
    using L = LearnOptions;
    return std::tuple{
        config::field(
            "learner", &L::learner,
            "brute-force, approximate, ... with options, as in brute-force:threshold=0.1"),
        config::field("steps", &L::steps, "of each short run, 0 = the recipe's",
                      config::between(0, 1 << 30)),
        config::field("seeds", &L::seeds, "each short run is made with each; 2 or more tell noise"),
        config::field("process", &L::process,
                      "how estimates become weights, as in clip=true,diagonal=one"),
        config::field("gradient_samples", &L::gradient_samples,
                      "learner gradient: samples per skill and seed", config::between(1, 1 << 20)),
    };
  }
  void validate(config::Problems& problems) const;
};

/// Where the learner named by `spec` takes its evidence from. @throws Error kNotFound on an unknown
/// learner (with the nearest name), kBadArgument on its options.
[[nodiscard]] LearnerInput learner_input(const std::string& spec);

}  // namespace skillit
