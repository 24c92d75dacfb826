// Readers of documents: JSON lines, compressed files, tasks of instructions.
#include <optional>

#include "fuzz/support.h"
#include "fuzz/targets.h"
#include "skillit/data/document_parser.h"
#include "skillit/data/instruction_tasks.h"
#include "skillit/data/instruction_windows.h"
#include "skillit/tokenize/byte_tokenizer.h"

namespace skillit::fuzz {
namespace {

constexpr std::size_t kMostBytes = 1 << 16;

void read_all(const std::vector<DocumentFile>& files, const DocumentRules& rules) {
  expect_answer_or_error([&] {
    RecordReader reader(files, kMostBytes);
    DocumentParser parser(rules, files);
    while (const auto batch = reader.next(kMostBytes)) {
      for (std::size_t i = 0; i < batch->size(); ++i) (void)parser.parse((*batch)[i]);
    }
  });
}

}  // namespace

void read_json_lines(std::string_view bytes) {
  static const Scratch scratch;
  const std::vector<DocumentFile> files{
      {scratch.put("a.jsonl", bytes).string(), DocumentFileKind::kJsonLines, ""}};
  DocumentRules by_field;
  by_field.skill_field = "skill";
  read_all(files, by_field);
  DocumentRules by_condition;
  by_condition.filters = {{"small", "n < 3"}, {"court", "meta->>'source' = 'court'"}};
  read_all(files, by_condition);
  expect_answer_or_error([&] { (void)read_assignments(files[0].path); });
}

void read_compressed(std::string_view bytes) {
  static const Scratch scratch;
  const std::string path = scratch.put("a.jsonl.zst", bytes).string();
  DocumentRules rules;
  read_all({{path, DocumentFileKind::kJsonLines, "a"}}, rules);
  read_all({{path, DocumentFileKind::kText, "a"}}, rules);
}

void read_instructions(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put("task1.json", bytes);
  expect_answer_or_error([] {
    InstructionOptions options;
    options.context = 64;
    options.train_windows = 4;
    (void)make_instruction_data(read_natural_instructions(scratch.folder()), options, 1,
                                ByteTokenizer());
  });
  const std::filesystem::path file = scratch.folder() / "task1.json";
  expect_answer_or_error([&] { (void)read_alpaca(file, 1); });
}

}  // namespace skillit::fuzz
