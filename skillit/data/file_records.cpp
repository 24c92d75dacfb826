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

/// A task's instances, each with the task's first definition and its own first output.
class Instructions final : public FileRecords {
 public:
  Instructions(const std::string& path, std::size_t max_bytes)
      : path_(path), max_bytes_(max_bytes), task_(read_instruction_task(path)) {}
  std::optional<Record> next() override {
    if (next_ == task_.instances.size()) return std::nullopt;
    const Instruction& instance = task_.instances[next_++];
    text_.clear();
    if (!task_.definitions.empty() && !task_.definitions[0].empty())
      text_ = task_.definitions[0] + "\n\n";
    text_ += fmt::format("Input: {}\nOutput: {}", instance.input, instance.outputs[0]);
    if (text_.size() > max_bytes_)
      refuse_long(fmt::format("{}: instance {}", path_, next_), max_bytes_);
    return Record{.bytes = text_, .skill = task_.skill, .line = next_};
  }

 private:
  std::string path_;
  std::size_t max_bytes_;
  InstructionTask task_;
  std::size_t next_ = 0;
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
      return std::make_unique<Instructions>(file.path, max_document_bytes);
    case DocumentFileKind::kParquet:
    case DocumentFileKind::kArrow:
      break;
  }
  return open_parquet_records(file, max_document_bytes);
}

}  // namespace skillit
