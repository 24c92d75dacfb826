#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

/// One tensor of a safetensors file: row-major little-endian bytes, borrowed.
struct SafetensorsEntry {
  std::string dtype;  ///< "F32", "BF16", "U8", …
  std::vector<std::int64_t> shape;
  std::string_view bytes;
};

/// A parsed safetensors file (8-byte header length, JSON header, data). Borrows the bytes it was
/// parsed from.
struct Safetensors {
  std::map<std::string, SafetensorsEntry> tensors;
  std::map<std::string, std::string> metadata;  ///< The header's __metadata__.

  /// Checks everything before use: header length, JSON, names, dtypes, shapes (no overflow), and
  /// that the tensors' bytes lie one after another and cover the data exactly. Nothing is copied.
  /// @throws Error kBadFormat; `name` begins the message.
  [[nodiscard]] static Safetensors parse(std::string_view bytes, const std::string& name);
  /// The file's bytes; tensors are laid out by element size (largest first), then name.
  [[nodiscard]] std::string serialize() const;
  /// @throws Error kBadFormat when there is no such tensor, or with another dtype or shape than
  /// expected.
  [[nodiscard]] const SafetensorsEntry& at(const std::string& tensor, std::string_view dtype,
                                           const std::vector<std::int64_t>& shape,
                                           const std::string& name) const;
};

}  // namespace skillit
