#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// Remembers the ids of short words: 2 MiB, whatever is put in; a newer word takes an older one's
/// place. One line of a processor's cache per word. For one thread at a time.
class WordCache {
 public:
  static constexpr std::size_t kMaxBytes = 32;
  static constexpr std::size_t kMaxTokens = 7;

  WordCache() : entries_(kEntries) {}

  /// A word as it is looked up. `readable` >= word.size(): bytes that may be read from its begin.
  class Key {
   public:
    Key(std::string_view word, std::size_t readable) {
      if (readable < kMaxBytes) {
        std::memcpy(words_.data(), word.data(), word.size());
        return;
      }
      std::memcpy(words_.data(), word.data(), kMaxBytes);
      const std::size_t whole = word.size() / 8;
      if (whole < words_.size()) words_[whole] &= (std::uint64_t{1} << word.size() % 8 * 8) - 1;
      for (std::size_t i = whole + 1; i < words_.size(); ++i) words_[i] = 0;
    }

   private:
    friend class WordCache;
    std::array<std::uint64_t, kMaxBytes / 8> words_{};
  };

  /// The place for a word of 1 to kMaxBytes bytes; good until the next put().
  [[nodiscard]] std::size_t place_of(const Key& key) const noexcept {
    return (fold(key.words_[0] ^ 0x9e3779b97f4a7c15U, key.words_[1] ^ 0xd1b54a32d192ed03U) ^
            fold(key.words_[2] ^ 0x8cb92ba72f3d8dd7U, key.words_[3] ^ 0xaef17502108ef2d9U)) &
           (kEntries - 1);
  }

  /// The word's ids; empty when it is not remembered. A word of no ids is never remembered.
  [[nodiscard]] std::span<const TokenId> find(std::size_t place, const Key& key,
                                              std::size_t size) const noexcept {
    const Entry& entry = entries_[place];
    if (entry.size != size || entry.words != key.words_) return {};
    return {entry.tokens.data(), entry.num_tokens};
  }

  /// Does nothing when there are none or more than kMaxTokens.
  void put(std::size_t place, const Key& key, std::size_t size, std::span<const TokenId> tokens) {
    if (tokens.empty() || tokens.size() > kMaxTokens) return;
    Entry& entry = entries_[place];
    entry.words = key.words_;
    entry.size = static_cast<std::uint8_t>(size);
    entry.num_tokens = static_cast<std::uint8_t>(tokens.size());
    std::memcpy(entry.tokens.data(), tokens.data(), tokens.size_bytes());
  }

 private:
  struct alignas(64) Entry {
    std::array<std::uint64_t, kMaxBytes / 8> words{};
    std::uint8_t size = 0;  // 0: empty.
    std::uint8_t num_tokens = 0;
    std::array<TokenId, kMaxTokens> tokens{};
  };
  static_assert(sizeof(Entry) == 64);
  static constexpr std::size_t kEntries = 1 << 15;

  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  std::vector<Entry> entries_;
};

}  // namespace skillit
