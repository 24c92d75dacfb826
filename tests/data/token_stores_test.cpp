// Tokens that other programs wrote, byte by byte as their formats say.
#include <gtest/gtest.h>

#include "skillit/base/bytes.h"
#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/open_token_store.h"
#include "skillit/data/pack_reader.h"
#include "skillit/data/pack_tokens.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;
using Documents = std::vector<Tokens>;

constexpr TokenId kEnd = 256;

template <class T>
std::string packed(std::initializer_list<T> values) {
  ByteWriter out;
  for (const T value : values) out.put(value);
  return out.bytes();
}

Documents read_all(const TokenStore& store) {
  Documents documents(store.num_documents());
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    store.read_document(i, documents[i]);
    tokens += documents[i].size();
  }
  EXPECT_EQ(tokens, store.num_tokens());
  return documents;
}

Documents read_all(const std::filesystem::path& path, std::string_view format) {
  return read_all(*open_token_store(path, format, kEnd));
}

TEST(TokenStores, RawTokensAreDividedAtTheEndOfDocument) {
  const TempFolder folder;
  write_file_atomically(folder / "a.bin", packed<std::uint16_t>({1, 2, 256, 256, 3}));
  EXPECT_EQ(read_all(folder / "a.bin", "raw-u16"), (Documents{{1, 2, 256}, {256}, {3}}));
  write_file_atomically(folder / "a.npy", packed<std::uint32_t>({70000, 256}));
  EXPECT_EQ(read_all(folder / "a.npy", "raw-u32"), (Documents{{70000, 256}}));
  write_file_atomically(folder / "a.npy", "");
  EXPECT_EQ(read_all(folder / "a.npy", "raw-u32"), Documents{});
}

TEST(TokenStores, RawTokensOfAnotherFormAreRefused) {
  const TempFolder folder;
  const auto refuse = [&](const std::string& bytes, std::string_view word) {
    write_file_atomically(folder / "a.npy", bytes);
    expect_error(ErrorCode::kBadFormat, {"a.npy", word},
                 [&] { (void)open_token_store(folder / "a.npy", "raw-u32", kEnd); });
  };
  refuse("12345", "5 bytes are no whole number");
  refuse("\x93NUMPY\x01\x00", "NumPy header");
  refuse(packed<std::uint32_t>({1, 0x80000000U}), "at byte 4");
}

TEST(TokenStores, DatatroveSaysItsWidthByItsSizes) {
  const TempFolder folder;
  write_file_atomically(folder / "a.ds", packed<std::uint16_t>({1, 2, 3}));
  write_file_atomically(folder / "a.ds.index", packed<std::uint64_t>({2, 2, 3}));
  EXPECT_EQ(read_all(folder / "a.ds", "datatrove"), (Documents{{1, 2}, {}, {3}}));
  write_file_atomically(folder / "a.ds", packed<std::uint32_t>({1, 2, 70000}));
  EXPECT_EQ(read_all(folder / "a.ds", "datatrove"), (Documents{{1, 2}, {}, {70000}}));
}

TEST(TokenStores, DatatroveEndsThatDoNotFitAreRefused) {
  const TempFolder folder;
  write_file_atomically(folder / "a.ds", packed<std::uint16_t>({1, 2, 3}));
  const auto refuse = [&](const std::string& index, std::string_view word) {
    write_file_atomically(folder / "a.ds.index", index);
    expect_error(ErrorCode::kBadFormat, {"a.ds.index", word},
                 [&] { (void)open_token_store(folder / "a.ds", "datatrove", kEnd); });
  };
  refuse(packed<std::uint64_t>({2, 1}), "at byte 8: a document ends at 1, before 2");
  refuse(packed<std::uint64_t>({2}), "neither 2 nor 4");
  refuse(packed<std::uint64_t>({UINT64_MAX}), "neither 2 nor 4");
  refuse(packed<std::uint64_t>({3}) + "x", "cut short");
}

/// Two samples of the columns n (fixed, 1 byte) and tokens (variable).
void write_mds(const TempFolder& folder, const std::string& encoding, std::uint32_t size) {
  const std::string configuration = "{}";
  const std::string first = packed<std::uint32_t>({size}) + "\x01" + packed<std::uint16_t>({5, 6});
  const std::string second = packed<std::uint32_t>({2}) + "\x02" + packed<std::uint16_t>({7});
  const auto begin = static_cast<std::uint32_t>(4 + 12 + configuration.size());
  const auto middle = static_cast<std::uint32_t>(begin + first.size());
  const auto end = static_cast<std::uint32_t>(middle + second.size());
  write_file_atomically(folder / "shard.00000.mds", packed<std::uint32_t>({2, begin, middle, end}) +
                                                        configuration + first + second);
  write_file_atomically(folder / "index.json",
                        R"({"version": 2, "shards": [{"format": "mds", "samples": 2,
                            "column_names": ["n", "tokens"], "column_encodings": ["uint8", ")" +
                            encoding + R"("], "column_sizes": [1, null], "compression": null,
                            "raw_data": {"basename": "shard.00000.mds"}}]})");
}

TEST(TokenStores, MdsSamplesAreDocuments) {
  const TempFolder folder;
  write_mds(folder, "ndarray:uint16:2", 4);
  EXPECT_EQ(read_all(folder.path(), "mds"), (Documents{{5, 6}, {7}}));
}

TEST(TokenStores, MdsShardsThatDoNotFitAreRefused) {
  const TempFolder folder;
  const auto refuse = [&](std::string_view file, std::string_view word) {
    expect_error(ErrorCode::kBadFormat, {file, word},
                 [&] { (void)open_token_store(folder.path(), "mds", kEnd); });
  };
  write_mds(folder, "str", 4);
  refuse("index.json", "encoded as 'str'");
  write_mds(folder, "ndarray:uint16:2", 5);
  refuse("shard.00000.mds", "cut short");
  write_mds(folder, "ndarray:uint16:2", 3);
  refuse("shard.00000.mds", "no whole number");
  write_mds(folder, "ndarray:uint16:2", 4);
  const std::string whole = read_file(folder / "shard.00000.mds");
  write_file_atomically(folder / "shard.00000.mds", whole.substr(0, whole.size() - 1));
  refuse("shard.00000.mds", "sample 1");
  write_file_atomically(folder / "shard.00000.mds", "\xff\xff\xff\xff");
  refuse("shard.00000.mds", "do not begin with 2 samples");
  write_file_atomically(folder / "index.json", R"({"version": 2, "shards": [{"format": "mds",
      "raw_data": {"basename": "../shard.00000.mds"}}]})");
  refuse("index.json", "not in the same folder");
}

TEST(TokenStores, AnUnknownFormatGetsTheNearestName) {
  expect_error(ErrorCode::kNotFound, {"did you mean 'datatrove'"},
               [] { (void)open_token_store("x", "datatrov", kEnd); });
}

TEST(PackOfTokens, KeepsTheDocumentsAndEndsEachOnce) {
  const TempFolder folder;
  write_file_atomically(folder / "a.bin", packed<std::uint16_t>({'a', 'b', 256, 'c', 256, 'd'}));
  write_file_atomically(folder / "b.bin", packed<std::uint16_t>({'e', 256}));
  TokenPackOptions options;
  options.stores = {{"x", (folder / "a.bin").string()}, {"y", (folder / "b.bin").string()}};
  options.format = "raw-u16";
  options.validation_fraction = 0;
  const PackIndex index = make_pack_of_tokens(folder / "pack", options, ByteTokenizer(), "byte");
  EXPECT_EQ(verify_pack(folder / "pack").documents, 4U);
  EXPECT_EQ(read_all(*open_pack_part(folder / "pack", index.skills[0].train)),
            (Documents{{'a', 'b', kEnd}, {'c', kEnd}, {'d', kEnd}}));
  EXPECT_EQ(index.skills[0].train.text_bytes, 4U);
  EXPECT_EQ(index.skills[1].name, "y");
}

TEST(PackOfTokens, AStoreWithoutTokensIsNamedAndNothingIsLeft) {
  const TempFolder folder;
  write_file_atomically(folder / "none.bin", "");
  TokenPackOptions options;
  options.stores = {{"a", (folder / "none.bin").string()}};
  options.format = "raw-u16";
  expect_error(ErrorCode::kBadFormat, {"none.bin", "no tokens"}, [&] {
    (void)make_pack_of_tokens(folder / "pack", options, ByteTokenizer(), "byte");
  });
  EXPECT_FALSE(std::filesystem::exists(folder / "pack"));
}

TEST(PackOfTokens, ATokenOutsideTheVocabularyIsNamedAndNothingIsLeft) {
  const TempFolder folder;
  write_file_atomically(folder / "a.bin", packed<std::uint16_t>({1, 256, 2, 257}));
  TokenPackOptions options;
  options.stores = {{"x", (folder / "a.bin").string()}};
  options.format = "raw-u16";
  expect_error(ErrorCode::kBadFormat, {"a.bin", "token 1 of document 1 is 257"},
               [&] { make_pack_of_tokens(folder / "pack", options, ByteTokenizer(), "byte"); });
  EXPECT_FALSE(std::filesystem::exists(folder / "pack"));
  EXPECT_FALSE(std::filesystem::exists(folder / "pack.partial"));
}

}  // namespace
}  // namespace skillit
