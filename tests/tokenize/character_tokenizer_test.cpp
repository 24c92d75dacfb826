#include "skillit/tokenize/character_tokenizer.h"

#include <gmock/gmock.h>

#include <functional>

#include "skillit/base/error.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

using testing::HasSubstr;

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
    return error.what();
  }
  return "no error";
}

TEST(CharacterTokenizer, OneTokenPerCodePointInSortedOrder) {
  const CharacterTokenizer tokenizer("b\u00e9a\U0001f600b");  // b, e acute, a, a smiley, b
  EXPECT_EQ(tokenizer.vocabulary_size(), 5U);
  EXPECT_EQ(tokenizer.end_of_document(), 4);
  const std::string text = "ab\u00e9\U0001f600";
  EXPECT_THAT(tokenizer.encode(text), testing::ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  EXPECT_EQ(tokenizer.fingerprint(), CharacterTokenizer("\U0001f600\u00e9ab").fingerprint());
  EXPECT_NE(tokenizer.fingerprint(), CharacterTokenizer("\U0001f600\u00e9abc").fingerprint());
}

TEST(CharacterTokenizer, SaysWhichCharacterIsUnknownAndWhere) {
  const CharacterTokenizer tokenizer("abc");
  EXPECT_THAT(refusal([&] { (void)tokenizer.encode("ab\u00e9"); }),
              HasSubstr("'\u00e9' at byte 2"));
  EXPECT_THAT(refusal([&] { (void)tokenizer.encode("a\xff"); }),
              HasSubstr("byte 1 of the text (0xff)"));
  EXPECT_THAT(refusal([] { CharacterTokenizer("a\xc3"); }), HasSubstr("UTF-8"));
  EXPECT_THAT(refusal([] { CharacterTokenizer(""); }), HasSubstr("empty"));
  EXPECT_THAT(refusal([&] { (void)tokenizer.decode(std::vector<TokenId>{3}); }),
              HasSubstr("only 0..2"));
}

TEST(Utf8, AcceptsTheEdgesOfEveryLengthAndNothingBeyond) {
  for (const std::string valid :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(code_point_size(valid + "x", 0), valid.size());
  }
  for (const std::string wrong :
       {"\x80", "\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(code_point_size(wrong, 0), 0U) << testing::PrintToString(wrong);
  }
}

}  // namespace
}  // namespace skillit
