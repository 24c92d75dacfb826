#pragma once

#include <vector>

#include "skillit/nn/architecture.h"
#include "skillit/nn/parameters.h"

namespace skillit {

/// The weights of a Gpt, with how each starts: normal, std 1/sqrt(columns) for matrices, those that
/// end in the residual stream divided by sqrt(2 * layers); ones for norms, zeros for biases. Names
/// and shapes (legend of Architecture): embedding [V, C], positions [context, C] (learned ones),
/// head [V, C] (not tied), final_norm [C], and for each block blocks.<i>.: norm_1, attention.qkv
/// [(H + 2K) D, C] (all queries head by head, then keys, then values), attention.query_norm and
/// .key_norm [D], attention.out [C, H D], norm_2, mlp.in [F, C] (gated: [2F, C], the gate first),
/// mlp.out [C, F]; all but embedding and positions with .weight and, where the architecture has
/// one, .bias.
[[nodiscard]] std::vector<Parameters::Spec> weights_of(const Architecture& architecture);

}  // namespace skillit
