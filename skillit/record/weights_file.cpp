#include "skillit/record/weights_file.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {

std::vector<double> parse_weights(std::string_view text, const SkillSet& skills,
                                  const std::string& where) {
  const detail::Json object = detail::parse_strict_json(text, where);
  if (!object.is_object()) {
    fail(ErrorCode::kBadFormat,
         where + ": is not an object; one number per skill was expected, {\"name\": 1}");
  }
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : object.items()) {
    names.push_back(name);
    values.push_back(detail::json_number(value, fmt::format("{}: '{}'", where, name)));
  }
  std::vector<double> ordered;
  for (const std::size_t id :
       match_names(skills, SkillSet(names, where), "the training skills", where)) {
    ordered.push_back(values[id]);
  }
  return ordered;
}

std::vector<double> read_weights_file(const std::filesystem::path& path, const SkillSet& skills) {
  return parse_weights(read_file(path), skills, path.string());
}

std::string mixture_to_json(const SkillSet& skills, const Mixture& mixture) {
  SKILLIT_ASSERT(skills.size() == mixture.size());
  std::string members;
  for (std::size_t i = 0; i < skills.size(); ++i) {
    members += fmt::format("{}{}: {:.17g}", i == 0 ? "" : ", ", detail::json_quoted(skills[i]),
                           mixture[i]);
  }
  return "{\"mixture\": {" + members + "}}";
}

}  // namespace skillit
