#include "skillit/data/megatron_samples.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/data/legacy_shuffle.h"

namespace skillit {
namespace {

constexpr std::uint64_t kMostDocuments = (std::uint64_t{1} << 31) - 1;
constexpr std::uint64_t kMostSamples = (std::uint64_t{1} << 32) - 2;
constexpr double kLastEpochApart = 0.80;

[[noreturn]] void refuse(const std::string& what) {
  fail(ErrorCode::kBadArgument, "Megatron samples: " + what);
}

std::uint64_t tokens_per_epoch(const DocumentLengths& lengths) {
  std::uint64_t tokens = 0;
  for (std::uint64_t i = 0; i < lengths.count; ++i) tokens += lengths.of(i);
  return tokens;
}

}  // namespace

MegatronSamples::MegatronSamples(const DocumentLengths& lengths, const MegatronSampling& options)
    : sequence_length_(options.sequence_length) {
  const std::uint64_t length = sequence_length_;
  const std::uint64_t tokens = tokens_per_epoch(lengths);
  const std::uint64_t asked = options.num_samples.value_or(0);
  if (length < 1 || length > kMostDocuments) refuse(fmt::format("a sequence length of {}", length));
  if (asked > kMostSamples) refuse(fmt::format("{} samples; at most {}", asked, kMostSamples));
  if (tokens <= length) {
    refuse(fmt::format("{} documents with {} tokens hold no sample of {} tokens", lengths.count,
                       tokens, length + 1));
  }
  if (options.num_samples)
    num_epochs_ = std::max<std::uint64_t>(1, (asked * length + 1 + tokens - 1) / tokens);
  if (lengths.count > kMostDocuments / num_epochs_) {
    refuse(fmt::format("{} documents in {} epochs; at most {} in all", lengths.count, num_epochs_,
                       kMostDocuments));
  }
  const std::uint64_t samples = (num_epochs_ * tokens - 1) / length;
  if (samples > kMostSamples) refuse(fmt::format("{} samples; at most {}", samples, kMostSamples));

  const std::uint64_t before_last = num_epochs_ > 1 ? ((num_epochs_ - 1) * tokens - 1) / length : 0;
  const std::uint64_t of_one_epoch = (tokens - 1) / length;
  const bool last_apart =
      num_epochs_ > 1 &&
      asked - before_last <
          static_cast<std::uint64_t>(kLastEpochApart * static_cast<double>(of_one_epoch));
  LegacyShuffle shuffle(options.seed);
  order_documents(lengths.count, last_apart, shuffle);
  ends_.reserve(documents_.size());
  std::uint64_t end = 0;
  for (const std::uint32_t document : documents_) ends_.push_back(end += lengths.of(document));
  shuffle_.resize(samples);
  std::iota(shuffle_.begin(), shuffle_.end(), std::uint32_t{0});
  const std::uint64_t first = last_apart ? before_last : samples;
  shuffle.shuffle(std::span(shuffle_).first(first));
  shuffle.shuffle(std::span(shuffle_).subspan(first));
}

void MegatronSamples::order_documents(std::uint64_t count, bool last_apart,
                                      LegacyShuffle& shuffle) {
  documents_.resize(count * num_epochs_);
  for (std::uint64_t i = 0; i < documents_.size(); ++i)
    documents_[i] = static_cast<std::uint32_t>(i % count);
  const std::uint64_t first = last_apart ? count * (num_epochs_ - 1) : documents_.size();
  shuffle.shuffle(std::span(documents_).first(first));
  shuffle.shuffle(std::span(documents_).subspan(first));
}

std::pair<std::uint64_t, std::uint64_t> MegatronSamples::sample_index(std::uint64_t row) const {
  SKILLIT_ASSERT(row <= num_windows());
  if (row == 0) return {0, 0};  // Also when the first document is empty.
  const std::uint64_t token = row * sequence_length_;
  const auto place = static_cast<std::uint64_t>(
      std::upper_bound(ends_.begin(), ends_.end(), token) - ends_.begin());
  return {place, token - (place == 0 ? 0 : ends_[place - 1])};
}

void MegatronSamples::read(std::uint64_t sample, std::vector<WindowPiece>& pieces) const {
  SKILLIT_ASSERT(sample < num_windows());
  pieces.clear();
  auto [place, begin] = sample_index(shuffle_[sample]);
  for (std::uint64_t left = sequence_length_ + 1; left > 0; ++place, begin = 0) {
    const std::uint64_t length = ends_[place] - (place == 0 ? 0 : ends_[place - 1]);
    const std::uint64_t count = std::min(left, length - begin);
    if (count > 0) pieces.push_back({documents_[place], begin, count});
    left -= count;
  }
}

}  // namespace skillit
