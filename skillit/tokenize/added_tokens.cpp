#include "skillit/tokenize/added_tokens.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

std::uint64_t edge(std::uint32_t node, unsigned byte) {
  return static_cast<std::uint64_t>(node) << 8 | byte;
}

bool ends_with(CodePointClass wanted, std::string_view text) {
  if (text.empty()) return false;
  const char* const end = text.data() + text.size();
  return CodePointClasses::get().is(wanted, code_point_at(end - last_code_point_size(end)).value);
}

bool begins_with(CodePointClass wanted, std::string_view text) {
  return !text.empty() && CodePointClasses::get().is(wanted, code_point_at(text.data()).value);
}

}  // namespace

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens, const std::string& where)
    : tokens_(std::move(tokens)), token_at_{tokens_.size()} {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string& content = tokens_[i].content;
    if (content.empty() || content.size() > kMaxBytes) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: the added token {} has {} bytes; 1 to {} were expected", where,
                       tokens_[i].id, content.size(), kMaxBytes));
    }
    first_bytes_.set(byte_at(content, 0));
    if (content.size() > 1) first_pairs_.set(byte_at(content, 0) << 8 | byte_at(content, 1));
    std::uint32_t node = 0;
    for (std::size_t at = 0; at < content.size(); ++at) {
      const auto next = static_cast<std::uint32_t>(token_at_.size());
      const auto [place, added] = edges_.emplace(edge(node, byte_at(content, at)), next);
      if (added) token_at_.push_back(tokens_.size());
      node = place->second;
    }
    if (token_at_[node] != tokens_.size()) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: the added token '{}' is there twice, as {} and {}; keep one", where,
                       content, tokens_[token_at_[node]].id, tokens_[i].id));
    }
    token_at_[node] = i;
  }
  // A token of one byte is a match whatever follows it.
  for (const AddedToken& token : tokens_) {
    if (token.content.size() > 1) continue;
    for (unsigned second = 0; second < 256; ++second) {
      first_pairs_.set(byte_at(token.content, 0) << 8 | second);
    }
  }
}

AddedTokenFinder::Match AddedTokenFinder::find(std::string_view text, std::size_t at) const {
  Match best{0, 0, tokens_.size()};
  for (; at < text.size() && best.token == tokens_.size(); ++at) {
    const unsigned first = byte_at(text, at);
    if (!first_bytes_[first]) continue;
    if (at + 1 < text.size() && !first_pairs_[first << 8 | byte_at(text, at + 1)]) continue;
    std::uint32_t node = 0;
    for (std::size_t end = at; end < text.size(); ++end) {
      const auto place = edges_.find(edge(node, byte_at(text, end)));
      if (place == edges_.end()) break;
      node = place->second;
      if (token_at_[node] != tokens_.size()) best = {at, end + 1, token_at_[node]};
    }
  }
  return best;
}

void AddedTokenFinder::split(std::string_view text, std::vector<TextPart>& parts) const {
  std::size_t done = 0;
  for (Match match = find(text, 0); match.token < tokens_.size(); match = find(text, match.end)) {
    const AddedToken& token = tokens_[match.token];
    auto [begin, end, unused] = match;
    if (token.single_word && (ends_with(kWordClass, text.substr(0, begin)) ||
                              begins_with(kWordClass, text.substr(end)))) {
      continue;
    }
    while (token.lstrip && begin > done && ends_with(kSpaceClass, text.substr(0, begin))) {
      begin -= last_code_point_size(text.data() + begin);
    }
    while (token.rstrip && begins_with(kSpaceClass, text.substr(end))) {
      end += code_point_at(text.data() + end).size;
    }
    if (done < begin) parts.push_back({text.substr(done, begin - done)});
    parts.push_back({text.substr(begin, end - begin), token.id});
    done = end;
  }
  if (done < text.size()) parts.push_back({text.substr(done)});
}

}  // namespace skillit
