#pragma once

#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

/// Which training skills are sampled: those that the setting says, or all.
enum class StratifiedOver { kSetting, kAll };
inline std::vector<std::string_view> spec_names(StratifiedOver) {
  return {"setting", "all"};
}

struct StratifiedOptions {
  StratifiedOver over = StratifiedOver::kSetting;

  static constexpr auto fields() {
    return std::tuple{SpecField{"over", &StratifiedOptions::over,
                                "setting: with a graph, fine-tuning on prerequisites and targets, "
                                "out of domain on prerequisites; all: on all training skills"}};
  }
};

/// Equal shares. Pre-training: of all training skills. With a graph, in fine-tuning of the
/// prerequisites (rows with a positive edge to a target) and the targets, out of domain of the
/// prerequisites (the paper's section 4). Without a graph nothing says which
/// skills are prerequisites: all. Inputs as checked by make_selector().
/// @throws Error kBadArgument when there is no prerequisite out of domain.
[[nodiscard]] std::unique_ptr<Selector> make_stratified(const StratifiedOptions& options,
                                                        const SelectorInputs& inputs);

}  // namespace skillit
