#include "skillit/data/min_hash.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "skillit/base/fingerprint.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

constexpr std::size_t kBins = kMinHashBands * kMinHashRows;
constexpr std::size_t kWords = 5;
constexpr std::uint64_t kEmpty = std::numeric_limits<std::uint64_t>::max();

/// The hashes of all words, between which any white space stands.
std::vector<std::uint64_t> hash_words(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  std::vector<std::uint64_t> words;
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.push_back(hash64(text.substr(begin, end - begin)));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

/// The smallest hash of a run of words in each bin; the rest of a hash by their number says the
/// bin.
std::array<std::uint64_t, kBins> smallest_in_bins(std::string_view text) {
  const std::vector<std::uint64_t> words = hash_words(text);
  std::array<std::uint64_t, kBins> bins;
  bins.fill(kEmpty);
  const std::size_t runs = words.size() < kWords ? 1 : words.size() - kWords + 1;
  for (std::size_t run = 0; run < runs; ++run) {
    std::uint64_t hash = 0;
    for (std::size_t i = run; i < std::min(run + kWords, words.size()); ++i)
      hash = mix64(hash ^ words[i]);
    auto& smallest = bins[hash % kBins];
    smallest = std::min(smallest, hash / kBins);
  }
  return bins;
}

}  // namespace

std::array<std::uint64_t, kMinHashBands> min_hash_bands(std::string_view text) {
  const auto bins = smallest_in_bins(text);
  std::array<std::uint64_t, kMinHashBands> bands;
  for (std::size_t band = 0; band < kMinHashBands; ++band) {
    std::uint64_t key = mix64(band);
    for (std::size_t row = 0; row < kMinHashRows; ++row) {
      std::size_t distance = 0;
      const auto at = [&] { return (band * kMinHashRows + row + distance) % kBins; };
      while (bins[at()] == kEmpty) ++distance;  // At least one bin is full.
      key = mix64(key ^ mix64(bins[at()] + distance));
    }
    bands[band] = key;
  }
  return bands;
}

}  // namespace skillit
