#include "skillit/record/repeat.h"

#include <fmt/core.h>

#include <charconv>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {

MethodRepeat parse_method_repeat(std::string_view method) {
  const std::size_t place = method.rfind('#');
  if (place == std::string_view::npos) return {std::string(method), 1};
  MethodRepeat result{std::string(method.substr(0, place)), 0};
  const std::string_view number = method.substr(place + 1);
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), result.repeat);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() ||
      result.repeat == 0 || result.spec.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("method '{}': what follows '#' numbers a repeat, as in stratified#2, and must "
                     "be a whole number from 1 on",
                     method));
  }
  return result;
}

std::uint64_t repeat_seed(std::uint64_t seed, std::uint64_t repeat) {
  return repeat == 1 ? seed : derive_seed(seed, "repeat", repeat);
}

}  // namespace skillit
