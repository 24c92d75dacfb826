#include "skillit/report/graph_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "skillit/report/graph_palette.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/svg_canvas.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr int kLevels = 8;         // Shades of each hue.
constexpr double kMargin = 24;     // Pixels, like all below.
constexpr double kMostSide = 800;  // Of the matrix, as long as cells stay wide enough to see.
constexpr double kLeastCell = 2.5;
constexpr double kMostCell = 56;
constexpr double kNamedCell = 9.5;    // Large enough for a name beside it.
constexpr double kNumberedCell = 38;  // Large enough for a weight inside.
constexpr double kLetter = 0.56;      // Mean width of a letter, in font sizes.
constexpr double kLeastWidth = 720;   // For the words above and below.
constexpr std::size_t kMostName = 30;

/// 0 for no edge, else +-1 ... +-kLevels.
int level_of(double weight, double full) {
  if (weight == 0) return 0;
  const int level =
      std::clamp(static_cast<int>(std::ceil(kLevels * std::abs(weight) / full)), 1, kLevels);
  return weight > 0 ? level : -level;
}

/// Style classes: p8 ... p1, z, n1 ... n8.
std::string level_class(int level) {
  return level == 0 ? "z" : fmt::format("{}{}", level > 0 ? 'p' : 'n', std::abs(level));
}

std::string color_rules(Ground ground) {
  const bool dark = ground == Ground::kDark;
  std::string rules =
      fmt::format(".bg{{fill:{}}}text{{fill:{}}}.quiet{{fill:{}}}", dark ? "#12161c" : "#fff",
                  dark ? "#e6e9ee" : "#1c2128", dark ? "#a3abb6" : "#57606a");
  for (int level = -kLevels; level <= kLevels; ++level) {
    const Rgb color = diverging_color(static_cast<double>(level) / kLevels, ground);
    rules += fmt::format(".{0}{{fill:{1}}}.on-{0}{{fill:{2}}}", level_class(level), hex(color),
                         hex(ink_on(color)));
  }
  return rules;
}

class HeatPicture {
 public:
  HeatPicture(const LearnedGraph& learned, double threshold)
      : learned_(learned),
        graph_(learned.graph),
        threshold_(threshold),
        rows_(graph_.train_skills().size()),
        columns_(graph_.eval_skills().size()),
        full_(full_color_weight(graph_)) {
    const auto longer_side = static_cast<double>(std::max({rows_, columns_, std::size_t{1}}));
    cell_ = std::clamp(kMostSide / longer_side, kLeastCell, kMostCell);
    font_ = std::clamp(cell_ * 0.9, 8.5, 13.0);
    named_ = cell_ >= kNamedCell;
    left_ = kMargin + (named_ ? name_room(graph_.train_skills()) : 40) + 10;
    const double slant = named_ ? name_room(graph_.eval_skills()) * 0.72 : 24;
    top_ = 104 + slant;
    right_ = left_ + cell_ * static_cast<double>(columns_);
    bottom_ = top_ + cell_ * static_cast<double>(rows_);
    width_ = std::max(kLeastWidth, right_ + (named_ ? slant : 0) + kMargin);
  }

  std::string draw() {
    draw_words();
    draw_cells();
    draw_names(true);
    draw_names(false);
    draw_legend();
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" font-family=\"system-ui, -apple-system, "
        "'Segoe UI', 'DejaVu Sans', sans-serif\">\n<title>Skills graph</title>\n<desc>{2}</desc>\n"
        "<style>{3}@media(prefers-color-scheme:dark){{{4}}}</style>\n"
        "<rect width=\"100%\" height=\"100%\" class=\"bg\"/>\n{5}</svg>\n",
        width_, bottom_ + 76, counts_text(count_edges(learned_, threshold_)),
        color_rules(Ground::kLight), color_rules(Ground::kDark), body_);
  }

 private:
  /// `more`: further attributes, with a space before each.
  void text(Point at, double size, std::string_view words, std::string_view more = {}) {
    fmt::format_to(std::back_inserter(body_),
                   "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\"{}>{}</text>\n", at.x, at.y,
                   size, more, xml_escaped(words));
  }

  [[nodiscard]] double name_room(const SkillSet& skills) const {
    std::size_t longest = 1;
    for (const auto& name : skills.names()) longest = std::max(longest, display_width(name));
    return static_cast<double>(std::min(longest, kMostName)) * kLetter * font_;
  }

  void draw_words() {
    constexpr std::string_view kQuiet = " class=\"quiet\"";
    text({kMargin, 36}, 20, "Skills graph", " font-weight=\"600\"");
    text({kMargin, 58}, 12.5, counts_text(count_edges(learned_, threshold_)), kQuiet);
    text({kMargin, 78}, 12.5,
         threshold_ > 0 ? fmt::format("Row: trained on. Column: evaluated. Weights below {:.3g} in "
                                      "size are not drawn.",
                                      threshold_)
                        : "Row: the skill trained on. Column: the skill evaluated.",
         kQuiet);
  }

  [[nodiscard]] Point corner(std::size_t row, std::size_t column) const {
    return {left_ + cell_ * static_cast<double>(column), top_ + cell_ * static_cast<double>(row)};
  }
  [[nodiscard]] int level(EdgePlace place) const {
    return level_of(drawn_weight(graph_, place, threshold_), full_);
  }

  /// One path per shade, with neighbours of one shade joined: a tenth of the size of single cells.
  void draw_cells() {
    const double gap = named_ ? 1 : 0;
    std::map<int, std::string> paths;
    for (std::size_t i = 0; i < rows_; ++i) {
      std::size_t end = 0;
      for (std::size_t j = 0; j < columns_; j = end) {
        const int shade = level({i, j});
        end = j + 1;
        while (gap == 0 && end < columns_ && level({i, end}) == shade) ++end;
        const Point at = corner(i, j);
        const double wide = cell_ * static_cast<double>(end - j) - gap;
        fmt::format_to(std::back_inserter(paths[shade]), "M{:.6g} {:.6g}h{:.6g}v{:.6g}h{:.6g}z",
                       at.x, at.y, wide, cell_ - gap, -wide);
      }
    }
    for (const auto& [shade, path] : paths) {
      body_ += fmt::format("<path class=\"{}\"{} d=\"{}\"/>\n", level_class(shade),
                           named_ ? "" : " shape-rendering=\"crispEdges\"", path);
    }
    if (named_) draw_cell_texts();
  }

  void draw_cell_texts() {
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < columns_; ++j) {
        const double weight = drawn_weight(graph_, {i, j}, threshold_);
        const bool noise = weight == 0 && is_noise(learned_, {i, j});
        if (!noise && (weight == 0 || cell_ < kNumberedCell)) continue;
        const Point at = corner(i, j);
        text({at.x + cell_ / 2, at.y + cell_ / 2 + 4}, noise ? font_ : 11.5,
             noise ? "·" : weight_text(weight),
             fmt::format(" text-anchor=\"middle\" class=\"on-{}\"", level_class(level({i, j}))));
      }
    }
  }

  /// A name for every row or column, or numbers at round places where there are too many.
  void draw_names(bool is_row) {
    const SkillSet& skills = is_row ? graph_.train_skills() : graph_.eval_skills();
    const std::size_t stride = named_ ? 1 : skills.size() > 200 ? 25 : 10;
    for (std::size_t s = 0; s < skills.size(); s += stride) {
      const Point at = is_row ? corner(s, 0) : corner(0, s);
      const std::string words = named_ ? fit_middle(skills[s], kMostName) : std::to_string(s + 1);
      if (is_row) {
        text({left_ - 7, at.y + cell_ / 2 + font_ * 0.36}, font_, words, " text-anchor=\"end\"");
      } else if (named_) {
        const Point foot{at.x + cell_ / 2 + font_ * 0.3, top_ - 6};
        text(foot, font_, words,
             fmt::format(" transform=\"rotate(-45 {:.1f} {:.1f})\"", foot.x, foot.y));
      } else {
        text({at.x, top_ - 7}, font_, words);
      }
    }
  }

  void draw_legend() {
    constexpr double kStep = 16;
    const double top = bottom_ + 24;
    const double middle = kMargin + 60 + kStep * kLevels;
    for (int shade = -kLevels; shade <= kLevels; ++shade) {
      fmt::format_to(std::back_inserter(body_),
                     "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"14\"/>\n",
                     level_class(shade), middle + kStep * (shade - 0.5), top, kStep);
    }
    const double reach = kStep * (kLevels + 0.5);
    text({middle - reach - 8, top + 11}, 12, "harms", " text-anchor=\"end\"");
    text({middle + reach + 8, top + 11}, 12, "helps");
    const std::string centered = " text-anchor=\"middle\" class=\"quiet\"";
    text({middle - reach + kStep / 2, top + 30}, 11, weight_text(-full_), centered);
    text({middle, top + 30}, 11, "0", centered);
    text({middle + reach - kStep / 2, top + 30}, 11, weight_text(full_), centered);
    const bool has_dots = named_ && count_edges(learned_, threshold_).noise > 0;
    text({middle + reach + 60, top + 11}, 11.5,
         has_dots ? "Stronger ones look the same; · is within the noise."
                  : "Stronger ones look the same.",
         " class=\"quiet\"");
  }

  const LearnedGraph& learned_;
  const SkillGraph& graph_;
  double threshold_;
  std::size_t rows_;
  std::size_t columns_;
  double full_;
  double cell_ = 0;
  double font_ = 0;
  bool named_ = true;
  double left_ = 0, top_ = 0, right_ = 0, bottom_ = 0, width_ = 0;
  std::string body_;
};

}  // namespace

std::string graph_to_svg(const LearnedGraph& learned, double threshold) {
  return HeatPicture(learned, threshold).draw();
}

}  // namespace skillit
