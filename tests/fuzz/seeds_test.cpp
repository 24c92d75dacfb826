// Every seed and every input that once was trouble, read in this build as the fuzzers read it.
#include <gtest/gtest.h>

#include <filesystem>

#include "fuzz/targets.h"
#include "skillit/base/files.h"

namespace skillit {
namespace {

TEST(FuzzSeeds, AreReadOrRefusedAndNothingElseHappens) {
  const std::filesystem::path corpus = std::filesystem::path(SKILLIT_SOURCE_DIR) / "fuzz/corpus";
  for (const fuzz::Target& target : fuzz::kTargets) {
    std::size_t seeds = 0;
    for (const auto& seed : std::filesystem::directory_iterator(corpus / target.name)) {
      EXPECT_NO_THROW(target.read(read_file(seed.path()))) << seed.path();
      ++seeds;
    }
    EXPECT_GT(seeds, 0U) << target.name;
    EXPECT_NO_THROW(target.read("")) << target.name;
  }
}

}  // namespace
}  // namespace skillit
