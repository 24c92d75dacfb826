#include "skillit/data/file_records.h"

#include <fmt/core.h>

#include <array>
#include <string>

#include "skillit/base/error.h"
#include "skillit/data/instruction_tasks.h"
#include "skillit/data/line_reader.h"
#include "skillit/data/parquet_records.h"

namespace skillit {
namespace {

class Lines final : public FileRecords {
 public:
  Lines(const std::string& path, std::size_t max_bytes)
      : lines_(open_byte_stream(path), path, max_bytes) {}
  std::optional<Record> next() override {
    while (const auto line = lines_.next()) {
      if (line->find_first_not_of(" \t\r") != std::string_view::npos)
        return Record{.bytes = *line, .line = lines_.line_number()};
    }
    return std::nullopt;
  }

 private:
  LineReader lines_;
};

[[noreturn]] void refuse_long(const std::string& where, std::size_t max_bytes) {
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: has more than the {} bytes allowed for one document; split it, or raise "
                   "the limit",
                   where, max_bytes));
}

class WholeText final : public FileRecords {
 public:
  WholeText(std::string path, std::size_t max_bytes)
      : path_(std::move(path)), max_bytes_(max_bytes) {}
  std::optional<Record> next() override {
    if (done_) return std::nullopt;
    done_ = true;
    const auto stream = open_byte_stream(path_);
    std::array<char, 1 << 16> piece;
    while (const std::size_t count = stream->read(piece)) {
      if (count > max_bytes_ - text_.size()) refuse_long(path_, max_bytes_);
      text_.append(piece.data(), count);
    }
    return Record{.bytes = text_};
  }

 private:
  std::string path_;
  std::size_t max_bytes_;
  std::string text_;
  bool done_ = false;
};

/// The instances of a file's tasks, each with its task's first definition and its own first output.
class Instructions final : public FileRecords {
 public:
  Instructions(std::string path, std::size_t max_bytes, std::vector<InstructionTask> tasks)
      : path_(std::move(path)), max_bytes_(max_bytes), tasks_(std::move(tasks)) {}
  std::optional<Record> next() override {
    while (task_ < tasks_.size() && next_ == tasks_[task_].instances.size()) {
      ++task_;
      next_ = 0;
    }
    if (task_ == tasks_.size()) return std::nullopt;
    const InstructionTask& task = tasks_[task_];
    const Instruction& instance = task.instances[next_++];
    ++line_;
    text_.clear();
    if (!task.definitions.empty() && !task.definitions[0].empty())
      text_ = task.definitions[0] + "\n\n";
    text_ += fmt::format("Input: {}\nOutput: {}", instance.input, instance.outputs[0]);
    if (text_.size() > max_bytes_)
      refuse_long(fmt::format("{}: instance {}", path_, line_), max_bytes_);
    return Record{.bytes = text_, .skill = task.skill, .line = line_};
  }

 private:
  std::string path_;
  std::size_t max_bytes_;
  std::vector<InstructionTask> tasks_;
  std::size_t task_ = 0;
  std::size_t next_ = 0;    ///< Instance of that task.
  std::uint64_t line_ = 0;  ///< Instances given.
  std::string text_;
};

}  // namespace

std::unique_ptr<FileRecords> open_file_records(const DocumentFile& file,
                                               std::size_t max_document_bytes) {
  switch (file.kind) {
    case DocumentFileKind::kJsonLines:
      return std::make_unique<Lines>(file.path, max_document_bytes);
    case DocumentFileKind::kText:
      return std::make_unique<WholeText>(file.path, max_document_bytes);
    case DocumentFileKind::kInstructions:
      return std::make_unique<Instructions>(
          file.path, max_document_bytes,
          std::vector<InstructionTask>{read_instruction_task(file.path)});
    case DocumentFileKind::kAlpaca:
      return std::make_unique<Instructions>(file.path, max_document_bytes,
                                            read_alpaca(file.path, kAlpacaRows));
    case DocumentFileKind::kParquet:
    case DocumentFileKind::kArrow:
      break;
  }
  return open_parquet_records(file, max_document_bytes);
}

}  // namespace skillit
