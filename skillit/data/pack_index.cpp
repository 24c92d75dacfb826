#include "skillit/data/pack_index.h"

#include <fmt/core.h>

#include <type_traits>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

using detail::Json;

constexpr int kVersion = 1;

Json part_to_json(const PackPart& part) {
  return {{"file", part.file},
          {"documents", part.documents},
          {"tokens", part.tokens},
          {"text_bytes", part.text_bytes},
          {"fingerprint", part.fingerprint}};
}

template <class T>
void get(const Json& object, const char* key, const std::string& where, T& value) {
  const Json& found = object[key];
  const auto refuse = [&](std::string_view expected) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: '{}' is {}; it must be {}", where, key, found.dump(), expected));
  };
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found.is_string()) refuse("a text");
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!found.is_boolean()) refuse("true or false");
  } else if constexpr (std::is_same_v<T, double>) {
    if (!found.is_number()) refuse("a number");
  } else {
    if (!found.is_number_unsigned() || !std::in_range<T>(found.get<std::uint64_t>()))
      refuse("a whole number that is not negative");
  }
  value = found.get<T>();
}

PackPart part_from_json(const Json& json, const std::string& where) {
  detail::expect_keys(json, where, {"file", "documents", "tokens", "text_bytes", "fingerprint"});
  PackPart part;
  get(json, "file", where, part.file);
  get(json, "documents", where, part.documents);
  get(json, "tokens", where, part.tokens);
  get(json, "text_bytes", where, part.text_bytes);
  get(json, "fingerprint", where, part.fingerprint);
  // A pack from elsewhere must not make us read other files.
  if (part.file.find('/') != std::string::npos || part.file.starts_with('.') ||
      part.file.empty() != (part.documents == 0)) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: 'file' is '{}' with {} documents; it must be the name of a file in the "
                     "same folder, or empty when there are none",
                     where, part.file, part.documents));
  }
  return part;
}

PackedSkill skill_from_json(const Json& json, const std::string& where) {
  detail::expect_keys(json, where,
                      {"name", "train", "validation", "duplicates_dropped", "near_duplicates"});
  PackedSkill skill;
  get(json, "name", where, skill.name);
  skill.train = part_from_json(json["train"], where + ".train");
  skill.validation = part_from_json(json["validation"], where + ".validation");
  get(json, "duplicates_dropped", where, skill.duplicates_dropped);
  get(json, "near_duplicates", where, skill.near_duplicates);
  return skill;
}

TokenType type_from_json(const Json& json, const std::string& where) {
  std::string name;
  get(json, "token_type", where, name);
  if (name == "uint16") return TokenType::kU16;
  if (name == "int32") return TokenType::kI32;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: 'token_type' is '{}'; it must be uint16 or int32", where, name));
}

}  // namespace

void write_pack_index(const std::filesystem::path& folder, const PackIndex& index) {
  Json skills = Json::array();
  for (const PackedSkill& skill : index.skills) {
    skills.push_back({{"name", skill.name},
                      {"train", part_to_json(skill.train)},
                      {"validation", part_to_json(skill.validation)},
                      {"duplicates_dropped", skill.duplicates_dropped},
                      {"near_duplicates", skill.near_duplicates}});
  }
  const PackTokenizer& tokenizer = index.tokenizer;
  const Json json{{"skillit_pack", kVersion},
                  {"token_type", index.type == TokenType::kU16 ? "uint16" : "int32"},
                  {"tokenizer",
                   {{"name", tokenizer.name},
                    {"fingerprint", tokenizer.fingerprint},
                    {"vocabulary_size", tokenizer.vocabulary_size},
                    {"end_of_document", tokenizer.end_of_document}}},
                  {"ends_appended", index.ends_appended},
                  {"validation_fraction", index.validation_fraction},
                  {"near_duplicates_counted", index.near_duplicates_counted},
                  {"without_skill", index.without_skill},
                  {"empty", index.empty},
                  {"note", index.note},
                  {"settings", index.settings},
                  {"skills", std::move(skills)}};
  // A name or note that is not UTF-8 is written with replacement characters.
  write_file_atomically(folder / PackIndex::kFileName,
                        json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

PackIndex read_pack_index(const std::filesystem::path& folder) {
  const auto path = folder / PackIndex::kFileName;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    const bool begun = std::filesystem::exists(folder.string() + ".partial", ignored);
    fail(ErrorCode::kNotFound,
         fmt::format("{}: there is no pack here (no {}){}", folder.string(), PackIndex::kFileName,
                     begun ? "; its packing was begun but not finished, give the same command again"
                           : "; make one with skillit data pack"));
  }
  const std::string where = path.string();
  const Json json = detail::parse_strict_json(read_file(path), where);
  if (json.is_object() && json.contains("skillit_pack") && json["skillit_pack"] != kVersion) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: the pack has version {}; this program reads {}",
                                            where, json["skillit_pack"].dump(), kVersion));
  }
  detail::expect_keys(
      json, where,
      {"skillit_pack", "token_type", "tokenizer", "ends_appended", "validation_fraction",
       "near_duplicates_counted", "without_skill", "empty", "note", "settings", "skills"});
  PackIndex index;
  index.type = type_from_json(json, where);
  const std::string at_tokenizer = where + ": tokenizer";
  detail::expect_keys(json["tokenizer"], at_tokenizer,
                      {"name", "fingerprint", "vocabulary_size", "end_of_document"});
  get(json["tokenizer"], "name", at_tokenizer, index.tokenizer.name);
  get(json["tokenizer"], "fingerprint", at_tokenizer, index.tokenizer.fingerprint);
  get(json["tokenizer"], "vocabulary_size", at_tokenizer, index.tokenizer.vocabulary_size);
  get(json["tokenizer"], "end_of_document", at_tokenizer, index.tokenizer.end_of_document);
  get(json, "ends_appended", where, index.ends_appended);
  get(json, "validation_fraction", where, index.validation_fraction);
  get(json, "near_duplicates_counted", where, index.near_duplicates_counted);
  get(json, "without_skill", where, index.without_skill);
  get(json, "empty", where, index.empty);
  get(json, "note", where, index.note);
  get(json, "settings", where, index.settings);
  const Json& skills = detail::json_array(json["skills"], where + ": skills");
  for (std::size_t i = 0; i < skills.size(); ++i)
    index.skills.push_back(skill_from_json(skills[i], fmt::format("{}: skills[{}]", where, i)));
  return index;
}

}  // namespace skillit
