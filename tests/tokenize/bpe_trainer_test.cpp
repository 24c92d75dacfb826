#include "skillit/tokenize/bpe_trainer.h"

#include <gmock/gmock.h>

#include <string_view>
#include <vector>

#include "skillit/tokenize/bpe_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

BpeTokenizer trained(const std::vector<std::string_view>& texts, const BpeTrainerOptions& options) {
  return BpeTokenizer::parse(train_bpe(texts, options), "trained");
}

TEST(BpeTrainer, TheMostFrequentPairBecomesATokenFirst) {
  // Words: "ab" 3 times, "abc" 2, "xy" 2. The pair ab is there 5 times, then abc and xy twice each:
  // of equals the smaller ids, which x y has (a b is a new token, behind all bytes).
  const std::vector<std::string_view> texts = {"ab", "ab", "ab", "abc", "abc", "xy", "xy"};
  const BpeTokenizer made = trained(texts, {.vocabulary_size = 300});
  EXPECT_EQ(made.vocabulary_size(), 260U);  // The end, 256 bytes and three merges.
  EXPECT_THAT(made.encode("ab"), ::testing::ElementsAre(257));
  EXPECT_THAT(made.encode("xy"), ::testing::ElementsAre(258));
  EXPECT_THAT(made.encode("abc"), ::testing::ElementsAre(259));
  EXPECT_EQ(trained(texts, {.vocabulary_size = 258}).encode("abc").size(), 2U);
  EXPECT_EQ(trained(texts, {.vocabulary_size = 300, .min_count = 3}).vocabulary_size(), 258U);
}

TEST(BpeTrainer, AnythingComesBackAndTheOrderOfTextsDoesNotMatter) {
  const std::vector<std::string_view> texts = {"aaaa aaaa aa", "the cat the hat",
                                               "\u00e9t\u00e9 \u00e9t\u00e9"};
  const std::vector<std::string_view> reversed(texts.rbegin(), texts.rend());
  EXPECT_EQ(train_bpe(texts, {}), train_bpe(reversed, {}));
  const BpeTokenizer made = trained(texts, {});
  for (const std::string_view text : {"aaaaaaa", "hat \u4f60 \u00e9t", "\x01\n\n  x", ""}) {
    EXPECT_EQ(made.decode(made.encode(text)), text);
  }
  EXPECT_THAT(made.encode("<|endoftext|>"), ::testing::ElementsAre(0));
  EXPECT_EQ(made.end_of_document(), 0);
}

TEST(BpeTrainer, OptionsOutsideTheirRangeAreRefused) {
  const std::vector<std::string_view> texts = {"a"};
  testing::expect_error(ErrorCode::kBadArgument, {"256", "257"},
                        [&] { (void)train_bpe(texts, {.vocabulary_size = 256}); });
  testing::expect_error(ErrorCode::kBadArgument, {"min_count is 0"},
                        [&] { (void)train_bpe(texts, {.min_count = 0}); });
}

}  // namespace
}  // namespace skillit
