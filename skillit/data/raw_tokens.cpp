#include "skillit/data/raw_tokens.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"

namespace skillit {

RawTokens RawTokens::open(const std::filesystem::path& path, TokenType type, TokenId end) {
  RawTokens store(path.string(), MappedFile::open(path), type);
  const std::string_view bytes = store.file_.bytes();
  if (bytes.starts_with("\x93NUMPY")) {
    fail(ErrorCode::kBadFormat,
         store.name_ + ": has a NumPy header; raw tokens have none: write them with tofile()");
  }
  if (bytes.size() % token_width(type) != 0) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: {} bytes are no whole number of tokens of {} bytes; it is cut short, or "
                     "of another type",
                     store.name_, bytes.size(), token_width(type)));
  }
  constexpr std::uint64_t kPiece = 1 << 20;
  const std::uint64_t size = bytes.size() / token_width(type);
  std::vector<TokenId> tokens;
  for (std::uint64_t begin = 0; begin < size; begin += kPiece) {
    tokens.clear();
    store.read(begin, std::min(size, begin + kPiece), tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i] == end) store.ends_.push_back(begin + i + 1);
    }
  }
  if (store.num_tokens() < size) store.ends_.push_back(size);
  return store;
}

RawTokens RawTokens::open_datatrove(const std::filesystem::path& path) {
  const std::string index_name = path.string() + ".index";
  const MappedFile index = MappedFile::open(index_name);
  RawTokens store(path.string(), MappedFile::open(path), TokenType::kU16);
  const auto refuse = [&](std::uint64_t byte, const std::string& reason) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: at byte {}: {}", index_name, byte, reason));
  };
  if (index.bytes().size() % 8 != 0)
    refuse(index.bytes().size() / 8 * 8, "an end of 64 bits is cut short");
  ByteReader in(index.bytes(), index_name);
  for (std::uint64_t before = 0; in.remaining() > 0; before = store.ends_.back()) {
    const auto end = in.get<std::uint64_t>();
    if (end < before)
      refuse(8 * store.ends_.size(), fmt::format("a document ends at {}, before {}", end, before));
    store.ends_.push_back(end);
  }
  const std::uint64_t size = store.file_.bytes().size();
  const std::uint64_t tokens = store.num_tokens();
  if (size % 4 == 0 && size / 4 == tokens) {
    store.type_ = TokenType::kU32;
  } else if (size % 2 != 0 || size / 2 != tokens) {
    refuse(index.bytes().size() - std::min<std::size_t>(8, index.bytes().size()),
           fmt::format("the documents have {} tokens, but {} has {} bytes, neither 2 nor 4 per "
                       "token; it is cut short, or of another index",
                       tokens, store.name_, size));
  }
  return store;
}

void RawTokens::read(std::uint64_t begin, std::uint64_t end, std::vector<TokenId>& tokens) const {
  const std::uint64_t width = token_width(type_);
  const auto bytes = file_.bytes().substr(begin * width, (end - begin) * width);
  if (const auto bad = append_tokens(bytes, type_, tokens)) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: at byte {}: the value is outside 0 .. 2147483647, so it is no token",
                     name_, (begin + *bad) * width));
  }
}

std::uint64_t RawTokens::document_length(std::uint64_t index) const {
  SKILLIT_ASSERT(index < ends_.size());
  return ends_[index] - (index == 0 ? 0 : ends_[index - 1]);
}

void RawTokens::read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                          std::vector<TokenId>& tokens) const {
  const std::uint64_t length = document_length(index);
  SKILLIT_ASSERT(begin <= length && count <= length - begin);
  const std::uint64_t first = ends_[index] - length + begin;
  read(first, first + count, tokens);
}

}  // namespace skillit
