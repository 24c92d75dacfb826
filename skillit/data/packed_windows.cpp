#include "skillit/data/packed_windows.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/data/best_fit.h"

namespace skillit {
namespace {

void append(const Sample& sample, bool document_mask, SampleBuffer& window) {
  const auto begin = static_cast<std::uint32_t>(window.tokens.size());
  if (document_mask && begin > 0) window.starts.push_back(begin);
  for (const std::uint32_t start : sample.starts) window.starts.push_back(begin + start);
  window.tokens.insert(window.tokens.end(), sample.tokens.begin(), sample.tokens.end());
  window.scored.insert(window.scored.end(), sample.scored.begin(), sample.scored.end());
}

}  // namespace

PackedWindows::PackedWindows(const TokenStore& store, const PackingOptions& options)
    : store_(store),
      document_mask_(options.document_mask),
      plan_(plan_windows(
          {store.num_documents(), [&store](std::uint64_t i) { return store.document_length(i); }},
          options.window, options.packing)) {}

std::uint64_t PackedWindows::length(std::uint64_t window) const {
  std::vector<WindowPiece> pieces;
  plan_->read(window, pieces);
  std::uint64_t tokens = 0;
  for (const WindowPiece& piece : pieces) tokens += piece.count;
  return tokens;
}

void PackedWindows::read(std::uint64_t window, SampleBuffer& sample) const {
  std::vector<WindowPiece> pieces;
  plan_->read(window, pieces);
  sample.tokens.clear();
  sample.starts.clear();
  for (const WindowPiece& piece : pieces) {
    if (document_mask_ && !sample.tokens.empty())
      sample.starts.push_back(static_cast<std::uint32_t>(sample.tokens.size()));
    store_.read_part(piece.document, piece.begin, piece.count, sample.tokens);
  }
  sample.scored.assign(sample.tokens.size(), 1);
  sample.scored[0] = 0;
  for (const std::uint32_t start : sample.starts) sample.scored[start] = 0;
}

SampleStore read_windows(const PackedWindows& windows, std::uint64_t most) {
  const std::uint64_t kept = std::min(windows.size(), most);
  SampleStore store;
  SampleBuffer sample;
  for (std::uint64_t i = 0; i < kept; ++i) {
    windows.read(i * windows.size() / kept, sample);
    if (std::find(sample.scored.begin(), sample.scored.end(), 1) != sample.scored.end())
      store.add(sample.view());
  }
  return store;
}

SampleStore pack_samples(const SampleStore& samples, std::uint64_t window, bool document_mask) {
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sizes.push_back(samples[i].tokens.size());
    if (sizes.back() <= window) continue;
    fail(ErrorCode::kBadArgument,
         fmt::format("sample {} has {} tokens and does not fit a window of {}; use longer windows",
                     i, sizes.back(), window));
  }
  SampleStore packed;
  for (const auto& bin : best_fit_decreasing(sizes, window)) {
    SampleBuffer buffer;
    for (const std::uint32_t i : bin) append(samples[i], document_mask, buffer);
    packed.add(buffer.view());
  }
  return packed;
}

}  // namespace skillit
