#include "skillit/data/document_files.h"

#include <fmt/core.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "skillit/base/error.h"
#include "skillit/data/instruction_tasks.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

/// The name without ".gz" or ".zst".
std::string_view uncompressed(std::string_view name) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

std::optional<DocumentFileKind> kind_of(const std::string& path) {
  const std::string ending = fs::path(uncompressed(path)).extension().string();
  if (ending == ".jsonl" || ending == ".ndjson") return DocumentFileKind::kJsonLines;
  if (ending == ".txt" || ending == ".text" || ending == ".md") return DocumentFileKind::kText;
  if (path.ends_with(".parquet")) return DocumentFileKind::kParquet;
  if (path.ends_with(".arrow")) return DocumentFileKind::kArrow;
  return std::nullopt;
}

std::vector<std::string> files_in_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code problem;
  fs::directory_iterator entry(folder, problem);
  for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
    if (kind_of(entry->path().string())) files.push_back(entry->path().string());
  }
  if (problem) fail(ErrorCode::kIo, fmt::format("{}: cannot list: {}", folder, problem.message()));
  if (files.empty()) {
    fail(
        ErrorCode::kNotFound,
        fmt::format("{}: the folder has no *.jsonl, *.txt, *.parquet or *.arrow file (.gz and .zst "
                    "too)",
                    folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Adds the files of one input, of the skill given or of their own names.
void add_input(const std::string& input, const std::optional<std::string>& skill,
               std::vector<DocumentFile>& files) {
  std::error_code ignored;
  const auto paths =
      fs::is_directory(input, ignored) ? files_in_folder(input) : expand_pattern(input);
  for (const std::string& path : paths) {
    const auto kind = kind_of(path);
    if (!kind) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the ending does not say what it holds; known are .jsonl, .ndjson (JSON "
                       "lines), .txt, .text, .md (text), each also with .gz or .zst, .parquet and "
                       ".arrow{}",
                       path,
                       path.ends_with(".json")
                           ? "; write a list as one object per line, .jsonl; skillit data pack "
                             "--alpaca and --instructions read such files as they are"
                           : ""));
    }
    files.push_back({path, *kind, skill ? *skill : document_file_stem(path)});
  }
}

}  // namespace

std::vector<std::string> expand_pattern(const std::string& pattern) {
  std::error_code ignored;
  if (fs::symlink_status(pattern, ignored).type() != fs::file_type::not_found) return {pattern};
  glob_t matches{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&matches, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &matches) != 0) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: no such file, and no file matches it as a pattern", pattern));
  }
  return {matches.gl_pathv, matches.gl_pathv + matches.gl_pathc};
}

std::string document_file_stem(const std::string& path) {
  return fs::path(uncompressed(path)).stem().string();
}

std::vector<DocumentFile> list_instruction_files(const std::string& folder_or_list) {
  std::vector<DocumentFile> files;
  for (const fs::path& path : list_instruction_tasks(folder_or_list))
    files.push_back({path.string(), DocumentFileKind::kInstructions, ""});
  return files;
}

DocumentFile alpaca_file(const std::string& path) {
  return {path, DocumentFileKind::kAlpaca, ""};
}

std::vector<DocumentFile> list_document_files(
    const std::vector<std::string>& inputs,
    const std::map<std::string, std::vector<std::string>>& skills, bool by_document) {
  if (inputs.empty() && skills.empty())
    fail(ErrorCode::kBadArgument, "data: no input is given; name files, folders or skills");
  std::vector<DocumentFile> files;
  for (const std::string& input : inputs)
    add_input(input, by_document ? std::optional<std::string>("") : std::nullopt, files);
  for (const auto& [skill, patterns] : skills) {
    for (const std::string& pattern : patterns) add_input(pattern, skill, files);
  }
  std::set<std::string> seen;
  for (const DocumentFile& file : files) {
    if (!seen.insert(file.path).second) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: is named twice; its documents would count double", file.path));
    }
  }
  return files;
}

}  // namespace skillit
