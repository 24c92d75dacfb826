#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "skillit/nn/attention.h"
#include "skillit/nn/batch.h"
#include "skillit/nn/gpt_options.h"
#include "skillit/nn/parameters.h"

namespace skillit {

/// A decoder-only transformer. Legend: B sequences, T tokens, C width, H heads, D = C / H, S scored
/// positions, V vocabulary. One thread at a time.
class Gpt {
 public:
  /// Weights drawn from `seed`: normal, std 0.02 for matrices (1/sqrt(C) for the tied embedding and
  /// the matrices that read the hidden state), residual projections divided by sqrt(2 * layers).
  Gpt(const GptOptions& options, std::int64_t vocabulary, std::uint64_t seed, torch::Device device,
      torch::ScalarType compute);

  /// Hidden states after the last norm at the scored positions only, [S, C]. The last block
  /// computes queries, projections and the feed-forward part at those positions alone.
  /// @throws Error kBadArgument when a sequence is longer than the context.
  [[nodiscard]] torch::Tensor hidden(const Batch& batch) const;
  /// The output matrix [V, C]; logits = hidden * head^T.
  [[nodiscard]] const torch::Tensor& head() const { return parameters_["embedding"]; }

  [[nodiscard]] Parameters& parameters() { return parameters_; }
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }
  [[nodiscard]] const GptOptions& options() const { return options_; }
  [[nodiscard]] std::int64_t vocabulary() const { return vocabulary_; }
  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  [[nodiscard]] torch::Tensor embed(const torch::Tensor& tokens) const;
  [[nodiscard]] torch::Tensor block(std::int64_t layer, const torch::Tensor& x) const;
  [[nodiscard]] torch::Tensor last_block(std::int64_t layer, const torch::Tensor& x,
                                         const Batch& batch) const;
  [[nodiscard]] torch::Tensor feed_forward(const std::string& prefix, const torch::Tensor& x) const;
  [[nodiscard]] torch::Tensor norm(const std::string& name, const torch::Tensor& x) const;
  [[nodiscard]] torch::Tensor linear(const std::string& name, const torch::Tensor& x) const;

  GptOptions options_;
  std::int64_t vocabulary_;
  torch::Device device_;
  Parameters parameters_;
  Rotary rotary_;  ///< Of `context` positions; empty with learned positions.
};

}  // namespace skillit
