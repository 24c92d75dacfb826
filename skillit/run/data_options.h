#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/fields.h"
#include "skillit/config/problems.h"
#include "skillit/data/window_plan.h"

namespace skillit {

inline constexpr std::array<std::string_view, 8> kSources{
    "lego", "addition", "recall", "pointer", "text", "pack", "instructions", "alpaca"};
inline constexpr std::array<std::string_view, 3> kShapes{"chain", "tree", "two-chains"};
inline constexpr std::array<std::string_view, 2> kScored{"answer", "all"};

/// What a run trains on. `data=FOLDER` on the command line sets `path`.
struct DataOptions {
  static constexpr std::string_view kShortForm = "path";

  std::string source = "lego";
  // Generated sources.
  std::int64_t skills = 3;      ///< LEGO variables, addition digits.
  std::string shape = "chain";  ///< LEGO's reasoning graph.
  std::string loss =
      "answer";             ///< Which tokens are trained on; what is measured is always the answer.
  std::int64_t length = 5;  ///< recall: triples; pointer: clauses.
  std::int64_t depth = 2;   ///< pointer: most links of a chain.
  std::int64_t train_samples = 0;     ///< Per skill; 0 = as many as a run can use.
  std::int64_t validation = 100;      ///< Samples per skill (text, pack: at most this many windows;
                                      ///< instructions: instances held out of each task).
  std::int64_t validation_seed = 42;  ///< The validation set depends on this alone.
  // Read sources.
  std::string path;  ///< text: a folder of JSONL files (one per skill), or one JSONL file; pack:
                     ///< its folder; instructions: the folder of tasks or a task list; alpaca: the
                     ///< JSON file.
  std::map<std::string, std::vector<std::string>>
      files;  ///< Skill -> JSONL files or globs, instead of `path`.
  std::string text_field = "text";
  std::string skill_field;  ///< With one JSONL file: the field that names the skill.
  /// byte, character, or a file that ends in .json; auto = that of model.folder, and without one
  /// byte, or words for generated sources.
  std::string tokenizer = "auto";
  std::int64_t window = 256;          ///< Tokens per sample.
  std::string packing = "greedy";     ///< How documents, or short samples, fill windows.
  bool document_mask = false;         ///< What is packed into one window does not see each other.
  double validation_fraction = 0.02;  ///< Of the documents, by hash of their content.

  static constexpr auto fields() {
    using D = DataOptions;
    return std::tuple{
        config::choice("source", &D::source, kSources, "where samples come from"),
        config::field("skills", &D::skills, "lego: variables, addition: digits",
                      config::between(1, 26)),
        config::choice("shape", &D::shape, kShapes, "lego: who refers to whom"),
        config::choice("loss", &D::loss, kScored, "tokens that are trained on: the answer, or all"),
        config::field("length", &D::length, "recall: triples, pointer: clauses",
                      config::between(1, 26)),
        config::field("depth", &D::depth, "pointer: most links in a chain", config::between(1, 26)),
        config::field("train_samples", &D::train_samples, "per skill, 0 = as many as a run can use",
                      config::between(0, (1LL << 31) - 1)),
        config::field("validation", &D::validation, "validation samples per skill",
                      config::between(1, 1 << 24)),
        config::field("validation_seed", &D::validation_seed,
                      "seed of the generated validation set", config::at_least(0)),
        config::field(
            "path", &D::path,
            "text: a folder of JSONL files, one per skill, or one JSONL file; pack: its "
            "folder; instructions: the folder of tasks or a task list; alpaca: the JSON file"),
        config::field("files", &D::files, "text: JSONL files or globs by skill, instead of path"),
        config::field("text_field", &D::text_field, "text: the field that holds the text"),
        config::field("skill_field", &D::skill_field,
                      "text: the field that names the skill, when path is one file"),
        config::field("tokenizer", &D::tokenizer,
                      "byte, character, the path of a tokenizer.json, or auto = that of "
                      "model.folder, and without one byte (generated text: its words)"),
        config::field("window", &D::window, "text, pack, instructions, alpaca: tokens per sample",
                      config::between(2, 1 << 20)),
        config::choice("packing", &D::packing, kPackingNames,
                       "text, pack: documents cut where windows end, or whole where they fit; "
                       "other sources: best-fit packs short training samples together"),
        config::field("document_mask", &D::document_mask,
                      "what is packed into one window does not see each other"),
        config::field("validation_fraction", &D::validation_fraction,
                      "text: share of documents held out", config::between(0.0001, 0.5)),
    };
  }
  void validate(config::Problems& problems) const;
  /// Whether the training samples are drawn anew for each seed; else they are what the files hold.
  [[nodiscard]] bool draws_by_seed() const { return source != "text" && source != "pack"; }
  /// Whether it comes from files instead of being generated.
  [[nodiscard]] bool is_read() const {
    return source == "text" || source == "pack" || source == "instructions" || source == "alpaca";
  }
};

}  // namespace skillit
