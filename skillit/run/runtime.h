#pragma once

#include <torch/types.h>

#include <string>

#include "skillit/nn/architecture.h"
#include "skillit/run/recipe.h"

namespace skillit {

/// How a study uses the machine. Decided once, from the recipe and the machine; which bits come out
/// depends on device, compute type and `threads` alone.
struct Runtime {
  torch::Device device = torch::kCPU;
  torch::ScalarType compute = torch::kFloat32;
  bool tf32 = false;  ///< Whether a GPU rounds the factors of products to TF32.
  int threads = 1;   ///< CPU threads of one training: 1 for small models, all cores for large ones.
  int parallel = 1;  ///< Trainings at once: as the recipe says or as the cores allow, until
                     ///< choose_runs_at_once() knows better.
  std::string reason;                 ///< Why as many; empty = not chosen yet.
  bool recompute = false;             ///< As in Gpt::hidden().
  std::int64_t checkpoint_every = 0;  ///< Steps, inside a round; 0 = at round ends only.

  /// "fp32", "tf32" or "bf16".
  [[nodiscard]] std::string precision() const;
  /// "cpu, fp32, 2 runs at a time with 1 thread each (by cores)".
  [[nodiscard]] std::string describe() const;
  /// What decides the bits: "cpu 1 threads", "cuda 1 threads bf16".
  [[nodiscard]] std::string computation() const;
};

/// Sets this process's torch accordingly. @throws Error kNotFound when the recipe asks for a GPU
/// and there is none, kBadArgument when it asks for tf32 without one.
[[nodiscard]] Runtime choose_runtime(const Recipe& recipe, const Architecture& architecture);

}  // namespace skillit
