#include "skillit/data/window_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/data/best_fit.h"

namespace skillit {
namespace {

class GreedyPlan final : public WindowPlan {
 public:
  GreedyPlan(const DocumentLengths& lengths, std::uint64_t window) : window_(window) {
    ends_.reserve(lengths.count);
    std::uint64_t end = 0;
    for (std::uint64_t i = 0; i < lengths.count; ++i) ends_.push_back(end += lengths.of(i));
    num_tokens_ = end % window == 1 ? end - 1 : end;
  }

  [[nodiscard]] std::uint64_t num_windows() const override {
    return num_tokens_ / window_ + (num_tokens_ % window_ > 0 ? 1 : 0);
  }
  [[nodiscard]] std::uint64_t num_tokens() const override { return num_tokens_; }

  void read(std::uint64_t window, std::vector<WindowPiece>& pieces) const override {
    SKILLIT_ASSERT(window < num_windows());
    pieces.clear();
    std::uint64_t at = window * window_;
    const std::uint64_t end = at + std::min(window_, num_tokens_ - at);
    auto document = static_cast<std::uint64_t>(std::upper_bound(ends_.begin(), ends_.end(), at) -
                                               ends_.begin());
    for (; at < end; ++document) {
      const std::uint64_t count = std::min(end, ends_[document]) - at;
      if (count == 0) continue;  // An empty document.
      pieces.push_back({document, at - (document == 0 ? 0 : ends_[document - 1]), count});
      at += count;
    }
  }

 private:
  std::uint64_t window_;
  std::uint64_t num_tokens_ = 0;  ///< Without a last one alone.
  std::vector<std::uint64_t> ends_;
};

/// A piece is 64 bits: the document, and which of its runs of `window` tokens.
class BestFitPlan final : public WindowPlan {
 public:
  BestFitPlan(DocumentLengths lengths, std::uint64_t window)
      : lengths_(std::move(lengths)), window_(window) {
    if (lengths_.count > kMostDocuments) {
      fail(ErrorCode::kBadArgument,
           fmt::format("best-fit packing: {} documents; at most {} are possible: divide them",
                       lengths_.count, kMostDocuments));
    }
    for (std::uint64_t begin = 0; begin < lengths_.count; begin += kGroup)
      add_group(begin, std::min(lengths_.count, begin + kGroup));
    ends_.shrink_to_fit();
    pieces_.shrink_to_fit();
  }

  [[nodiscard]] std::uint64_t num_windows() const override { return ends_.size(); }
  [[nodiscard]] std::uint64_t num_tokens() const override { return num_tokens_; }

  void read(std::uint64_t window, std::vector<WindowPiece>& pieces) const override {
    SKILLIT_ASSERT(window < num_windows());
    pieces.clear();
    for (std::uint64_t i = window == 0 ? 0 : ends_[window - 1]; i < ends_[window]; ++i) {
      const std::uint64_t document = pieces_[i] >> kRunBits;
      const std::uint64_t begin = (pieces_[i] & (kMostRuns - 1)) * window_;
      pieces.push_back({document, begin, std::min(window_, lengths_.of(document) - begin)});
    }
  }

 private:
  static constexpr std::uint64_t kGroup = std::uint64_t{1} << 20;
  static constexpr int kRunBits = 24;
  static constexpr std::uint64_t kMostRuns = std::uint64_t{1} << kRunBits;
  static constexpr std::uint64_t kMostDocuments = std::uint64_t{1} << (64 - kRunBits);

  void add_group(std::uint64_t begin, std::uint64_t end) {
    std::vector<std::uint64_t> documents;  // That have something left.
    std::vector<std::uint64_t> left;
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::uint64_t length = lengths_.of(i);
      const std::uint64_t runs = length / window_;
      if (runs >= kMostRuns) {
        fail(ErrorCode::kBadArgument,
             fmt::format("best-fit packing: document {} has {} tokens, more than {} windows of {}; "
                         "use longer windows",
                         i, length, kMostRuns, window_));
      }
      for (std::uint64_t run = 0; run < runs; ++run) close(i << kRunBits | run, window_);
      if (length % window_ == 0) continue;
      documents.push_back(i << kRunBits | runs);
      left.push_back(length % window_);
    }
    for (const auto& bin : best_fit_decreasing(left, window_)) {
      std::uint64_t tokens = 0;
      for (const std::uint32_t item : bin) tokens += left[item];
      if (tokens < 2) continue;
      for (const std::uint32_t item : bin) pieces_.push_back(documents[item]);
      ends_.push_back(pieces_.size());
      num_tokens_ += tokens;
    }
  }

  void close(std::uint64_t piece, std::uint64_t tokens) {
    pieces_.push_back(piece);
    ends_.push_back(pieces_.size());
    num_tokens_ += tokens;
  }

  DocumentLengths lengths_;
  std::uint64_t window_;
  std::uint64_t num_tokens_ = 0;
  std::vector<std::uint64_t> pieces_;
  std::vector<std::uint64_t> ends_;  ///< Of windows, in pieces.
};

}  // namespace

std::unique_ptr<WindowPlan> plan_windows(const DocumentLengths& lengths, std::uint64_t window,
                                         Packing packing) {
  if (window < 2 || window > std::uint64_t{1} << 32) {
    fail(ErrorCode::kBadArgument,
         fmt::format("windows of {} tokens; 2 to 2^32 are possible", window));
  }
  if (packing == Packing::kBestFit) return std::make_unique<BestFitPlan>(lengths, window);
  return std::make_unique<GreedyPlan>(lengths, window);
}

}  // namespace skillit
