#include "skillit/run/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;

Dataset lego(const SkillChoice& choice = {}) {
  DataOptions options;
  options.source = "lego";
  options.skills = 3;
  options.validation = 5;
  return make_dataset(options, 7, 0, choice);
}

TEST(Dataset, ChosenCopiesTheSkillsNamedAlone) {
  const Dataset all = lego();
  const SkillChoice choice{{"lego-3", "lego-1"}, {"lego-2"}, Setting::kAuto};
  const Dataset part = all.chosen(choice);
  EXPECT_THAT(part.train_skills.names(), ElementsAre("lego-3", "lego-1"));
  EXPECT_THAT(part.eval_skills.names(), ElementsAre("lego-2"));
  ASSERT_EQ(part.train.size(), 2U);
  EXPECT_EQ(part.train[0].fingerprint(), all.train[2].fingerprint());
  EXPECT_EQ(part.train[1].fingerprint(), all.train[0].fingerprint());
  EXPECT_EQ(part.validation[0].fingerprint(), all.validation[1].fingerprint());
  EXPECT_EQ(part.all_skills, all.all_skills);
  EXPECT_EQ(part.fingerprint(), lego(choice).fingerprint());
  EXPECT_EQ(all.train[0].size(), 7U);  // Nothing was moved out.
}

TEST(Dataset, KnowsWhetherItHoldsAChoice) {
  const SkillChoice outside{{}, {"lego-2"}, Setting::kOutOfDomain};
  EXPECT_TRUE(lego().is_chosen({}));
  EXPECT_FALSE(lego().is_chosen(outside));
  EXPECT_TRUE(lego(outside).is_chosen(outside));
  EXPECT_FALSE(lego().is_chosen({{"lego-2", "lego-1", "lego-3"}, {}, Setting::kAuto}));
}

TEST(Dataset, ASkillThatIsNotThereIsRefused) {
  EXPECT_THROW((void)lego().chosen({{"lego-9"}, {}, Setting::kAuto}), Error);
}

}  // namespace
}  // namespace skillit
