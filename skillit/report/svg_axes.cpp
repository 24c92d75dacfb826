#include "skillit/report/svg_axes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace skillit {
namespace {

constexpr std::string_view kGridColor = "#e4e4e4";
constexpr std::string_view kQuiet = "#555";

std::vector<double> linear_ticks(double low, double high, int count) {
  const double raw = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  const double lead = raw / power;
  const double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  std::vector<double> ticks;
  const double first = std::ceil(low / step - 1e-9) + 0.0;  // Not -0.
  for (double i = first; i * step <= high * (1 + 1e-12); ++i) ticks.push_back(i * step);
  return ticks;
}

/// Powers of ten, or 1, 2 and 5 times them where the powers alone would be too few.
std::vector<double> log_ticks(double low, double high, int count) {
  const bool dense = std::log10(high / low) * 3 <= 1.6 * count;
  std::vector<double> ticks;
  for (double power = std::floor(std::log10(low)); power <= std::log10(high); ++power) {
    for (const double lead : {1.0, 2.0, 5.0}) {
      const double tick = lead * std::pow(10, power);
      if ((dense || lead == 1) && tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
        ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

double Scale::operator()(double value) const {
  const double inside = std::clamp(value, low_, high_);
  return is_log_ ? std::log(inside / low_) / std::log(high_ / low_)
                 : (inside - low_) / (high_ - low_);
}

std::vector<double> Scale::ticks(int count) const {
  return is_log_ ? log_ticks(low_, high_, count) : linear_ticks(low_, high_, count);
}

Point Axes::place(double x_value, double y_value) const {
  return {top_left.x + width * x(x_value), top_left.y + height * (1 - y(y_value))};
}

void draw_axes(SvgCanvas& canvas, const Axes& axes, const AxesLabels& labels) {
  const double left = axes.top_left.x, top = axes.top_left.y;
  const double right = left + axes.width, bottom = top + axes.height;
  const double size = axes.width < 300 ? 10.5 : 11.5;
  for (const double tick : axes.y.ticks(axes.height < 200 ? 3 : 5)) {
    const double y = axes.place(axes.x.low(), tick).y;
    canvas.line({left, y}, {right, y}, {.color = kGridColor});
    const std::string text =
        labels.percent ? fmt::format("{:.0f}%", 100 * tick) : fmt::format("{:.4g}", tick);
    canvas.text({left - 6, y + 4}, text, {.size = size, .anchor = "end", .color = kQuiet});
  }
  for (const double tick : axes.x.ticks(axes.width < 300 ? 3 : 6)) {
    const double x = axes.place(tick, axes.y.low()).x;
    canvas.line({x, bottom}, {x, bottom + 4}, {.color = kQuiet});
    canvas.text({x, bottom + 17}, fmt::format("{:.7g}", tick),
                {.size = size, .anchor = "middle", .color = kQuiet});
  }
  canvas.line({left, bottom}, {right, bottom}, {.color = kQuiet});
  canvas.line({left, top}, {left, bottom}, {.color = kQuiet});
  canvas.text({left, top - 9}, labels.title, {.size = size + 2, .bold = true});
  if (!labels.x.empty()) {
    canvas.text({left + axes.width / 2, bottom + 34}, labels.x,
                {.size = size, .anchor = "middle", .color = kQuiet});
  }
  if (!labels.y.empty()) {
    canvas.text({left - 46, top + axes.height / 2}, labels.y,
                {.size = size, .anchor = "middle", .color = kQuiet, .turned = -90});
  }
}

}  // namespace skillit
