#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "skillit/config/fields.h"

namespace skillit {

inline constexpr std::array<std::string_view, 3> kSchedules{"linear", "cosine", "constant"};

/// AdamW (decoupled weight decay, biases and norms excepted) with warm-up from 0 and a decay to
/// `final_lr` x lr at the last step.
struct OptimizerOptions {
  double lr = 1.5e-3;
  std::int64_t warmup = 100;  ///< Steps.
  std::string schedule = "linear";
  double final_lr = 0.0;  ///< As a fraction of lr.
  double beta1 = 0.9;
  double beta2 = 0.98;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double clip = 1.0;  ///< Largest norm of the whole gradient; 0 = no clipping.

  static constexpr auto fields() {
    using O = OptimizerOptions;
    return std::tuple{
        config::field("lr", &O::lr, "peak learning rate", config::above(0.0)),
        config::field("warmup", &O::warmup, "steps of linear warm-up", config::at_least(0)),
        config::choice("schedule", &O::schedule, kSchedules, "shape after warm-up"),
        config::field("final_lr", &O::final_lr, "learning rate at the end, as a fraction of lr",
                      config::between(0.0, 1.0)),
        config::field("beta1", &O::beta1, "decay of the first moment",
                      config::between(0.0, 0.9999999)),
        config::field("beta2", &O::beta2, "decay of the second moment",
                      config::between(0.0, 0.9999999)),
        config::field("epsilon", &O::epsilon, "added to the root of the second moment",
                      config::above(0.0)),
        config::field("weight_decay", &O::weight_decay, "decoupled, on matrices only",
                      config::at_least(0.0)),
        config::field("clip", &O::clip, "largest gradient norm, 0 = none", config::at_least(0.0)),
    };
  }
};

/// Learning rate of step `step` (0-based) out of `total`: lr * (step + 1) / warmup while warming
/// up, then from lr down to final_lr * lr, reached at the end.
[[nodiscard]] double learning_rate(const OptimizerOptions& options, std::int64_t step,
                                   std::int64_t total);

}  // namespace skillit
