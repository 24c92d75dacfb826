#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace skillit {

struct Instruction {
  std::string input;
  std::vector<std::string> outputs;  ///< Each is right; at least one, none empty.
};

/// Instructions that share a definition.
struct InstructionTask {
  std::string name;
  std::string skill;
  std::vector<std::string> definitions;  ///< Each says what to do; may be empty.
  std::vector<Instruction> instances;
};

/// Super-NaturalInstructions: every task (*.json) of a folder, or those that a list names. A list
/// is a text file with a task's name (without ".json") per line, somewhere below a folder that
/// holds them in `tasks/`, as in the original (splits/default/train_tasks.txt); its last line needs
/// no newline. A task's skill is its first category in lower case with '_' for spaces
/// ("question_answering"), and unless that is English, its language ("question_answering_spanish";
/// of the input and of the output, where they differ), as the paper's cross-lingual skills.
/// Instances without an output are left out. In the order of the names.
/// @throws Error kNotFound (no such task, an empty folder), kBadFormat with the file and the key.
[[nodiscard]] std::vector<InstructionTask> read_natural_instructions(
    const std::filesystem::path& folder_or_list);

/// One file of them; as above. A file over 1 GiB is refused.
[[nodiscard]] InstructionTask read_instruction_task(const std::filesystem::path& path);
/// Where the tasks of a folder or a list are, in the order of their names.
/// @throws Error kNotFound (no such task, an empty folder or list), kIo.
[[nodiscard]] std::vector<std::filesystem::path> list_instruction_tasks(
    const std::filesystem::path& folder_or_list);

/// A verb is a skill where at least so many instructions begin with it: enough to hold some out and
/// learn from the others.
inline constexpr std::uint64_t kAlpacaRows = 100;

/// Alpaca's list of {instruction, input, output}: a task and skill for every verb (the
/// instruction's first word, in lower case) that at least `min_rows` rows begin with, by name. The
/// input of an instance is the instruction and, on a line of its own, the row's input. Rows of
/// rarer verbs and without an output are left out.
/// @throws Error kBadFormat with the row, kBadArgument (no verb is frequent enough), kIo.
[[nodiscard]] std::vector<InstructionTask> read_alpaca(const std::filesystem::path& path,
                                                       std::uint64_t min_rows);

}  // namespace skillit
