#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skillit {

/// A method of a study and which repeat of it: "stratified#2" is "stratified" once more, with the
/// same data, base model and validation set, but another order of samples and other random weights.
/// What differs between the two is chance alone: the noise floor of the study.
struct MethodRepeat {
  std::string spec;          ///< What a selector is made from.
  std::uint64_t repeat = 1;  ///< 1 for a method without "#".
};
/// @throws Error kBadArgument when what follows the last "#" is no whole number from 1 on.
[[nodiscard]] MethodRepeat parse_method_repeat(std::string_view method);

/// The seed of a run's own randomness (order, weights): `seed` itself for the first repeat.
[[nodiscard]] std::uint64_t repeat_seed(std::uint64_t seed, std::uint64_t repeat);

}  // namespace skillit
