#include "skillit/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

const std::vector<std::string> kNames = {"stratified", "skillit", "random"};

TEST(NearestName, FindsASlipOfTheFinger) {
  EXPECT_EQ(nearest_name("skilit", kNames), "skillit");
  EXPECT_EQ(nearest_name("randon", kNames), "random");
  EXPECT_EQ(nearest_name("straitfied", kNames), "stratified");
}

TEST(NearestName, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("curriculum", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("random", std::vector<std::string>{}), "");
}

TEST(NearestName, AllowsOneSlipPlusOneForEveryThreeLetters) {
  const std::vector<std::string> one = {"abcdef"};
  EXPECT_EQ(nearest_name("abcxyz", one), "abcdef");  // 3 changes, 6 letters.
  EXPECT_EQ(nearest_name("abwxyz", one), "");        // 4 changes.
}

TEST(NearestName, PrefersTheNearestThenTheFirst) {
  EXPECT_EQ(nearest_name("eta", std::vector<std::string>{"beta", "eta", "zeta"}), "eta");
  EXPECT_EQ(nearest_name("xeta", std::vector<std::string>{"beta", "zeta"}), "beta");
}

TEST(EditDistance, CountsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(detail::edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(detail::edit_distance("", "abc"), 3u);
  EXPECT_EQ(detail::edit_distance("abc", ""), 3u);
  EXPECT_EQ(detail::edit_distance("abc", "abc"), 0u);
}

TEST(Error, CarriesItsCodeAndMessage) {
  expect_error(ErrorCode::kNotFound, {"no recipe 'x'"},
               [] { fail(ErrorCode::kNotFound, "no recipe 'x'"); });
}

TEST(Error, FailErrnoAddsWhatTheSystemSaid) {
  expect_error(ErrorCode::kIo, {"out.bin: cannot write", "No space left on device"}, [] {
    errno = ENOSPC;
    fail_errno("out.bin: cannot write");
  });
}

TEST(Assert, ThrowsALogicErrorThatSaysWhatAndWhere) {
  EXPECT_NO_THROW(SKILLIT_ASSERT(1 + 1 == 2));
  try {
    SKILLIT_ASSERT(1 + 1 == 3);
    FAIL() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("1 + 1 == 3"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("error_test.cpp:"));
  }
}

}  // namespace
}  // namespace skillit
