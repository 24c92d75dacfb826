#include "skillit/base/temp_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

TEST(TempFolder, IsOfItsOwnAndGoesWithAllItHolds) {
  std::filesystem::path path;
  {
    const TempFolder one, other;
    EXPECT_NE(one.path(), other.path());
    path = one.path();
    std::filesystem::create_directories(one / "in" / "side");
    std::ofstream(one / "in" / "side" / "file") << "bytes";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempFolder, ParentThatIsNotThere) {
  testing::expect_error(ErrorCode::kIo, {"/no/such/parent/skillit_", "No such file"},
                        [] { const TempFolder folder("/no/such/parent"); });
}

}  // namespace
}  // namespace skillit
