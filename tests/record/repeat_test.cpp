#include "skillit/record/repeat.h"

#include <gmock/gmock.h>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

TEST(Repeat, IsNumberedAfterTheMethod) {
  EXPECT_EQ(parse_method_repeat("skillit:eta=0.5").spec, "skillit:eta=0.5");
  EXPECT_EQ(parse_method_repeat("skillit:eta=0.5").repeat, 1u);
  EXPECT_EQ(parse_method_repeat("skillit:eta=0.5#3").spec, "skillit:eta=0.5");
  EXPECT_EQ(parse_method_repeat("skillit:eta=0.5#3").repeat, 3u);
}

TEST(Repeat, AnythingElseAfterTheMarkIsRefused) {
  for (const char* method : {"random#", "random#0", "random#-1", "random#2x", "#2"}) {
    expect_error(ErrorCode::kBadArgument, {method, "stratified#2"},
                 [&] { (void)parse_method_repeat(method); });
  }
}

TEST(Repeat, TheFirstOneHasTheRunsOwnSeed) {
  EXPECT_EQ(repeat_seed(7, 1), 7u);
  EXPECT_NE(repeat_seed(7, 2), 7u);
  EXPECT_NE(repeat_seed(7, 2), repeat_seed(7, 3));
  EXPECT_NE(repeat_seed(7, 2), repeat_seed(8, 2));
}

}  // namespace
}  // namespace skillit
