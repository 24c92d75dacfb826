#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "skillit/config/fields.h"
#include "skillit/config/problems.h"
#include "skillit/data/stream_names.h"

namespace skillit {

/// How a run's samples follow its mixtures.
struct StreamRecipe {
  std::string unit = "samples";
  bool fair = false;
  std::string spent = "repeat";
  std::int64_t max_epochs = 1;
  std::map<std::string, std::int64_t> max_epochs_of;

  static constexpr auto fields() {
    using S = StreamRecipe;
    return std::tuple{
        config::choice("unit", &S::unit, kStreamUnits,
                       "what the mixture is shares of; tokens imply fair"),
        config::field("fair", &S::fair,
                      "within one sample of the shares after every sample, not at round ends only"),
        config::choice(
            "spent", &S::spent, kWhenSpentNames,
            "when a skill has had its epochs: repeat it without end, drop it and let the "
            "others share its part, or stop the run"),
        config::field("max_epochs", &S::max_epochs, "epochs of a skill, with drop and stop",
                      config::at_least(1)),
        config::field("max_epochs_of", &S::max_epochs_of, "the same for skills by name",
                      config::at_least(1)),
    };
  }
  void validate(config::Problems& problems) const;
};

}  // namespace skillit
