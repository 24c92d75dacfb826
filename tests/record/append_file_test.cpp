#include "skillit/record/append_file.h"

#include <gmock/gmock.h>

#include "run_fixture.h"

namespace skillit {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

TEST(AppendFile, TellsThatTheDeviceIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  AppendFile file = AppendFile::open("/dev/full");
  EXPECT_THAT(error_of([&] { file.append("x\n"); }).what(),
              HasSubstr("/dev/full: cannot write: No space left"));
}

TEST(AppendFile, KeepsItsHandleWhenMoved) {
  const TempFolder temporary;
  AppendFile first = AppendFile::open(temporary.path() / "a");
  first.append("one\n");
  AppendFile second = std::move(first);
  AppendFile third = AppendFile::open(temporary.path() / "b");
  third = std::move(second);
  third.append("two\n");
  EXPECT_EQ(third.size(), 8u);
  EXPECT_EQ(read_file(temporary.path() / "a"), "one\ntwo\n");
}

TEST(AppendFile, DropsACutLastLine) {
  const TempFolder temporary;
  const auto path = temporary.path() / "a";
  for (const auto& [before, after] : {std::pair<std::string, std::string>{"one\ntw", "one\n"},
                                      {"one\n", "one\n"},
                                      {"on", ""},
                                      {"", ""}}) {
    testing::write_text(path, before);
    AppendFile file = AppendFile::open(path);
    file.drop_cut_line();
    file.append("x\n");
    EXPECT_EQ(read_file(path), after + "x\n");
  }
}

TEST(AppendFile, CannotBeOpenedWhereThereIsNoFolder) {
  const TempFolder temporary;
  EXPECT_THAT(error_of([&] { (void)AppendFile::open(temporary.path() / "none/a"); }).what(),
              HasSubstr("none/a: cannot open for writing: No such file"));
}

}  // namespace
}  // namespace skillit
