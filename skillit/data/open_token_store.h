#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "skillit/data/token_store.h"

namespace skillit {

/// Opens tokens that other programs wrote; all sizes are checked against each other here. `format`:
///   megatron   `path` without .bin and .idx: an indexed dataset (Megatron, NeMo, fairseq)
///   datatrove  a .ds file with its .ds.index; 16 or 32 bits, as the two sizes say
///   raw-u16, raw-u32  bare tokens (OLMo's .npy, nanoGPT's .bin); each `end` closes a document
///   mds        a folder of MosaicML's streaming shards, version 2, not compressed, with a column
///              `tokens` encoded as bytes of 32-bit tokens, or as ndarray:<type>:<shape>
/// @throws Error kNotFound (the format, a file), kIo, kBadFormat naming file and place.
[[nodiscard]] std::unique_ptr<TokenStore> open_token_store(const std::filesystem::path& path,
                                                           std::string_view format, TokenId end);

}  // namespace skillit
