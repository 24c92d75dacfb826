#include "skillit/report/method_names.h"

#include <gtest/gtest.h>

namespace skillit {
namespace {

TEST(MethodNames, OnlyLongListsOfNumbersAreShortened) {
  EXPECT_EQ(short_method_name("stratified"), "stratified");
  EXPECT_EQ(short_method_name(""), "");
  EXPECT_EQ(short_method_name("skillit:eta=0.5,window=3"), "skillit:eta=0.5,window=3");
  const std::string fits = "random:shares=1/2/3/4/5/6/7/8/9/10/110";  // A list of 24 characters.
  EXPECT_EQ(short_method_name(fits), fits);
  EXPECT_EQ(short_method_name(fits + "1"), "random:shares=1/2/…/1101");
  EXPECT_EQ(short_method_name(fits + "1,x=2#2"), "random:shares=1/2/…/1101,x=2#2");
  const std::string three = "a:shares=0.33333333333/0.33333333333/0.33333333333";
  EXPECT_EQ(short_method_name(three), three);
}

StudySummary summary_of(const std::string& one, const std::string& other) {
  StudySummary summary;
  summary.methods.resize(2);
  summary.methods[0].method = one;
  summary.methods[1].method = other;
  summary.pairs.resize(1);
  summary.pairs[0].first = other;
  summary.pairs[0].second = one;
  summary.left_out = {one + " seed 3: unfinished"};
  return summary;
}

TEST(MethodNames, ASummaryIsRenamedThroughout) {
  const StudySummary shown =
      with_short_names(summary_of("r:shares=1/2/3/4/5/6/7/8/9/10/11/12", "b"));
  EXPECT_EQ(shown.methods[0].method, "r:shares=1/2/…/12");
  EXPECT_EQ(shown.methods[1].method, "b");
  EXPECT_EQ(shown.pairs[0].first, "b");
  EXPECT_EQ(shown.pairs[0].second, "r:shares=1/2/…/12");
  EXPECT_EQ(shown.left_out[0], "r:shares=1/2/…/12 seed 3: unfinished");
}

TEST(MethodNames, TwoMethodsNeverGetTheSameName) {
  const std::string one = "r:shares=1/2/3/4/5/6/7/8/9/10/11/12",
                    other = "r:shares=1/2/3/4/5/6/7/7/9/10/11/12";
  const StudySummary shown = with_short_names(summary_of(one, other));
  EXPECT_EQ(shown.methods[0].method, one);
  EXPECT_EQ(shown.methods[1].method, other);
}

}  // namespace
}  // namespace skillit
