#include "skillit/report/svg_panels.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr std::size_t kMostPoints = 300;  // Of one line; more cannot be seen.

// Okabe and Ito's colours, told apart with every kind of colour vision; then again with dashes.
constexpr std::array<std::string_view, 7> kMethodColors = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
// From dark to light in even steps of lightness, for any number of skills.
constexpr std::array<std::array<double, 3>, 5> kShareColors = {
    {{70, 50, 110}, {66, 103, 150}, {58, 155, 152}, {128, 203, 138}, {238, 226, 120}}};

std::string share_color(std::size_t skill, std::size_t count) {
  const double at = count < 2 ? 2 : 4 * static_cast<double>(skill) / static_cast<double>(count - 1);
  const auto low = std::min<std::size_t>(static_cast<std::size_t>(at), 3);
  const double mix = at - static_cast<double>(low);
  std::array<int, 3> rgb{};
  for (std::size_t i = 0; i < 3; ++i) {
    rgb[i] = static_cast<int>(
        std::lround(kShareColors[low][i] * (1 - mix) + kShareColors[low + 1][i] * mix));
  }
  return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]);
}

void draw_curve(SvgCanvas& canvas, const Axes& axes, const Curve& curve, const Stroke& stroke) {
  std::vector<Point> points;
  const std::size_t stride = 1 + curve.steps.size() / kMostPoints;
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    if (i % stride == 0 || i + 1 == curve.steps.size()) {
      points.push_back(axes.place(static_cast<double>(curve.steps[i]), curve.values[i]));
    }
  }
  canvas.polyline(points, stroke);
}

}  // namespace

Stroke method_stroke(std::size_t method) {
  return {.color = kMethodColors[method % kMethodColors.size()],
          .width = 2.4,
          .dashes = method < kMethodColors.size() ? "" : "6 3"};
}

Scale loss_scale(const std::vector<PanelCurves>& panels) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const auto& panel : panels) {
    for (const auto& method : panel) {
      for (const Curve& curve : method) {
        for (const double value : curve.values) {
          low = std::min(low, value);
          high = std::max(high, value);
        }
      }
    }
  }
  if (!(high > 0)) return Scale::linear(0, 1);
  if (low > 0 && high / low > 20)
    return Scale::logarithmic(std::max(low, high * 1e-6) / 1.1, high * 1.1);
  return Scale::linear(std::min(0.0, low), high * 1.05);
}

void draw_curves(SvgCanvas& canvas, const Axes& axes, const PanelCurves& panel) {
  for (std::size_t method = 0; method < panel.size(); ++method) {
    if (panel[method].size() < 2) continue;
    Stroke thin = method_stroke(method);
    thin.width = 0.9;
    thin.opacity = 0.35;
    for (const Curve& curve : panel[method]) draw_curve(canvas, axes, curve, thin);
  }
  for (std::size_t method = 0; method < panel.size(); ++method) {
    draw_curve(canvas, axes, mean_of_curves(panel[method]), method_stroke(method));
  }
}

void draw_threshold(SvgCanvas& canvas, const Axes& axes, double threshold) {
  if (threshold <= axes.y.low() || threshold >= axes.y.high()) return;
  const Point left = axes.place(axes.x.low(), threshold),
              right = axes.place(axes.x.high(), threshold);
  canvas.line(left, right, {.color = "#777", .dashes = "3 3"});
  canvas.text({left.x + 6, left.y - 5}, fmt::format("threshold {:.3g}", threshold),
              {.size = 11, .color = "#555"});
}

void draw_mixture(SvgCanvas& canvas, const Axes& axes, const std::vector<std::vector<double>>& path,
                  const std::vector<std::string>& skills) {
  const double block = axes.width / static_cast<double>(path.size());
  for (std::size_t round = 0; round < path.size(); ++round) {
    double y = axes.top_left.y;
    for (std::size_t skill = 0; skill < skills.size(); ++skill) {
      const double height = axes.height * path[round][skill];
      canvas.rectangle({axes.top_left.x + block * static_cast<double>(round), y}, block, height,
                       share_color(skill, skills.size()));
      const bool has_room = height >= 12 || skills.size() * 13 <= axes.height;
      if (round + 1 == path.size() && has_room && height >= 7) {
        canvas.text(
            {axes.top_left.x + axes.width + 6, y + height / 2 + 4},
            fmt::format("{} {:.0f}%", fit_middle(skills[skill], 12), 100 * path[round][skill]),
            {.size = 11});
      }
      y += height;
    }
  }
}

}  // namespace skillit
