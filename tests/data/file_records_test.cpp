#include "skillit/data/file_records.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <string>

#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/document_parser.h"
#include "skillit/data/record_reader.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

constexpr const char* kTask =
    R"({"Categories": ["Question Answering"], "Definition": ["Answer it.", "Another"],
        "Instances": [{"input": "1+1?", "output": ["2", "two"]}, {"input": "none", "output": []},
                      {"input": "2+2?", "output": ["4"]}]})";

TEST(FileRecords, AnInstructionIsItsDefinitionInputAndFirstAnswerUnderItsCategory) {
  const TempFolder folder;
  write_file_atomically(folder / "tasks" / "task1_x.json", kTask);
  write_file_atomically(folder / "splits" / "list.txt", "task1_x");
  const auto files = list_instruction_files((folder / "splits" / "list.txt").string());
  RecordReader reader(files, 1 << 20);
  DocumentParser parser({}, files);
  const auto batch = reader.next(1 << 20);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->size(), 2U);  // The instance without an answer is none.
  const auto first = parser.parse((*batch)[0]);
  EXPECT_EQ(first.text, "Answer it.\n\nInput: 1+1?\nOutput: 2");
  EXPECT_EQ(first.skill, "question_answering");
  EXPECT_EQ(parser.parse((*batch)[1]).text, "Answer it.\n\nInput: 2+2?\nOutput: 4");
  EXPECT_THAT(parser.place_of((*batch)[1]), ::testing::EndsWith("task1_x.json: instance 2"));
  EXPECT_FALSE(reader.next(1));
}

TEST(FileRecords, AlpacasRowsAreDocumentsUnderTheVerbTheyBeginWith) {
  const TempFolder folder;
  std::string rows;
  for (int i = 0; i < 100; ++i)
    rows += R"({"instruction": "Sort it.", "input": "b a", "output": "a b"},)";
  for (int i = 0; i < 101; ++i) {
    rows += fmt::format(R"({}{{"instruction": "Name {}.", "input": "", "output": "{}"}})",
                        i == 0 ? "" : ",", i, i == 100 ? "" : "x");
  }
  write_file_atomically(folder / "alpaca.json", "[" + rows + "]");
  const std::vector files{alpaca_file((folder / "alpaca.json").string())};
  RecordReader reader(files, 1 << 20);
  DocumentParser parser({}, files);
  const auto batch = reader.next(1 << 20);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->size(), 200U);  // By verb; the row without an output is none.
  EXPECT_EQ(parser.parse((*batch)[0]).text, "Input: Name 0.\nOutput: x");
  EXPECT_EQ(parser.parse((*batch)[0]).skill, "name");
  EXPECT_EQ(parser.parse((*batch)[199]).text, "Input: Sort it.\nb a\nOutput: a b");
  EXPECT_EQ(parser.parse((*batch)[199]).skill, "sort");
  EXPECT_THAT(parser.place_of((*batch)[199]), ::testing::EndsWith("alpaca.json: instance 200"));
  EXPECT_FALSE(reader.next(1));
}

TEST(FileRecords, InstructionsOverTheLimitAndDamagedTasksAreRefusedByName) {
  const TempFolder folder;
  write_file_atomically(folder / "task1.json", kTask);
  const auto files = list_instruction_files(folder.path().string());
  expect_error(ErrorCode::kBadFormat, {"task1.json: instance 1", "more than the 20 bytes"},
               [&] { (void)RecordReader(files, 20).next(1); });
  write_file_atomically(folder / "task1.json", std::string(kTask).substr(0, 100));
  expect_error(ErrorCode::kBadFormat, {"task1.json", "not valid JSON"},
               [&] { (void)RecordReader(files, 1 << 20).next(1); });
}

TEST(FileRecords, AFileThatVanishesOrCannotBeATableIsRefusedByName) {
  const TempFolder folder;
  const DocumentFile gone{(folder / "gone.jsonl").string(), DocumentFileKind::kJsonLines, "a"};
  expect_error(ErrorCode::kIo, {"gone.jsonl", "cannot open"},
               [&] { (void)open_file_records(gone, 100); });
}

}  // namespace
}  // namespace skillit
