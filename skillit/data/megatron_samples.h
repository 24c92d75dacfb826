#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "skillit/data/window_plan.h"

namespace skillit {

class LegacyShuffle;

/// What Megatron's GPTDataset is configured with.
struct MegatronSampling {
  std::uint64_t sequence_length = 1024;           ///< >= 1. A sample has one token more.
  std::optional<std::uint64_t> num_samples = {};  ///< Asked for; nothing = one epoch.
  std::uint32_t seed = 1234;
};

/// The samples of Megatron's GPTDataset for training, bit for bit (document, sample and shuffle
/// index of megatron-core, with its default of dropping what is left at the end): the documents of
/// each epoch in random order, one after the other, cut every sequence_length tokens; then the
/// samples in random order. When the last epoch is used by less than 80 %, both orders are drawn
/// for it apart. Made in memory when constructed: 12 bytes a document and epoch, 4 a sample.
class MegatronSamples final : public WindowPlan {
 public:
  /// A document is what Megatron calls a sequence, fewer than 2^31 in all epochs together.
  /// @throws Error kBadArgument on options outside their range, fewer tokens than one sample has,
  /// too many documents or samples.
  MegatronSamples(const DocumentLengths& lengths, const MegatronSampling& options);

  /// At least what was asked for.
  [[nodiscard]] std::uint64_t num_windows() const override { return shuffle_.size(); }
  /// Of all samples: the last token of one is the first of another.
  [[nodiscard]] std::uint64_t num_tokens() const override {
    return num_windows() * (sequence_length_ + 1);
  }
  /// A sample's parts, in the shuffled order.
  void read(std::uint64_t sample, std::vector<WindowPiece>& pieces) const override;

  [[nodiscard]] std::uint64_t num_epochs() const noexcept { return num_epochs_; }
  // Megatron's arrays.
  [[nodiscard]] std::span<const std::uint32_t> document_index() const { return documents_; }
  [[nodiscard]] std::span<const std::uint32_t> shuffle_index() const { return shuffle_; }
  /// A row of the sample index: place in document_index() and token of that document; row <=
  /// num_windows().
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> sample_index(std::uint64_t row) const;

 private:
  void order_documents(std::uint64_t count, bool last_apart, LegacyShuffle& shuffle);

  std::uint64_t sequence_length_;
  std::uint64_t num_epochs_ = 1;
  std::vector<std::uint32_t> documents_;
  std::vector<std::uint64_t> ends_;  ///< Of documents_, in tokens.
  std::vector<std::uint32_t> shuffle_;
};

}  // namespace skillit
