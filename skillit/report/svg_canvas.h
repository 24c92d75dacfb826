#pragma once

#include <span>
#include <string>
#include <string_view>

namespace skillit {

struct Point {
  double x = 0;
  double y = 0;
};

struct Stroke {
  std::string_view color = "#000";
  double width = 1;
  double opacity = 1;
  std::string_view dashes = {};  ///< As SVG's stroke-dasharray; "" = solid.
};

struct TextStyle {
  double size = 12;
  std::string_view anchor = "start";  ///< "start", "middle" or "end".
  std::string_view color = "#222";
  bool bold = false;
  double turned = 0;  ///< Degrees about the point.
};

/// Text as it stands inside an element or a quoted attribute of XML or HTML; control characters,
/// which XML does not allow, are left out.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// Collects shapes, in pixels from the top left, into one self-contained SVG document.
class SvgCanvas {
 public:
  void line(Point from, Point to, const Stroke& stroke);
  void polyline(std::span<const Point> points, const Stroke& stroke);
  void rectangle(Point top_left, double width, double height, std::string_view color);
  void text(Point at, std::string_view text, const TextStyle& style = {});

  /// The document on a white ground; `title` is what a screen reader says.
  [[nodiscard]] std::string document(double width, double height, std::string_view title) const;

 private:
  std::string body_;
};

}  // namespace skillit
