#include "skillit/data/addition.h"

#include <fmt/core.h>

#include <array>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr std::array<std::string_view, 9> kPlaces = {
    "ones",      "tens",          "hundreds",
    "thousands", "ten-thousands", "hundred-thousands",
    "millions",  "ten-millions",  "hundred-millions"};

std::uint64_t power_of_ten(std::size_t exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

/// " 0 7 1": each digit with a space before it.
std::string spaced(std::uint64_t number, std::size_t digits) {
  std::string text;
  for (const char digit : fmt::format("{:0{}}", number, digits)) text += {' ', digit};
  return text;
}

}  // namespace

AnsweredText addition_text(std::uint64_t a, std::uint64_t b, std::size_t digits,
                           std::size_t skill) {
  AnsweredText text;
  text.add(fmt::format("Input: A ={} +{} , A {} = ? Output: ", spaced(a, digits), spaced(b, digits),
                       skill));
  text.add_answer(std::to_string((a + b) / power_of_ten(skill) % 10));
  return text;
}

AnsweredText draw_addition_text(const AdditionOptions& options, Rng& rng, std::size_t skill) {
  const auto digits = static_cast<std::size_t>(options.digits);
  const std::uint64_t bound = power_of_ten(digits) - 1;
  const std::uint64_t a = rng.below(bound);
  const std::uint64_t b = rng.below(bound);
  return addition_text(a, b, digits, skill);
}

SkillData make_addition_data(const AdditionOptions& options, std::uint64_t seed,
                             const Tokenizer& tokenizer) {
  if (options.digits < 1 || options.digits > static_cast<int>(kPlaces.size())) {
    fail(ErrorCode::kBadArgument,
         fmt::format("addition: {} digits; 1 to {} are possible", options.digits, kPlaces.size()));
  }
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(options.digits));
  for (int i = 0; i < options.digits; ++i) {
    names.push_back(fmt::format("addition-{}", kPlaces[static_cast<std::size_t>(i)]));
  }
  return draw_pools(
      "addition", SkillSet(names), options, seed, tokenizer,
      [&](Rng& rng, std::size_t skill) { return draw_addition_text(options, rng, skill); });
}

}  // namespace skillit
