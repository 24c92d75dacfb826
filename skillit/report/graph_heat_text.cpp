#include "skillit/report/graph_heat_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "skillit/report/graph_palette.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr std::size_t kMostRows = 64;  // With a line each.
constexpr std::size_t kLeastName = 8;  // Cells; leaves room for the words above the names.
constexpr std::size_t kMostName = 26;
constexpr std::size_t kNumberCell = 8;  // " +0.123 "
constexpr std::size_t kNamedHead = 9;   // A column this wide can be headed by a name.
constexpr std::size_t kMostColumn = 18;
constexpr std::size_t kTileCell = 2;  // About as wide as high.
constexpr std::size_t kMostBlockLines = 48;

std::size_t ceil_div(std::size_t a, std::size_t b) {
  return (a + b - 1) / b;
}

/// The colours of the 256 that keep the hues of the palette: the nearest of all 256 turns dark
/// orange into olive and red.
struct IndexedColor {
  int index;
  Rgb color;
};
constexpr std::array<IndexedColor, 14> kIndexed = {{{16, {0, 0, 0}},
                                                    {231, {255, 255, 255}},
                                                    {235, {38, 38, 38}},
                                                    {94, {135, 95, 0}},
                                                    {130, {175, 95, 0}},
                                                    {166, {215, 95, 0}},
                                                    {172, {215, 135, 0}},
                                                    {208, {255, 135, 0}},
                                                    {215, {255, 175, 95}},
                                                    {24, {0, 95, 135}},
                                                    {25, {0, 95, 175}},
                                                    {32, {0, 135, 215}},
                                                    {75, {95, 175, 255}},
                                                    {117, {135, 215, 255}}}};

int squared_distance(Rgb a, Rgb b) {
  const auto square = [](int x) { return x * x; };
  return square(a.red - b.red) + square(a.green - b.green) + square(a.blue - b.blue);
}

std::string color_code(Rgb color, ColorDepth depth) {
  if (depth == ColorDepth::kTrue)
    return fmt::format("2;{};{};{}", color.red, color.green, color.blue);
  const auto nearest = std::min_element(
      kIndexed.begin(), kIndexed.end(), [color](const IndexedColor& a, const IndexedColor& b) {
        return squared_distance(a.color, color) < squared_distance(b.color, color);
      });
  return fmt::format("5;{}", nearest->index);
}

std::string painted(std::string_view text, Rgb ink, Rgb ground, ColorDepth depth) {
  return fmt::format("\033[38;{};48;{}m{}\033[0m", color_code(ink, depth),
                     color_code(ground, depth), text);
}

/// 1 to 9 for a part of the full colour; 0 only for nothing.
int digit_of(double part) {
  return part == 0 ? 0 : std::clamp(static_cast<int>(std::ceil(9 * std::abs(part))), 1, 9);
}

class HeatText {
 public:
  HeatText(const LearnedGraph& learned, const GraphTerminalOptions& options)
      : learned_(learned),
        graph_(learned.graph),
        options_(options),
        rows_(graph_.train_skills().size()),
        columns_(graph_.eval_skills().size()),
        full_(full_color_weight(graph_)) {
    std::size_t longest = 0;
    for (const auto& name : graph_.train_skills().names())
      longest = std::max(longest, display_width(name));
    row_number_ = std::to_string(std::max(rows_, columns_)).size();
    name_ = std::clamp(longest, kLeastName, std::min(kMostName, options.width / 3));
  }

  std::string draw() {
    if (rows_ == 0 || columns_ == 0) return "no skills\n";
    const std::size_t room = options_.width - head_width();
    const bool fits = rows_ <= kMostRows;
    if (fits && columns_ * kNumberCell <= room) return draw_numbers(room);
    if (fits && columns_ * kTileCell <= room) return draw_tiles();
    return draw_blocks();
  }

 private:
  [[nodiscard]] std::size_t head_width() const { return row_number_ + 1 + name_ + 1; }
  [[nodiscard]] std::string row_head(std::size_t row) const {
    return fmt::format("{:>{}} {} ", row + 1, row_number_,
                       pad_right(printable_name(graph_.train_skills()[row], name_), name_));
  }
  [[nodiscard]] double part(EdgePlace place) const {
    return drawn_weight(graph_, place, options_.threshold) / full_;
  }
  [[nodiscard]] std::string line_start(std::string_view what) const {
    return pad_right(what, head_width());
  }

  /// Which number means which column, where heads are numbers and the rows do not say it.
  [[nodiscard]] std::string column_key() const {
    if (graph_.train_skills() == graph_.eval_skills())
      return "Columns are numbered like the rows.\n";
    std::string list;
    for (std::size_t j = 0; j < columns_; ++j) {
      list += fmt::format("{}{} {}", j == 0 ? "" : ", ", j + 1,
                          printable_name(graph_.eval_skills()[j], kMostName));
    }
    return wrap("Columns: ", list, options_.width);
  }

  [[nodiscard]] std::string ramp(double from, double to) const {
    constexpr int kSteps = 6;
    std::string text;
    for (int step = 0; step < kSteps; ++step) {
      text += on_weight_color(" ", from + (to - from) * step / (kSteps - 1), options_.color);
    }
    return text;
  }

  /// How to read colours, or else digits (`plain`). `full`: the weight of the strongest colour.
  [[nodiscard]] std::string legend(double full, const std::string& plain) const {
    if (options_.color == ColorDepth::kNone) return wrap("", plain, options_.width);
    return fmt::format("harms {} {}{} {} helps\n", weight_text(-full), ramp(-1, -0.15),
                       ramp(0.15, 1), weight_text(full));
  }

  /// Whether names still tell the columns apart when cut to `width`.
  [[nodiscard]] bool heads_differ(std::size_t width) const {
    std::set<std::string> heads;
    for (const std::string& name : graph_.eval_skills().names())
      heads.insert(printable_name(name, width));
    return heads.size() == columns_;
  }

  [[nodiscard]] std::string draw_numbers(std::size_t room) const {
    const std::size_t cell = std::clamp(room / columns_, kNumberCell, kMostColumn);
    const bool named = cell >= kNamedHead && heads_differ(cell - 2);
    std::string text = line_start("trained on");
    for (std::size_t j = 0; j < columns_; ++j) {
      text += pad_left(
          named ? printable_name(graph_.eval_skills()[j], cell - 2) : std::to_string(j + 1),
          cell - 1);
      text += ' ';
    }
    text += '\n';
    for (std::size_t i = 0; i < rows_; ++i) {
      text += row_head(i);
      for (std::size_t j = 0; j < columns_; ++j) text += number_cell({i, j}, cell);
      text += '\n';
    }
    if (!named) text += column_key();
    return text + legend(full_, "+ helps, - harms") + noise_note();
  }

  [[nodiscard]] std::string number_cell(EdgePlace place, std::size_t cell) const {
    const double weight = drawn_weight(graph_, place, options_.threshold);
    const bool noise = weight == 0 && is_noise(learned_, place);
    const std::string number = noise ? "·" : weight_text(weight);
    return " " + on_weight_color(pad_left(fit(number, cell - 2), cell - 2) + " ", weight / full_,
                                 options_.color);
  }

  [[nodiscard]] std::string draw_tiles() const {
    std::string text = stacked_numbers();
    for (std::size_t i = 0; i < rows_; ++i) {
      text += row_head(i);
      for (std::size_t j = 0; j < columns_; ++j) text += tile({i, j});
      text += '\n';
    }
    return text + column_key() +
           legend(full_, fmt::format("+ helps, - harms; 9 is {:.3g} or more", full_)) +
           noise_note();
  }

  [[nodiscard]] std::string tile(EdgePlace place) const {
    const double p = part(place);
    std::string text = "  ";
    if (p != 0) {
      text = fmt::format("{}{}", p > 0 ? '+' : '-', digit_of(p));
    } else if (is_noise(learned_, place)) {
      text = " ·";
    } else if (options_.color == ColorDepth::kNone) {
      text = " 0";
    }
    return on_weight_color(text, p, options_.color);
  }

  /// Column numbers downwards, tens above units, so that narrow columns can have them.
  [[nodiscard]] std::string stacked_numbers() const {
    const std::size_t digits = std::to_string(columns_).size();
    std::string text;
    for (std::size_t d = 0; d < digits; ++d) {
      text += line_start(d + 1 == digits ? "trained on" : "");
      for (std::size_t j = 0; j < columns_; ++j) {
        const std::string number = fmt::format("{:>{}}", j + 1, digits);
        text += fmt::format(" {}", number[d]);
      }
      text += '\n';
    }
    return text;
  }

  [[nodiscard]] std::string noise_note() const {
    return count_edges(learned_, options_.threshold).noise > 0 ? "· is within the noise\n" : "";
  }

  /// Rows of blocks; in colour each line holds two of them.
  [[nodiscard]] std::string draw_blocks() const {
    const std::size_t head = 2 * row_number_ + 2;
    const std::size_t across = ceil_div(columns_, options_.width - head);
    const std::size_t down = std::max(across, ceil_div(rows_, 2 * kMostBlockLines));
    const bool colored = options_.color != ColorDepth::kNone;
    const std::size_t step = colored ? down : 2 * down;  // Rows per mean.
    const std::vector<std::vector<double>> means = block_means(step, across);
    const double full = largest(means);
    std::string text = block_heads(head, across);
    for (std::size_t first = 0; first < rows_; first += 2 * down) {
      const std::size_t last = std::min(first + 2 * down, rows_);
      text += pad_right(fmt::format("{:>{}}-{}", first + 1, row_number_, last), head);
      const std::size_t block = first / step;
      text += colored ? half_block_line(means, block, full) : digit_line(means[block], full);
      text += '\n';
    }
    text += wrap("",
                 fmt::format("Rows are training skills, columns evaluation skills, numbered in "
                             "the file's order. Each {} is the mean of {} x {} edges, "
                             "self-edges left out.",
                             colored ? "half cell" : "character", step, across),
                 options_.width);
    return text +
           legend(full, fmt::format("1-9 helps, a-i harms, . is 0; 9 and i are {:.3g}", full));
  }

  [[nodiscard]] std::vector<std::vector<double>> block_means(std::size_t down,
                                                             std::size_t across) const {
    std::vector<std::vector<double>> means;
    for (std::size_t i = 0; i < rows_; i += down) {
      auto& line = means.emplace_back();
      for (std::size_t j = 0; j < columns_; j += across) {
        line.push_back(
            block_mean({i, j}, std::min(i + down, rows_), std::min(j + across, columns_)));
      }
    }
    return means;
  }

  [[nodiscard]] double block_mean(EdgePlace first, std::size_t end_row,
                                  std::size_t end_column) const {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = first.train; i < end_row; ++i) {
      for (std::size_t j = first.eval; j < end_column; ++j) {
        if (is_self_edge(graph_, {i, j})) continue;
        sum += drawn_weight(graph_, {i, j}, options_.threshold);
        ++count;
      }
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }

  [[nodiscard]] static double largest(const std::vector<std::vector<double>>& means) {
    double size = 0;
    for (const auto& line : means) {
      for (const double value : line) size = std::max(size, std::abs(value));
    }
    return size > 0 ? size : 1;
  }

  /// Every tenth column gets the number of its first skill.
  [[nodiscard]] std::string block_heads(std::size_t head, std::size_t across) const {
    std::string text = pad_right("", head);
    for (std::size_t j = 0; j < columns_; j += 10 * across) {
      text = pad_right(text, head + j / across) + std::to_string(j + 1);
    }
    return fit(text, options_.width) + "\n";
  }

  [[nodiscard]] std::string half_block_line(const std::vector<std::vector<double>>& means,
                                            std::size_t upper, double full) const {
    std::string text;
    for (std::size_t c = 0; c < means[upper].size(); ++c) {
      const double below = upper + 1 < means.size() ? means[upper + 1][c] : 0;
      text += painted("▀", diverging_color(means[upper][c] / full, Ground::kDark),
                      diverging_color(below / full, Ground::kDark), options_.color);
    }
    return text;
  }

  [[nodiscard]] static std::string digit_line(const std::vector<double>& means, double full) {
    std::string text;
    for (const double value : means) {
      const int digit = digit_of(value / full);
      text += value == 0 ? '.' : static_cast<char>((value > 0 ? '0' : 'a' - 1) + digit);
    }
    return text;
  }

  const LearnedGraph& learned_;
  const SkillGraph& graph_;
  const GraphTerminalOptions& options_;
  std::size_t rows_;
  std::size_t columns_;
  double full_;
  std::size_t row_number_ = 1;  ///< Cells for the largest row or column number.
  std::size_t name_ = 0;        ///< Cells for a row's name.
};

}  // namespace

std::string on_weight_color(std::string_view text, double part, ColorDepth depth) {
  if (depth == ColorDepth::kNone) return std::string(text);
  const Rgb ground = diverging_color(part, Ground::kDark);
  return painted(text, ink_on(ground), ground, depth);
}

std::string printable_name(std::string_view name, std::size_t width) {
  std::string text(name);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return fit_middle(text, width);
}

std::string heat_text(const LearnedGraph& learned, const GraphTerminalOptions& options) {
  return HeatText(learned, options).draw();
}

}  // namespace skillit
