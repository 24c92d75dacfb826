#include "skillit/data/sample_store.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {
namespace {

template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

void SampleStore::add(std::span<const TokenId> tokens, std::span<const std::uint8_t> scored) {
  const auto refuse = [&](const std::string& reason) {
    fail(ErrorCode::kBadArgument, fmt::format("sample {}: {}", size(), reason));
  };
  if (tokens.empty()) refuse("it has no tokens");
  if (tokens.size() != scored.size()) {
    refuse(
        fmt::format("{} tokens but {} marks; each token needs one", tokens.size(), scored.size()));
  }
  if (scored[0] != 0)
    refuse("its first token is scored, but nothing stands before it to predict it from");
  if (std::any_of(scored.begin(), scored.end(), [](auto mark) { return mark > 1; })) {
    refuse("a mark is neither 0 nor 1");
  }
  if (std::find(scored.begin(), scored.end(), 1) == scored.end()) {
    refuse(fmt::format("none of its {} tokens is scored; it would teach and measure nothing",
                       tokens.size()));
  }
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  scored_.insert(scored_.end(), scored.begin(), scored.end());
  ends_.push_back(tokens_.size());
}

Sample SampleStore::operator[](std::size_t index) const {
  SKILLIT_ASSERT(index < size());
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  const std::size_t count = ends_[index] - begin;
  return {std::span(tokens_).subspan(begin, count), std::span(scored_).subspan(begin, count)};
}

std::string SampleStore::fingerprint() const {
  ByteWriter counts;
  counts.put<std::uint64_t>(ends_.size());
  counts.put<std::uint64_t>(tokens_.size());
  Fingerprinter content;
  content.add(counts.bytes());
  content.add(bytes_of(ends_));
  content.add(bytes_of(tokens_));
  content.add(bytes_of(scored_));
  return content.hex();
}

}  // namespace skillit
