#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace skillit::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::size_t output_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const int columns = std::atoi(std::string(environment("COLUMNS")).c_str());
  return columns > 0 ? static_cast<std::size_t>(columns) : 100;
}

ColorDepth output_color() {
  if (::isatty(STDOUT_FILENO) != 1 || !environment("NO_COLOR").empty() ||
      environment("TERM") == "dumb") {
    return ColorDepth::kNone;
  }
  const std::string_view depth = environment("COLORTERM");
  return depth == "truecolor" || depth == "24bit" ? ColorDepth::kTrue : ColorDepth::k256;
}

}  // namespace skillit::cli
