#include "skillit/tokenize/word_list_tokenizer.h"

#include <gmock/gmock.h>

#include <functional>

#include "skillit/base/error.h"
#include "skillit/tokenize/make_tokenizer.h"
#include "skillit/tokenize/split_words.h"

namespace skillit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(ErrorCode code, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

// The expected pieces are what the pattern ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
// gives.
TEST(SplitWords, CutsLettersDigitsSignsAndWhiteSpaceAsGpt2Does) {
  EXPECT_THAT(split_words("Input:  b = val c , x1"),
              ElementsAre("Input", ":", " ", " b", " =", " val", " c", " ,", " x", "1"));
  EXPECT_THAT(split_words("a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(split_words("a\nb"), ElementsAre("a", "\n", "b"));
  EXPECT_THAT(split_words("a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
  EXPECT_THAT(split_words("a \n b"), ElementsAre("a", " \n", " b"));
  EXPECT_THAT(split_words("1, "), ElementsAre("1", ",", " "));
  EXPECT_THAT(split_words("a  "), ElementsAre("a", "  "));
  EXPECT_THAT(split_words(" ?!."), ElementsAre(" ?!."));
  EXPECT_THAT(split_words(""), testing::IsEmpty());
}

TEST(WordListTokenizer, ComesBackAsItWasAndNumbersByPlaceInTheList) {
  const WordListTokenizer tokenizer({" b", "a", " "});
  EXPECT_THAT(tokenizer.encode("a  b"), ElementsAre(1, 2, 0));
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("a  b")), "a  b");
  EXPECT_EQ(tokenizer.end_of_document(), 3);
  EXPECT_EQ(tokenizer.vocabulary_size(), 4U);
  EXPECT_NE(tokenizer.fingerprint(), WordListTokenizer({"a", " b", " "}).fingerprint());
}

TEST(WordListTokenizer, NamesTheUnknownWordAndItsPlace) {
  const WordListTokenizer tokenizer({"a", " b"});
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, [&] { (void)tokenizer.encode("a b cat"); }),
              HasSubstr("' cat' at byte 3"));
  EXPECT_THAT(refusal(ErrorCode::kBadArgument,
                      [&] {
                        (void)tokenizer.decode(std::vector<TokenId>{0, 2});
                      }),
              HasSubstr("token 1 is 2"));
}

TEST(WordListTokenizer, RefusesListsThatCannotWork) {
  const auto refuse = [](std::vector<std::string> words) {
    return refusal(ErrorCode::kBadArgument, [&] { WordListTokenizer{std::move(words)}; });
  };
  EXPECT_THAT(refuse({}), HasSubstr("empty"));
  EXPECT_THAT(refuse({"a", ""}), HasSubstr("entry 1"));
  EXPECT_THAT(refuse({"a", "b", "a"}), HasSubstr("'a' is in the vocabulary twice, at 0 and 2"));
  EXPECT_THAT(refuse({"a", "b c"}), HasSubstr("'b c' is more than one word"));
}

TEST(SyntheticWords, OrderIsAFormatAndPinned) {
  EXPECT_THAT(synthetic_words(),
              ElementsAre("Input", " Output", ":", " ", " =", " val", " not", " ,", ",", ".", " +",
                          " ?", " A",                                                  //
                          " 0", " 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8", " 9",  //
                          " a", " b", " c", " d", " e", " f", " g", " h", " i", " j", " k", " l",
                          " m", " n",  //
                          " o", " p", " q", " r", " s", " t", " u", " v", " w", " x", " y", " z"));
  EXPECT_EQ(synthetic_tokenizer().end_of_document(), 49);
  EXPECT_EQ(synthetic_tokenizer().fingerprint(), "63d45e8a1655565f89109a343f93b8cc");
}

TEST(MakeTokenizer, MakesWhatARecipeNames) {
  EXPECT_EQ(make_tokenizer("byte")->vocabulary_size(), 257U);
  EXPECT_EQ(make_tokenizer("words")->fingerprint(), synthetic_tokenizer().fingerprint());
  EXPECT_EQ(make_tokenizer("character", "abca")->vocabulary_size(), 4U);
  EXPECT_THAT(refusal(ErrorCode::kNotFound, [] { (void)make_tokenizer("bytes"); }),
              HasSubstr("did you mean 'byte'"));
  EXPECT_THAT(refusal(ErrorCode::kBadArgument, [] { (void)make_tokenizer("character"); }),
              HasSubstr("there are none here"));
}

}  // namespace
}  // namespace skillit
