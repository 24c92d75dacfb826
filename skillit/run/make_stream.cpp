#include "skillit/run/make_stream.h"

#include <algorithm>

namespace skillit {

MixtureStream make_stream(const StreamRecipe& recipe, const Dataset& dataset, std::uint64_t seed) {
  std::vector<StreamSkill> skills;
  for (std::size_t i = 0; i < dataset.train_skills.size(); ++i) {
    skills.push_back({dataset.train_skills[i], dataset.train[i].size(),
                      static_cast<std::uint64_t>(recipe.max_epochs)});
  }
  for (const auto& [name, epochs] : recipe.max_epochs_of) {
    skills[dataset.train_skills.index_of(name, "stream.max_epochs_of")].max_epochs =
        static_cast<std::uint64_t>(epochs);
  }
  const auto choice = [](const auto& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  StreamOptions options;
  options.unit = static_cast<StreamUnit>(choice(kStreamUnits, recipe.unit));
  options.when_spent = static_cast<WhenSpent>(choice(kWhenSpentNames, recipe.spent));
  options.fair = recipe.fair || options.unit == StreamUnit::kTokens;
  options.tokens_of = [&dataset](const SampleRef& ref) {
    return std::uint64_t{dataset.train[ref.skill][ref.index].tokens.size()};
  };
  return {std::move(skills), seed, std::move(options)};
}

}  // namespace skillit
