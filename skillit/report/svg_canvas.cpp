#include "skillit/report/svg_canvas.h"

#include <fmt/core.h>

#include <iterator>

namespace skillit {
namespace {

std::string attributes(const Stroke& stroke) {
  std::string text =
      fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", stroke.color, stroke.width);
  if (stroke.opacity < 1) text += fmt::format(" stroke-opacity=\"{}\"", stroke.opacity);
  if (!stroke.dashes.empty()) text += fmt::format(" stroke-dasharray=\"{}\"", stroke.dashes);
  return text;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20)
          result += c;  // XML allows no control characters.
    }
  }
  return result;
}

void SvgCanvas::line(Point from, Point to, const Stroke& stroke) {
  body_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n",
                       from.x, from.y, to.x, to.y, attributes(stroke));
}

void SvgCanvas::polyline(std::span<const Point> points, const Stroke& stroke) {
  body_ += "<polyline points=\"";
  for (const Point& p : points)
    fmt::format_to(std::back_inserter(body_), "{:.1f},{:.1f} ", p.x, p.y);
  body_ += fmt::format("\" stroke-linejoin=\"round\" {}/>\n", attributes(stroke));
}

void SvgCanvas::rectangle(Point top_left, double width, double height, std::string_view color) {
  body_ += fmt::format(
      "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\" "
      "shape-rendering=\"crispEdges\"/>\n",
      top_left.x, top_left.y, width, height, color);
}

void SvgCanvas::text(Point at, std::string_view text, const TextStyle& style) {
  std::string extra;
  if (style.bold) extra += " font-weight=\"600\"";
  if (style.turned != 0)
    extra += fmt::format(" transform=\"rotate({} {:.1f} {:.1f})\"", style.turned, at.x, at.y);
  body_ += fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"{}\" "
      "fill=\"{}\"{}>{}</text>\n",
      at.x, at.y, style.size, style.anchor, style.color, extra, xml_escaped(text));
}

std::string SvgCanvas::document(double width, double height, std::string_view title) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 "
      "0 {0:.0f} {1:.0f}\" "
      "role=\"img\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', "
      "sans-serif\">\n"
      "<title>{2}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{3}</svg>\n",
      width, height, xml_escaped(title), body_);
}

}  // namespace skillit
