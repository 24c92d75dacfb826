#include "skillit/base/bytes.h"

#include <fmt/format.h>

#include "skillit/base/error.h"

namespace skillit {

void ByteWriter::put_string(std::string_view text) {
  put<std::uint64_t>(text.size());
  buffer_.append(text);
}

void ByteWriter::put_doubles(std::span<const double> values) {
  put<std::uint64_t>(values.size());
  buffer_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

std::string ByteReader::get_string() {
  return std::string(take(get<std::uint64_t>()));
}

std::vector<double> ByteReader::get_doubles() {
  const auto count = get<std::uint64_t>();
  if (count > remaining() / sizeof(double)) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: {} numbers announced at byte {}, but only {} bytes are left; "
                     "the file is cut short or damaged",
                     name_, count, position_, remaining()));
  }
  std::vector<double> values(count);
  const std::string_view bytes = take(count * sizeof(double));
  if (count > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::string_view ByteReader::take(std::uint64_t count) {
  if (count > remaining()) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: needs {} bytes at byte {}, but only {} are left; the file is cut "
                     "short or damaged",
                     name_, count, position_, remaining()));
  }
  const std::string_view result = bytes_.substr(position_, count);
  position_ += count;
  return result;
}

void ByteReader::expect_end() const {
  if (remaining() != 0) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: {} unexpected bytes after the end; the file is damaged or of "
                     "another version",
                     name_, remaining()));
  }
}

}  // namespace skillit
