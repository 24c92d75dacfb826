#pragma once

#include <utility>

#include "skillit/select/selector.h"

namespace skillit {

/// The same mixture in every round: what all methods that ignore the losses come down to.
class FixedSelector final : public Selector {
 public:
  explicit FixedSelector(Mixture mixture) : mixture_(std::move(mixture)) {}
  [[nodiscard]] Mixture next(const RoundInputs& /*inputs*/) override { return mixture_; }

 private:
  Mixture mixture_;
};

}  // namespace skillit
