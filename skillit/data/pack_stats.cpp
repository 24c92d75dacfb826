#include "skillit/data/pack_stats.h"

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/key_groups.h"
#include "skillit/data/pack_reader.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

/// A part as the tag of its texts.
std::uint64_t tag_of(std::size_t skill, bool validation) {
  return 2 * skill + (validation ? 1 : 0);
}

PackPartStats read_part(const fs::path& folder, const PackPart& part, std::uint64_t tag,
                        KeyGroups& texts) {
  PackPartStats stats;
  const auto dataset = open_pack_part(folder, part);
  std::vector<TokenId> tokens;
  for (std::uint64_t i = 0; i < part.documents; ++i) {
    tokens.clear();
    dataset->read_document(i, tokens);
    ++stats.lengths[static_cast<std::size_t>(std::bit_width(tokens.size()))];
    stats.longest = std::max<std::uint64_t>(stats.longest, tokens.size());
    const std::string_view bytes(reinterpret_cast<const char*>(tokens.data()),
                                 tokens.size() * sizeof(TokenId));
    texts.add(hash64(bytes), tag);
  }
  return stats;
}

/// Counts what one text, which is in the parts `tags` (sorted, one for each time), adds.
void count_text(std::span<const std::uint64_t> tags, PackStats& stats,
                std::map<std::pair<std::size_t, std::size_t>, std::uint64_t>& overlaps) {
  std::vector<std::uint64_t> parts(tags.begin(), tags.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  for (const std::uint64_t tag : parts) {
    PackPartStats& part = (tag % 2 == 0 ? stats.train : stats.validation)[tag / 2];
    part.duplicates += static_cast<std::uint64_t>(std::count(tags.begin(), tags.end(), tag)) - 1;
  }
  const bool trained =
      std::any_of(parts.begin(), parts.end(), [](auto tag) { return tag % 2 == 0; });
  std::vector<std::size_t> skills;
  for (const std::uint64_t tag : parts) {
    if (tag % 2 == 1 && trained) ++stats.validation_in_train[tag / 2];
    if (skills.empty() || skills.back() != tag / 2) skills.push_back(tag / 2);
  }
  for (std::size_t i = 0; i < skills.size(); ++i) {
    for (std::size_t j = i + 1; j < skills.size(); ++j) ++overlaps[{skills[i], skills[j]}];
  }
}

}  // namespace

PackStats compute_pack_stats(const fs::path& folder, const PackIndex& index,
                             std::uint64_t memory_bytes) {
  const TempFolder scratch;
  KeyGroups texts(scratch.path(), memory_bytes);
  PackStats stats;
  for (std::size_t skill = 0; skill < index.skills.size(); ++skill) {
    stats.train.push_back(
        read_part(folder, index.skills[skill].train, tag_of(skill, false), texts));
    stats.validation.push_back(
        read_part(folder, index.skills[skill].validation, tag_of(skill, true), texts));
  }
  stats.validation_in_train.resize(index.skills.size());
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> overlaps;
  texts.for_each_repeated([&](auto tags) { count_text(tags, stats, overlaps); });
  for (const auto& [pair, count] : overlaps)
    stats.overlaps.push_back({pair.first, pair.second, count});
  std::stable_sort(stats.overlaps.begin(), stats.overlaps.end(),
                   [](const auto& a, const auto& b) { return a.texts > b.texts; });
  return stats;
}

}  // namespace skillit
