#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// A fixed list of distinct pieces of text; a piece's id is its place in the list. What the
/// tokenizers that look pieces up have in common. The id after the last piece ends a document.
class Vocabulary {
 public:
  /// `name` (the kind of tokenizer) begins every message and is part of the fingerprint.
  /// @throws Error kBadArgument on no pieces, an empty piece or a repeated one.
  Vocabulary(std::vector<std::string> pieces, std::string name);

  [[nodiscard]] std::optional<TokenId> find(std::string_view piece) const;
  /// @throws Error kBadArgument on an id that is no piece.
  [[nodiscard]] std::string decode(std::span<const TokenId> tokens) const;
  [[nodiscard]] const std::vector<std::string>& pieces() const noexcept { return pieces_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] TokenId end_of_document() const { return static_cast<TokenId>(pieces_.size()); }
  [[nodiscard]] std::string fingerprint() const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::vector<std::string> pieces_;
  std::string name_;
  std::unordered_map<std::string, TokenId, TextHash, std::equal_to<>> ids_;
};

}  // namespace skillit
