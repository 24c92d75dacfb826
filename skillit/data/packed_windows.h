#pragma once

#include <cstdint>
#include <memory>

#include "skillit/data/sample_store.h"
#include "skillit/data/token_store.h"
#include "skillit/data/window_plan.h"

namespace skillit {

/// How tokens become windows.
struct PackingOptions {
  std::uint64_t window = 256;  ///< Tokens of a sample, at most; >= 2.
  Packing packing = Packing::kGreedy;
  bool document_mask = false;  ///< No document sees another: see Sample::starts.
};

/// The documents of a token store as samples of at most `window` tokens. Every token is scored but
/// a sample's first and, with document_mask, the first of each document's part. Nothing is read
/// until asked for. Reading is thread-safe.
class PackedWindows {
 public:
  /// `store` must outlive it. @throws Error kBadArgument: see plan_windows().
  PackedWindows(const TokenStore& store, const PackingOptions& options);

  [[nodiscard]] std::uint64_t size() const { return plan_->num_windows(); }
  [[nodiscard]] std::uint64_t num_tokens() const { return plan_->num_tokens(); }
  /// Tokens of a window; window < size().
  [[nodiscard]] std::uint64_t length(std::uint64_t window) const;
  /// Replaces `sample` by a window; window < size(). @throws Error as TokenStore::read_part().
  void read(std::uint64_t window, SampleBuffer& sample) const;

 private:
  const TokenStore& store_;
  bool document_mask_;
  std::unique_ptr<const WindowPlan> plan_;
};

/// The windows in memory, 5 bytes a token; of more than `most`, that many, evenly spread. With
/// document_mask, those of parts of one token alone, which score nothing, are left out.
[[nodiscard]] SampleStore read_windows(const PackedWindows& windows, std::uint64_t most);

/// Samples packed together (best-fit, each whole) into windows of at most `window` tokens, with
/// their marks; with `document_mask` none sees another. Without it a sample's first token is not
/// scored either. @throws Error kBadArgument when one is longer than a window.
[[nodiscard]] SampleStore pack_samples(const SampleStore& samples, std::uint64_t window,
                                       bool document_mask);

}  // namespace skillit
