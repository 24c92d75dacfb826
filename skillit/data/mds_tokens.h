#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/base/files.h"
#include "skillit/data/token_store.h"
#include "skillit/data/token_type.h"

namespace skillit {

/// The column `tokens` of MosaicML's streaming shards (index.json version 2; a shard is a count,
/// count + 1 offsets, a configuration and the samples, each the sizes of its variable columns and
/// then their bytes). All shards are mapped.
class MdsTokens final : public TokenStore {
 public:
  /// @throws Error kIo, kBadFormat naming file and place (another version or form, compressed
  /// shards, no such column, an encoding that is no list of tokens, sizes that do not fit).
  [[nodiscard]] static MdsTokens open(const std::filesystem::path& folder);

  [[nodiscard]] std::uint64_t num_documents() const override { return documents_.size(); }
  [[nodiscard]] std::uint64_t num_tokens() const override { return num_tokens_; }
  [[nodiscard]] std::uint64_t document_length(std::uint64_t index) const override;
  void read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                 std::vector<TokenId>& tokens) const override;

 private:
  struct Shard {
    std::string name;
    MappedFile file;
    TokenType type = TokenType::kI32;
    std::size_t column = 0;           ///< Of the tokens.
    std::vector<std::int64_t> sizes;  ///< Of each column; -1 = variable.
  };
  struct Place {
    std::uint32_t shard = 0;
    std::uint64_t begin = 0;  ///< Byte.
    std::uint64_t size = 0;   ///< Bytes.
  };

  /// Of its entry in the index, as JSON text. `where` is the index.
  [[nodiscard]] static Shard open_shard(const std::filesystem::path& folder,
                                        const std::string& entry, const std::string& where);
  void add_shard(Shard shard, std::uint64_t num_samples);
  [[nodiscard]] static Place find_column(const Shard& shard, std::uint64_t begin,
                                         std::uint64_t end);

  std::vector<Shard> shards_;
  std::vector<Place> documents_;
  std::uint64_t num_tokens_ = 0;
};

}  // namespace skillit
