#include "skillit/data/text_corpus.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "skillit/base/error.h"
#include "skillit/data/document_files.h"
#include "skillit/data/json_line_private.h"
#include "skillit/data/line_reader.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

std::vector<std::string> files_in(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return expand_pattern(path);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string file = entry.path().string();
    if (file.ends_with(".jsonl") || file.ends_with(".jsonl.gz") || file.ends_with(".jsonl.zst"))
      files.push_back(file);
  }
  if (files.empty()) {
    fail(
        ErrorCode::kNotFound,
        fmt::format("{}: the folder has no *.jsonl file (.gz, .zst too); put one per skill into it",
                    path));
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
    const std::size_t before = num_documents_;
    LineReader lines(open_byte_stream(file), file, kMaxLineBytes);
    while (const auto line = lines.next()) {
      line_ = lines.line_number();
      if (line->find_first_not_of(" \t\r") != std::string_view::npos) read_line(*line, skill);
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
    const detail::LinePlace place{file_, line_};
    const auto object = parser_.parse(line, place);
    const std::string_view text =
        detail::string_field(object, source_.text_field, "text_field", place);
    std::string name(skill
                         ? std::string_view(*skill)
                         : detail::string_field(object, source_.skill_field, "skill_field", place));
    if (name.empty())
      place.refuse(
          fmt::format("the field '{}' is empty; it must name the skill", source_.skill_field));
    if (text.empty()) return;
    documents_[std::move(name)].push_back({.text = std::string(text),
                                           .file = static_cast<std::uint32_t>(files_.size()),
                                           .line = line_});
    ++num_documents_;
  }

  const CorpusSource& source_;
  detail::JsonLineParser parser_;
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
      for (const std::string& file : expand_pattern(pattern)) reader.read(file, skill);
    }
  }
  if (source.path.empty()) return std::move(reader).finish();
  for (const std::string& file : files_in(source.path)) {
    const bool by_file = source.skill_field.empty();
    reader.read(file, by_file ? std::optional(document_file_stem(file)) : std::nullopt);
  }
  return std::move(reader).finish();
}

}  // namespace skillit
