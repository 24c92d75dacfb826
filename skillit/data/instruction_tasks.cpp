#include "skillit/data/instruction_tasks.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using detail::Json;

constexpr std::uintmax_t kMaxTaskBytes = 1 << 30;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// null for NaN outside texts: some of the original files have it where a URL is not known, though
/// it is no JSON.
std::string without_nan(const std::string& text) {
  constexpr std::string_view kNaN = "NaN";
  std::string result;
  result.reserve(text.size());
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!in_text && text.compare(i, kNaN.size(), kNaN) == 0) {
      result += "null";
      i += kNaN.size() - 1;
      continue;
    }
    if (text[i] == '"') in_text = !in_text;
    result += text[i];
    if (in_text && text[i] == '\\' && i + 1 < text.size()) result += text[++i];
  }
  return result;
}

/// In lower case, '_' for spaces.
std::string plain_name(const std::string& text) {
  std::string name;
  for (const char c : text) name += c == ' ' ? '_' : lower(c);
  return name;
}

const Json& required(const Json& object, const char* key, const std::string& where) {
  if (!object.is_object() || !object.contains(key))
    fail(ErrorCode::kBadFormat, fmt::format("{}: there is no '{}'", where, key));
  return object[key];
}

std::string required_text(const Json& object, const char* key, const std::string& where) {
  const Json& value = required(object, key, where);
  if (!value.is_string())
    fail(ErrorCode::kBadFormat, fmt::format("{}: '{}' is no text", where, key));
  return value.get<std::string>();
}

/// The first of a list of languages; English where none is given.
std::string language(const Json& json, const char* key, const std::string& where) {
  if (!json.contains(key)) return "english";
  const auto languages = detail::json_strings(json[key], where);
  return languages.empty() ? "english" : plain_name(languages[0]);
}

std::string skill_of_task(const Json& json, const std::string& where) {
  const auto categories = detail::json_strings(required(json, "Categories", where), where);
  if (categories.empty()) fail(ErrorCode::kBadFormat, where + ": 'Categories' is empty");
  std::string category = plain_name(categories[0]);
  const std::string from = language(json, "Input_language", where);
  const std::string to = language(json, "Output_language", where);
  if (from == "english" && to == "english") return category;
  return from == to ? fmt::format("{}_{}", category, from)
                    : fmt::format("{}_{}_{}", category, from, to);
}

/// The lines of a task list.
std::vector<std::string> read_task_list(const fs::path& path) {
  std::vector<std::string> names;
  const std::string text = read_file(path);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string name = text.substr(begin, end - begin);
    if (name.ends_with('\r')) name.pop_back();
    if (!name.empty()) names.push_back(std::move(name));
    begin = end + 1;
  }
  return names;
}

std::vector<std::string> tasks_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  if (problem)
    fail(ErrorCode::kIo, fmt::format("{}: cannot list: {}", folder.string(), problem.message()));
  return names;
}

/// `tasks` beside the list or beside a folder above it.
fs::path tasks_folder_of(const fs::path& list) {
  std::error_code ignored;
  const fs::path begin = fs::absolute(list, ignored).parent_path();
  for (fs::path folder = begin;; folder = folder.parent_path()) {
    if (fs::is_directory(folder / "tasks", ignored)) return folder / "tasks";
    if (folder == folder.parent_path()) break;
  }
  fail(ErrorCode::kNotFound,
       fmt::format("{}: there is no folder 'tasks' beside it or above", list.string()));
}

/// The first word without signs around it: "Rewrite" of "  Rewrite: ..".
std::string verb_of(const std::string& instruction) {
  const auto is_letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  const auto begin = std::find_if(instruction.begin(), instruction.end(), is_letter);
  const auto end = std::find_if_not(begin, instruction.end(), is_letter);
  std::string verb(begin, end);
  std::transform(verb.begin(), verb.end(), verb.begin(), lower);
  return verb;
}

}  // namespace

InstructionTask read_instruction_task(const fs::path& path) {
  const std::string where = path.string();
  const Json json = detail::parse_strict_json(without_nan(read_file(path, kMaxTaskBytes)), where);
  InstructionTask task;
  task.name = path.stem().string();
  task.skill = skill_of_task(json, where);
  task.definitions = detail::json_strings(required(json, "Definition", where), where);
  const Json& instances = detail::json_array(required(json, "Instances", where), where);
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const std::string at = fmt::format("{}: Instances[{}]", where, i);
    Instruction instance{required_text(instances[i], "input", at),
                         detail::json_strings(required(instances[i], "output", at), at)};
    std::erase(instance.outputs, "");
    if (!instance.outputs.empty()) task.instances.push_back(std::move(instance));
  }
  return task;
}

std::vector<fs::path> list_instruction_tasks(const fs::path& folder_or_list) {
  std::error_code ignored;
  if (!fs::exists(folder_or_list, ignored)) {
    fail(ErrorCode::kNotFound,
         folder_or_list.string() + ": no such folder of tasks, nor a list of them");
  }
  const bool is_folder = fs::is_directory(folder_or_list, ignored);
  const fs::path folder = is_folder ? folder_or_list : tasks_folder_of(folder_or_list);
  auto names = is_folder ? tasks_in(folder) : read_task_list(folder_or_list);
  if (names.empty()) {
    fail(ErrorCode::kNotFound, folder_or_list.string() +
                                   ": has no task; name the folder of the *.json files themselves, "
                                   "or a list of their names");
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    paths.push_back(folder / (name + ".json"));
    if (!fs::exists(paths.back(), ignored))
      fail(ErrorCode::kNotFound, paths.back().string() + ": there is no such task");
  }
  return paths;
}

std::vector<InstructionTask> read_natural_instructions(const fs::path& folder_or_list) {
  std::vector<InstructionTask> tasks;
  for (const fs::path& path : list_instruction_tasks(folder_or_list))
    tasks.push_back(read_instruction_task(path));
  return tasks;
}

std::vector<InstructionTask> read_alpaca(const fs::path& path, std::uint64_t min_rows) {
  const std::string where = path.string();
  const Json json = detail::parse_strict_json(read_file(path), where);
  std::map<std::string, InstructionTask> by_verb;
  const Json& rows = detail::json_array(json, where);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string at = fmt::format("{}: row {}", where, i);
    const std::string instruction = required_text(rows[i], "instruction", at);
    const std::string input = required_text(rows[i], "input", at);
    const std::string output = required_text(rows[i], "output", at);
    const std::string verb = verb_of(instruction);
    if (verb.empty() || output.empty()) continue;
    by_verb[verb].instances.push_back(
        {input.empty() ? instruction : fmt::format("{}\n{}", instruction, input), {output}});
  }
  std::vector<InstructionTask> tasks;
  for (auto& [verb, task] : by_verb) {
    if (task.instances.size() < min_rows) continue;
    task.name = task.skill = verb;
    tasks.push_back(std::move(task));
  }
  if (tasks.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: no verb begins {} instructions; ask for fewer", where, min_rows));
  }
  return tasks;
}

}  // namespace skillit
