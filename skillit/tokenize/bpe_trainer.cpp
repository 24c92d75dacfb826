#include "skillit/tokenize/bpe_trainer.h"

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/tokenize/bpe_model.h"
#include "skillit/tokenize/utf8.h"
#include "skillit/tokenize/word_scanner.h"

namespace skillit {
namespace {

constexpr const char* kEnd = "<|endoftext|>";
constexpr std::int64_t kMaxVocabulary = 1 << 20;

using Pair = std::pair<TokenId, TokenId>;

struct PairHash {
  std::size_t operator()(const Pair& pair) const {
    return mix64(static_cast<std::uint64_t>(pair.first) << 32 |
                 static_cast<std::uint64_t>(pair.second));
  }
};

/// A word of the texts as symbols, and how often it is there.
struct CountedWord {
  std::vector<TokenId> symbols;
  std::int64_t count = 0;
};

/// A pair as a candidate: the most frequent on top, of equals the smallest.
struct Candidate {
  std::int64_t count;
  Pair pair;
  bool operator<(const Candidate& other) const {
    return count != other.count ? count < other.count : pair > other.pair;
  }
};

class Trainer {
 public:
  Trainer() {
    add_token(kEnd);
    std::map<std::string, unsigned char> signs;  // In the order of their code points.
    for (int b = 0; b < 256; ++b) {
      signs[byte_to_sign(static_cast<unsigned char>(b))] = static_cast<unsigned char>(b);
    }
    for (const auto& [sign, byte] : signs) id_of_byte_[byte] = add_token(sign);
  }

  void count_words(std::span<const std::string_view> texts) {
    const WordPattern pattern = *known_word_pattern(kGpt2Pattern);
    std::map<std::string, std::int64_t, std::less<>> counts;
    for (std::string_view text : texts) {
      const std::string repaired = is_valid_utf8(text) ? "" : replace_invalid_utf8(text);
      if (!repaired.empty()) text = repaired;
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = word_end(pattern, text, begin);
        const std::string_view word = text.substr(begin, end - begin);
        const auto place = counts.find(word);
        if (place == counts.end()) {
          counts.emplace(word, 1);
        } else {
          ++place->second;
        }
        begin = end;
      }
    }
    for (const auto& [word, count] : counts) {
      CountedWord& added = words_.emplace_back();
      added.count = count;
      for (const char c : word) added.symbols.push_back(id_of_byte_[static_cast<unsigned char>(c)]);
    }
  }

  void learn(const BpeTrainerOptions& options) {
    for (std::uint32_t index = 0; index < words_.size(); ++index) {
      const std::vector<TokenId>& symbols = words_[index].symbols;
      change_counts(words_[index], 1);
      for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
        add_place({symbols[i], symbols[i + 1]}, index);
      }
    }
    for (const Pair& pair : new_pairs_) candidates_.push({counts_[pair], pair});
    new_pairs_.clear();
    while (static_cast<std::int64_t>(tokens_.size()) < options.vocabulary_size &&
           !candidates_.empty()) {
      const Candidate best = candidates_.top();
      candidates_.pop();
      const std::int64_t count = counts_[best.pair];
      if (count < options.min_count) continue;
      if (count == best.count) {
        merge(best.pair);
      } else {
        candidates_.push({count, best.pair});
      }
    }
  }

  [[nodiscard]] std::string to_json() const {
    nlohmann::ordered_json vocabulary = nlohmann::ordered_json::object();
    for (std::size_t id = 0; id < tokens_.size(); ++id) vocabulary.push_back({tokens_[id], id});
    nlohmann::ordered_json merges = nlohmann::ordered_json::array();
    for (const Pair& pair : merges_) merges.push_back({name(pair.first), name(pair.second)});
    const nlohmann::ordered_json byte_level = {{"type", "ByteLevel"},
                                               {"add_prefix_space", false},
                                               {"trim_offsets", true},
                                               {"use_regex", true}};
    const nlohmann::ordered_json end = {
        {"id", 0},         {"content", kEnd},     {"single_word", false}, {"lstrip", false},
        {"rstrip", false}, {"normalized", false}, {"special", true}};
    const nlohmann::ordered_json model = {{"type", "BPE"},          {"dropout", nullptr},
                                          {"unk_token", nullptr},   {"fuse_unk", false},
                                          {"byte_fallback", false}, {"ignore_merges", false},
                                          {"vocab", vocabulary},    {"merges", merges}};
    const nlohmann::ordered_json json = {{"version", "1.0"},
                                         {"truncation", nullptr},
                                         {"padding", nullptr},
                                         {"added_tokens", nlohmann::ordered_json::array({end})},
                                         {"normalizer", nullptr},
                                         {"pre_tokenizer", byte_level},
                                         {"post_processor", nullptr},
                                         {"decoder", byte_level},
                                         {"model", model}};
    return json.dump(1) + "\n";
  }

 private:
  [[nodiscard]] const std::string& name(TokenId id) const {
    return tokens_[static_cast<std::size_t>(id)];
  }

  /// The id of `token`, which is new or can be made in another way.
  TokenId add_token(const std::string& token) {
    const auto [place, added] = ids_.emplace(token, static_cast<TokenId>(tokens_.size()));
    if (added) tokens_.push_back(token);
    return place->second;
  }

  /// Adds a word's pairs (sign 1) or takes them away (-1).
  void change_counts(const CountedWord& word, std::int64_t sign) {
    for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) {
      counts_[{word.symbols[i], word.symbols[i + 1]}] += sign * word.count;
    }
  }

  void merge(const Pair& pair) {
    const TokenId token = add_token(name(pair.first) + name(pair.second));
    merges_.push_back(pair);
    const std::vector<std::uint32_t> words = std::move(words_of_[pair]);
    words_of_.erase(pair);
    for (const std::uint32_t index : words) {
      CountedWord& word = words_[index];
      change_counts(word, -1);
      replace(word.symbols, pair, token);
      change_counts(word, 1);
      for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) {
        const Pair made{word.symbols[i], word.symbols[i + 1]};
        if (made.first == token || made.second == token) add_place(made, index);
      }
    }
    counts_.erase(pair);
    for (const Pair& made : new_pairs_) candidates_.push({counts_[made], made});
    new_pairs_.clear();
  }

  static void replace(std::vector<TokenId>& symbols, const Pair& pair, TokenId token) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const bool here =
          i + 1 < symbols.size() && symbols[i] == pair.first && symbols[i + 1] == pair.second;
      symbols[end++] = here ? token : symbols[i];
      if (here) ++i;
    }
    symbols.resize(end);
  }

  /// Remembers that a word has, or had, this pair.
  void add_place(const Pair& pair, std::uint32_t word) {
    auto& words = words_of_[pair];
    if (words.empty() || words.back() != word) words.push_back(word);
    new_pairs_.insert(pair);
  }

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, TokenId> ids_;
  TokenId id_of_byte_[256] = {};
  std::vector<CountedWord> words_;
  std::unordered_map<Pair, std::int64_t, PairHash> counts_;
  std::unordered_map<Pair, std::vector<std::uint32_t>, PairHash> words_of_;
  std::unordered_set<Pair, PairHash> new_pairs_;  // To become candidates once they are counted.
  std::priority_queue<Candidate> candidates_;
  std::vector<Pair> merges_;
};

}  // namespace

std::string train_bpe(std::span<const std::string_view> texts, const BpeTrainerOptions& options) {
  if (options.vocabulary_size < 257 || options.vocabulary_size > kMaxVocabulary) {
    fail(ErrorCode::kBadArgument,
         fmt::format(
             "train_bpe: the vocabulary size is {}; 257 (every byte and the end of a document)"
             " to {} was expected",
             options.vocabulary_size, kMaxVocabulary));
  }
  if (options.min_count < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("train_bpe: min_count is {}; at least 1 was expected", options.min_count));
  }
  Trainer trainer;
  trainer.count_words(texts);
  trainer.learn(options);
  return trainer.to_json();
}

}  // namespace skillit
