#include "skillit/data/mds_tokens.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

using detail::Json;

[[noreturn]] void refuse(const std::string& where, const std::string& reason) {
  fail(ErrorCode::kBadFormat, fmt::format("{}: {}", where, reason));
}

/// "bytes" is taken for 32-bit tokens, "ndarray:uint16:2048" says its type.
std::optional<TokenType> type_of(const std::string& encoding) {
  if (encoding == "bytes") return TokenType::kI32;
  const std::string_view prefix = "ndarray:";
  const std::size_t end = encoding.find(':', prefix.size());
  if (!encoding.starts_with(prefix) || end == std::string::npos) return std::nullopt;
  const std::string type = encoding.substr(prefix.size(), end - prefix.size());
  if (type == "uint16") return TokenType::kU16;
  if (type == "uint32") return TokenType::kU32;
  if (type == "int32") return TokenType::kI32;
  if (type == "int64") return TokenType::kI64;
  return std::nullopt;
}

std::uint32_t u32_at(std::string_view bytes, std::uint64_t byte) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + byte, sizeof value);
  return value;
}

}  // namespace

MdsTokens MdsTokens::open(const std::filesystem::path& folder) {
  const std::string where = (folder / "index.json").string();
  const Json json = detail::parse_strict_json(read_file(where), where);
  MdsTokens store;
  try {
    if (json.at("version") != 2) refuse(where, "the version is not 2");
    for (const Json& entry : json.at("shards")) {
      Shard shard = open_shard(folder, entry.dump(), where);
      store.add_shard(std::move(shard), entry.at("samples").get<std::uint64_t>());
    }
  } catch (const Json::exception& problem) {
    refuse(where, fmt::format("is no index of MDS shards ({})", problem.what()));
  }
  return store;
}

MdsTokens::Shard MdsTokens::open_shard(const std::filesystem::path& folder,
                                       const std::string& entry_text, const std::string& where) {
  const Json entry = Json::parse(entry_text);
  if (entry.at("format") != "mds") refuse(where, "a shard's format is not mds");
  const auto name = entry.at("raw_data").at("basename").get<std::string>();
  if (name.find('/') != std::string::npos || name.starts_with('.'))
    refuse(where, fmt::format("the shard '{}' is not in the same folder", name));
  std::error_code ignored;
  if (!std::filesystem::exists(folder / name, ignored))
    refuse(where, fmt::format("the shard '{}' is not here; decompress the shards", name));
  const auto names = entry.at("column_names").get<std::vector<std::string>>();
  const auto encodings = entry.at("column_encodings").get<std::vector<std::string>>();
  Shard shard{(folder / name).string(), MappedFile::open(folder / name), TokenType::kI32, 0, {}};
  for (const Json& size : entry.at("column_sizes"))
    shard.sizes.push_back(size.is_null() ? -1 : size.get<std::int64_t>());
  shard.column =
      static_cast<std::size_t>(std::find(names.begin(), names.end(), "tokens") - names.begin());
  if (shard.column == names.size()) refuse(where, "the shards have no column 'tokens'");
  if (encodings.size() != names.size() || shard.sizes.size() != names.size())
    refuse(where, "a shard has not as many encodings and sizes as columns");
  const auto type = type_of(encodings[shard.column]);
  if (!type) {
    refuse(where,
           fmt::format("'tokens' is encoded as '{}'; bytes or ndarray:<type>:<shape> is needed",
                       encodings[shard.column]));
  }
  shard.type = *type;
  return shard;
}

void MdsTokens::add_shard(Shard shard, std::uint64_t num_samples) {
  const std::string_view bytes = shard.file.bytes();
  if (bytes.size() < 8 || u32_at(bytes, 0) != num_samples || num_samples > (bytes.size() - 8) / 4) {
    refuse(shard.name, fmt::format("its {} bytes do not begin with {} samples, as index.json says",
                                   bytes.size(), num_samples));
  }
  for (std::uint64_t i = 0; i < num_samples; ++i) {
    const std::uint64_t begin = u32_at(bytes, 4 + 4 * i);
    const std::uint64_t end = u32_at(bytes, 8 + 4 * i);
    if (begin > end || end > bytes.size() || begin < 8 + 4 * num_samples) {
      refuse(shard.name, fmt::format("at byte {}: sample {} is at bytes {} to {} of {}", 4 + 4 * i,
                                     i, begin, end, bytes.size()));
    }
    Place place = find_column(shard, begin, end);
    place.shard = static_cast<std::uint32_t>(shards_.size());
    num_tokens_ += place.size / token_width(shard.type);
    documents_.push_back(place);
  }
  shards_.push_back(std::move(shard));
}

MdsTokens::Place MdsTokens::find_column(const Shard& shard, std::uint64_t begin,
                                        std::uint64_t end) {
  ByteReader in(shard.file.bytes().substr(begin, end - begin),
                fmt::format("{}: sample at byte {}", shard.name, begin));
  std::vector<std::uint64_t> sizes;
  for (const std::int64_t size : shard.sizes)
    sizes.push_back(size < 0 ? in.get<std::uint32_t>() : static_cast<std::uint64_t>(size));
  std::uint64_t skipped = 0;
  for (std::size_t column = 0; column < shard.column; ++column)
    skipped += in.take(sizes[column]).size();
  const std::uint64_t header =
      4 * static_cast<std::uint64_t>(std::count(shard.sizes.begin(), shard.sizes.end(), -1));
  const std::uint64_t size = in.take(sizes[shard.column]).size();
  if (size % token_width(shard.type) != 0) {
    refuse(shard.name, fmt::format("the sample at byte {} has {} bytes, no whole number of tokens",
                                   begin, size));
  }
  return {0, begin + header + skipped, size};
}

std::uint64_t MdsTokens::document_length(std::uint64_t index) const {
  SKILLIT_ASSERT(index < documents_.size());
  const Place& place = documents_[index];
  return place.size / token_width(shards_[place.shard].type);
}

void MdsTokens::read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                          std::vector<TokenId>& tokens) const {
  const std::uint64_t length = document_length(index);
  SKILLIT_ASSERT(begin <= length && count <= length - begin);
  const Shard& shard = shards_[documents_[index].shard];
  const std::uint64_t width = token_width(shard.type);
  const std::uint64_t byte = documents_[index].begin + begin * width;
  if (const auto bad =
          append_tokens(shard.file.bytes().substr(byte, count * width), shard.type, tokens)) {
    refuse(shard.name,
           fmt::format("at byte {}: the value is outside 0 .. 2147483647, so it is no token",
                       byte + *bad * width));
  }
}

}  // namespace skillit
