#include "skillit/data/line_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {

LineReader::LineReader(std::unique_ptr<ByteStream> stream, std::string name,
                       std::size_t max_line_bytes)
    : stream_(std::move(stream)),
      name_(std::move(name)),
      max_line_bytes_(max_line_bytes),
      buffer_(1 << 16) {}

bool LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  const std::size_t count = stream_->read(std::span(buffer_).subspan(end_));
  end_ += count;
  return count > 0;
}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view left(buffer_.data() + begin_, end_ - begin_);
    const std::size_t newline = left.find('\n', searched);
    const std::size_t size = std::min(newline, left.size());
    if (size > max_line_bytes_) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}:{}: the line has more than the {} bytes allowed for one document; split "
                       "it, or raise the limit",
                       name_, line_number_ + 1, max_line_bytes_));
    }
    const bool whole = newline != std::string_view::npos;
    searched = size;
    if (!whole && fill()) continue;
    std::string_view line(buffer_.data() + begin_, size);  // fill() may have moved it.
    if (!whole && line.empty()) return std::nullopt;
    begin_ += size + (whole ? 1 : 0);
    if (++line_number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    return line;
  }
}

}  // namespace skillit
