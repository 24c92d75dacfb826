#include "skillit/data/exact_shares.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace skillit {
namespace {

std::size_t largest(const std::vector<std::uint64_t>& shares) {
  return static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
}

}  // namespace

std::vector<std::uint64_t> exact_shares(const Mixture& mixture) {
  std::vector<std::uint64_t> shares(mixture.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    sum += shares[i] = static_cast<std::uint64_t>(mixture[i] * static_cast<double>(kFixedOne));
  }
  shares[largest(shares)] += kFixedOne - sum;  // Wraps when the sum is too large, as it should.
  return shares;
}

std::vector<std::uint64_t> rescaled_shares(const std::vector<std::uint64_t>& shares) {
  const auto sum = std::accumulate(shares.begin(), shares.end(), Fixed{0});
  std::vector<std::uint64_t> result(shares.size());
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    total += result[i] =
        static_cast<std::uint64_t>(static_cast<Fixed>(shares[i]) * kFixedOne / sum);
  }
  result[largest(result)] += kFixedOne - total;
  return result;
}

void settle(std::vector<Fixed>& owed, const std::vector<std::uint64_t>& shares) {
  const Fixed over = std::accumulate(owed.begin(), owed.end(), Fixed{0});
  Fixed left = over;
  for (std::size_t i = 0; i < owed.size(); ++i) {
    // Two factors of up to 2^62 and more: the product of whole samples and of the rest apart.
    const Fixed part = over / kFixedOne * shares[i] + over % kFixedOne * shares[i] / kFixedOne;
    owed[i] -= part;
    left -= part;
  }
  owed[largest(shares)] -= left;
}

double to_double(Fixed value) noexcept {
  return std::ldexp(static_cast<double>(value), -62);
}

}  // namespace skillit
