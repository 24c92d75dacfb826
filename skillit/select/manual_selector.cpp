#include "skillit/select/manual_selector.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/select/shares.h"
#include "skillit/select/stages.h"

namespace skillit {
namespace {

class ManualSelector final : public Selector {
 public:
  explicit ManualSelector(std::vector<Stage> segments) : segments_(std::move(segments)) {}
  [[nodiscard]] Mixture next(const RoundInputs& inputs) override {
    return mixture_of_stages(segments_, inputs, "manual");
  }

 private:
  std::vector<Stage> segments_;
};

}  // namespace

std::unique_ptr<Selector> make_manual(const ManualOptions& options, const SelectorInputs& inputs) {
  if (options.shares.empty()) {
    fail(ErrorCode::kBadArgument,
         "manual: needs the shares of each segment, as in manual:shares=1/0/0|0/1/1");
  }
  std::vector<double> lengths = options.lengths;
  if (lengths.empty()) lengths.assign(options.shares.size(), 1.0);
  if (lengths.size() != options.shares.size()) {
    fail(ErrorCode::kBadArgument, fmt::format("manual: lengths: {} given, {} segments have shares",
                                              lengths.size(), options.shares.size()));
  }
  std::vector<Stage> segments;
  for (std::size_t s = 0; s < lengths.size(); ++s) {
    if (!(lengths[s] > 0)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("manual: lengths: segment {} has {}; more than 0 was expected", s + 1,
                       lengths[s]));
    }
    const Mixture mixture = mixture_of_shares(options.shares[s], inputs.train_skills,
                                              fmt::format("manual: shares of segment {}", s + 1));
    segments.push_back({lengths[s], mixture.shares()});
  }
  return std::make_unique<ManualSelector>(std::move(segments));
}

}  // namespace skillit
