#include <fmt/core.h>
#include <fmt/ranges.h>

#include "skillit/base/error.h"
#include "skillit/config/spec.h"
#include "skillit/select/constraints.h"
#include "skillit/select/curriculum_selector.h"
#include "skillit/select/manual_selector.h"
#include "skillit/select/no_graph_selector.h"
#include "skillit/select/random_selector.h"
#include "skillit/select/selector.h"
#include "skillit/select/skill_curriculum_selector.h"
#include "skillit/select/skillit_selector.h"
#include "skillit/select/static_selector.h"
#include "skillit/select/stratified_selector.h"
#include "skillit/select/target_only_selector.h"

namespace skillit {
namespace {

struct Method {
  MethodInfo info;
  std::unique_ptr<Selector> (*make)(const MethodSpec&, const SelectorInputs&);
};

template <class Options>
using Maker = std::unique_ptr<Selector> (*)(const Options&, const SelectorInputs&);

template <class Options, Maker<Options> make>
Method method(std::string_view name, std::string_view summary) {
  return {describe_method<Options>(name, summary),
          [](const MethodSpec& spec, const SelectorInputs& inputs) {
            auto [own, shared] = split_options<Constraints>(spec);
            const auto options = read_spec_options<Options>(own, spec_field_names<Constraints>());
            const auto constraints = read_spec_options<Constraints>(shared);
            return constrain(make(options, inputs), constraints, inputs, spec.text);
          }};
}

/// A new method is one line here.
const std::vector<Method>& methods() {
  static const std::vector<Method> table{
      method<SkillItOptions, make_skillit>("skillit",
                                           "online: share ~ prior * exp(eta * graph * losses)"),
      method<StratifiedOptions, make_stratified>(
          "stratified", "equal shares of the skills that the setting needs"),
      method<RandomOptions, make_random>("random", "shares as in the data, or as given"),
      method<StaticOptions, make_static>(
          "static", "one mixture for the whole run, from the graph or as given"),
      method<SkillItOptions, make_no_graph>("no-graph", "skillit with the identity as its graph"),
      method<TargetOnlyOptions, make_target_only>("target-only", "equal shares of the targets"),
      method<SkillCurriculumOptions, make_skill_curriculum>(
          "skill-curriculum", "skill by skill, lowest loss before training first, then all"),
      method<SkillCurriculumOptions, make_skill_anti_curriculum>(
          "skill-anti-curriculum", "skill by skill, highest loss before training first, then all"),
      method<CurriculumOptions, make_curriculum>(
          "curriculum", "sample by sample, lowest loss before training first"),
      method<CurriculumOptions, make_anti_curriculum>(
          "anti-curriculum", "sample by sample, highest loss before training first"),
      method<ManualOptions, make_manual>("manual", "a schedule by hand, segment by segment"),
  };
  return table;
}

void check_weights(const std::vector<double>& weights, const SkillSet& skills,
                   std::string_view what) {
  if (weights.empty()) return;
  if (weights.size() != skills.size()) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: {} values found, one for each of the {} training skills expected", what,
                     weights.size(), skills.size()));
  }
  (void)Mixture::from_weights(weights, what);
}

void check_inputs(const SelectorInputs& inputs) {
  if (inputs.train_skills.size() == 0)
    fail(ErrorCode::kBadArgument, "selector: there are no training skills");
  check_weights(inputs.prior, inputs.train_skills, "prior");
  check_weights(inputs.natural_sizes, inputs.train_skills, "natural sizes");
  const SkillSet targets(inputs.targets, "targets");
  for (const auto& name : targets.names()) (void)inputs.eval_skills.index_of(name, "targets");
}

}  // namespace

std::unique_ptr<Selector> make_selector(std::string_view spec_text, const SelectorInputs& inputs) {
  const MethodSpec spec = parse_method_spec(spec_text);
  std::vector<std::string_view> names;
  for (const Method& entry : methods()) {
    if (entry.info.name != spec.method) {
      names.push_back(entry.info.name);
      continue;
    }
    check_inputs(inputs);
    return entry.make(spec, inputs);
  }
  const std::string nearest = nearest_name(spec.method, names);
  fail(ErrorCode::kNotFound,
       fmt::format("there is no method '{}'{}; the methods are: {}", spec.method,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names, ", ")));
}

const std::vector<OptionInfo>& constraint_options() {
  static const std::vector<OptionInfo> list = describe_method<Constraints>("", "").options;
  return list;
}

const std::vector<MethodInfo>& selector_methods() {
  static const std::vector<MethodInfo> list = [] {
    std::vector<MethodInfo> infos;
    for (const Method& entry : methods()) infos.push_back(entry.info);
    return infos;
  }();
  return list;
}

}  // namespace skillit
