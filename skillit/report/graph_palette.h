#pragma once

#include <cstdint>
#include <string>

namespace skillit {

struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// What a picture is drawn on.
enum class Ground { kLight, kDark };

/// The colour of a weight as a part of the largest one, in [-1, 1]; outside values count as the
/// nearer end. Blue helps, orange harms, zero is nearly the ground: two hues that stay apart with
/// every common kind of colour vision, equally far from the ground at equal strength.
[[nodiscard]] Rgb diverging_color(double part, Ground ground);

/// Black or white, whichever is easier to read on `ground`.
[[nodiscard]] Rgb ink_on(Rgb ground);

/// "#0b3f7a".
[[nodiscard]] std::string hex(Rgb color);

}  // namespace skillit
