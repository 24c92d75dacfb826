#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace skillit {

/// Each training skill's share of the data: non-negative, finite, sum 1 (to rounding). By skill id.
/// Value type.
class Mixture {
 public:
  Mixture() = default;
  /// Weights are divided by their sum. @throws Error kBadArgument on none, a negative, NaN or
  /// infinite weight, or a sum of zero; `where` begins the message.
  [[nodiscard]] static Mixture from_weights(std::span<const double> weights,
                                            std::string_view where = "mixture");
  /// softmax(logits), computed in log space so that any finite logits work. -inf gives a share of
  /// 0.
  /// @throws Error kBadArgument on NaN or +inf, or when no logit is finite.
  [[nodiscard]] static Mixture from_logits(std::span<const double> logits,
                                           std::string_view where = "mixture");
  [[nodiscard]] static Mixture uniform(std::size_t num_skills);

  [[nodiscard]] std::size_t size() const noexcept { return shares_.size(); }
  [[nodiscard]] double operator[](std::size_t id) const { return shares_[id]; }
  [[nodiscard]] const std::vector<double>& shares() const noexcept { return shares_; }

  friend bool operator==(const Mixture&, const Mixture&) = default;

 private:
  explicit Mixture(std::vector<double> shares) : shares_(std::move(shares)) {}
  std::vector<double> shares_;
};

}  // namespace skillit
