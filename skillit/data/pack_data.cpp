#include "skillit/data/pack_data.h"

#include <fmt/core.h>

#include <limits>
#include <string_view>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/data/pack_reader.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

SampleStore read_part(const fs::path& folder, const PackedSkill& skill, const PackPart& part,
                      const PackDataOptions& options, std::uint64_t most, std::string_view side) {
  const auto dataset = open_pack_part(folder, part);
  SampleStore samples;
  if (dataset) samples = read_windows(PackedWindows(*dataset, options.packing), most);
  if (samples.size() == 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the skill '{}' has {} tokens for {}; at least 2 are needed: pack it with "
                     "more documents or another validation fraction",
                     folder.string(), skill.name, part.tokens, side));
  }
  return samples;
}

}  // namespace

PackData read_pack_data(const fs::path& folder, const PackDataOptions& options) {
  if (options.max_validation_samples < 1) {
    fail(ErrorCode::kBadArgument, fmt::format("pack: {} validation samples; at least 1 is needed",
                                              options.max_validation_samples));
  }
  const PackIndex index = read_pack_index(folder);
  PackData pack;
  pack.tokenizer = make_pack_tokenizer(index, folder);
  std::vector<std::string> names;
  for (const PackedSkill& skill : index.skills) {
    names.push_back(skill.name);
    pack.data.train.push_back(read_part(folder, skill, skill.train, options,
                                        std::numeric_limits<std::uint64_t>::max(), "training"));
    pack.data.validation.push_back(
        read_part(folder, skill, skill.validation, options,
                  static_cast<std::uint64_t>(options.max_validation_samples), "validation"));
  }
  pack.data.skills = SkillSet(std::move(names), folder.string());
  return pack;
}

}  // namespace skillit
