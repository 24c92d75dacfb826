#include "skillit/base/safetensors_folder.h"

#include <gtest/gtest.h>

#include "skillit/base/temp_folder.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

void write_tensors(const std::filesystem::path& path,
                   const std::map<std::string, std::string>& tensors) {
  Safetensors file;
  for (const auto& [name, bytes] : tensors)
    file.tensors[name] = {"U8", {static_cast<std::int64_t>(bytes.size())}, bytes};
  write_file_atomically(path, file.serialize());
}

/// Two shards that hold "a" and "b", "c".
void write_shards(const TempFolder& folder) {
  write_tensors(folder / "one.safetensors", {{"a", "1"}});
  write_tensors(folder / "two.safetensors", {{"b", "22"}, {"c", "333"}});
}

void write_index(const TempFolder& folder, const std::string& weight_map) {
  write_file_atomically(folder / "model.safetensors.index.json",
                        R"({"metadata": {"total_size": 6}, "weight_map": )" + weight_map + "}");
}

void expect_refused(const TempFolder& folder, std::initializer_list<std::string_view> words,
                    ErrorCode code = ErrorCode::kBadFormat) {
  expect_error(code, words, [&] { (void)SafetensorsFolder::open(folder.path()); });
}

constexpr const char* kGoodMap =
    R"({"a": "one.safetensors", "b": "two.safetensors", "c": "two.safetensors"})";

TEST(SafetensorsFolder, ReadsOneFile) {
  const TempFolder folder;
  write_tensors(folder / "model.safetensors", {{"a", "1"}, {"b", "22"}});
  const auto opened = SafetensorsFolder::open(folder.path());
  EXPECT_EQ(opened.tensors().size(), 2U);
  EXPECT_EQ(opened.tensors().at("b").bytes, "22");
}

TEST(SafetensorsFolder, ReadsTheShardsThatTheIndexNames) {
  const TempFolder folder;
  write_shards(folder);
  write_index(folder, kGoodMap);
  const auto opened = SafetensorsFolder::open(folder.path());
  EXPECT_EQ(opened.tensors().size(), 3U);
  EXPECT_EQ(opened.tensors().at("a").bytes, "1");
  EXPECT_EQ(opened.tensors().at("c").bytes, "333");
}

TEST(SafetensorsFolder, TheFingerprintIsOfTheBytes) {
  const TempFolder folder;
  write_shards(folder);
  write_index(folder, kGoodMap);
  const std::string before = SafetensorsFolder::open(folder.path()).fingerprint();
  EXPECT_EQ(SafetensorsFolder::open(folder.path()).fingerprint(), before);
  write_tensors(folder / "one.safetensors", {{"a", "2"}});
  EXPECT_NE(SafetensorsFolder::open(folder.path()).fingerprint(), before);
}

TEST(SafetensorsFolder, AnIndexAndFilesThatDisagreeAreRefused) {
  const TempFolder folder;
  write_shards(folder);
  write_index(folder, R"({"a": "one.safetensors", "b": "two.safetensors"})");
  expect_refused(folder, {"two.safetensors", "2 tensors", "lists 1"});
  write_index(folder,
              R"({"a": "one.safetensors", "b": "two.safetensors", "d": "two.safetensors"})");
  expect_refused(folder, {"two.safetensors", "lacks", "'d'"});
  write_tensors(folder / "one.safetensors", {{"b", "1"}});
  write_index(folder, kGoodMap);
  expect_refused(folder, {"'b'", "in another file too"});
}

TEST(SafetensorsFolder, AnIndexThatLeavesTheFolderIsRefused) {
  const TempFolder folder;
  write_shards(folder);
  for (const char* name : {"../one.safetensors", "/etc/passwd", "..", "", "sub/one.safetensors"}) {
    write_index(folder, R"({"a": ")" + std::string(name) + R"("})");
    expect_refused(folder, {"'a'", "plain name"});
  }
  write_index(folder, R"({"a": 3})");
  expect_refused(folder, {"'a'", "plain name"});
  write_index(folder, "{}");
  expect_refused(folder, {"weight_map"});
  write_index(folder, R"({"a": "three.safetensors"})");
  expect_refused(folder, {"three.safetensors"}, ErrorCode::kIo);
}

TEST(SafetensorsFolder, AFolderWithoutWeightsSaysWhatItLooksForAndAPickleIsNeverRead) {
  const TempFolder folder;
  expect_refused(folder, {"model.safetensors", "model.safetensors.index.json"},
                 ErrorCode::kNotFound);
  write_file_atomically(folder / "pytorch_model.bin", "anything");
  expect_refused(folder, {"pickle", "never"}, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace skillit
