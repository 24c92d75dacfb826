#include "skillit/report/graph_palette.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace skillit {
namespace {

// At -1, -0.5, 0, 0.5 and 1.
using Ramp = std::array<Rgb, 5>;
constexpr Ramp kOnLight = {{{0x8a, 0x3c, 0x00},
                            {0xe8, 0x8f, 0x45},
                            {0xf4, 0xf4, 0xf4},
                            {0x62, 0xa3, 0xd6},
                            {0x0b, 0x45, 0x80}}};
constexpr Ramp kOnDark = {{{0xff, 0xb9, 0x75},
                           {0xad, 0x5e, 0x1c},
                           {0x22, 0x27, 0x2e},
                           {0x2c, 0x6c, 0xa8},
                           {0x8f, 0xcc, 0xff}}};

std::uint8_t mix(std::uint8_t low, std::uint8_t high, double share) {
  return static_cast<std::uint8_t>(std::lround(low * (1 - share) + high * share));
}

}  // namespace

Rgb diverging_color(double part, Ground ground) {
  const Ramp& ramp = ground == Ground::kLight ? kOnLight : kOnDark;
  const double at = 2 * (std::clamp(part, -1.0, 1.0) + 1);
  const auto low = std::min<std::size_t>(static_cast<std::size_t>(at), ramp.size() - 2);
  const double share = at - static_cast<double>(low);
  const Rgb& a = ramp[low];
  const Rgb& b = ramp[low + 1];
  return {mix(a.red, b.red, share), mix(a.green, b.green, share), mix(a.blue, b.blue, share)};
}

Rgb ink_on(Rgb ground) {
  // Luma of Rec. 601: what the eye makes of the three.
  const double light = 0.299 * ground.red + 0.587 * ground.green + 0.114 * ground.blue;
  return light > 128 ? Rgb{0, 0, 0} : Rgb{255, 255, 255};
}

std::string hex(Rgb color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

}  // namespace skillit
