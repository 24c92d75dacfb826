#include "skillit/data/sample_store.h"

#include <gmock/gmock.h>

#include <functional>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using Tokens = std::vector<TokenId>;
using Marks = std::vector<std::uint8_t>;
using testing::ElementsAre;

SampleStore store_of(const std::vector<std::pair<Tokens, Marks>>& samples) {
  SampleStore store;
  for (const auto& [tokens, marks] : samples) store.add(tokens, marks);
  return store;
}

TEST(SampleStore, GivesBackEachSampleInOrder) {
  const SampleStore store = store_of({{{7, 8, 9}, {0, 0, 1}}, {{5, 6}, {0, 1}}});
  ASSERT_EQ(store.size(), 2U);
  EXPECT_EQ(store.num_tokens(), 5U);
  EXPECT_THAT(store[0].tokens, ElementsAre(7, 8, 9));
  EXPECT_THAT(store[0].scored, ElementsAre(0, 0, 1));
  EXPECT_THAT(store[1].tokens, ElementsAre(5, 6));
  EXPECT_THAT(store[1].scored, ElementsAre(0, 1));
  EXPECT_THROW((void)store[2], std::logic_error);
}

TEST(SampleStore, FingerprintTellsTokensMarksAndBoundsApart) {
  const std::string base = store_of({{{1, 2, 3, 4}, {0, 1, 0, 1}}}).fingerprint();
  EXPECT_EQ(base, store_of({{{1, 2, 3, 4}, {0, 1, 0, 1}}}).fingerprint());
  EXPECT_NE(base, store_of({{{1, 2, 3, 5}, {0, 1, 0, 1}}}).fingerprint());
  EXPECT_NE(base, store_of({{{1, 2, 3, 4}, {0, 1, 1, 1}}}).fingerprint());
  EXPECT_NE(base, store_of({{{1, 2}, {0, 1}}, {{3, 4}, {0, 1}}}).fingerprint());
  EXPECT_NE(base, SampleStore().fingerprint());
}

TEST(SampleStore, RefusesSamplesThatTeachNothingAndStaysAsItWas) {
  SampleStore store = store_of({{{1, 2}, {0, 1}}});
  const auto refuse = [&](const Tokens& tokens, const Marks& marks) -> std::string {
    try {
      store.add(tokens, marks);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
      EXPECT_EQ(store.size(), 1U);
      EXPECT_EQ(store.num_tokens(), 2U);
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(refuse({}, {}), testing::HasSubstr("no tokens"));
  EXPECT_THAT(refuse({1, 2}, {0}), testing::HasSubstr("2 tokens but 1 marks"));
  EXPECT_THAT(refuse({1, 2}, {1, 1}), testing::HasSubstr("first token is scored"));
  EXPECT_THAT(refuse({1, 2}, {0, 2}), testing::HasSubstr("neither 0 nor 1"));
  EXPECT_THAT(refuse({1, 2}, {0, 0}), testing::HasSubstr("none of its 2 tokens"));
}

}  // namespace
}  // namespace skillit
