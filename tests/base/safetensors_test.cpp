#include "skillit/base/safetensors.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

/// A file of this header and data, as the format lays them out.
std::string file_of(const std::string& header, const std::string& data, std::uint64_t claimed = 0) {
  const std::uint64_t size = claimed > 0 ? claimed : header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &size, 8);
  return file + header + data;
}

void expect_refused(const std::string& bytes, std::initializer_list<std::string_view> words) {
  expect_error(ErrorCode::kBadFormat, words, [&] { (void)Safetensors::parse(bytes, "a.file"); });
}

TEST(Safetensors, TensorsAreViewsOfTheBytesTheyWereParsedFrom) {
  const std::string bytes = file_of(
      R"({"__metadata__": {"format": "pt"},
          "b": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [4, 8]},
          "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
          "none": {"dtype": "F16", "shape": [0, 7], "data_offsets": [8, 8]}})",
      "aaaabbbb");
  const Safetensors file = Safetensors::parse(bytes, "a.file");
  EXPECT_EQ(file.metadata.at("format"), "pt");
  EXPECT_EQ(file.tensors.size(), 3U);
  EXPECT_EQ(file.tensors.at("a").bytes, "aaaa");
  const SafetensorsEntry& b = file.tensors.at("b");
  EXPECT_EQ(b.dtype, "BF16");
  EXPECT_EQ(b.shape, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(b.bytes.data(), bytes.data() + bytes.size() - 4);
  EXPECT_EQ(file.tensors.at("none").bytes.size(), 0U);
}

TEST(Safetensors, WhatIsWrittenIsReadAgainAndAligned) {
  const std::string longs(16, 'x');
  Safetensors file;
  file.tensors["short"] = {"U8", {3}, "abc"};
  file.tensors["long"] = {"I64", {2}, longs};
  file.metadata["who"] = "we";
  const std::string bytes = file.serialize();
  const Safetensors again = Safetensors::parse(bytes, "a.file");
  EXPECT_EQ(again.metadata, file.metadata);
  EXPECT_EQ(again.tensors.at("short").bytes, "abc");
  EXPECT_EQ(again.tensors.at("long").bytes, longs);
  EXPECT_EQ((again.tensors.at("long").bytes.data() - bytes.data()) % 8, 0);
}

TEST(Safetensors, AFileCutShortIsRefused) {
  expect_refused("", {"a.file", "0 bytes"});
  expect_refused("1234567", {"7 bytes"});
  expect_refused(file_of("{}", "", 3), {"3 bytes", "10", "cut short"});
  expect_refused(file_of("{}", "", std::uint64_t{1} << 63), {"cut short"});
  expect_refused(
      file_of(R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})", "1234567"),
      {"'a'", "0..8 of 7"});
}

TEST(Safetensors, ShapesThatDoNotFitTheirBytesAreRefusedBeforeAnythingIsAllocated) {
  const auto one = [](const std::string& dtype, const std::string& shape,
                      const std::string& offsets) {
    return file_of(R"({"a": {"dtype": ")" + dtype + R"(", "shape": )" + shape +
                       R"(, "data_offsets": )" + offsets + "}}",
                   "12345678");
  };
  EXPECT_NO_THROW((void)Safetensors::parse(one("F32", "[2]", "[0, 8]"), "a.file"));
  expect_refused(one("F32", "[3]", "[0, 8]"), {"'a'", "shape"});
  expect_refused(one("F16", "[2]", "[0, 8]"), {"'a'", "shape"});
  // 2^62 * 4 elements of 4 bytes wrap to 0 in 64 bits.
  expect_refused(one("F32", "[4611686018427387904, 4]", "[0, 0]"), {"'a'", "too large"});
  expect_refused(one("F32", "[-1]", "[0, 8]"), {"'a'", "not a size"});
  expect_refused(one("F32", "[1.5]", "[0, 8]"), {"'a'", "not a size"});
  expect_refused(one("F32", "2", "[0, 8]"), {"'a'"});
  expect_refused(one("F32", "[2]", "[8, 0]"), {"'a'"});
  expect_refused(one("F32", "[2]", "[0, 4, 8]"), {"'a'"});
  expect_refused(one("Q4", "[2]", "[0, 8]"), {"'a'", "'Q4'"});
}

TEST(Safetensors, HolesOverlapsAndRepeatedNamesAreRefused) {
  const auto two = [](const std::string& second, const std::string& first_range,
                      const std::string& second_range) {
    return file_of(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": )" + first_range +
                       R"(}, ")" + second + R"(": {"dtype": "U8", "shape": [4], "data_offsets": )" +
                       second_range + "}}",
                   "12345678");
  };
  EXPECT_NO_THROW((void)Safetensors::parse(two("b", "[0, 4]", "[4, 8]"), "a.file"));
  expect_refused(two("b", "[0, 4]", "[2, 6]"), {"overlap"});
  expect_refused(two("b", "[4, 8]", "[4, 8]"), {"hole at byte 0"});
  expect_refused(two("b", "[0, 4]", "[0, 4]"), {"overlap"});
  expect_refused(two("a", "[0, 4]", "[4, 8]"), {"'a'", "twice"});
  expect_refused(file_of("{}", "x"), {"1 bytes after"});
}

TEST(Safetensors, AHeaderThatIsNoObjectOfObjectsIsRefused) {
  expect_refused(file_of("[]", ""), {"not a JSON object"});
  expect_refused(file_of("{", ""), {"not a JSON object"});
  expect_refused(file_of(R"({"a": 3})", ""), {"'a'"});
  expect_refused(file_of(R"({"a": {}})", ""), {"'a'"});
  expect_refused(file_of(R"({"__metadata__": {"n": 3}})", ""), {"'n'"});
}

TEST(Safetensors, AtRefusesAnotherTypeOrShape) {
  const std::string bytes =
      file_of(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}})", "1234");
  const Safetensors file = Safetensors::parse(bytes, "a.file");
  EXPECT_EQ(file.at("a", "U8", {4}, "a.file").bytes, "1234");
  expect_error(ErrorCode::kBadFormat, {"no tensor 'b'"},
               [&] { (void)file.at("b", "U8", {4}, "x"); });
  expect_error(ErrorCode::kBadFormat, {"U8 [4]", "F32 [2, 2]"}, [&] {
    (void)file.at("a", "F32", {2, 2}, "x");
  });
}

}  // namespace
}  // namespace skillit
