#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "skillit/nn/architecture.h"
#include "skillit/nn/attention.h"
#include "skillit/nn/batch.h"
#include "skillit/nn/layer_norm.h"
#include "skillit/nn/parameters.h"

namespace skillit {

/// A decoder-only transformer, built from its description; its weights are those of gpt_weights.h.
/// Legend as in Architecture, and B sequences, T tokens, S scored positions. One thread at a time.
class Gpt {
 public:
  /// Weights drawn from `seed`; zeros without one, for the caller to fill.
  Gpt(const Architecture& architecture, std::optional<std::uint64_t> seed, torch::Device device,
      torch::ScalarType compute);
  Gpt(const GptOptions& options, std::int64_t vocabulary, std::uint64_t seed, torch::Device device,
      torch::ScalarType compute)
      : Gpt(architecture_of(options, vocabulary), seed, device, compute) {}

  /// Hidden states after the last norm at the scored positions only, [S, C]. The last block
  /// computes queries, projections and the feed-forward part at those positions alone. With
  /// `recompute` only the input of each block but the last is kept for the backward pass, which
  /// computes the block once more (recompute.h) and needs this model unchanged.
  /// @throws Error kBadArgument when a sequence is longer than the context.
  [[nodiscard]] torch::Tensor hidden(const Batch& batch, bool recompute = false) const;
  /// The output matrix [V, C]; logits = hidden * head^T.
  [[nodiscard]] const torch::Tensor& head() const { return parameters_[head_name()]; }
  /// The same as Parameters::padded(), for cross_entropy().
  [[nodiscard]] const torch::Tensor& padded_head() const { return parameters_.padded(head_name()); }

  [[nodiscard]] Parameters& parameters() { return parameters_; }
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }
  [[nodiscard]] const Architecture& architecture() const { return architecture_; }
  [[nodiscard]] std::int64_t vocabulary() const { return architecture_.vocabulary; }
  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  /// What each query of a block sees, by window; undefined = everything up to itself.
  using Sight = std::map<std::int64_t, torch::Tensor>;

  [[nodiscard]] const char* head_name() const {
    return architecture_.tied_head ? "embedding" : "head.weight";
  }
  /// Checks the batch's length against the context and sees to enough rows of rotary_.
  void expect_length(std::int64_t length) const;
  [[nodiscard]] Sight sight_of(const Batch& batch, bool at_scored) const;
  [[nodiscard]] torch::Tensor embed(const Batch& batch) const;
  /// One block on x [B, T, C]. @return [B, T, C], or [S, C] when computed `at_scored` only.
  [[nodiscard]] torch::Tensor block(std::int64_t layer, const torch::Tensor& x, const Batch& batch,
                                    const Sight& sight, bool at_scored) const;
  [[nodiscard]] Heads project(const std::string& prefix, const torch::Tensor& x) const;
  /// Keys and values everywhere, queries at the scored positions.
  [[nodiscard]] Heads project_scored(const std::string& prefix, const torch::Tensor& x,
                                     const Batch& batch) const;
  /// Of sequences of `length`; else as torch composes it: with norms of heads, and on a GPU where
  /// they are long.
  [[nodiscard]] bool fuses_attention(std::int64_t length) const;
  /// Of the first places; undefined without rotary positions.
  [[nodiscard]] Rotary rotary_rows(std::int64_t length) const;
  [[nodiscard]] torch::Tensor head_norm(const std::string& name, const torch::Tensor& x) const;
  /// What the block's second half makes of x, plus `added`, or x itself when that is undefined.
  [[nodiscard]] torch::Tensor feed_forward(const std::string& prefix, const torch::Tensor& x,
                                           const torch::Tensor& added) const;
  [[nodiscard]] Normed norm(const std::string& name, const torch::Tensor& x) const;
  [[nodiscard]] std::optional<Weight> bias_of(const std::string& name, bool bias) const;
  [[nodiscard]] torch::Tensor linear(const std::string& name, const torch::Tensor& x, bool bias,
                                     const torch::Tensor& added = {}) const;

  Architecture architecture_;
  torch::Device device_;
  Parameters parameters_;
  mutable Rotary rotary_;  ///< As many rows as were needed so far; empty without rotary positions.
};

}  // namespace skillit
