#include "skillit/graph/npy_file.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/npy_header.h"

namespace skillit {
namespace {

constexpr std::string_view kMagic{"\x93NUMPY", 6};

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
};

/// Reads the header's text, a Python dictionary such as {'descr': '<f8', 'fortran_order': False,
/// 'shape': (2, 3), }.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

  [[nodiscard]] Header parse() {
    std::optional<std::string> descr;
    std::optional<bool> order;
    std::optional<std::vector<std::uint64_t>> shape;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !descr)
        descr = quoted();
      else if (key == "fortran_order" && !order)
        order = boolean();
      else if (key == "shape" && !shape)
        shape = tuple();
      else
        refuse(fmt::format("the key '{}' is unknown or repeated", key));
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!rest_.empty()) refuse("something follows the closing brace");
    if (!descr || !order || !shape) refuse("'descr', 'fortran_order' or 'shape' is missing");
    return {*descr, *order, *shape};
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    fail(ErrorCode::kBadFormat, fmt::format("{}: not a usable .npy header: {}", where_, what));
  }
  void skip_spaces() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  [[nodiscard]] bool accept(char wanted) {
    skip_spaces();
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) refuse(fmt::format("'{}' was expected", wanted));
  }
  [[nodiscard]] std::string quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const auto end = rest_.find(quote);
    if (end == std::string_view::npos)
      refuse("a quote is not closed (structured types are not read here)");
    std::string result(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return result;
  }
  [[nodiscard]] bool boolean() {
    skip_spaces();
    for (const auto& [word, value] :
         {std::pair{std::string_view("True"), true}, {"False", false}}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    refuse("'fortran_order' must be True or False");
  }
  [[nodiscard]] std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> values;
    expect('(');
    while (!accept(')')) {
      std::uint64_t value = 0;
      skip_spaces();
      const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
      if (problem != std::errc()) refuse("'shape' must hold whole numbers");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      values.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  std::string_view rest_;
  const std::string& where_;
};

template <class Number>
std::vector<double> read_values(std::string_view bytes, std::size_t rows, std::size_t columns,
                                bool fortran_order) {
  std::vector<double> values(rows * columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const std::size_t place = fortran_order ? j * rows + i : i * columns + j;
      Number number;
      std::memcpy(&number, bytes.data() + place * sizeof number, sizeof number);
      values[i * columns + j] = static_cast<double>(number);
    }
  }
  return values;
}

std::string_view header_text(ByteReader& reader, const std::string& where) {
  if (reader.remaining() < kMagic.size() || reader.take(kMagic.size()) != kMagic) {
    fail(ErrorCode::kBadFormat, where + ": is not a .npy file (it does not begin with \\x93NUMPY)");
  }
  const auto major = reader.get<std::uint8_t>();
  const auto minor = reader.get<std::uint8_t>();
  if ((major != 1 && major != 2) || minor != 0) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: is .npy version {}.{}; 1.0 and 2.0 are read here", where, major, minor));
  }
  return reader.take(major == 1 ? reader.get<std::uint16_t>() : reader.get<std::uint32_t>());
}

}  // namespace

NpyMatrix parse_npy_matrix(std::string_view bytes, const std::string& where) {
  ByteReader reader(bytes, where);
  const Header header = HeaderParser(header_text(reader, where), where).parse();
  if (header.descr != "<f8" && header.descr != "<f4") {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: holds numbers of type '{}'; '<f8' or '<f4' was expected (save it "
                     "with .astype('<f8'))",
                     where, header.descr));
  }
  if (header.shape.size() != 2) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: has {} dimensions; a graph has 2 (training x evaluation skills)", where,
                     header.shape.size()));
  }
  const std::uint64_t rows = header.shape[0];
  const std::uint64_t columns = header.shape[1];
  const std::uint64_t width = header.descr == "<f8" ? 8 : 4;
  const std::uint64_t available = reader.remaining();
  const bool fits = columns == 0 || rows <= available / width / columns;
  if (!fits || rows * columns * width != available) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: {} x {} numbers of {} bytes announced, but {} bytes follow the header; "
                     "the file is cut short or damaged",
                     where, rows, columns, width, available));
  }
  const std::string_view numbers = reader.take(available);
  return {rows, columns,
          width == 8 ? read_values<double>(numbers, rows, columns, header.fortran_order)
                     : read_values<float>(numbers, rows, columns, header.fortran_order)};
}

NpyMatrix read_npy_matrix(const std::filesystem::path& path) {
  return parse_npy_matrix(MappedFile::open(path).bytes(), path.string());
}

std::string npy_bytes(std::size_t rows, std::size_t columns, std::span<const double> values) {
  SKILLIT_ASSERT(values.size() == rows * columns);
  const std::array<std::uint64_t, 2> shape{rows, columns};
  std::string bytes = npy_header("<f8", shape);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return bytes;
}

}  // namespace skillit
