#include "skillit/record/machine.h"

#include <gmock/gmock.h>

namespace skillit {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Machine, NamesWhatASpeedDependsOn) {
  const auto machine = detail::describe_machine(
      "processor\t: 0\nmodel name\t: Example 9000 @ 2GHz\nflags\t\t: fpu sse2 avx2 avx512f "
      "avx512vl amx_bf16\n"
      "processor\t: 1\nmodel name\t: Other\n",
      "MemTotal:       16384000 kB\nMemFree: 1 kB\n", 2, "Example GPU");
  EXPECT_THAT(machine,
              ElementsAre(Pair("cores", "2"), Pair("cpu", "Example 9000 @ 2GHz"),
                          Pair("gpu", "Example GPU"), Pair("instructions", "avx2 avx512f amx_bf16"),
                          Pair("memory", "15.6 GiB")));
}

TEST(Machine, SaysUnknownWhereNothingIsToBeFound) {
  EXPECT_THAT(detail::describe_machine("flags :\n", "", 0, ""),
              ElementsAre(Pair("cores", "unknown"), Pair("cpu", "unknown"),
                          Pair("instructions", "unknown"), Pair("memory", "unknown")));
}

TEST(Machine, IsDetectedHere) {
  const auto machine = detect_machine();
  EXPECT_EQ(machine.count("gpu"), 0u);
  EXPECT_GE(std::stoi(machine.at("cores")), 1);
}

}  // namespace
}  // namespace skillit
