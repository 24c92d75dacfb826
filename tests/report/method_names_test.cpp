#include "skillit/report/method_names.h"

#include <gtest/gtest.h>

namespace skillit {
namespace {

TEST(MethodNames, OnlyLongListsOfNumbersAreShortened) {
  EXPECT_EQ(short_method_name("stratified"), "stratified");
  EXPECT_EQ(short_method_name(""), "");
  EXPECT_EQ(short_method_name("skillit:eta=0.5,window=3"), "skillit:eta=0.5,window=3");
  EXPECT_EQ(short_method_name("random:shares=1/2/3/4/5/6/7/8"), "random:shares=1/2/3/4/5/6/7/8");
  EXPECT_EQ(short_method_name("random:shares=1/2/3/4/5/6/7/8/19"), "random:shares=1/2/…/19");
  EXPECT_EQ(short_method_name("a:shares=1/2/3/4/5/6/7/8/19,x=2#2"), "a:shares=1/2/…/19,x=2#2");
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
  const StudySummary shown = with_short_names(summary_of("r:shares=1/2/3/4/5/6/7/8/9", "b"));
  EXPECT_EQ(shown.methods[0].method, "r:shares=1/2/…/9");
  EXPECT_EQ(shown.methods[1].method, "b");
  EXPECT_EQ(shown.pairs[0].first, "b");
  EXPECT_EQ(shown.pairs[0].second, "r:shares=1/2/…/9");
  EXPECT_EQ(shown.left_out[0], "r:shares=1/2/…/9 seed 3: unfinished");
}

TEST(MethodNames, TwoMethodsNeverGetTheSameName) {
  const std::string one = "r:shares=1/2/3/4/5/6/7/8/9", other = "r:shares=1/2/3/4/5/6/7/7/9";
  const StudySummary shown = with_short_names(summary_of(one, other));
  EXPECT_EQ(shown.methods[0].method, one);
  EXPECT_EQ(shown.methods[1].method, other);
}

}  // namespace
}  // namespace skillit
