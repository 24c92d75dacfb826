#include "skillit/train/length_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skillit {
namespace {

using ::testing::ElementsAre;

TEST(LengthBatches, OneLengthWithinTheLimitInOrder) {
  const std::vector<TokenId> tokens(8, 1);
  std::vector<Sample> samples;
  for (const std::size_t length : {4, 2, 4, 8, 4, 2, 4})
    samples.push_back({{tokens.data(), length}, {}});
  const auto batches = batches_by_length(samples, {.samples = 3, .tokens = 100});
  EXPECT_THAT(batches,
              ElementsAre(ElementsAre(1, 5), ElementsAre(0, 2, 4), ElementsAre(6), ElementsAre(3)));
  // Of 7 tokens one of 4, three of 2; the one of 8 goes alone all the same.
  const auto narrow = batches_by_length(samples, {.samples = 3, .tokens = 7});
  EXPECT_THAT(narrow, ElementsAre(ElementsAre(1, 5), ElementsAre(0), ElementsAre(2), ElementsAre(4),
                                  ElementsAre(6), ElementsAre(3)));
  EXPECT_TRUE(batches_by_length({}, {}).empty());
}

TEST(LengthBatches, AWideModelMeasuresFewerTokensAtOnce) {
  Architecture model;
  model.width = 64;
  EXPECT_EQ(evaluation_limit(model).tokens, 1U << 14);
  EXPECT_EQ(evaluation_limit(model).samples, 128U);
  model.width = 1024;
  EXPECT_EQ(evaluation_limit(model).tokens, 1024U);
  model.width = 8192;
  EXPECT_EQ(evaluation_limit(model).tokens, 512U);
}

}  // namespace
}  // namespace skillit
