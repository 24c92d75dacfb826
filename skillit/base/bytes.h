#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace skillit {

static_assert(std::endian::native == std::endian::little,
              "files are little-endian and read in place");

/// Appends little-endian values to a buffer.
class ByteWriter {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { buffer_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  /// A 64-bit length, then the bytes.
  void put_string(std::string_view text);
  void put_doubles(std::span<const double> values);

  [[nodiscard]] const std::string& bytes() const noexcept { return buffer_; }

 private:
  std::string buffer_;
};

/// Reads what ByteWriter wrote. Every read is checked against the end, and every length against
/// what is left, before anything is allocated. `name` (a file) appears in messages. The bytes must
/// outlive the reader.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  /// @throws Error kBadFormat past the end.
  template <class T>
  requires std::is_arithmetic_v<T>
  [[nodiscard]] T get() {
    if constexpr (std::is_same_v<T, bool>) {  // Any other byte in a bool would be undefined.
      return get<std::uint8_t>() != 0;
    } else {
      T value;
      std::memcpy(&value, take(sizeof value).data(), sizeof value);
      return value;
    }
  }
  [[nodiscard]] std::string get_string();
  [[nodiscard]] std::vector<double> get_doubles();
  /// The next `count` bytes, borrowed. @throws Error kBadFormat past the end.
  [[nodiscard]] std::string_view take(std::uint64_t count);
  [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - position_; }
  /// @throws Error kBadFormat when bytes are left over.
  void expect_end() const;

 private:
  std::string_view bytes_;
  std::string name_;
  std::size_t position_ = 0;
};

}  // namespace skillit
