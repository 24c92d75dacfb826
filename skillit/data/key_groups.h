#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace skillit {

/// Finds the keys that were added more than once, among more keys than fit in memory: they go to
/// 256 files by their first byte. Memory is the setting, and a 256th of all keys in groups().
/// The files are removed at the end.
class KeyGroups {
 public:
  /// Keys are uniform hashes. `folder` must exist. Uses its files only beyond `memory_bytes`.
  KeyGroups(std::filesystem::path folder, std::uint64_t memory_bytes);
  ~KeyGroups();
  KeyGroups(const KeyGroups&) = delete;
  KeyGroups& operator=(const KeyGroups&) = delete;

  /// @throws Error kIo.
  void add(std::uint64_t key, std::uint64_t tag);
  /// Calls `visit` with the tags, in rising order, of every key added more than once. Ends the
  /// collection. @throws Error kIo.
  void for_each_repeated(const std::function<void(std::span<const std::uint64_t> tags)>& visit);

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t tag = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;  // NOLINT(modernize-use-nullptr)
  };
  static constexpr std::size_t kParts = 256;

  [[nodiscard]] std::filesystem::path file_of(std::size_t part) const;
  void spill();

  std::filesystem::path folder_;
  std::uint64_t most_entries_;
  std::uint64_t num_entries_ = 0;  ///< In memory.
  bool spilled_ = false;
  std::array<std::vector<Entry>, kParts> parts_;
};

}  // namespace skillit
