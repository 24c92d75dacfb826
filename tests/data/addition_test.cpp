#include "skillit/data/addition.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "skillit/base/error.h"

namespace skillit {
namespace {

AdditionOptions addition(int digits) {
  AdditionOptions options;
  options.digits = digits;
  options.train_samples = 300;
  options.validation_samples = 50;
  return options;
}

std::vector<std::string> texts(const SampleStore& store) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < store.size(); ++i)
    result.push_back(synthetic_tokenizer().decode(store[i].tokens));
  return result;
}

TEST(Addition, TextHasThePublishedForm) {
  EXPECT_EQ(addition_text(106, 71, 3, 0).text(), "Input: A = 1 0 6 + 0 7 1 , A 0 = ? Output: 7");
  EXPECT_EQ(addition_text(998, 998, 3, 2).text(), "Input: A = 9 9 8 + 9 9 8 , A 2 = ? Output: 9");
  EXPECT_EQ(addition_text(7, 5, 3, 1).text(), "Input: A = 0 0 7 + 0 0 5 , A 1 = ? Output: 1");
}

TEST(Addition, HasAsManyTokensAsPublishedAndTheAnswerLast) {
  for (const auto& [digits, num_tokens] : {std::pair{3, 19U}, std::pair{4, 21U}}) {
    const SkillData data = make_addition_data(addition(digits), 1);
    for (const SampleStore& store : data.train) {
      for (std::size_t i = 0; i < store.size(); ++i) {
        ASSERT_EQ(store[i].tokens.size(), num_tokens);
        ASSERT_EQ(std::count(store[i].scored.begin(), store[i].scored.end(), 1), 1);
        ASSERT_EQ(store[i].scored.back(), 1);
      }
    }
  }
}

TEST(Addition, EveryAnswerIsTheDigitAskedFor) {
  const SkillData data = make_addition_data(addition(3), 1);
  EXPECT_THAT(data.skills.names(),
              testing::ElementsAre("addition-ones", "addition-tens", "addition-hundreds"));
  for (std::size_t skill = 0; skill < 3; ++skill) {
    const int power = skill == 0 ? 1 : skill == 1 ? 10 : 100;
    for (const std::string& text : texts(data.train[skill])) {
      std::array<int, 3> a{};
      std::array<int, 3> b{};
      std::size_t asked = 9;
      int answer = -1;
      const int num_read =
          std::sscanf(text.c_str(), "Input: A = %1d %1d %1d + %1d %1d %1d , A %1zu = ? Output: %1d",
                      &a[0], &a[1], &a[2], &b[0], &b[1], &b[2], &asked, &answer);
      ASSERT_EQ(num_read, 8) << text;
      const int first = 100 * a[0] + 10 * a[1] + a[2];
      const int second = 100 * b[0] + 10 * b[1] + b[2];
      ASSERT_LE(std::max(first, second), 998);
      ASSERT_EQ(asked, skill);
      ASSERT_EQ(answer, (first + second) / power % 10) << text;
    }
  }
}

TEST(Addition, OneDigitHasEightyOneSumsSplitWithoutOverlap) {
  const SkillData data = make_addition_data(addition(1), 1);
  const auto train = texts(data.train[0]);
  const auto validation = texts(data.validation[0]);
  EXPECT_EQ(train.size(), 65U);
  EXPECT_EQ(validation.size(), 16U);
  std::set<std::string> all(train.begin(), train.end());
  all.insert(validation.begin(), validation.end());
  EXPECT_EQ(all.size(), 81U);
}

TEST(Addition, NineDigitsWorkAndMoreAreRefused) {
  const SkillData data = make_addition_data(addition(9), 1);
  EXPECT_EQ(data.skills[8], "addition-hundred-millions");
  for (const int digits : {0, 10}) {
    try {
      (void)make_addition_data(addition(digits), 1);
      FAIL() << digits << " digits accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
      EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(digits) + " digits; 1 to 9"));
    }
  }
}

TEST(Addition, TextsArePinned) {
  const SkillData data = make_addition_data(addition(3), 1);
  EXPECT_EQ(texts(data.validation[1])[0], "Input: A = 5 1 3 + 1 3 6 , A 1 = ? Output: 4");
  EXPECT_EQ(texts(data.train[2])[0], "Input: A = 5 3 9 + 8 2 9 , A 2 = ? Output: 3");
}

}  // namespace
}  // namespace skillit
