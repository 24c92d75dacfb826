#include "skillit/data/document_parser.h"

#include <fmt/core.h>
#include <simdjson.h>

#include "skillit/base/error.h"
#include "skillit/data/json_line_private.h"
#include "skillit/data/line_reader.h"
#include "skillit/data/skill_filter_private.h"

namespace skillit {
struct DocumentParser::State {
  detail::JsonLineParser json{simdjson::SIMDJSON_MAXSIZE_BYTES};
  std::optional<detail::SkillFilter> filter;
  std::string digits;  ///< Of a skill or id that is a number.
};

namespace {

bool is_instructions(DocumentFileKind kind) {
  return kind == DocumentFileKind::kInstructions || kind == DocumentFileKind::kAlpaca;
}

/// What a record's number counts, when not lines.
std::string_view unit_of(DocumentFileKind kind) {
  if (is_instructions(kind)) return "instance";
  return kind == DocumentFileKind::kParquet || kind == DocumentFileKind::kArrow ? "row" : "";
}

}  // namespace

std::unordered_map<std::string, std::string> read_assignments(const std::string& path) {
  std::unordered_map<std::string, std::string> assignments;
  LineReader lines(open_byte_stream(path), path, 1 << 20);
  while (auto line = lines.next()) {
    if (line->ends_with('\r')) line->remove_suffix(1);
    if (line->empty()) continue;
    const detail::LinePlace place{path, lines.line_number()};
    const std::size_t tab = line->find('\t');
    if (tab == std::string_view::npos || tab == 0 || tab + 1 == line->size())
      place.refuse("each line must be an id, a tab and a skill");
    std::string id(line->substr(0, tab));
    const std::string_view skill = line->substr(tab + 1);
    const auto [entry, added] = assignments.try_emplace(std::move(id), skill);
    if (!added && entry->second != skill) {
      place.refuse(fmt::format("'{}' is given the skill '{}' and before '{}'; a document has one",
                               entry->first, skill, entry->second));
    }
  }
  return assignments;
}

DocumentParser::DocumentParser(const DocumentRules& rules, const std::vector<DocumentFile>& files)
    : rules_(rules), files_(files), state_(std::make_unique<State>()) {
  if (!rules.filters.empty()) state_->filter.emplace(rules.filters);
}

DocumentParser::~DocumentParser() = default;

std::string DocumentParser::place_of(const Record& record) const {
  const DocumentFile& file = files_[record.file];
  return detail::LinePlace{file.path, record.line, unit_of(file.kind)}.text();
}

DocumentParser::Result DocumentParser::parse(const Record& record) {
  const DocumentFile& file = files_[record.file];
  const detail::LinePlace place{file.path, record.line, unit_of(file.kind)};
  if (is_instructions(file.kind))
    return {record.bytes, file.skill.empty() ? record.skill : std::string_view(file.skill)};
  if (file.kind == DocumentFileKind::kText) {
    if (!simdjson::validate_utf8(record.bytes))
      place.refuse("the text is not valid UTF-8; convert the file");
    if (file.skill.empty())
      place.refuse("a text file has no fields that say its skill; name one for it");
    return {record.bytes, file.skill};
  }
  const auto object = state_->json.parse(record.bytes, place);
  const std::string_view text =
      detail::string_field(object, rules_.text_field, "--text-field", place);
  if (!file.skill.empty()) return {text, file.skill};
  if (state_->filter) {
    const auto met = state_->filter->first_met(object, place);
    return {text, met ? std::string_view(rules_.filters[*met].first) : std::string_view()};
  }
  if (rules_.assignments != nullptr) {
    const auto id =
        detail::name_field(object, rules_.id_field, "--id-field", place, state_->digits);
    const auto found = rules_.assignments->find(std::string(id));
    const bool has = found != rules_.assignments->end();
    return {text, has ? std::string_view(found->second) : std::string_view()};
  }
  const auto skill =
      detail::name_field(object, rules_.skill_field, "--skill-field", place, state_->digits);
  if (skill.empty()) {
    place.refuse(
        fmt::format("the field '{}' is empty; it must name the skill", rules_.skill_field));
  }
  return {text, skill};
}

std::set<std::string> DocumentParser::filter_fields_met() const {
  return state_->filter ? state_->filter->fields_met() : std::set<std::string>();
}

std::set<std::string> DocumentParser::filter_fields_lacked() const {
  return state_->filter ? state_->filter->fields_lacked() : std::set<std::string>();
}

}  // namespace skillit
