#include "skillit/select/constraints.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/select/share_limits.h"

namespace skillit {
namespace {

class ConstrainedSelector final : public Selector {
 public:
  ConstrainedSelector(std::unique_ptr<Selector> inner, const Constraints& constraints,
                      const SelectorInputs& inputs, std::string where)
      : inner_(std::move(inner)),
        constraints_(constraints),
        sizes_(inputs.natural_sizes),
        num_skills_(inputs.train_skills.size()),
        where_(std::move(where)) {
    prior_ = inputs.prior.empty() ? Mixture::uniform(num_skills_)
                                  : Mixture::from_weights(inputs.prior, "prior");
    (void)hold(Mixture::uniform(num_skills_), limits());  // Refuses what can never hold.
  }

  [[nodiscard]] Mixture next(const RoundInputs& inputs) override {
    const Mixture wanted = explored(inner_->next(inputs));
    if (inputs.left.empty()) return hold(wanted, limits());
    check_left(inputs);
    const double left = std::accumulate(inputs.left.begin(), inputs.left.end(), 0.0);
    if (left <= static_cast<double>(inputs.size)) {  // Everything that is left is used up.
      return Mixture::from_weights(std::vector<double>(inputs.left.begin(), inputs.left.end()),
                                   where_ + ": what is left of the skills");
    }
    ShareLimits all = limits();
    for (std::size_t i = 0; i < num_skills_; ++i) {
      all.high[i] = std::min(
          all.high[i], static_cast<double>(inputs.left[i]) / static_cast<double>(inputs.size));
      all.low[i] = std::min(all.low[i], all.high[i]);
    }
    return hold(wanted, all);
  }
  [[nodiscard]] std::optional<PoolPart> pool_part(const RoundInputs& inputs) const override {
    return inner_->pool_part(inputs);
  }
  [[nodiscard]] Mixture round_shares(const Mixture& part_shares) const override {
    return hold(explored(part_shares), limits());
  }
  void save(ByteWriter& out) const override { inner_->save(out); }
  void load(ByteReader& in) override { inner_->load(in); }

 private:
  [[nodiscard]] Mixture explored(const Mixture& mixture) const {
    if (constraints_.explore == 0) return mixture;
    std::vector<double> shares = mixture.shares();
    for (double& share : shares) {
      share = (1 - constraints_.explore) * share +
              constraints_.explore / static_cast<double>(num_skills_);
    }
    return Mixture::from_weights(shares, where_);
  }

  [[nodiscard]] ShareLimits limits() const {
    ShareLimits result{std::vector<double>(num_skills_, constraints_.floor),
                       std::vector<double>(num_skills_, constraints_.cap), constraints_.max_kl,
                       prior_};
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
      if (sizes_[i] == 0 && constraints_.floor > 0) result.low[i] = result.high[i] = 0;
    }
    return result;
  }

  void check_left(const RoundInputs& inputs) const {
    if (inputs.left.size() != num_skills_ || inputs.size == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: to limit shares by what is left, it must be known of each of the {} "
                       "training skills (it is of {}), and the size of the round (it is {})",
                       where_, num_skills_, inputs.left.size(), inputs.size));
    }
  }

  [[nodiscard]] Mixture hold(const Mixture& mixture, const ShareLimits& limits) const {
    return project_mixture(mixture, limits, where_);
  }

  std::unique_ptr<Selector> inner_;
  Constraints constraints_;
  std::vector<double> sizes_;
  std::size_t num_skills_;
  std::string where_;
  Mixture prior_;
};

void check(const Constraints& c, std::size_t num_skills, const std::string& where) {
  const auto refuse = [&](const char* name, double value, const std::string& expected) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: {} is {}; it must be {}", where, name, value, expected));
  };
  const double equal = 1.0 / static_cast<double>(num_skills);
  if (!(c.explore >= 0 && c.explore <= 1)) refuse("explore", c.explore, "from 0 to 1");
  if (!(c.floor >= 0 && c.floor <= equal * (1 + 1e-12)))
    refuse("floor", c.floor, fmt::format("from 0 to 1/{0}, as there are {0} skills", num_skills));
  if (!(c.cap <= 1 && c.cap >= equal * (1 - 1e-12)))
    refuse("cap", c.cap, fmt::format("from 1/{0} to 1, as there are {0} skills", num_skills));
  if (!(c.max_kl >= 0)) refuse("max_kl", c.max_kl, "0 or more");
}

}  // namespace

std::unique_ptr<Selector> constrain(std::unique_ptr<Selector> inner, const Constraints& constraints,
                                    const SelectorInputs& inputs, const std::string& where) {
  check(constraints, inputs.train_skills.size(), where);
  return std::make_unique<ConstrainedSelector>(std::move(inner), constraints, inputs, where);
}

}  // namespace skillit
