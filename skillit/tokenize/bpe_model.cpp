#include "skillit/tokenize/bpe_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

/// Up to here looking at all pairs for every merge is faster than a heap.
constexpr std::size_t kShortWord = 48;
constexpr std::uint32_t kNone = 0xffffffff;

std::uint64_t pair_key(TokenId left, TokenId right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
         static_cast<std::uint32_t>(right);
}

bool is_own_sign(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/// What stands for a character in the vocabulary, one after the other. A token for unknown
/// characters is held back until the next known one, as the Python package does, also behind
/// fallback bytes.
class SymbolList {
 public:
  SymbolList(std::vector<TokenId>& symbols, bool fuse) : symbols_(symbols), fuse_(fuse) {}
  void add_known(TokenId id) {
    flush();
    symbols_.push_back(id);
  }
  void add_fallback(TokenId id) { symbols_.push_back(id); }
  void add_unknown(TokenId id) {
    if (!fuse_) flush();
    held_back_ = id;
  }
  void flush() {
    if (held_back_ >= 0) symbols_.push_back(held_back_);
    held_back_ = -1;
  }

 private:
  std::vector<TokenId>& symbols_;
  bool fuse_;
  TokenId held_back_ = -1;
};

}  // namespace

const std::string& byte_to_sign(unsigned char byte) {
  static const std::array<std::string, 256> signs = [] {
    std::array<std::string, 256> all;
    char32_t next = 0x100;
    for (int b = 0; b < 256; ++b) {
      append_utf8(all[static_cast<std::size_t>(b)],
                  is_own_sign(b) ? static_cast<char32_t>(b) : next++);
    }
    return all;
  }();
  return signs[byte];
}

std::string signs_to_bytes(std::string_view token) {
  static const std::unordered_map<std::string, char> bytes = [] {
    std::unordered_map<std::string, char> all;
    for (int b = 0; b < 256; ++b) {
      all[byte_to_sign(static_cast<unsigned char>(b))] = static_cast<char>(b);
    }
    return all;
  }();
  std::string result;
  for (std::size_t at = 0; at < token.size();) {
    const std::size_t size = std::max<std::size_t>(1, code_point_size(token, at));
    const auto place = bytes.find(std::string(token.substr(at, size)));
    if (place == bytes.end()) return std::string(token);
    result += place->second;
    at += size;
  }
  return result;
}

BpeModel::BpeModel(BpeParts parts, std::string where)
    : parts_(std::move(parts)), where_(std::move(where)) {
  for (std::size_t b = 0; b < 256; ++b) {
    const auto byte = static_cast<unsigned char>(b);
    const std::string ascii = b < 128 ? std::string(1, static_cast<char>(b)) : std::string();
    byte_ids_[b] = find(parts_.byte_level ? byte_to_sign(byte) : ascii).value_or(-1);
    fallback_ids_[b] = parts_.byte_fallback ? find(fmt::format("<0x{:02X}>", b)).value_or(-1) : -1;
  }
  if (parts_.unknown) unknown_ = require(*parts_.unknown, "unk_token");
  add_merges();
}

std::optional<TokenId> BpeModel::find(const std::string& token) const {
  const auto place = parts_.vocabulary.find(token);
  if (place == parts_.vocabulary.end()) return std::nullopt;
  return place->second;
}

TokenId BpeModel::require(const std::string& token, std::string_view role) const {
  if (const auto id = find(token)) return *id;
  fail(ErrorCode::kBadFormat, fmt::format("{}: {} '{}' is not in the vocabulary of {} tokens",
                                          where_, role, token, parts_.vocabulary.size()));
}

void BpeModel::add_merges() {
  if (parts_.merges.size() >= kNone / 4) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: there are {} merges, more than anybody can use",
                                            where_, parts_.merges.size()));
  }
  table_.assign(std::bit_ceil(2 * parts_.merges.size() + 2), {kNoPair, kNoRank, -1});
  mask_ = table_.size() - 1;
  for (std::size_t rank = 0; rank < parts_.merges.size(); ++rank) {
    const auto& [left, right] = parts_.merges[rank];
    const std::string role = fmt::format("merge {}:", rank);
    const std::uint64_t pair = pair_key(require(left, role), require(right, role));
    std::uint64_t place = mix64(pair) & mask_;
    while (table_[place].pair != kNoPair && table_[place].pair != pair) place = (place + 1) & mask_;
    // Of a pair that is listed twice the last counts.
    table_[place] = {pair, static_cast<std::uint32_t>(rank), require(left + right, role)};
  }
}

const BpeModel::Merge& BpeModel::merge_of(TokenId left, TokenId right) const noexcept {
  const std::uint64_t pair = pair_key(left, right);
  std::uint64_t place = mix64(pair) & mask_;
  while (table_[place].pair != pair && table_[place].pair != kNoPair) place = (place + 1) & mask_;
  return table_[place];
}

void BpeModel::to_symbols(std::string_view word, Scratch& scratch) const {
  scratch.symbols.clear();
  SymbolList symbols(scratch.symbols, parts_.fuse_unknown);
  const auto add = [&](const std::string& sign) {
    if (const auto id = find(sign)) return symbols.add_known(*id);
    const auto fallback = [&](char byte) {
      return fallback_ids_[static_cast<unsigned char>(byte)];
    };
    if (std::all_of(sign.begin(), sign.end(), [&](char byte) { return fallback(byte) >= 0; })) {
      for (const char byte : sign) symbols.add_fallback(fallback(byte));
      return;
    }
    if (unknown_ >= 0) return symbols.add_unknown(unknown_);
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the text has '{}', which the vocabulary has not, and there is neither an "
                     "unk_token nor byte_fallback; use a tokenizer with one of them",
                     where_, sign));
  };
  for (std::size_t at = 0; at < word.size();) {
    const auto first = static_cast<unsigned char>(word[at]);
    const std::size_t size = parts_.byte_level ? 1 : code_point_at(word.data() + at).size;
    if (byte_ids_[first] >= 0) {
      symbols.add_known(byte_ids_[first]);
    } else {
      add(parts_.byte_level ? byte_to_sign(first) : std::string(word.substr(at, size)));
    }
    at += size;
  }
  symbols.flush();
}

void BpeModel::merge_short(Scratch& scratch) const {
  auto& symbols = scratch.symbols;
  auto& ranks = scratch.ranks;  // Of each symbol with the next.
  const auto rank_at = [&](std::size_t i) { return merge_of(symbols[i], symbols[i + 1]).rank; };
  ranks.resize(symbols.size() - 1);
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = rank_at(i);
  while (!ranks.empty()) {
    const auto best = std::min_element(ranks.begin(), ranks.end());  // The leftmost of equals.
    if (*best == kNoRank) return;
    const auto i = static_cast<std::size_t>(best - ranks.begin());
    symbols[i] = merge_of(symbols[i], symbols[i + 1]).token;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ranks.erase(best);
    if (i < ranks.size()) ranks[i] = rank_at(i);
    if (i > 0) ranks[i - 1] = rank_at(i - 1);
  }
}

void BpeModel::merge_long(Scratch& scratch) const {
  auto& symbols = scratch.symbols;
  const auto size = static_cast<std::uint32_t>(symbols.size());
  auto& left = scratch.left;
  auto& right = scratch.right;
  auto& heap = scratch.heap;  // Of rank and place, the smallest on top; checked when it gets there.
  left.resize(size);
  right.resize(size);
  heap.clear();
  const auto entry = [&](std::uint32_t i) {
    return static_cast<std::uint64_t>(merge_of(symbols[i], symbols[right[i]]).rank) << 32 | i;
  };
  const auto push = [&](std::uint32_t i) {
    if (entry(i) >> 32 == kNoRank) return;
    heap.push_back(entry(i));
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
  };
  for (std::uint32_t i = 0; i < size; ++i) {
    left[i] = i - 1;  // Before the first: kNone.
    right[i] = i + 1 < size ? i + 1 : kNone;
    if (right[i] == kNone) continue;
    const std::uint32_t rank = merge_of(symbols[i], symbols[i + 1]).rank;
    if (rank != kNoRank) heap.push_back(static_cast<std::uint64_t>(rank) << 32 | i);
  }
  std::make_heap(heap.begin(), heap.end(), std::greater<>());
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    const std::uint64_t top = heap.back();
    heap.pop_back();
    const auto i = static_cast<std::uint32_t>(top);
    if (symbols[i] < 0 || right[i] == kNone || entry(i) != top) continue;
    const std::uint32_t merged = right[i];
    symbols[i] = merge_of(symbols[i], symbols[merged]).token;
    symbols[merged] = -1;
    right[i] = right[merged];
    if (right[i] != kNone) {
      left[right[i]] = i;
      push(i);
    }
    if (left[i] != kNone) push(left[i]);
  }
  std::erase(symbols, -1);
}

void BpeModel::encode(std::string_view word, Scratch& scratch, std::vector<TokenId>& tokens) const {
  if (parts_.ignore_merges) {
    scratch.signs.clear();
    for (const char byte : word) {
      if (!parts_.byte_level) break;
      scratch.signs += byte_to_sign(static_cast<unsigned char>(byte));
    }
    if (!parts_.byte_level) scratch.signs = word;
    if (const auto id = find(scratch.signs)) return tokens.push_back(*id);
  }
  to_symbols(word, scratch);
  if (scratch.symbols.size() > kShortWord) {
    merge_long(scratch);
  } else if (scratch.symbols.size() > 1) {
    merge_short(scratch);
  }
  tokens.insert(tokens.end(), scratch.symbols.begin(), scratch.symbols.end());
}

void BpeModel::put_content(ByteWriter& out) const {
  std::vector<std::pair<TokenId, std::string_view>> tokens;
  for (const auto& [token, id] : parts_.vocabulary) tokens.emplace_back(id, token);
  std::sort(tokens.begin(), tokens.end());
  out.put(static_cast<std::uint64_t>(tokens.size()));
  for (const auto& [id, token] : tokens) {
    out.put(id);
    out.put_string(token);
  }
  out.put(static_cast<std::uint64_t>(parts_.merges.size()));
  for (const auto& [left, right] : parts_.merges) {
    out.put_string(left);
    out.put_string(right);
  }
  out.put(unknown_);
  for (const bool flag : {parts_.fuse_unknown, parts_.byte_fallback, parts_.ignore_merges}) {
    out.put(static_cast<std::uint8_t>(flag));
  }
}

}  // namespace skillit
