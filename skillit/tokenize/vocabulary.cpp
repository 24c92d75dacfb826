#include "skillit/tokenize/vocabulary.h"

#include <fmt/core.h>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {

Vocabulary::Vocabulary(std::vector<std::string> pieces, std::string name)
    : pieces_(std::move(pieces)), name_(std::move(name)) {
  if (pieces_.empty()) fail(ErrorCode::kBadArgument, name_ + ": the vocabulary is empty");
  for (std::size_t id = 0; id < pieces_.size(); ++id) {
    if (pieces_[id].empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: entry {} of the vocabulary is empty", name_, id));
    }
    const auto [place, added] = ids_.emplace(pieces_[id], static_cast<TokenId>(id));
    if (!added) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: '{}' is in the vocabulary twice, at {} and {}; keep one", name_,
                       pieces_[id], place->second, id));
    }
  }
}

std::optional<TokenId> Vocabulary::find(std::string_view piece) const {
  const auto place = ids_.find(piece);
  if (place == ids_.end()) return std::nullopt;
  return place->second;
}

std::string Vocabulary::decode(std::span<const TokenId> tokens) const {
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 0 || tokens[i] >= end_of_document()) {
      fail(ErrorCode::kBadArgument, fmt::format("{}: token {} is {}; only 0..{} stand for text",
                                                name_, i, tokens[i], pieces_.size() - 1));
    }
    text += pieces_[static_cast<std::size_t>(tokens[i])];
  }
  return text;
}

std::string Vocabulary::fingerprint() const {
  ByteWriter content;
  content.put_string(name_);
  for (const std::string& piece : pieces_) content.put_string(piece);
  return skillit::fingerprint(content.bytes());
}

}  // namespace skillit
