#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/skill/mixture.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// One number per skill, written {"a": 1, "b": 2.5}: for `skills` in their order. Every skill must
/// be there and no other. @throws Error kBadFormat, kMismatch, kIo.
[[nodiscard]] std::vector<double> read_weights_file(const std::filesystem::path& path,
                                                    const SkillSet& skills);
/// The same from text in memory; `where` begins the messages.
[[nodiscard]] std::vector<double> parse_weights(std::string_view text, const SkillSet& skills,
                                                const std::string& where);

/// {"mixture": {"a": 0.25, "b": 0.75}}, on one line, with 17 significant digits: reading it gives
/// the same bits.
/// @throws Error kBadArgument when a name is not valid UTF-8.
[[nodiscard]] std::string mixture_to_json(const SkillSet& skills, const Mixture& mixture);

}  // namespace skillit
