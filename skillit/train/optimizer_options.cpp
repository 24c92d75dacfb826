#include "skillit/train/optimizer_options.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace skillit {

double learning_rate(const OptimizerOptions& options, std::int64_t step, std::int64_t total) {
  if (step < options.warmup) {
    return options.lr * static_cast<double>(step + 1) / static_cast<double>(options.warmup);
  }
  if (options.schedule == "constant") return options.lr;
  const double span = static_cast<double>(std::max<std::int64_t>(total - options.warmup, 1));
  const double progress = std::min(1.0, static_cast<double>(step - options.warmup) / span);
  const double shape = options.schedule == "linear"
                           ? 1 - progress
                           : 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return options.lr * (options.final_lr + (1 - options.final_lr) * shape);
}

}  // namespace skillit
