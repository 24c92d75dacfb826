#include "skillit/data/answer_task.h"

#include <gtest/gtest.h>

#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

AnswerTask parse(const std::string& name, const std::string& text) {
  return parse_answer_task(name, text, "task.jsonl");
}

std::string scored_text(const Sample& sample) {
  std::string text;
  for (std::size_t t = 0; t < sample.tokens.size(); ++t) {
    if (sample.scored[t] == 1) text += static_cast<char>(sample.tokens[t]);
  }
  return text;
}

std::string whole_text(const Sample& sample) {
  return {sample.tokens.begin(), sample.tokens.end()};
}

TEST(AnswerTask, ReadsChoicesAndLastWords) {
  const AnswerTask choice =
      parse("copa",
            "{\"query\": \"It rained, so\", \"choices\": [\"a\", \"bc\"], \"gold\": 1}\n\n"
            "{\"query\": \"q\", \"choices\": [\"a\", \"b\", \"c\"], \"gold\": 0, \"id\": 7}");
  EXPECT_TRUE(choice.is_choice);
  ASSERT_EQ(choice.items.size(), 2U);
  EXPECT_EQ(choice.items[0].context, "It rained, so");
  EXPECT_EQ(choice.items[0].right, 1U);
  EXPECT_EQ(choice.items[1].answers, (std::vector<std::string>{"a", "b", "c"}));
  const AnswerTask last = parse("lambada", R"({"context": "She lost the", "continuation": "key"})");
  EXPECT_FALSE(last.is_choice);
  EXPECT_EQ(last.items[0].answers, std::vector<std::string>{"key"});
}

TEST(AnswerTask, ArcGetsTheWordThatItsPromptEndsWith) {
  const std::string line = R"({"query": "Question: Q?", "choices": ["a", "b"], "gold": 0})";
  EXPECT_EQ(parse("arc_easy", line).items[0].context, "Question: Q?\nAnswer:");
  EXPECT_EQ(parse("copa", line).items[0].context, "Question: Q?");
}

TEST(AnswerTask, WhatIsNoQuestionIsRefusedWithItsLine) {
  const std::string good = "{\"context\": \"a\", \"continuation\": \"b\"}\n";
  const auto refused = [](const std::string& text, std::initializer_list<std::string_view> words) {
    expect_error(ErrorCode::kBadFormat, words, [&] { (void)parse("t", text); });
  };
  refused("", {"task.jsonl", "no line"});
  refused(good + "7", {"task.jsonl:2", "object"});
  refused(good + R"({"query": "q", "choices": ["a", "b"], "gold": 0})", {":2", "kind"});
  refused(R"({"context": "a"})", {":1", "continuation"});
  refused(R"({"query": "q", "choices": ["a", "b"], "gold": 2})", {":1", "gold"});
  refused(R"({"query": "q", "choices": ["a", "b"], "gold": -1})", {":1", "gold"});
  refused(R"({"query": "q", "choices": ["a"], "gold": 0})", {":1", "two choices"});
  refused(R"({"query": "q", "gold": 0})", {":1", "two choices"});
  refused(good + "{", {"task.jsonl:2"});
}

TEST(EncodeAnswers, TheAnswerIsScoredAndSpacesGoToIt) {
  AnswerTask task{"t", true, {{"Q: no", {"x", "yz"}, 0}, {"ends in space ", {"w"}, 0}}};
  const SampleStore store = encode_answers(task, ByteTokenizer(), 64);
  ASSERT_EQ(store.size(), 3U);
  EXPECT_EQ(scored_text(store[0]), " x");
  EXPECT_EQ(whole_text(store[1]), "Q: no yz");
  EXPECT_EQ(scored_text(store[1]), " yz");
  EXPECT_EQ(scored_text(store[2]), "  w");
}

TEST(EncodeAnswers, ALongContextLosesItsBeginningAndAnEmptyOneIsTheEndOfADocument) {
  const ByteTokenizer tokenizer;
  AnswerTask task{"t", false, {{"abcdefgh", {"xy"}, 0}}};
  const SampleStore store = encode_answers(task, tokenizer, 5);
  EXPECT_EQ(whole_text(store[0]), "fgh xy");  // Five inputs, and the last token as a target only.
  EXPECT_EQ(scored_text(store[0]), " xy");
  task.items[0].context = "";
  const SampleStore bare = encode_answers(task, tokenizer, 5);
  EXPECT_EQ(bare[0].tokens.front(), tokenizer.end_of_document());
  EXPECT_EQ(scored_text(bare[0]), " xy");
}

TEST(EncodeAnswers, AnAnswerThatDoesNotFitIsRefused) {
  const AnswerTask task{"long", false, {{"a", {"sixteen letters!"}, 0}}};
  EXPECT_EQ(encode_answers(task, ByteTokenizer(), 17).size(), 1U);
  expect_error(ErrorCode::kBadArgument, {"long", "sixteen", "17 tokens", "1 to 16"},
               [&] { (void)encode_answers(task, ByteTokenizer(), 16); });
}

}  // namespace
}  // namespace skillit
