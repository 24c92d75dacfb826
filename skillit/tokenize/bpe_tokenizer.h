#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// A byte-pair encoding read from a tokenizer.json, the file of the Python package `tokenizers`:
/// encode() gives the ids that package 0.23 gives with add_special_tokens=False. What of the file
/// is supported, and what is refused by name, is in docs/tokenizers.md.
class BpeTokenizer final : public Tokenizer {
 public:
  /// @throws Error kIo, kBadFormat (also for what is not supported).
  [[nodiscard]] static BpeTokenizer open(const std::filesystem::path& path);
  /// The contents of such a file; `where` begins every message. @throws Error kBadFormat.
  [[nodiscard]] static BpeTokenizer parse(std::string_view bytes, const std::string& where);

  BpeTokenizer(BpeTokenizer&& other) noexcept;
  BpeTokenizer& operator=(BpeTokenizer&& other) noexcept;
  ~BpeTokenizer() override;

  /// Bytes that are not UTF-8 count as U+FFFD (see replace_invalid_utf8). An added token that the
  /// text spells out is found, end_of_document() too. Time n log n, whatever the text. Each thread
  /// that is in here at the same time has 2 MiB to remember words.
  /// @throws Error kBadArgument on a text of 4 GiB or more, and on a character the vocabulary lacks
  /// when there is no unk_token (the package would leave it out).
  [[nodiscard]] std::vector<TokenId> encode(std::string_view text) const override;
  /// By the decoder of the file, with special tokens as their text. What encode() changed
  /// (normalizers, invalid bytes, unknown characters) stays changed. A byte-level decoder gives the
  /// bytes as they are: they need not be UTF-8 when `tokens` end inside a character.
  [[nodiscard]] std::string decode(std::span<const TokenId> tokens) const override;
  /// One more than the largest id, that of end_of_document() included.
  [[nodiscard]] std::size_t vocabulary_size() const override;
  /// The id of <|endoftext|>, <|end_of_text|>, </s> or <eos>, the first that there is; else an id
  /// behind all others.
  [[nodiscard]] TokenId end_of_document() const override;
  /// Of the vocabulary, merges, flags, added tokens, normalizer and pre-tokenizer; not of the
  /// layout of the file, the decoder or the post-processor.
  [[nodiscard]] std::string fingerprint() const override;

 private:
  struct Parts;
  explicit BpeTokenizer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace skillit
