#include "skillit/data/pack_data.h"

#include <fmt/core.h>

#include <limits>
#include <string_view>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/data/pack_reader.h"
#include "skillit/data/token_windows.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

SampleStore read_part(const fs::path& folder, const PackedSkill& skill, const PackPart& part,
                      const PackDataOptions& options, std::size_t most, std::string_view side) {
  const auto dataset = open_pack_part(folder, part);
  std::vector<TokenId> tokens;
  if (dataset) {
    tokens.reserve(dataset->num_tokens());
    for (std::uint64_t i = 0; i < dataset->num_documents(); ++i) dataset->read_document(i, tokens);
  }
  if (tokens.size() < 2) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the skill '{}' has {} tokens for {}; at least 2 are needed: pack it with "
                     "more documents or another validation fraction",
                     folder.string(), skill.name, tokens.size(), side));
  }
  return cut_windows(tokens, static_cast<std::size_t>(options.context), most);
}

}  // namespace

PackData read_pack_data(const fs::path& folder, const PackDataOptions& options) {
  if (options.context < 2 || options.max_validation_samples < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("pack: {} tokens per sample and {} validation samples; at least 2 and 1 are "
                     "needed",
                     options.context, options.max_validation_samples));
  }
  const PackIndex index = read_pack_index(folder);
  PackData pack;
  pack.tokenizer = make_pack_tokenizer(index, folder);
  std::vector<std::string> names;
  for (const PackedSkill& skill : index.skills) {
    names.push_back(skill.name);
    pack.data.train.push_back(read_part(folder, skill, skill.train, options,
                                        std::numeric_limits<std::size_t>::max(), "training"));
    pack.data.validation.push_back(
        read_part(folder, skill, skill.validation, options,
                  static_cast<std::size_t>(options.max_validation_samples), "validation"));
  }
  pack.data.skills = SkillSet(std::move(names), folder.string());
  return pack;
}

}  // namespace skillit
