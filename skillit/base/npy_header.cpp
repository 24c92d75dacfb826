#include "skillit/base/npy_header.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "skillit/base/bytes.h"

namespace skillit {
namespace {

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr std::size_t kAlignment = 64;  ///< Of the numbers' start.

}  // namespace

std::string npy_header(std::string_view type, std::span<const std::uint64_t> shape) {
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                 type, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  const std::size_t before = kMagic.size() + 4;  // Magic, version, 16-bit length of the text.
  const std::size_t unpadded = before + text.size() + 1;
  text.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  text += '\n';
  ByteWriter out;
  out.put<std::uint8_t>(1);
  out.put<std::uint8_t>(0);
  out.put(static_cast<std::uint16_t>(text.size()));
  return std::string(kMagic) + out.bytes() + text;
}

}  // namespace skillit
