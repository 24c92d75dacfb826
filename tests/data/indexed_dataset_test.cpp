#include "skillit/data/indexed_dataset.h"

#include <gtest/gtest.h>

#include "skillit/base/bytes.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/indexed_dataset_writer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;

/// An index written field by field from the format's description.
struct RawIndex {
  std::string magic{"MMIDIDX\0\0", 9};
  std::uint64_t version = 1;
  std::uint8_t type = 8;
  std::vector<std::int32_t> lengths{2, 1, 3};
  std::vector<std::int64_t> offsets{0, 4, 6};
  std::vector<std::int64_t> bounds{0, 2, 3};

  void write(const TempFolder& folder, std::string_view modes = "") const {
    ByteWriter out;
    out.put(version);
    out.put(type);
    out.put<std::uint64_t>(lengths.size());
    out.put<std::uint64_t>(bounds.size());
    for (const auto value : lengths) out.put(value);
    for (const auto value : offsets) out.put(value);
    for (const auto value : bounds) out.put(value);
    write_file_atomically(folder / "a.idx", magic + out.bytes() + std::string(modes));
    write_file_atomically(folder / "a.bin", std::string("\1\0\2\0\3\0\4\0\5\0\6\1", 12));
  }
};

Tokens document(const IndexedDataset& dataset, std::uint64_t index) {
  Tokens tokens;
  dataset.read_document(index, tokens);
  return tokens;
}

TEST(IndexedDataset, ReadsSequencesAndDocumentsAsMegatronWritesThem) {
  const TempFolder folder;
  RawIndex().write(folder);
  const auto dataset = IndexedDataset::open(folder / "a");
  EXPECT_EQ(dataset.num_sequences(), 3U);
  EXPECT_EQ(dataset.num_documents(), 2U);
  EXPECT_EQ(dataset.num_tokens(), 6U);
  EXPECT_EQ(document(dataset, 0), (Tokens{1, 2, 3}));  // Two sequences.
  EXPECT_EQ(document(dataset, 1), (Tokens{4, 5, 262}));
}

TEST(IndexedDataset, ReadsAMultimodalIndexAndLeavesTheModes) {
  const TempFolder folder;
  RawIndex().write(folder, "\1\1\1");
  EXPECT_EQ(IndexedDataset::open(folder / "a").num_documents(), 2U);
}

TEST(IndexedDataset, RefusesWhatItsFilesCannotHoldNamingTheByte) {
  const TempFolder folder;
  const auto refuse = [&](std::initializer_list<std::string_view> words, const auto& change) {
    RawIndex index;
    change(index);
    index.write(folder);
    expect_error(ErrorCode::kBadFormat, words, [&] { (void)IndexedDataset::open(folder / "a"); });
  };
  refuse({"a.idx", "no Megatron index"}, [](auto& index) { index.magic[0] = 'm'; });
  refuse({"version 2", "byte 9"}, [](auto& index) { index.version = 2; });
  refuse({"floating-point", "byte 17"}, [](auto& index) { index.type = 7; });
  refuse({"data type 9"}, [](auto& index) { index.type = 9; });
  refuse({"sequence 1 has -1 tokens", "byte 38"}, [](auto& index) { index.lengths[1] = -1; });
  refuse({"sequence 2", "a.bin has 12"}, [](auto& index) { index.lengths[2] = 4; });
  refuse({"sequence 0", "byte 46"}, [](auto& index) { index.offsets[0] = -2; });
  refuse({"sequence 0"}, [](auto& index) { index.offsets[0] = INT64_MAX; });
  refuse({"8 tokens, more than the 12 bytes"}, [](auto& index) {
    index.lengths = {6, 2};
    index.offsets = {0, 0};
    index.bounds = {0, 2};
  });
  refuse({"document bound 0 is 1"}, [](auto& index) { index.bounds[0] = 1; });
  refuse({"document bound 1 is 4"}, [](auto& index) { index.bounds[1] = 4; });
  refuse({"document bound 2 is 2"}, [](auto& index) { index.bounds[2] = 2; });
}

TEST(IndexedDataset, RefusesEveryTruncationAndCountsThatWouldOverflow) {
  const TempFolder folder;
  RawIndex().write(folder);
  const std::string whole = read_file(folder / "a.idx");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file_atomically(folder / "a.idx", whole.substr(0, size));
    expect_error(ErrorCode::kBadFormat, {"a.idx"},
                 [&] { (void)IndexedDataset::open(folder / "a"); });
  }
  for (const std::size_t field : {18, 26}) {
    std::string huge = whole;
    for (std::size_t i = 0; i < 8; ++i) huge[field + i] = '\xff';
    write_file_atomically(folder / "a.idx", huge);
    expect_error(ErrorCode::kBadFormat, {"18446744073709551615", "cut short"},
                 [&] { (void)IndexedDataset::open(folder / "a"); });
  }
}

TEST(IndexedDataset, ANegativeTokenIsNamedByItsByte) {
  const TempFolder folder;
  RawIndex index;
  index.type = 3;  // 16 bits with a sign.
  index.write(folder);
  write_file_atomically(folder / "a.bin", std::string("\1\0\2\0\3\0\4\0\5\0\6\xff", 12));
  const auto dataset = IndexedDataset::open(folder / "a");
  expect_error(ErrorCode::kBadFormat, {"a.bin", "byte 10"}, [&] { (void)document(dataset, 1); });
}

TEST(IndexedDatasetWriter, WritesTheBytesOfTheFormat) {
  const TempFolder folder;
  IndexedDatasetWriter writer(folder / "a", TokenType::kU16);
  writer.add_document(Tokens{1, 2, 3});
  writer.add_document(Tokens{4, 5, 262});
  writer.finish();
  writer.remove_lengths();
  RawIndex expected;
  expected.lengths = {3, 3};
  expected.offsets = {0, 6};
  expected.bounds = {0, 1, 2};
  const std::string index = read_file(folder / "a.idx");
  const std::string tokens = read_file(folder / "a.bin");
  expected.write(folder);
  EXPECT_EQ(index, read_file(folder / "a.idx"));
  EXPECT_EQ(tokens, read_file(folder / "a.bin"));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.lengths"));
}

TEST(IndexedDatasetWriter, GoesOnWhereItStoodDroppingWhatCameAfter) {
  const TempFolder folder;
  {
    IndexedDatasetWriter writer(folder / "a", TokenType::kI32);
    writer.add_document(Tokens{70000, 1});
    writer.add_document(Tokens{});
    writer.add_document(Tokens{9, 9, 9});  // After the point below.
    writer.flush();
  }
  IndexedDatasetWriter writer(folder / "a", TokenType::kI32, {.documents = 2, .tokens = 2});
  writer.add_document(Tokens{5});
  writer.finish();
  const auto dataset = IndexedDataset::open(folder / "a");
  ASSERT_EQ(dataset.num_documents(), 3U);
  EXPECT_EQ(document(dataset, 0), (Tokens{70000, 1}));
  EXPECT_EQ(document(dataset, 1), Tokens{});
  EXPECT_EQ(document(dataset, 2), Tokens{5});
  expect_error(ErrorCode::kBadFormat, {"a.bin", "has 12 bytes", "40 were written"}, [&] {
    IndexedDatasetWriter(folder / "a", TokenType::kI32, {.documents = 3, .tokens = 10});
  });
}

TEST(IndexedDatasetWriter, ATokenThatDoesNotFitIsRefusedAndNothingOfItsDocumentKept) {
  const TempFolder folder;
  IndexedDatasetWriter writer(folder / "a", TokenType::kU16);
  expect_error(ErrorCode::kBadArgument, {"the token 65536 does not fit the 2 bytes"}, [&] {
    writer.add_document(Tokens{1, 65536});
  });
  writer.add_document(Tokens{7});
  writer.finish();
  EXPECT_EQ(IndexedDataset::open(folder / "a").num_tokens(), 1U);
}

}  // namespace
}  // namespace skillit
