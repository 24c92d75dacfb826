#include "skillit/data/key_groups.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "skillit/base/files.h"

namespace skillit {

KeyGroups::KeyGroups(std::filesystem::path folder, std::uint64_t memory_bytes)
    : folder_(std::move(folder)),
      most_entries_(std::max<std::uint64_t>(memory_bytes / sizeof(Entry), 1)) {
  // A run that was killed may have left some.
  std::error_code ignored;
  for (std::size_t part = 0; part < kParts; ++part) std::filesystem::remove(file_of(part), ignored);
}

KeyGroups::~KeyGroups() {
  std::error_code ignored;
  for (std::size_t part = 0; spilled_ && part < kParts; ++part)
    std::filesystem::remove(file_of(part), ignored);
}

std::filesystem::path KeyGroups::file_of(std::size_t part) const {
  return folder_ / fmt::format("keys.{:02x}", part);
}

void KeyGroups::add(std::uint64_t key, std::uint64_t tag) {
  parts_[key >> 56].push_back({key, tag});
  if (++num_entries_ >= most_entries_) spill();
}

void KeyGroups::spill() {
  spilled_ = true;
  for (std::size_t part = 0; part < kParts; ++part) {
    const auto entries = std::exchange(parts_[part], {});
    append_to_file(file_of(part),
                   {reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(Entry)});
  }
  num_entries_ = 0;
}

void KeyGroups::for_each_repeated(
    const std::function<void(std::span<const std::uint64_t> tags)>& visit) {
  if (spilled_) spill();
  std::vector<std::uint64_t> tags;
  for (std::size_t part = 0; part < kParts; ++part) {
    std::vector<Entry> entries = std::exchange(parts_[part], {});
    if (spilled_) {
      const MappedFile file = MappedFile::open(file_of(part));
      entries.resize(file.bytes().size() / sizeof(Entry));
      if (!entries.empty())
        std::memcpy(entries.data(), file.bytes().data(), entries.size() * sizeof(Entry));
    }
    std::sort(entries.begin(), entries.end());
    for (std::size_t begin = 0, end = 0; begin < entries.size(); begin = end) {
      tags.clear();
      for (; end < entries.size() && entries[end].key == entries[begin].key; ++end)
        tags.push_back(entries[end].tag);
      if (tags.size() > 1) visit(tags);
    }
  }
}

}  // namespace skillit
