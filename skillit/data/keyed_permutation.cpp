#include "skillit/data/keyed_permutation.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

// Halves of fewer bits mix too little for short orders to come out evenly; a test counts them.
constexpr int kMinBits = 6;
constexpr unsigned kRounds = 8;

}  // namespace

KeyedPermutation::KeyedPermutation(std::uint64_t n, std::uint64_t key) : n_(n), key_(mix64(key)) {
  SKILLIT_ASSERT(n >= 1 && n <= (std::uint64_t{1} << 63));
  const int bits = std::max(kMinBits, static_cast<int>(std::bit_width(n - 1)));
  low_bits_ = bits / 2;
  high_bits_ = bits - low_bits_;
}

std::uint64_t KeyedPermutation::encrypt(std::uint64_t value) const noexcept {
  int low_bits = low_bits_;
  int high_bits = high_bits_;
  std::uint64_t low = value & ((std::uint64_t{1} << low_bits) - 1);
  std::uint64_t high = value >> low_bits;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    // A half has at most 32 bits, so the round number in the upper bits makes each round a function
    // of its own.
    high ^= mix64(key_ ^ (round << 48 | low)) >> (64 - high_bits);
    std::swap(low, high);
    std::swap(low_bits, high_bits);
  }
  return high << low_bits | low;  // An even number of rounds: each half is back in its place.
}

std::uint64_t KeyedPermutation::operator()(std::uint64_t place) const noexcept {
  do {
    place = encrypt(place);
  } while (place >= n_);
  return place;
}

}  // namespace skillit
