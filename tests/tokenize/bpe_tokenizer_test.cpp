#include "skillit/tokenize/bpe_tokenizer.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/tokenize/encode_batch.h"
#include "skillit/tokenize/make_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using skillit::testing::expect_error;
using ::testing::ElementsAre;

/// a b c, a space and ab bc abc over bytes; `rest` goes before the model, `flags` into it.
std::string small(const std::string& rest =
                      R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false})",
                  const std::string& flags = "") {
  return "{" + rest + R"(, "model": {"type": "BPE", )" + flags +
         R"("vocab": {"a": 0, "b": 1, "c": 2,
      "Ġ": 3, "ab": 4, "bc": 5, "abc": 6, "Ġa": 7}, "merges": ["b c", "a b", ["ab", "c"], "Ġ a"]}})";
}

BpeTokenizer tokenizer(const std::string& json) {
  return BpeTokenizer::parse(json, "t.json");
}

std::vector<TokenId> ids(const std::string& json, std::string_view text) {
  return tokenizer(json).encode(text);
}

void expect_refused(const std::string& json, std::initializer_list<std::string_view> words) {
  expect_error(ErrorCode::kBadFormat, words, [&] { (void)tokenizer(json); });
}

TEST(BpeTokenizer, ThePairOfLowestRankIsMergedFirstAndTheLeftmostOfEquals) {
  EXPECT_THAT(ids(small(), "abc"), ElementsAre(0, 5));  // b c comes before a b.
  EXPECT_THAT(ids(small(), "abab"), ElementsAre(4, 4));
  EXPECT_THAT(ids(small(), "ab cab"), ElementsAre(4, 3, 2, 4));
  EXPECT_THAT(ids(small(), "a a"), ElementsAre(0, 7));
  EXPECT_THAT(ids(small(), ""), ElementsAre());
}

TEST(BpeTokenizer, IgnoreMergesTakesAWordThatIsAToken) {
  EXPECT_THAT(ids(small(R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false})",
                        R"("ignore_merges": true, )"),
                  "abc ab"),
              ElementsAre(6, 3, 4));
}

TEST(BpeTokenizer, ALongWordIsMergedAsAShortOne) {
  std::string text;
  std::vector<TokenId> expected;
  for (int i = 0; i < 1000; ++i) {
    text += "abcab";
    expected.insert(expected.end(), {0, 5, 4});
  }
  EXPECT_EQ(ids(small(), text), expected);
}

TEST(BpeTokenizer, AnUnknownCharacterIsAnErrorUnlessThereIsATokenOrBytesForIt) {
  expect_error(ErrorCode::kBadArgument, {"t.json", "'d'", "unk_token", "byte_fallback"},
               [] { (void)ids(small(), "abd"); });
  const auto with = [](const std::string& flags) {
    return R"({"model": {)" + flags +
           R"("vocab": {"a": 0, "?": 1, "<0xC3>": 2, "<0xA9>": 3}, "merges": []}})";
  };
  EXPECT_THAT(ids(with(R"("unk_token": "?", )"), "abba"), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(ids(with(R"("unk_token": "?", "fuse_unk": true, )"), "abba"), ElementsAre(0, 1, 0));
  EXPECT_THAT(ids(with(R"("byte_fallback": true, )"), "a\u00e9"), ElementsAre(0, 2, 3));
}

TEST(BpeTokenizer, AddedTokensFollowTheirFlags) {
  const auto with = [](const std::string& flags) {
    return small(R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
        "added_tokens": [{"id": 8, "content": "cc", "normalized": false)" +
                 flags + "}]");
  };
  EXPECT_THAT(ids(with(""), "a cca"), ElementsAre(0, 3, 8, 0));
  EXPECT_THAT(ids(with(R"(, "lstrip": true)"), "a cca"), ElementsAre(0, 8, 0));
  EXPECT_THAT(ids(with(R"(, "rstrip": true)"), "acc  a"), ElementsAre(0, 8, 0));
  EXPECT_THAT(ids(with(R"(, "single_word": true)"), "acc cc"), ElementsAre(0, 2, 2, 3, 8));
  EXPECT_THAT(ids(with(""), "ccc"), ElementsAre(8, 2));
}

TEST(BpeTokenizer, AnAddedTokenIsNormalizedAsTheTextIs) {
  const auto with = [](const std::string& normalized) {
    return small(R"("normalizer": {"type": "Replace", "pattern": {"String": "b"}, "content": "a"},
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
        "added_tokens": [{"id": 8, "content": "bb", "normalized": )" +
                 normalized + "}]");
  };
  EXPECT_THAT(ids(with("true"), "abab"), ElementsAre(8, 8));
  EXPECT_THAT(ids(with("false"), "abab"), ElementsAre(0, 0, 0, 0));
}

TEST(BpeTokenizer, DecodesToTheBytesOfTheText) {
  const BpeTokenizer made = tokenizer(small(
      R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, "decoder": {"type": "ByteLevel"})"));
  EXPECT_EQ(made.decode(made.encode("abc ab c")), "abc ab c");
  expect_error(ErrorCode::kBadArgument, {"token 1 is 8", "below 8"}, [&] {
    (void)made.decode(std::vector<TokenId>{0, 8});
  });
}

TEST(BpeTokenizer, TheEndOfADocumentIsAKnownTokenOrOneBehindAllOthers) {
  EXPECT_EQ(tokenizer(small()).end_of_document(), 8);
  EXPECT_EQ(tokenizer(small()).vocabulary_size(), 9U);
  const BpeTokenizer named = tokenizer(
      small(R"("added_tokens": [{"id": 8, "content": "x"}, {"id": 9, "content": "</s>"}])"));
  EXPECT_EQ(named.end_of_document(), 9);
  EXPECT_EQ(named.vocabulary_size(), 10U);
}

TEST(BpeTokenizer, TheFingerprintIsOfWhatDecidesTheIds) {
  const std::string level = R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false})";
  const std::string first = tokenizer(small()).fingerprint();
  EXPECT_EQ(first, tokenizer(small(level + R"(, "decoder": {"type": "Fuse"})")).fingerprint());
  EXPECT_EQ(first, tokenizer(small("\n " + level)).fingerprint());
  EXPECT_NE(first, tokenizer(small(level, R"("ignore_merges": true, )")).fingerprint());
  EXPECT_NE(first, tokenizer(small(level + R"(, "normalizer": {"type": "NFC"})")).fingerprint());
  EXPECT_NE(
      first,
      tokenizer(small(level + R"(, "added_tokens": [{"id": 8, "content": "x"}])")).fingerprint());
}

TEST(BpeTokenizer, WhatIsNotSupportedIsRefusedByName) {
  expect_refused(R"({"model": {"type": "Unigram", "vocab": []}})", {"t.json", "Unigram", "BPE"});
  expect_refused(small(R"("normalizer": {"type": "Lowercase"})"),
                 {"normalizer", "'Lowercase'", "NFC"});
  expect_refused(small(R"("normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}]})"),
                 {"'Nmt'"});
  expect_refused(small(R"("pre_tokenizer": {"type": "UnicodeScripts"})"), {"'UnicodeScripts'"});
  expect_refused(small(R"("decoder": {"type": "CTC"})"), {"decoder", "'CTC'"});
  expect_refused(small(R"("post_processor": {"type": "Odd"})"), {"'Odd'"});
  expect_refused(small(R"("truncation": {"max_length": 5})"), {"truncation", "null"});
  expect_refused(small(R"("version": "1.0")", R"("dropout": 0.1, )"), {"dropout", "random"});
  expect_refused(small(R"("version": "1.0")", R"("end_of_word_suffix": "</w>", )"),
                 {"end_of_word_suffix"});
  expect_refused(
      small(
          R"("pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated", "invert": false})"),
      {"\\w", "byte 0"});
  expect_refused(
      small(
          R"("pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a*"}, "behavior": "Isolated", "invert": false})"),
      {"'a*'", "no text"});
}

TEST(BpeTokenizer, FilesThatAreWrongAreRefused) {
  expect_refused("", {"t.json", "JSON"});
  expect_refused("[]", {"object"});
  expect_refused("{}", {"'model' is missing"});
  expect_refused(std::string(100000, '['), {"nested deeper than 32"});
  expect_refused(R"({"model": {"vocab": {"a": 0, "b": 0}, "merges": []}})", {"id 0", "two tokens"});
  expect_refused(R"({"model": {"vocab": {"a": 99999999}, "merges": []}})",
                 {"id of \"a\"", "below 16777216"});
  expect_refused(R"({"model": {"vocab": {"a": -1}, "merges": []}})", {"id of \"a\""});
  expect_refused(R"({"model": {"vocab": {"a": 0}, "merges": ["a a"]}})", {"merge 0", "'aa'"});
  expect_refused(R"({"model": {"vocab": {"a": 0}, "merges": ["aa"]}})",
                 {"merges[0]", "two tokens"});
  expect_refused(R"({"model": {"vocab": {"a": 0}, "merges": [], "unk_token": "?"}})",
                 {"unk_token '?'"});
  expect_refused(small(R"("added_tokens": [{"id": 20, "content": "x"}])"),
                 {"added_tokens[0]", "20", "it is 8"});
  expect_refused(small(R"("added_tokens": [{"id": 8, "content": ""}])"),
                 {"added token 8", "0 bytes"});
}

TEST(BpeTokenizer, BytesThatAreNotUtf8CountAsTheReplacementCharacter) {
  const std::string json = R"({"model": {"vocab": {"a": 0, "�": 1}, "merges": []}})";
  EXPECT_THAT(ids(json, "a\xff"), ElementsAre(0, 1));
  EXPECT_THAT(ids(json,
                  "\xe2\x82"
                  "a\xf0\x9f\x98"),
              ElementsAre(1, 0, 1));
  EXPECT_THAT(ids(json, "\xed\xa0\x80"), ElementsAre(1, 1, 1));
}

TEST(BpeTokenizer, ABatchGivesWhatEachTextGivesWhateverTheThreads) {
  const BpeTokenizer made = tokenizer(small());
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 500; ++i)
    texts.push_back(std::string(i % 40, 'a') + "bc abc" + std::string(i % 7, 'c'));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto alone = encode_batch(made, views, 1);
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(alone[i], made.encode(texts[i]));
  EXPECT_EQ(encode_batch(made, views, 4), alone);
  const std::vector<std::string_view> wrong = {"a", "d", "e"};
  expect_error(ErrorCode::kBadArgument, {"'d'"}, [&] { (void)encode_batch(made, wrong, 2); });
  expect_error(ErrorCode::kBadArgument, {"0 threads"}, [&] { (void)encode_batch(made, wrong, 0); });
}

TEST(BpeTokenizer, ARecipeNamesItByItsPath) {
  const TempFolder folder;
  write_file_atomically(folder / "own.json", small());
  EXPECT_THAT(make_tokenizer((folder / "own.json").string())->encode("abc"), ElementsAre(0, 5));
  expect_error(ErrorCode::kIo, {"none.json"},
               [&] { (void)make_tokenizer((folder / "none.json").string()); });
}

}  // namespace
}  // namespace skillit
