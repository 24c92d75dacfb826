#include "skillit/select/curriculum_selector.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "skillit/base/error.h"
#include "skillit/select/random_selector.h"

namespace skillit {
namespace {

class CurriculumSelector final : public Selector {
 public:
  CurriculumSelector(const CurriculumOptions& options, bool hardest_first,
                     std::unique_ptr<Selector> pool)
      : options_(options), hardest_first_(hardest_first), pool_(std::move(pool)) {
    const auto refuse = [&](const char* name, double value, const char* expected) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: {} is {}; it must be {}", this->name(), name, value, expected));
    };
    if (!(options.a > 0 && options.a <= 1)) refuse("a", options.a, "more than 0 and at most 1");
    if (!(options.b >= 0 && options.b < 1)) refuse("b", options.b, "from 0 to less than 1");
  }

  /// The pool's skills.
  [[nodiscard]] Mixture next(const RoundInputs& inputs) override { return pool_->next(inputs); }

  [[nodiscard]] std::optional<PoolPart> pool_part(const RoundInputs& inputs) const override {
    if (inputs.size == 0 || inputs.total == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: needs the sizes of the round and of the whole training", name()));
    }
    const double progress =
        static_cast<double>(inputs.begin + inputs.size) / static_cast<double>(inputs.total);
    return PoolPart{hardest_first_, pool_fraction(options_, progress)};
  }

 private:
  [[nodiscard]] const char* name() const {
    return hardest_first_ ? "anti-curriculum" : "curriculum";
  }

  CurriculumOptions options_;
  bool hardest_first_;
  std::unique_ptr<Selector> pool_;
};

std::unique_ptr<Selector> make(const CurriculumOptions& options, bool hardest_first,
                               const SelectorInputs& inputs) {
  return std::make_unique<CurriculumSelector>(options, hardest_first,
                                              make_random({options.shares}, inputs));
}

}  // namespace

double pool_fraction(const CurriculumOptions& options, double progress) {
  if (options.pacing == Pacing::kLinear) return std::min(progress, 1.0);
  const double growth = 1 + 0.1 * std::log(progress / options.a + std::exp(-10.0));
  return std::min(options.b + (1 - options.b) * growth, 1.0);
}

std::unique_ptr<Selector> make_curriculum(const CurriculumOptions& options,
                                          const SelectorInputs& inputs) {
  return make(options, false, inputs);
}

std::unique_ptr<Selector> make_anti_curriculum(const CurriculumOptions& options,
                                               const SelectorInputs& inputs) {
  return make(options, true, inputs);
}

}  // namespace skillit
