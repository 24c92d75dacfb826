#include "skillit/data/pack_windows.h"

#include "skillit/base/error.h"
#include "skillit/data/pack_reader.h"

namespace skillit {

PackWindows::PackWindows(const std::filesystem::path& folder, const PackingOptions& options)
    : index_(read_pack_index(folder)) {
  for (const PackedSkill& packed : index_.skills) {
    Skill skill;
    if (auto dataset = open_pack_part(folder, packed.train)) {
      skill.tokens = std::make_unique<IndexedDataset>(std::move(*dataset));
      skill.windows = std::make_unique<PackedWindows>(*skill.tokens, options);
    }
    skills_.push_back(std::move(skill));
  }
}

std::uint64_t PackWindows::size(std::size_t skill) const {
  return skills_[skill].windows ? skills_[skill].windows->size() : 0;
}

std::vector<StreamSkill> PackWindows::stream_skills() const {
  std::vector<StreamSkill> skills;
  for (std::size_t i = 0; i < skills_.size(); ++i)
    skills.push_back({index_.skills[i].name, size(i)});
  return skills;
}

std::uint64_t PackWindows::num_tokens(const SampleRef& ref) const {
  SKILLIT_ASSERT(ref.index < size(ref.skill));
  return skills_[ref.skill].windows->length(ref.index);
}

void PackWindows::read(const SampleRef& ref, SampleBuffer& sample) const {
  SKILLIT_ASSERT(ref.index < size(ref.skill));
  skills_[ref.skill].windows->read(ref.index, sample);
}

}  // namespace skillit
