#pragma once

#include <torch/types.h>

#include <span>
#include <vector>

#include "skillit/data/sample_store.h"

namespace skillit {

/// Token sequences as tensors. Sequences are cut after the last token whose prediction is scored
/// (nothing later can matter in a causal model) and padded on the right to the longest one; padding
/// is never scored.
struct Batch {
  torch::Tensor tokens;     ///< [B, T] int64, the inputs.
  torch::Tensor positions;  ///< [S] int64, b * T + t of the inputs whose next token is scored,
                            ///< sample by sample.
  torch::Tensor targets;    ///< [S] int64, those next tokens.
  torch::Tensor starts;     ///< [B, T] int64, where the document of each input begins: it sees none
                            ///< before. Undefined when every sample is one document.
  std::int64_t per_sample =
      0;  ///< Scored positions of each sample when all have the same number, else 0.
  std::int64_t num_tokens = 0;  ///< Input tokens without padding.

  [[nodiscard]] std::int64_t size() const { return tokens.size(0); }
  [[nodiscard]] std::int64_t length() const { return tokens.size(1); }
  [[nodiscard]] std::int64_t num_scored() const { return targets.size(0); }
};

[[nodiscard]] Batch make_batch(std::span<const Sample> samples, torch::Device device);

/// The samples in order, at most `size` in a batch; 0 = all in one.
[[nodiscard]] std::vector<Batch> make_batches(std::span<const Sample> samples, std::int64_t size,
                                              torch::Device device);

}  // namespace skillit
