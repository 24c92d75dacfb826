#include "skillit/record/line_follower.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} << 20;

}  // namespace

LineFollower::~LineFollower() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> LineFollower::next() {
  if (descriptor_ < 0 && !open()) return std::nullopt;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      searched_ = 0;
      ++line_number_;
      return line;
    }
    searched_ = buffer_.size();
    if (searched_ > kLongestLine) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}:{}: the line is longer than {} bytes; is this a file of lines?",
                       path_.string(), line_number_ + 1, kLongestLine));
    }
    check_unchanged();
    if (!read_more()) return std::nullopt;
  }
}

/// False while the file does not exist.
bool LineFollower::open() {
  // Without O_NONBLOCK a named pipe would block here, before it can be refused.
  const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    if (errno == ENOENT) return false;
    fail_errno(path_.string() + ": cannot open");
  }
  descriptor_ = descriptor;
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail_errno(path_.string() + ": cannot read");
  if (!S_ISREG(status.st_mode)) {
    fail(ErrorCode::kIo,
         path_.string() + ": is not a regular file; only such a file can be followed");
  }
  return true;
}

void LineFollower::check_unchanged() const {
  struct stat ours {};
  struct stat named {};
  if (::fstat(descriptor_, &ours) != 0) fail_errno(path_.string() + ": cannot read");
  std::string change;
  if (::stat(path_.c_str(), &named) != 0)
    change = "was removed";
  else if (named.st_ino != ours.st_ino || named.st_dev != ours.st_dev)
    change = "was replaced by another file";
  else if (static_cast<std::uint64_t>(ours.st_size) < offset_)
    change = "was cut short";
  if (change.empty()) return;
  fail(ErrorCode::kMismatch,
       fmt::format("{}: {} after line {} was read; a followed file may only grow, start again",
                   path_.string(), change, line_number_));
}

/// False at the end of the file.
bool LineFollower::read_more() {
  std::array<char, 1 << 16> block;
  for (;;) {
    const ssize_t count = ::read(descriptor_, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_errno(path_.string() + ": cannot read");
    buffer_.append(block.data(), static_cast<std::size_t>(count));
    offset_ += static_cast<std::uint64_t>(count);
    return count > 0;
  }
}

}  // namespace skillit
