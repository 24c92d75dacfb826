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

/// What is wrong with a sample; "" when nothing is.
std::string problem_of(const Sample& sample) {
  const auto& [tokens, scored, starts] = sample;
  if (tokens.empty()) return "it has no tokens";
  if (tokens.size() != scored.size()) {
    return fmt::format("{} tokens but {} marks; each token needs one", tokens.size(),
                       scored.size());
  }
  if (scored[0] != 0)
    return "its first token is scored, but nothing stands before it to predict it from";
  if (std::any_of(scored.begin(), scored.end(), [](auto mark) { return mark > 1; }))
    return "a mark is neither 0 nor 1";
  if (std::find(scored.begin(), scored.end(), 1) == scored.end()) {
    return fmt::format("none of its {} tokens is scored; it would teach and measure nothing",
                       tokens.size());
  }
  std::uint32_t before = 0;
  for (const std::uint32_t start : starts) {
    if (start <= before || start >= tokens.size())
      return fmt::format("a document begins at token {}; starts rise within the sample", start);
    if (scored[start] != 0)
      return fmt::format("token {} begins a document and is scored, but sees nothing", start);
    before = start;
  }
  return "";
}

}  // namespace

void SampleStore::add(const Sample& sample) {
  const auto& [tokens, scored, starts] = sample;
  if (const std::string problem = problem_of(sample); !problem.empty())
    fail(ErrorCode::kBadArgument, fmt::format("sample {}: {}", size(), problem));
  if (!starts.empty() || !start_ends_.empty()) {
    start_ends_.resize(size(), 0);
    starts_.insert(starts_.end(), starts.begin(), starts.end());
    start_ends_.push_back(starts_.size());
  }
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  scored_.insert(scored_.end(), scored.begin(), scored.end());
  ends_.push_back(tokens_.size());
}

Sample SampleStore::operator[](std::size_t index) const {
  SKILLIT_ASSERT(index < size());
  const auto part = [index](const auto& values, const auto& ends) {
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return std::span(values).subspan(begin, ends[index] - begin);
  };
  Sample sample{part(tokens_, ends_), part(scored_, ends_)};
  if (!start_ends_.empty()) sample.starts = part(starts_, start_ends_);
  return sample;
}

std::uint64_t SampleStore::num_bytes() const noexcept {
  return bytes_of(tokens_).size() + bytes_of(scored_).size() + bytes_of(ends_).size() +
         bytes_of(starts_).size() + bytes_of(start_ends_).size();
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
  content.add(bytes_of(start_ends_));
  content.add(bytes_of(starts_));
  return content.hex();
}

}  // namespace skillit
