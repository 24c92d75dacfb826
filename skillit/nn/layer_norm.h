#pragma once

#include <torch/types.h>

#include "skillit/nn/weight.h"

namespace skillit {

struct Normed {
  torch::Tensor y;
  torch::Tensor x;  ///< The input once more, for the sum that goes past the norm: in the backward
                    ///< pass both gradients are then added at once.
};

/// Layer norm over the last axis of x [..., C], with a weight and a bias [C] whose gradients are
/// added where they belong. With C a multiple of 16 (on a GPU of 8), in float32 or bf16, by loops
/// of our own, whose results do not depend on the number of threads; else torch's.
[[nodiscard]] Normed layer_norm(const torch::Tensor& x, const Weight& weight, const Weight& bias,
                                double epsilon);

}  // namespace skillit
