// Files of documents -> records -> texts and skills.
#include <gmock/gmock.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/document_parser.h"
#include "skillit/data/line_reader.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using testing::expect_error;
using Lines = std::vector<std::string>;

std::string gzip(const std::string& text) {
  z_stream state{};
  deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&state, text.size()) + 64, '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&state, Z_FINISH), Z_STREAM_END);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}

std::string zstandard(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

Lines lines_of(const fs::path& path, std::size_t limit = 1 << 20) {
  LineReader reader(open_byte_stream(path), path.filename().string(), limit);
  Lines lines;
  while (const auto line = reader.next()) lines.emplace_back(*line);
  EXPECT_EQ(reader.line_number(), lines.size());
  return lines;
}

TEST(LineReader, GivesTheSameLinesPlainAndCompressedInSeveralPieces) {
  const TempFolder folder;
  Lines expected{"first", "", std::string(200000, 'x'), "last without newline"};
  const std::string text = expected[0] + "\n\n" + expected[2] + "\n" + expected[3];
  const std::string begin = text.substr(0, 100);
  const std::string rest = text.substr(100);
  write_file_atomically(folder / "plain", "\xef\xbb\xbf" + text);
  write_file_atomically(folder / "gzip", gzip(begin) + gzip(rest));
  write_file_atomically(folder / "zstd", zstandard(begin) + zstandard(rest));
  for (const std::string name : {"plain", "gzip", "zstd"})
    EXPECT_EQ(lines_of(folder / name), expected) << name;
  write_file_atomically(folder / "plain", "");
  EXPECT_EQ(lines_of(folder / "plain"), Lines{});
}

TEST(LineReader, RefusesALineOverTheLimitWhateverItWasCompressedTo) {
  const TempFolder folder;
  write_file_atomically(folder / "a", zstandard("short\n" + std::string(50 << 20, 'x')));
  expect_error(ErrorCode::kBadFormat, {"a:2", "more than the 1000 bytes"},
               [&] { (void)lines_of(folder / "a", 1000); });
  write_file_atomically(folder / "a", std::string(1000, 'x') + "\n");
  EXPECT_EQ(lines_of(folder / "a", 1000).size(), 1U);
}

TEST(LineReader, EveryTruncationAndDamageOfCompressedDataIsRefused) {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::to_string(i * i) + "\n";
  for (const std::string& whole : {gzip(text), zstandard(text)}) {
    for (std::size_t size = 4; size < whole.size(); size += 7) {
      write_file_atomically(folder / "a", whole.substr(0, size));
      expect_error(ErrorCode::kBadFormat, {"damaged", "end in the middle"},
                   [&] { (void)lines_of(folder / "a"); });
    }
  }
  std::string damaged = gzip(text);
  damaged[damaged.size() - 6] ^= 1;  // Its checksum.
  write_file_atomically(folder / "a", damaged);
  expect_error(ErrorCode::kBadFormat, {"gzip data are damaged"},
               [&] { (void)lines_of(folder / "a"); });
}

TEST(DocumentFiles, FilesOfAFolderAreSkillsNamedByTheirStems) {
  const TempFolder folder;
  for (const char* name : {"b.jsonl", "a.jsonl.gz", "c.txt.zst", "README", "d.csv"})
    write_file_atomically(folder / name, "");
  const auto files = list_document_files({folder.path().string()}, {}, false);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].skill, "a");
  EXPECT_EQ(files[1].skill, "b");
  EXPECT_EQ(files[2].skill, "c");
  EXPECT_EQ(files[2].kind, DocumentFileKind::kText);
  const auto by_glob = list_document_files({}, {{"x", {(folder / "*.jsonl*").string()}}}, false);
  ASSERT_EQ(by_glob.size(), 2U);
  EXPECT_EQ(by_glob[1].skill, "x");
}

TEST(DocumentFiles, WhatCannotBeReadIsRefusedByName) {
  const TempFolder folder;
  const auto list = [&](const std::string& name) {
    return list_document_files({(folder / name).string()}, {}, false);
  };
  write_file_atomically(folder / "table.csv", "");
  write_file_atomically(folder / "a.jsonl", "");
  fs::create_directory(folder / "empty");
  expect_error(ErrorCode::kBadArgument, {"table.csv", ".jsonl"}, [&] { (void)list("table.csv"); });
  expect_error(ErrorCode::kNotFound, {"empty", "no *.jsonl"}, [&] { (void)list("empty"); });
  expect_error(ErrorCode::kNotFound, {"gone.jsonl"}, [&] { (void)list("gone.jsonl"); });
  expect_error(ErrorCode::kBadArgument, {"named twice"}, [&] {
    const std::string path = (folder / "a.jsonl").string();
    (void)list_document_files({path, path}, {}, false);
  });
  fs::create_symlink("loop.jsonl", folder / "loop.jsonl");
  const auto files = list("loop.jsonl");
  expect_error(ErrorCode::kIo, {"loop.jsonl", "symbolic links"},
               [&] { (void)RecordReader(files, 100).next(100); });
  // A folder that holds itself, and a file that can be opened but not read.
  fs::create_directory_symlink(".", folder / "self.jsonl");
  const std::vector<DocumentFile> itself{
      {(folder / "self.jsonl").string(), DocumentFileKind::kJsonLines, "a"}};
  expect_error(ErrorCode::kIo, {"self.jsonl", "regular file"},
               [&] { (void)RecordReader(itself, 100).next(100); });
  fs::create_symlink("/proc/self/mem", folder / "unreadable.jsonl");
  const auto unreadable = list("unreadable.jsonl");
  expect_error(ErrorCode::kIo, {"unreadable.jsonl", "Input/output error"},
               [&] { (void)RecordReader(unreadable, 100).next(100); });
}

/// The skills of the lines of a JSON lines file, "-" for none.
Lines skills_of(const std::string& text, const DocumentRules& rules,
                std::set<std::string>* lacked = nullptr) {
  const TempFolder folder;
  write_file_atomically(folder / "a.jsonl", text);
  const auto files = list_document_files({(folder / "a.jsonl").string()}, {}, true);
  RecordReader reader(files, 1 << 20);
  DocumentParser parser(rules, files);
  Lines skills;
  while (const auto batch = reader.next(1)) {
    for (std::size_t i = 0; i < batch->size(); ++i) {
      const auto skill = parser.parse((*batch)[i]).skill;
      skills.emplace_back(skill.empty() ? "-" : skill);
    }
  }
  if (lacked != nullptr) *lacked = parser.filter_fields_lacked();
  return skills;
}

TEST(DocumentParser, AFieldNamesTheSkill) {
  DocumentRules rules;
  rules.skill_field = "topic";
  EXPECT_EQ(skills_of("{\"text\": \"x\", \"topic\": \"a\"}\n\n{\"topic\": \"b\", \"text\": \"\"}\n",
                      rules),
            (Lines{"a", "b"}));
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:1", "no field 'topic'", "--skill-field"},
               [&] { (void)skills_of("{\"text\": \"x\"}", rules); });
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:1", "is empty"},
               [&] { (void)skills_of("{\"text\": \"x\", \"topic\": \"\"}", rules); });
  // A cluster's number is a name too; what is no whole number is not.
  EXPECT_EQ(
      skills_of("{\"text\": \"x\", \"topic\": 12}\n{\"text\": \"x\", \"topic\": -3}\n", rules),
      (Lines{"12", "-3"}));
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:1", "'topic' is no string but a number"},
               [&] { (void)skills_of("{\"text\": \"x\", \"topic\": 1.5}", rules); });
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:1", "no NaN", "null"},
               [&] { (void)skills_of("{\"text\": \"x\", \"topic\": NaN}", rules); });
}

TEST(DocumentParser, TheFirstConditionThatIsMetNamesTheSkill) {
  DocumentRules rules;
  rules.filters = {{"law", "meta->>'source' = 'court' -- a comment"},
                   {"long", "length(text) > 3 AND stars >= 2.5"},
                   {"flagged", "ok"}};
  std::set<std::string> lacked;
  EXPECT_EQ(skills_of("{\"text\": \"abcd\", \"stars\": 3, \"meta\": {\"source\": \"court\"}}\n"
                      "{\"text\": \"abcd\", \"stars\": 3, \"meta\": {\"source\": \"web\"}}\n"
                      "{\"text\": \"abcd\", \"stars\": 2, \"meta\": null, \"ok\": true}\n"
                      "{\"text\": \"abc\", \"ok\": false}\n",
                      rules, &lacked),
            (Lines{"law", "long", "flagged", "-"}));
  EXPECT_EQ(lacked, (std::set<std::string>{"meta", "ok", "stars"}));
}

TEST(DocumentParser, AConditionThatIsNoSqlIsRefused) {
  const auto refuse = [](const std::string& condition, std::string_view word) {
    DocumentRules rules;
    rules.filters = {{"a", condition}};
    expect_error(ErrorCode::kBadArgument, {"a=" + condition, word},
                 [&] { (void)skills_of("{\"text\": \"x\"}", rules); });
  };
  refuse("text = ", "syntax error");
  refuse("1) THEN 0 END; DROP TABLE x; --", "ends it early");
  refuse("meta.source = 'x'", "no such column");
  refuse("nonsense(text)", "no such function");
}

TEST(DocumentParser, AnAssignmentsFileNamesTheSkillById) {
  const TempFolder folder;
  write_file_atomically(folder / "skills.tsv", "d1\tmath\r\n\nd2\tlaw\nd1\tmath\n7\tcode\n");
  DocumentRules rules;
  rules.id_field = "key";
  rules.assignments = std::make_shared<const std::unordered_map<std::string, std::string>>(
      read_assignments((folder / "skills.tsv").string()));
  EXPECT_EQ(skills_of("{\"text\": \"x\", \"key\": \"d2\"}\n{\"text\": \"x\", \"key\": \"d1\"}\n"
                      "{\"text\": \"x\", \"key\": \"d3\"}\n{\"text\": \"x\", \"key\": 7}\n",
                      rules),
            (Lines{"law", "math", "-", "code"}));
  const auto refuse = [&](const std::string& text, std::string_view word) {
    write_file_atomically(folder / "skills.tsv", text);
    expect_error(ErrorCode::kBadFormat, {"skills.tsv:2", word},
                 [&] { (void)read_assignments((folder / "skills.tsv").string()); });
  };
  refuse("a\tb\nc d\n", "a tab");
  refuse("a\tb\n\td\n", "a tab");
  refuse("a\tb\na\tc\n", "given the skill 'c' and before 'b'");
}

}  // namespace
}  // namespace skillit
