#pragma once

namespace skillit::gpu {

/// What one training step on a GPU came to.
struct StepOutcome {
  float loss;
  float norm;   ///< Of the gradient, before clipping.
  float scale;  ///< Below 1 where the gradient is clipped; 0 when loss or norm is not finite.
};

/// A sum of squares is of so many parts at first, whatever the GPU.
inline constexpr int kSumParts = 512;

}  // namespace skillit::gpu
