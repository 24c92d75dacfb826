#pragma once

#include <string>
#include <vector>

#include "skillit/report/svg_canvas.h"

namespace skillit {

/// From values to [0, 1], linearly or by logarithm.
class Scale {
 public:
  /// low < high; a logarithmic scale needs low > 0.
  [[nodiscard]] static Scale linear(double low, double high) { return {low, high, false}; }
  [[nodiscard]] static Scale logarithmic(double low, double high) { return {low, high, true}; }

  /// Outside values come to the nearer end.
  [[nodiscard]] double operator()(double value) const;
  /// Round values to mark, about `count` of them: 1, 2 or 5 times a power of ten.
  [[nodiscard]] std::vector<double> ticks(int count) const;
  [[nodiscard]] double low() const noexcept { return low_; }
  [[nodiscard]] double high() const noexcept { return high_; }

 private:
  Scale(double low, double high, bool is_log) : low_(low), high_(high), is_log_(is_log) {}
  double low_, high_;
  bool is_log_;
};

/// A rectangle of the picture with a scale on each side.
struct Axes {
  Point top_left;
  double width = 0;
  double height = 0;
  Scale x = Scale::linear(0, 1);
  Scale y = Scale::linear(0, 1);

  [[nodiscard]] Point place(double x_value, double y_value) const;
};

struct AxesLabels {
  std::string title = {};
  std::string x = {};
  std::string y = {};
  bool percent = false;  ///< Ticks of y are shares, shown as per cent.
};

/// Frame, grid lines, ticks and labels.
void draw_axes(SvgCanvas& canvas, const Axes& axes, const AxesLabels& labels);

}  // namespace skillit
