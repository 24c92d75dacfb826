#include "skillit/record/line_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "skillit/base/error.h"
#include "skillit/base/temp_folder.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

class FollowedFile : public ::testing::Test {
 protected:
  void append(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  static std::string refusal(LineFollower& lines) {
    try {
      (void)lines.next();
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "no error was thrown";
    return {};
  }

  TempFolder folder_;
  std::filesystem::path path_ = folder_ / "log.jsonl";
};

TEST_F(FollowedFile, gives_each_line_once_its_newline_is_there) {
  LineFollower lines(path_);
  EXPECT_EQ(lines.next(), std::nullopt) << "the file does not exist yet";
  append("one\ntw");
  EXPECT_THAT(lines.next(), Optional(std::string("one")));
  EXPECT_EQ(lines.next(), std::nullopt);
  append("o");
  EXPECT_EQ(lines.next(), std::nullopt);
  append("\n\nfour\n");
  EXPECT_THAT(lines.next(), Optional(std::string("two")));
  EXPECT_THAT(lines.next(), Optional(std::string("")));
  EXPECT_THAT(lines.next(), Optional(std::string("four")));
  EXPECT_EQ(lines.line_number(), 4u);
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST_F(FollowedFile, a_line_longer_than_one_read_comes_whole) {
  LineFollower lines(path_);
  const std::string longest(200'000, 'x');
  append(longest + "\nend\n");
  EXPECT_THAT(lines.next(), Optional(longest));
  EXPECT_THAT(lines.next(), Optional(std::string("end")));
}

TEST_F(FollowedFile, refuses_a_file_that_was_cut_short_replaced_or_removed) {
  append("one\n");
  LineFollower cut(path_);
  LineFollower replaced(path_);
  LineFollower removed(path_);
  for (auto* lines : {&cut, &replaced, &removed})
    EXPECT_THAT(lines->next(), Optional(std::string("one")));
  std::filesystem::resize_file(path_, 1);
  EXPECT_THAT(refusal(cut), HasSubstr("was cut short after line 1"));
  std::filesystem::rename(path_, folder_ / "old");
  EXPECT_THAT(refusal(removed), HasSubstr("was removed"));
  append("one\ntwo\n");
  EXPECT_THAT(refusal(replaced), HasSubstr("was replaced"));
}

TEST_F(FollowedFile, refuses_what_is_no_regular_file) {
  LineFollower folder(folder_.path());
  EXPECT_THAT(refusal(folder), HasSubstr("not a regular file"));
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  LineFollower pipe(path_);
  EXPECT_THAT(refusal(pipe), HasSubstr("not a regular file"));
}

}  // namespace
}  // namespace skillit
