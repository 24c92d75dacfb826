#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

/// Terminal cells of UTF-8 text, one per code point.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// The text filled up with spaces, on the right (or on the left) to `width` cells.
[[nodiscard]] std::string pad_right(std::string_view text, std::size_t width);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t width);
/// At most `width` cells; what is cut ends with "…".
[[nodiscard]] std::string fit(std::string_view text, std::size_t width);
/// Likewise, cut in the middle, so that names that differ at their ends stay apart.
[[nodiscard]] std::string fit_middle(std::string_view text, std::size_t width);
/// `prefix`, then the words of `text` in lines of at most `width` cells, the later ones indented as
/// far as the prefix reaches. Each line ends with a newline; a word too long stays whole.
[[nodiscard]] std::string wrap(std::string_view prefix, std::string_view text, std::size_t width);

/// Rows of cells, the first being the header. All rows have as many cells as the header.
using Rows = std::vector<std::vector<std::string>>;
/// Aligned columns, the first to the left, the others to the right, with a rule under the header.
/// Columns that do not fit in `width` go into further blocks, each with the first column again.
[[nodiscard]] std::string grid(const Rows& rows, std::size_t width);

}  // namespace skillit
