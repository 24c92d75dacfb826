#include "skillit/report/text_layout.h"

#include <algorithm>

namespace skillit {
namespace {

constexpr std::string_view kGap = "  ";

bool continues_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Where the code point number `cell` begins.
std::size_t byte_of_cell(std::string_view text, std::size_t cell) {
  std::size_t place = 0;
  for (std::size_t cells = 0; place < text.size(); ++place) {
    if (!continues_code_point(text[place]) && cells++ == cell) break;
  }
  return place;
}

std::string repeat(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

void trim_right(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

/// The first column and columns [begin, end).
std::string block(const Rows& rows, const std::vector<std::size_t>& widths, std::size_t begin,
                  std::size_t end) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = pad_right(rows[r][0], widths[0]);
    std::string rule = repeat("─", widths[0]);
    for (std::size_t c = begin; c < end; ++c) {
      line.append(kGap).append(pad_left(rows[r][c], widths[c]));
      rule.append(kGap).append(repeat("─", widths[c]));
    }
    trim_right(line);
    text += line + "\n";
    if (r == 0) text += rule + "\n";
  }
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return !continues_code_point(byte); }));
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(text) + std::string(width > have ? width - have : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(width > have ? width - have : 0, ' ').append(text);
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  return std::string(text.substr(0, byte_of_cell(text, width - 1))) + "…";
}

std::string fit_middle(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  if (have <= width) return std::string(text);
  if (width < 3) return fit(text, width);
  const std::size_t tail = (width - 1) / 2;
  return fit(text, width - tail) + std::string(text.substr(byte_of_cell(text, have - tail)));
}

std::string wrap(std::string_view prefix, std::string_view text, std::size_t width) {
  const std::string indent(display_width(prefix), ' ');
  std::string result;
  std::string line(prefix);
  bool has_words = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (has_words && display_width(line) + 1 + display_width(word) > width) {
      result += line + "\n";
      line = indent;
      has_words = false;
    }
    if (has_words) line += ' ';
    line += word;
    has_words = true;
    begin = end + 1;
  }
  return result + line + "\n";
}

std::string grid(const Rows& rows, std::size_t width) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], display_width(row[c]));
  }
  std::string text;
  std::size_t begin = 1;
  do {
    std::size_t end = begin;
    std::size_t used = widths[0];
    while (end < widths.size() && (end == begin || used + kGap.size() + widths[end] <= width)) {
      used += kGap.size() + widths[end++];
    }
    if (!text.empty()) text += '\n';
    text += block(rows, widths, begin, end);
    begin = end;
  } while (begin < widths.size());
  return text;
}

}  // namespace skillit
