#include "skillit/data/text_skills.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "skillit/tokenize/character_tokenizer.h"

namespace skillit {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr TokenId kEnd = 256;

Corpus corpus_of(const std::map<std::string, std::vector<std::string>>& texts) {
  Corpus corpus;
  std::vector<std::string> names;
  for (const auto& [name, of_skill] : texts) {
    std::uint64_t line = 0;
    std::vector<Document> documents;
    for (const std::string& text : of_skill) {
      documents.push_back({text, static_cast<std::uint32_t>(names.size()), ++line});
    }
    corpus.documents.push_back(documents);
    corpus.files.push_back(name + ".jsonl");
    names.push_back(name);
  }
  corpus.skills = SkillSet(names);
  return corpus;
}

std::vector<std::string> numbered(const std::string& prefix, int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(prefix + std::to_string(i));
  return texts;
}

/// All tokens of a store, one sample after the other.
std::vector<TokenId> joined(const SampleStore& store) {
  std::vector<TokenId> tokens;
  for (std::size_t i = 0; i < store.size(); ++i) {
    tokens.insert(tokens.end(), store[i].tokens.begin(), store[i].tokens.end());
  }
  return tokens;
}

/// The documents in a store whose samples were cut from one sequence.
std::multiset<std::string> documents_of(const SampleStore& store) {
  std::multiset<std::string> documents;
  std::string text;
  for (const TokenId token : joined(store)) {
    if (token == kEnd) {
      documents.insert(text);
      text.clear();
    } else {
      text += static_cast<char>(token);
    }
  }
  return documents;
}

TEST(TextSkills, DocumentsFollowOneAnotherAndAreCutEveryContextTokens) {
  TextOptions options;
  options.packing.window = 4;
  const SkillData data =
      make_text_data(corpus_of({{"a", {"abcde", "xy", "0123456"}}}), options, ByteTokenizer());
  // One of three is held out, whichever has the smallest hash; the rest is cut without padding.
  auto all = documents_of(data.train[0]);
  ASSERT_EQ(all.size(), 2U);
  ASSERT_EQ(documents_of(data.validation[0]).size(), 1U);
  all.merge(documents_of(data.validation[0]));
  EXPECT_EQ(all, (std::multiset<std::string>{"abcde", "xy", "0123456"}));
  for (std::size_t i = 0; i < data.train[0].size(); ++i) {
    const Sample sample = data.train[0][i];
    const bool last = i + 1 == data.train[0].size();
    EXPECT_TRUE(sample.tokens.size() == 4 || (last && sample.tokens.size() >= 2));
    for (std::size_t t = 0; t < sample.scored.size(); ++t)
      EXPECT_EQ(sample.scored[t], t == 0 ? 0 : 1);
  }
}

TEST(TextSkills, ASingleTokenAtTheEndIsDropped) {
  TextOptions options;
  options.packing.window = 4;
  // Documents of 4 and of 4 + 5 tokens with their ends: 1 x 4; 2 x 4 and one left over.
  const Corpus corpus = corpus_of({{"a", {"abc", "abc", "defg", "abc"}}});
  const SkillData data = make_text_data(corpus, options, ByteTokenizer());
  const std::set<std::size_t> tokens = {data.train[0].num_tokens(),
                                        data.validation[0].num_tokens()};
  EXPECT_EQ(tokens, (std::set<std::size_t>{4, 12}));
}

TEST(TextSkills, ContentAloneDecidesTheSideWhateverTheOrderTheSkillAndTheCompany) {
  TextOptions options;
  options.validation_fraction = 0.2;
  options.max_validation_samples = 100000;
  const auto texts = numbered("document ", 1000);
  auto reversed = texts;
  std::reverse(reversed.begin(), reversed.end());
  auto more = numbered("another ", 500);
  more.insert(more.end(), texts.begin(), texts.end());
  const auto held_out = [&](const std::vector<std::string>& of_skill, const std::string& name) {
    return documents_of(
        make_text_data(corpus_of({{name, of_skill}}), options, ByteTokenizer()).validation[0]);
  };
  const auto first = held_out(texts, "a");
  EXPECT_NEAR(static_cast<double>(first.size()), 200, 40);
  EXPECT_EQ(first, held_out(reversed, "b"));
  const auto larger = held_out(more, "c");
  for (const std::string& text : first) EXPECT_EQ(larger.count(text), 1U) << text;
}

TEST(TextSkills, NoTextIsOnBothSidesInAnySkill) {
  // Many small skills that share documents, so that most must give one up for validation.
  std::map<std::string, std::vector<std::string>> texts;
  Rng rng(1);
  for (int skill = 0; skill < 30; ++skill) {
    for (int i = 0; i < 12; ++i)
      texts[fmt::format("s{}", skill)].push_back(fmt::format("t{}", rng.below(100)));
  }
  TextOptions options;
  options.validation_fraction = 0.001;
  const SkillData data = make_text_data(corpus_of(texts), options, ByteTokenizer());
  std::set<std::string> train;
  std::set<std::string> validation;
  for (std::size_t skill = 0; skill < 30; ++skill) {
    for (const std::string& text : documents_of(data.train[skill])) train.insert(text);
    for (const std::string& text : documents_of(data.validation[skill])) validation.insert(text);
    EXPECT_GE(data.validation[skill].size(), 1U);
  }
  for (const std::string& text : validation) EXPECT_EQ(train.count(text), 0U) << text;
}

TEST(TextSkills, ValidationIsThinnedEvenlyToItsLimit) {
  TextOptions options;
  options.packing.window = 8;
  options.validation_fraction = 0.5;
  options.max_validation_samples = 1000000;
  const Corpus corpus = corpus_of({{"a", numbered("some text ", 400)}});
  const SampleStore all = make_text_data(corpus, options, ByteTokenizer()).validation[0];
  options.max_validation_samples = 10;
  const SampleStore few = make_text_data(corpus, options, ByteTokenizer()).validation[0];
  ASSERT_EQ(few.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto expected = all[i * all.size() / 10].tokens;
    EXPECT_TRUE(
        std::equal(few[i].tokens.begin(), few[i].tokens.end(), expected.begin(), expected.end()))
        << i;
  }
}

TEST(TextSkills, NothingOnOneSideIsRefusedByName) {
  const auto refuse = [](const Corpus& corpus, const TextOptions& options,
                         const Tokenizer& tokenizer) -> std::string {
    try {
      (void)make_text_data(corpus, options, tokenizer);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
      return error.what();
    }
    return "no error";
  };
  const ByteTokenizer bytes;
  EXPECT_THAT(refuse(corpus_of({{"tiny", {"one", "one"}}}), {}, bytes),
              AllOf(HasSubstr("the 2 documents of the skill 'tiny'"), HasSubstr("tiny.jsonl:1"),
                    HasSubstr("are one text")));
  EXPECT_THAT(refuse(corpus_of({{"none", {}}}), {}, bytes), HasSubstr("'none' has no documents"));
  const Corpus corpus = corpus_of({{"a", {"one", "two", "thr\u00e9e"}}});
  EXPECT_THAT(refuse(corpus, {.packing = {.window = 1}}, bytes), HasSubstr("windows of 1 tokens"));
  EXPECT_THAT(refuse(corpus, {.validation_fraction = 0}, bytes),
              HasSubstr("validation_fraction is 0"));
  EXPECT_THAT(refuse(corpus, {.validation_fraction = 1}, bytes),
              HasSubstr("validation_fraction is 1"));
  EXPECT_THAT(refuse(corpus, {.max_validation_samples = 0}, bytes),
              HasSubstr("max_validation_samples is 0"));
  EXPECT_THAT(refuse(corpus, {}, CharacterTokenizer("onetwhr")),
              AllOf(HasSubstr("a.jsonl:3: "), HasSubstr("'\u00e9'")));
}

TEST(TextSkills, ASampleOfRedPajamaBecomesSevenSkills) {
  const char* shared = std::getenv("SKILLIT_SHARED");
  const std::string folder =
      std::string(shared != nullptr ? shared : SKILLIT_SOURCE_DIR "/../shared") +
      "/data/redpajama_sample";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << folder << " is not there; set SKILLIT_SHARED to test on it";
  CorpusSource source;
  source.path = folder;
  const SkillData data = make_text_data(read_corpus(source), {}, ByteTokenizer());
  EXPECT_THAT(data.skills.names(), testing::ElementsAre("arxiv", "book", "c4", "common_crawl",
                                                        "github", "stackexchange", "wikipedia"));
  for (std::size_t skill = 0; skill < data.skills.size(); ++skill) {
    EXPECT_GT(data.train[skill].size(), 100U) << data.skills[skill];
    EXPECT_GE(data.validation[skill].size(), 1U) << data.skills[skill];
    EXPECT_LE(data.validation[skill].size(), 500U) << data.skills[skill];
  }
}

}  // namespace
}  // namespace skillit
