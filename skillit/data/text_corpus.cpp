#include "skillit/data/text_corpus.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <glob.h>
#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "skillit/base/error.h"
#include "skillit/base/files.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

/// Files that match, sorted by name. A name that exists is taken as it is, even if it holds glob
/// signs.
std::vector<std::string> expand(const std::string& pattern) {
  if (fs::exists(pattern)) return {pattern};
  glob_t matches{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&matches, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &matches) != 0) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: no such file, and no file matches it as a pattern", pattern));
  }
  return {matches.gl_pathv, matches.gl_pathv + matches.gl_pathc};
}

std::vector<std::string> files_in(const std::string& path) {
  if (!fs::is_directory(path)) return expand(path);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  }
  if (files.empty()) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: the folder has no *.jsonl file; put one per skill into it", path));
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Takes documents from lines of JSON and keeps them by the name of their skill.
class CorpusReader {
 public:
  explicit CorpusReader(const CorpusSource& source) : source_(source), parser_(kMaxLineBytes) {}

  /// Without a skill, each line names its own in skill_field.
  void read(const std::string& file, const std::optional<std::string>& skill) {
    file_ = file;
    const MappedFile mapped = MappedFile::open(file);
    std::string_view rest = mapped.bytes();
    if (rest.starts_with("\xef\xbb\xbf"))
      rest.remove_prefix(3);  // A byte order mark is no part of the JSON.
    const std::size_t before = num_documents_;
    for (line_ = 1; !rest.empty(); ++line_) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) read_line(line, skill);
    }
    if (num_documents_ == before) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: has no documents; each line must be a JSON object with the text in "
                       "the field '{}'",
                       file, source_.text_field));
    }
    files_.push_back(file);
  }

  Corpus finish() && {
    Corpus corpus;
    std::vector<std::string> names;
    for (auto& [name, documents] : documents_) {
      names.push_back(name);
      corpus.documents.push_back(std::move(documents));
    }
    corpus.skills = SkillSet(std::move(names), "corpus");
    corpus.files = std::move(files_);
    return corpus;
  }

 private:
  void read_line(std::string_view line, const std::optional<std::string>& skill) {
    if (line.size() > kMaxLineBytes) {
      refuse(fmt::format("the line has {} bytes, more than the {} of one document; split it",
                         line.size(), kMaxLineBytes));
    }
    simdjson::dom::element json;
    if (const auto problem = parser_.parse(line.data(), line.size()).get(json)) {
      refuse(problem == simdjson::UTF8_ERROR
                 ? "the line is not valid UTF-8; convert the file"
                 : fmt::format("the line is not JSON ({}); each line must be one object",
                               simdjson::error_message(problem)));
    }
    simdjson::dom::object object;
    if (json.get(object)) refuse("the line is JSON, but no object like {\"text\": \"..\"}");
    const std::string_view text = string_field(object, source_.text_field, "text_field");
    std::string name(skill ? std::string_view(*skill)
                           : string_field(object, source_.skill_field, "skill_field"));
    if (name.empty())
      refuse(fmt::format("the field '{}' is empty; it must name the skill", source_.skill_field));
    if (text.empty()) return;
    documents_[std::move(name)].push_back({.text = std::string(text),
                                           .file = static_cast<std::uint32_t>(files_.size()),
                                           .line = line_});
    ++num_documents_;
  }

  std::string_view string_field(simdjson::dom::object object, const std::string& name,
                                std::string_view option) {
    simdjson::dom::element value;
    if (object.at_key(name).get(value)) {
      std::vector<std::string> names;
      for (const auto& field : object) names.emplace_back(field.key);
      refuse(fmt::format("there is no field '{}'; the fields are: {} (choose with {})", name,
                         fmt::join(names, ", "), option));
    }
    std::string_view text;
    if (value.get(text))
      refuse(fmt::format("the field '{}' is no string but {}", name, type_name(value.type())));
    return text;
  }

  static std::string_view type_name(simdjson::dom::element_type type) {
    using Type = simdjson::dom::element_type;
    switch (type) {
      case Type::ARRAY:
        return "an array";
      case Type::OBJECT:
        return "an object";
      case Type::BOOL:
        return "true or false";
      case Type::NULL_VALUE:
        return "null";
      default:
        return "a number";
    }
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    fail(ErrorCode::kBadFormat, fmt::format("{}:{}: {}", file_, line_, reason));
  }

  const CorpusSource& source_;
  simdjson::dom::parser parser_;
  std::string file_;
  std::uint64_t line_ = 0;
  std::size_t num_documents_ = 0;
  std::vector<std::string> files_;
  std::map<std::string, std::vector<Document>> documents_;
};

}  // namespace

std::string Corpus::place_of(const Document& document) const {
  return fmt::format("{}:{}", files[document.file], document.line);
}

Corpus read_corpus(const CorpusSource& source) {
  if (source.files.empty() == source.path.empty()) {
    fail(ErrorCode::kBadArgument, source.path.empty()
                                      ? "text data: neither files nor a path is given; name one"
                                      : "text data: both files and a path are given; name one");
  }
  if (!source.files.empty() && !source.skill_field.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("text data: files already says the skills; drop skill_field '{}' or use "
                     "path instead of files",
                     source.skill_field));
  }
  CorpusReader reader(source);
  for (const auto& [skill, patterns] : source.files) {
    if (patterns.empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("text data: the skill '{}' has no files; name at least one", skill));
    }
    for (const std::string& pattern : patterns) {
      for (const std::string& file : expand(pattern)) reader.read(file, skill);
    }
  }
  if (source.path.empty()) return std::move(reader).finish();
  for (const std::string& file : files_in(source.path)) {
    const bool by_file = source.skill_field.empty();
    reader.read(file, by_file ? std::optional(fs::path(file).stem().string()) : std::nullopt);
  }
  return std::move(reader).finish();
}

}  // namespace skillit
