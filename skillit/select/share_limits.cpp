#include "skillit/select/share_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr double kTolerance = 1e-12;
/// Stands for the logarithm of a share of 0: far below any share that a double can hold, so that
/// nothing is taken from it unless all others are at their limits.
constexpr double kLogOfZero = -2000;
constexpr int kBisections = 100;

double log_share(double share) {
  return share > 0 ? std::log(share) : kLogOfZero;
}

double clipped(double log_share, double low, double high) {
  return std::clamp(std::exp(log_share), low, high);
}

/// exp(logs + c) cut to the limits, with the c for which it sums to 1. Needs sum low <= 1 <= sum
/// high.
Mixture scaled(const std::vector<double>& logs, const ShareLimits& limits) {
  const auto sum_at = [&](double c) {
    double sum = 0;
    for (std::size_t i = 0; i < logs.size(); ++i)
      sum += clipped(logs[i] + c, limits.low[i], limits.high[i]);
    return sum;
  };
  std::vector<double> bends;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    for (const double limit : {limits.low[i], limits.high[i]}) {
      if (limit > 0) bends.push_back(std::log(limit) - logs[i]);
    }
  }
  std::sort(bends.begin(), bends.end());
  // The sum grows with c: the last bend where it is below 1, and the next, hold the solution.
  const auto next = std::partition_point(bends.begin(), bends.end(),
                                         [&](double c) { return sum_at(c) < 1 - kTolerance; });
  const double right = next == bends.end() ? bends.back() : *next;
  const double left = next == bends.begin() ? right - 1 : *std::prev(next);
  double fixed = 0, free_max = -INFINITY;
  std::vector<bool> is_free(logs.size());
  const double inside = (left + right) / 2;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double there = logs[i] + inside;
    is_free[i] = left < right && limits.high[i] > 0 && there < std::log(limits.high[i]) &&
                 (limits.low[i] == 0 || there > std::log(limits.low[i]));
    if (is_free[i])
      free_max = std::max(free_max, logs[i]);
    else
      fixed += clipped(logs[i] + inside, limits.low[i], limits.high[i]);
  }
  double free_sum = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (is_free[i]) free_sum += std::exp(logs[i] - free_max);
  }
  std::vector<double> shares;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double share = is_free[i] ? (1 - fixed) * std::exp(logs[i] - free_max) / free_sum
                                    : clipped(logs[i] + inside, limits.low[i], limits.high[i]);
    shares.push_back(std::clamp(share, limits.low[i], limits.high[i]));
  }
  return Mixture::from_weights(shares, "limits on shares");
}

bool within(const Mixture& mixture, const ShareLimits& limits) {
  for (std::size_t i = 0; i < mixture.size(); ++i) {
    if (mixture[i] < limits.low[i] - kTolerance || mixture[i] > limits.high[i] + kTolerance)
      return false;
  }
  return std::isinf(limits.max_kl) ||
         relative_entropy(mixture, limits.prior) <= limits.max_kl + kTolerance;
}

void check_limits(const ShareLimits& limits, const std::string& where) {
  const double low = std::accumulate(limits.low.begin(), limits.low.end(), 0.0);
  const double high = std::accumulate(limits.high.begin(), limits.high.end(), 0.0);
  if (low > 1 + kTolerance) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the least shares sum to {:.6g}, more than 1; lower the floor", where,
                     low));
  }
  if (high < 1 - kTolerance) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the largest shares allowed sum to {:.6g}, less than 1; raise the cap, or "
                     "allow more epochs of skills that are nearly spent",
                     where, high));
  }
}

}  // namespace

double relative_entropy(const Mixture& q, const Mixture& p) {
  double sum = 0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    if (q[i] > 0) sum += p[i] > 0 ? q[i] * std::log(q[i] / p[i]) : INFINITY;
  }
  return sum;
}

Mixture project_mixture(const Mixture& wanted, const ShareLimits& limits_given,
                        const std::string& where) {
  ShareLimits limits = limits_given;
  if (std::isfinite(limits.max_kl)) {  // A share where the prior has none would be infinitely far.
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (limits.prior[i] == 0) limits.high[i] = 0;
      if (limits.low[i] > limits.high[i]) {
        fail(
            ErrorCode::kBadArgument,
            fmt::format("{}: skill {} must get {:.6g}, but the prior gives it none, so that max_kl "
                        "cannot be kept",
                        where, i, limits.low[i]));
      }
    }
  }
  check_limits(limits, where);
  if (within(wanted, limits)) return wanted;
  const auto at = [&](double t) {
    std::vector<double> logs;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double to_prior = t > 0 ? t * log_share(limits.prior[i]) : 0;
      logs.push_back((1 - t) * log_share(wanted[i]) + to_prior);
    }
    return scaled(logs, limits);
  };
  const Mixture nearest = at(0);
  const auto near_prior = [&](const Mixture& mixture) {
    return relative_entropy(mixture, limits.prior) <= limits.max_kl;
  };
  if (std::isinf(limits.max_kl) || near_prior(nearest)) return nearest;
  const double least = relative_entropy(at(1), limits.prior);
  if (least > limits.max_kl + kTolerance) {
    fail(
        ErrorCode::kBadArgument,
        fmt::format("{}: within floor, cap and what is left no mixture is nearer to the prior than "
                    "{:.6g} nats, but max_kl is {:.6g}",
                    where, least, limits.max_kl));
  }
  double too_far = 0, near_enough = 1;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (too_far + near_enough) / 2;
    (near_prior(at(middle)) ? near_enough : too_far) = middle;
  }
  return at(near_enough);
}

}  // namespace skillit
