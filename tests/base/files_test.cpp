#include "skillit/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "skillit/base/temp_folder.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::expect_error;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

/// No file may grow past `bytes` in this scope: what a full disk looks like to one writer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{bytes, old_limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

/// Root may write anywhere; in this scope the process is nobody.
class NotRoot {
 public:
  NotRoot() : was_root_(::geteuid() == 0), dropped_(!was_root_ || ::seteuid(65534) == 0) {}
  NotRoot(const NotRoot&) = delete;
  NotRoot& operator=(const NotRoot&) = delete;
  ~NotRoot() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  [[nodiscard]] bool dropped() const { return dropped_; }

 private:
  bool was_root_;
  bool dropped_;
};

TEST(ReadFile, GivesBackWhatWasWritten) {
  const TempFolder folder;
  const std::string bytes("a\0b\n\xff", 5);
  write_file_atomically(folder / "x", bytes);
  EXPECT_EQ(read_file(folder / "x"), bytes);
  write_file_atomically(folder / "empty", "");
  EXPECT_EQ(read_file(folder / "empty"), "");
}

TEST(ReadFile, RefusesWhatIsMissingTooLargeOrNoFile) {
  const TempFolder folder;
  expect_error(ErrorCode::kIo, {"nothing: cannot open", "No such file"},
               [&] { (void)read_file(folder / "nothing"); });
  expect_error(ErrorCode::kIo, {"is not a regular file"}, [&] { (void)read_file(folder.path()); });
  write_file_atomically(folder / "x", "12345");
  EXPECT_EQ(read_file(folder / "x", 5), "12345");
  expect_error(ErrorCode::kBadFormat, {"x: has 5 bytes", "more than the 4"},
               [&] { (void)read_file(folder / "x", 4); });
}

TEST(ReadFile, DoesNotWaitForANamedPipe) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  expect_error(ErrorCode::kIo, {"pipe: is not a regular file"},
               [&] { (void)read_file(folder / "pipe"); });
}

TEST(WriteFileAtomically, ReplacesTheOldContentAndLeavesNothingElse) {
  const TempFolder folder;
  write_file_atomically(folder / "x", "old and longer");
  write_file_atomically(folder / "x", "new");
  EXPECT_EQ(read_file(folder / "x"), "new");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("x"));
}

TEST(WriteFileAtomically, MakesMissingFolders) {
  const TempFolder folder;
  write_file_atomically(folder.path() / "a" / "b" / "x", "1");
  EXPECT_EQ(read_file(folder.path() / "a" / "b" / "x"), "1");
}

TEST(WriteFileAtomically, WritesThroughALinkedFolder) {
  const TempFolder folder;
  fs::create_directory(folder / "real");
  fs::create_directory_symlink(folder / "real", folder / "link");
  write_file_atomically(folder / "link" / "x", "1");
  EXPECT_EQ(read_file(folder / "real" / "x"), "1");
}

TEST(WriteFileAtomically, AFullDiskLeavesTheOldContentAndNoTemporaryFile) {
  const TempFolder folder;
  write_file_atomically(folder / "x", "old");
  {
    const FileSizeLimit limit(1000);
    expect_error(ErrorCode::kIo, {"x: cannot write", "File too large"},
                 [&] { write_file_atomically(folder / "x", std::string(100000, 'n')); });
  }
  EXPECT_EQ(read_file(folder / "x"), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("x"));
}

TEST(WriteFileAtomically, AReadOnlyFolderIsRefusedAndKeepsItsContent) {
  const TempFolder folder;
  write_file_atomically(folder / "x", "old");
  fs::permissions(folder.path(), fs::perms(0555));
  {
    const NotRoot nobody;
    if (!nobody.dropped()) GTEST_SKIP() << "cannot stop being root here";
    expect_error(ErrorCode::kIo, {"x: cannot write", "Permission denied"},
                 [&] { write_file_atomically(folder / "x", "new"); });
  }
  fs::permissions(folder.path(), fs::perms(0755));
  EXPECT_EQ(read_file(folder / "x"), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("x"));
}

TEST(WriteFileAtomically, RefusesAFolderThatIsAFileAndATargetThatIsAFolder) {
  const TempFolder folder;
  write_file_atomically(folder / "file", "1");
  expect_error(ErrorCode::kIo, {"cannot make this folder", "Not a directory"},
               [&] { write_file_atomically(folder / "file" / "x", "2"); });
  fs::create_directories(folder.path() / "folder" / "inside");
  expect_error(ErrorCode::kIo, {"folder: cannot replace"},
               [&] { write_file_atomically(folder / "folder", "2"); });
  EXPECT_THAT(names_in(folder.path()), ::testing::UnorderedElementsAre("file", "folder"));
}

TEST(WriteFileAtomically, TwoThreadsNeverMixTheirContents) {
  const TempFolder folder;
  const std::string ones(20000, '1');
  const std::string twos(30000, '2');
  write_file_atomically(folder / "x", ones);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const std::string seen = read_file(folder / "x");
      if (seen != ones && seen != twos) {
        ADD_FAILURE() << "a reader saw " << seen.size() << " bytes of a mixture";
        return;
      }
    }
  });
  {
    const auto write_often = [&](const std::string& bytes) {
      for (int i = 0; i < 50; ++i) write_file_atomically(folder / "x", bytes);
    };
    std::jthread first([&] { write_often(ones); });
    std::jthread second([&] { write_often(twos); });
  }
  done = true;
  reader.join();
  EXPECT_THAT(names_in(folder.path()), ElementsAre("x"));
}

TEST(MappedFile, ShowsTheWholeFile) {
  const TempFolder folder;
  std::string bytes(100000, 'a');
  bytes.back() = 'z';
  write_file_atomically(folder / "x", bytes);
  EXPECT_EQ(MappedFile::open(folder / "x").bytes(), bytes);
  write_file_atomically(folder / "empty", "");
  EXPECT_EQ(MappedFile::open(folder / "empty").bytes(), "");
}

TEST(MappedFile, MovesItsMapAndIsNotCopied) {
  static_assert(!std::is_copy_constructible_v<MappedFile>);
  static_assert(!std::is_copy_assignable_v<MappedFile>);
  const TempFolder folder;
  write_file_atomically(folder / "x", "first");
  write_file_atomically(folder / "y", "second");
  MappedFile x = MappedFile::open(folder / "x");
  MappedFile moved = std::move(x);
  EXPECT_EQ(moved.bytes(), "first");
  moved = MappedFile::open(folder / "y");
  EXPECT_EQ(moved.bytes(), "second");
}

TEST(MappedFile, KeepsTheOldContentWhenThePathIsReplaced) {
  const TempFolder folder;
  write_file_atomically(folder / "x", "old");
  const MappedFile map = MappedFile::open(folder / "x");
  write_file_atomically(folder / "x", "new");
  EXPECT_EQ(map.bytes(), "old");
}

TEST(MappedFile, RefusesWhatIsMissingOrNoFile) {
  const TempFolder folder;
  expect_error(ErrorCode::kIo, {"nothing: cannot open"},
               [&] { (void)MappedFile::open(folder / "nothing"); });
  expect_error(ErrorCode::kIo, {"is not a regular file"},
               [&] { (void)MappedFile::open(folder.path()); });
}

}  // namespace
}  // namespace skillit
