#include "skillit/data/open_token_store.h"

#include <fmt/core.h>

#include <array>

#include "skillit/base/error.h"
#include "skillit/data/indexed_dataset.h"
#include "skillit/data/mds_tokens.h"
#include "skillit/data/raw_tokens.h"

namespace skillit {

std::unique_ptr<TokenStore> open_token_store(const std::filesystem::path& path,
                                             std::string_view format, TokenId end) {
  if (format == "megatron") return std::make_unique<IndexedDataset>(IndexedDataset::open(path));
  if (format == "datatrove") return std::make_unique<RawTokens>(RawTokens::open_datatrove(path));
  if (format == "raw-u16")
    return std::make_unique<RawTokens>(RawTokens::open(path, TokenType::kU16, end));
  if (format == "raw-u32")
    return std::make_unique<RawTokens>(RawTokens::open(path, TokenType::kU32, end));
  if (format == "mds") return std::make_unique<MdsTokens>(MdsTokens::open(path));
  constexpr std::array<std::string_view, 5> kFormats{"megatron", "datatrove", "raw-u16", "raw-u32",
                                                     "mds"};
  const std::string nearest = nearest_name(std::string(format), kFormats);
  fail(ErrorCode::kNotFound,
       fmt::format("tokens: there is no format '{}'{}; there are megatron, datatrove, raw-u16, "
                   "raw-u32 and mds",
                   format, nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

}  // namespace skillit
