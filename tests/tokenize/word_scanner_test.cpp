#include "skillit/tokenize/word_scanner.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/regex_private.h"
#include "skillit/tokenize/unicode_form.h"
#include "skillit/tokenize/utf8.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;

constexpr const char* kPatterns[] = {
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};

std::vector<std::string> words(std::string_view regex, std::string_view text) {
  const WordPattern pattern = known_word_pattern(regex).value();
  std::vector<std::string> found;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = word_end(pattern, text, begin);
    found.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return found;
}

TEST(WordScanner, CutsAsItsPatternSays) {
  EXPECT_THAT(words(kPatterns[0], "it's  a1, \n\nb"),
              ElementsAre("it", "'s", " ", " a", "1", ",", " \n", "\n", "b"));
  EXPECT_THAT(words(kPatterns[1], "IT'S 12345\n\n  x-y"),
              ElementsAre("IT", "'S", " ", "123", "45", "\n\n", " ", " x", "-y"));
  EXPECT_THAT(words(kPatterns[2], "12 .\n"), ElementsAre("1", "2", " .\n"));
  EXPECT_EQ(known_word_pattern("\\p{L}+"), std::nullopt);
}

TEST(WordScanner, AgreesWithTheRegularExpressionItStandsFor) {
  constexpr char32_t kSigns[] = {'a',   'S',   't',    'r',     'e',     'l',     '\'',  '\'',
                                 ' ',   ' ',   '\n',   '\r',    '\t',    '1',     '.',   '-',
                                 0x17f, 0xe9,  0x300,  0x4e00,  0x2028,  0x3000,  0x85,  0x180e,
                                 0xb2,  0x660, 0x1c89, 0x10d40, 0x1f600, 0x323af, 0xfffd};
  Rng rng(1);
  for (const char* pattern : kPatterns) {
    const detail::Regex regex(pattern, "test");
    for (int round = 0; round < 3000; ++round) {
      std::string text;
      for (std::uint64_t i = 1 + rng.below(20); i > 0; --i)
        append_utf8(text, kSigns[rng.below(std::size(kSigns))]);
      std::vector<std::string> expected;
      for (const auto& part : regex.split(text)) {
        EXPECT_TRUE(part.is_match);
        expected.push_back(text.substr(part.begin, part.end - part.begin));
      }
      ASSERT_EQ(words(pattern, text), expected)
          << pattern << ": " << ::testing::PrintToString(text);
    }
  }
}

TEST(CodePointClasses, KnowUnicode16) {
  const CodePointClasses& classes = CodePointClasses::get();
  EXPECT_EQ(classes['a'], kLetterClass | kWordClass);
  EXPECT_EQ(classes['1'], kNumberClass | kWordClass);
  EXPECT_EQ(classes[0xb2], kNumberClass);  // A superscript is no word character.
  EXPECT_EQ(classes[0x1c89], kLetterClass | kWordClass);
  EXPECT_EQ(classes[0x85], kSpaceClass);
  EXPECT_EQ(classes[0x180e], kOtherClass);
  EXPECT_EQ(classes[0x301], kWordClass);
  EXPECT_EQ(classes[0x10ffff], kOtherClass);
}

TEST(UnicodeForm, ComposesDecomposesAndSortsMarks) {
  EXPECT_EQ(to_unicode_form("e\u0301", UnicodeForm::kNfc), "\u00e9");
  EXPECT_EQ(to_unicode_form("\u00e9", UnicodeForm::kNfd), "e\u0301");
  EXPECT_EQ(to_unicode_form("\ufb01\u00b2", UnicodeForm::kNfkc), "fi2");
  EXPECT_EQ(to_unicode_form("\uac01", UnicodeForm::kNfkd), "\u1100\u1161\u11a8");
  EXPECT_EQ(to_unicode_form("q\u0307\u0323", UnicodeForm::kNfc), "q\u0323\u0307");
  // U+09FE, a mark of Unicode 11, is no mark to the package.
  EXPECT_EQ(to_unicode_form("a\u09fe\u0323", UnicodeForm::kNfd), "a\u09fe\u0323");
}

TEST(Regex, RefusesWhatTheTwoLibrariesReadDifferently) {
  for (const char* pattern : {R"(\w)", R"(\b)", R"(\h)", "[a&&b]", "[[:alpha:]]", "(?m:.)", "a{2}+",
                              R"([\P{L}])", R"(\p{L)"}) {
    testing::expect_error(ErrorCode::kBadFormat, {"here", pattern, "not supported"},
                          [&] { (void)detail::to_pcre2(pattern, "here"); });
  }
  testing::expect_error(ErrorCode::kBadFormat, {"here", "(a", "not valid"},
                        [] { detail::Regex("(a", "here"); });
}

}  // namespace
}  // namespace skillit
