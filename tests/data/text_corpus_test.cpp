#include "skillit/data/text_corpus.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "skillit/base/error.h"
#include "skillit/base/temp_folder.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kFixtures = SKILLIT_TESTS_DIR "/fixtures";

CorpusSource from_path(const std::string& path, const std::string& skill_field = "",
                       const std::string& text_field = "text") {
  CorpusSource source;
  source.path = path;
  source.skill_field = skill_field;
  source.text_field = text_field;
  return source;
}

std::string refusal(ErrorCode code, const CorpusSource& source) {
  try {
    (void)read_corpus(source);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

/// A folder of its own for each test, removed at its end.
class TextCorpus : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  TempFolder folder_;
};

TEST_F(TextCorpus, AFolderHasOneSkillPerFileNamedByIt) {
  const Corpus corpus = read_corpus(from_path(kFixtures + "/text"));
  EXPECT_THAT(corpus.skills.names(), ElementsAre("cooking", "weather"));
  ASSERT_EQ(corpus.documents[0].size(), 6U);
  ASSERT_EQ(corpus.documents[1].size(), 7U);
  EXPECT_EQ(corpus.documents[1][3].text, "It hailed for four minutes.");
  EXPECT_EQ(corpus.documents[0][4].text, "Cr\u00e8me fra\u00eeche goes in after the heat is off.");
  EXPECT_EQ(corpus.place_of(corpus.documents[1][3]), kFixtures + "/text/weather.jsonl:4");
}

TEST_F(TextCorpus, AFieldMayNameTheSkillAndAnotherTheText) {
  const Corpus corpus = read_corpus(from_path(kFixtures + "/mixed.jsonl", "topic", "body"));
  EXPECT_THAT(corpus.skills.names(), ElementsAre("cooking", "weather"));
  EXPECT_EQ(corpus.documents[0].size(), 6U);
  EXPECT_EQ(corpus.documents[1].size(), 6U);
  EXPECT_EQ(corpus.documents[1][0].line, 2U);
}

TEST_F(TextCorpus, PatternsAreGivenPerSkillAndReadInOrderOfName) {
  write("b.jsonl", "{\"text\": \"second\"}\n");
  write("a.jsonl", "{\"text\": \"first\"}\n");
  const std::string brackets = write("[1].jsonl", "{\"text\": \"third\"}\n");
  CorpusSource source;
  source.files = {{"x", {(folder_ / "?.jsonl").string(), brackets}}, {"w", {brackets}}};
  const Corpus corpus = read_corpus(source);
  EXPECT_THAT(corpus.skills.names(), ElementsAre("w", "x"));
  ASSERT_EQ(corpus.documents[1].size(), 3U);
  EXPECT_EQ(corpus.documents[1][0].text, "first");
  EXPECT_EQ(corpus.documents[1][1].text, "second");
  EXPECT_EQ(corpus.documents[1][2].text, "third");
}

TEST_F(TextCorpus, BlankLinesEmptyTextsCarriageReturnsAndAMissingLastNewlineAreFine) {
  const std::string file = write("a.jsonl",
                                 "\xef\xbb\xbf{\"text\": \"one\"}\r\n\r\n{\"text\": \"\"}\n  "
                                 "\n{\"id\": 3, \"text\": \"a\\nb \\u00e9\"}");
  const Corpus corpus = read_corpus(from_path(file));
  ASSERT_EQ(corpus.documents[0].size(), 2U);
  EXPECT_EQ(corpus.documents[0][0].text, "one");
  EXPECT_EQ(corpus.documents[0][1].text, "a\nb \u00e9");
  EXPECT_EQ(corpus.documents[0][1].line, 5U);
}

TEST_F(TextCorpus, EveryBadLineIsNamedByFileAndNumber) {
  const auto refuse = [&](const std::string& line) {
    const std::string file = write("bad.jsonl", "{\"text\": \"good\"}\n\n" + line + "\n");
    const std::string message = refusal(ErrorCode::kBadFormat, from_path(file));
    EXPECT_THAT(message, HasSubstr(file + ":3: "));
    return message;
  };
  EXPECT_THAT(refuse("{\"text\": \"open"), HasSubstr("not JSON"));
  EXPECT_THAT(refuse("{\"text\": \"a\"} {\"text\": \"b\"}"), HasSubstr("not JSON"));
  EXPECT_THAT(refuse("{\"text\": \"caf\xe9\"}"), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(refuse("[\"text\"]"), HasSubstr("no object"));
  EXPECT_THAT(refuse("12"), HasSubstr("no object"));
  EXPECT_THAT(
      refuse("{\"content\": \"a\", \"id\": 1}"),
      AllOf(HasSubstr("no field 'text'"), HasSubstr("content, id"), HasSubstr("text_field")));
  EXPECT_THAT(refuse("{\"text\": 12}"), HasSubstr("no string but a number"));
  EXPECT_THAT(refuse("{\"text\": null}"), HasSubstr("no string but null"));
  EXPECT_THAT(refuse("{\"text\": [\"a\"]}"), HasSubstr("no string but an array"));
}

TEST_F(TextCorpus, ALineThatIsTooLongIsRefusedBeforeItIsParsed) {
  const std::string file = write("long.jsonl", "{\"text\": \"a\"}\nx");
  fs::resize_file(file, (std::uintmax_t{64} << 20) + 100);
  EXPECT_THAT(refusal(ErrorCode::kBadFormat, from_path(file)),
              AllOf(HasSubstr("long.jsonl:2: "), HasSubstr("more than the 67108864")));
}

TEST_F(TextCorpus, ALineMustNameItsSkill) {
  const std::string file = write("a.jsonl", "{\"text\": \"a\", \"skill\": \"\"}\n");
  EXPECT_THAT(refusal(ErrorCode::kBadFormat, from_path(file, "skill")),
              HasSubstr(":1: the field 'skill' is empty"));
  EXPECT_THAT(refusal(ErrorCode::kBadFormat, from_path(file, "topic")),
              AllOf(HasSubstr("no field 'topic'"), HasSubstr("skill_field")));
}

TEST_F(TextCorpus, FilesThatAreMissingOrHoldNothingAreNamed) {
  EXPECT_THAT(refusal(ErrorCode::kNotFound, from_path((folder_ / "no*.jsonl").string())),
              HasSubstr("no*.jsonl"));
  EXPECT_THAT(refusal(ErrorCode::kNotFound, from_path(folder_.path().string())),
              HasSubstr("no *.jsonl file"));
  EXPECT_THAT(refusal(ErrorCode::kBadFormat, from_path(write("a.jsonl", ""))),
              HasSubstr("a.jsonl: has no documents"));
  EXPECT_THAT(refusal(ErrorCode::kBadFormat, from_path(write("b.jsonl", "\n{\"text\": \"\"}\n"))),
              HasSubstr("b.jsonl: has no documents"));
  CorpusSource source;
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, source), HasSubstr("neither files nor a path"));
  source.files = {{"x", {}}};
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, source), HasSubstr("'x' has no files"));
  source.skill_field = "topic";
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, source), HasSubstr("drop skill_field 'topic'"));
  source.path = "somewhere";
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, source), HasSubstr("both files and a path"));
}

}  // namespace
}  // namespace skillit
