#include "skillit/record/run_folder.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_fixture.h"
#include "skillit/record/manifest.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;
using testing::small_manifest;

TEST(RunFolder, IsMadeWithItsManifestAndOpenedAgain) {
  const TempFolder temporary;
  const auto path = temporary.path() / "lego/skillit/seed7";
  { EXPECT_EQ(RunFolder::open(path, small_manifest()).path(), path); }
  EXPECT_EQ(read_manifest(path / kManifestFile), small_manifest());
  Manifest elsewhere = small_manifest();
  elsewhere.machine["cpu"] = "another";
  const RunFolder again = RunFolder::open(path, elsewhere);
  EXPECT_EQ(read_manifest(path / kManifestFile), small_manifest())
      << "where it was begun stays on record";
}

TEST(RunFolder, AnotherRunIsRefusedWithTheDifference) {
  const TempFolder temporary;
  { const RunFolder folder = RunFolder::open(temporary.path(), small_manifest()); }
  Manifest other = small_manifest();
  other.recipe = "train:\n  steps: 20\n  rate: 0.01\n";
  other.fingerprints = {{"recipe", "cc"}, {"data", "dd"}};
  const Error error = error_of([&] { (void)RunFolder::open(temporary.path(), other); });
  EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  EXPECT_THAT(
      error.what(),
      AllOf(HasSubstr(temporary.path().string()),
            HasSubstr(
                "recipe train.rate was 0.001, is now 0.01; fingerprint of data was bb, is now dd"),
            HasSubstr("use another folder, or delete this one")));
  EXPECT_EQ(read_manifest(temporary.path() / kManifestFile), small_manifest());
}

TEST(RunFolder, ManyDifferencesAreCountedNotListed) {
  const TempFolder temporary;
  { const RunFolder folder = RunFolder::open(temporary.path(), small_manifest()); }
  Manifest other = small_manifest();
  for (int i = 0; i < 8; ++i) other.fingerprints[std::to_string(i)] = "x";
  EXPECT_THAT(error_of([&] { (void)RunFolder::open(temporary.path(), other); }).what(),
              HasSubstr("; and 2 more;"));
}

TEST(RunFolder, IsWrittenByOneAtATime) {
  const TempFolder temporary;
  RunFolder first = RunFolder::open(temporary.path(), small_manifest());
  const RunFolder moved = std::move(first);
  const Error error = error_of([&] { (void)RunFolder::open(temporary.path(), small_manifest()); });
  EXPECT_EQ(error.code(), ErrorCode::kIo);
  EXPECT_THAT(error.what(),
              HasSubstr("process " + std::to_string(::getpid()) + " is writing this run folder"));
}

TEST(RunFolder, IsFreeAgainWhenItsWriterWasKilled) {
  const TempFolder temporary;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const RunFolder folder = RunFolder::open(temporary.path(), small_manifest());
    (void)!::write(ready[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THAT(error_of([&] { (void)RunFolder::open(temporary.path(), small_manifest()); }).what(),
              HasSubstr("process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NO_THROW((void)RunFolder::open(temporary.path(), small_manifest()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(RunFolder, CannotBeMadeInsideAFile) {
  const TempFolder temporary;
  testing::write_text(temporary.path() / "file", "x");
  const Error error =
      error_of([&] { (void)RunFolder::open(temporary.path() / "file/run", small_manifest()); });
  EXPECT_EQ(error.code(), ErrorCode::kIo);
  EXPECT_THAT(error.what(), HasSubstr("cannot make this folder"));
}

TEST(RunFolder, AFolderThatIsNotWritableIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  const TempFolder temporary;
  std::filesystem::permissions(
      temporary.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const Error error = error_of([&] { (void)RunFolder::open(temporary.path(), small_manifest()); });
  EXPECT_EQ(error.code(), ErrorCode::kIo);
  EXPECT_THAT(error.what(), HasSubstr("cannot write in this run folder: Permission denied"));
  std::filesystem::permissions(temporary.path(), std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace skillit
