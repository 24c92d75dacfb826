#include "skillit/data/block_quotas.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <utility>

namespace skillit {
namespace {

bool all_zero(const std::vector<std::uint64_t>& values) {
  return std::all_of(values.begin(), values.end(), [](std::uint64_t value) { return value == 0; });
}

BlockPlan give_all_that_is_left(const std::vector<std::uint64_t>& left,
                                const std::vector<std::uint64_t>& wanted) {
  BlockPlan plan;
  for (std::size_t i = 0; i < left.size(); ++i) plan.quotas.push_back(wanted[i] > 0 ? left[i] : 0);
  plan.owed.assign(left.size(), 0);
  plan.shares = all_zero(plan.quotas) ? wanted : rescaled_shares(plan.quotas);
  return plan;
}

/// The largest block up to `num_samples` whose quotas all fit.
BlockPlan stop_in_time(std::vector<std::uint64_t> shares, std::vector<Fixed> owed,
                       std::uint64_t num_samples, const std::vector<std::uint64_t>& left) {
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (shares[i] == 0) continue;
    const Fixed room = (static_cast<Fixed>(left[i]) + 1) * kFixedOne - owed[i];
    const Fixed most = room > 0 ? room / shares[i] + 1 : 0;
    if (most < static_cast<Fixed>(num_samples)) num_samples = static_cast<std::uint64_t>(most);
  }
  std::vector<std::uint64_t> quotas(left.size(), 0);
  for (; num_samples > 0; --num_samples) {
    quotas = block_quotas(shares, owed, num_samples);
    bool fits = true;
    for (std::size_t i = 0; i < left.size(); ++i) fits = fits && quotas[i] <= left[i];
    if (fits) return {std::move(shares), std::move(owed), std::move(quotas)};
  }
  std::fill(quotas.begin(), quotas.end(), 0);
  return {std::move(shares), std::move(owed), std::move(quotas)};
}

/// Shares and debts when the skills in `full` get all they have left of a block and the others
/// share the rest. Of `wanted` some share is left.
BlockPlan redistribute(const std::vector<std::uint64_t>& wanted, std::vector<Fixed> owed,
                       std::uint64_t num_samples, const std::vector<std::uint64_t>& left,
                       const std::vector<bool>& full) {
  std::vector<std::uint64_t> others = wanted;
  std::uint64_t taken = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!full[i]) continue;
    others[i] = 0;
    owed[i] = 0;
    taken += left[i];
  }
  others = rescaled_shares(others);
  settle(owed, others);
  const std::uint64_t rest = num_samples - taken;
  BlockPlan plan{std::vector<std::uint64_t>(wanted.size()), owed, block_quotas(others, owed, rest)};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (full[i]) plan.quotas[i] = left[i];
    const Fixed due =
        full[i] ? static_cast<Fixed>(left[i]) * kFixedOne : static_cast<Fixed>(others[i]) * rest;
    sum += plan.shares[i] = static_cast<std::uint64_t>(due / num_samples);
  }
  *std::max_element(plan.shares.begin(), plan.shares.end()) += kFixedOne - sum;
  return plan;
}

}  // namespace

std::vector<std::uint64_t> block_quotas(const std::vector<std::uint64_t>& shares,
                                        const std::vector<Fixed>& owed, std::uint64_t num_samples) {
  using Rest = std::pair<Fixed, std::size_t>;  // What is due beyond the quota, and the skill.
  std::vector<std::uint64_t> result(shares.size(), 0);
  std::vector<Rest> rests;
  auto missing = static_cast<std::int64_t>(num_samples);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    const Fixed due = owed[i] + static_cast<Fixed>(shares[i]) * num_samples;
    result[i] = due > 0 ? static_cast<std::uint64_t>(due / kFixedOne) : 0;
    missing -= static_cast<std::int64_t>(result[i]);
    rests.emplace_back(due - static_cast<Fixed>(result[i]) * kFixedOne, i);
  }
  // The most is due first; of equals, to the first skill.
  const auto less_due = [](const Rest& a, const Rest& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  };
  std::priority_queue most_due(less_due, rests);
  for (; missing > 0; --missing) {
    auto [rest, skill] = most_due.top();
    most_due.pop();
    ++result[skill];
    most_due.emplace(rest - kFixedOne, skill);
  }
  // Debts of others can leave too little room: then those give back that are due the least.
  std::erase_if(rests, [&](const Rest& rest) { return result[rest.second] == 0; });
  std::priority_queue least_due([&](const Rest& a, const Rest& b) { return less_due(b, a); },
                                rests);
  for (; missing < 0; ++missing) {
    auto [rest, skill] = least_due.top();
    least_due.pop();
    if (--result[skill] > 0) least_due.emplace(rest + kFixedOne, skill);
  }
  return result;
}

BlockPlan plan_block(std::vector<std::uint64_t> shares, std::vector<Fixed> owed,
                     std::uint64_t num_samples, const std::vector<std::uint64_t>& left,
                     WhenSpent when_spent) {
  if (when_spent == WhenSpent::kRepeat) {
    auto quotas = block_quotas(shares, owed, num_samples);
    return {std::move(shares), std::move(owed), std::move(quotas)};
  }
  if (when_spent == WhenSpent::kStop)
    return stop_in_time(std::move(shares), std::move(owed), num_samples, left);
  Fixed all_left = 0;
  for (std::size_t i = 0; i < left.size(); ++i) all_left += shares[i] > 0 ? left[i] : 0;
  if (all_left <= static_cast<Fixed>(num_samples)) return give_all_that_is_left(left, shares);
  BlockPlan plan{shares, owed, block_quotas(shares, owed, num_samples)};
  std::vector<bool> full(left.size(), false);
  for (bool more = true; more;) {  // Each time at least one more is full.
    more = false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (full[i] || plan.quotas[i] <= left[i]) continue;
      full[i] = more = true;
    }
    if (more) plan = redistribute(shares, owed, num_samples, left, full);
  }
  return plan;
}

}  // namespace skillit
