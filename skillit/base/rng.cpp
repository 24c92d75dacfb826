#include "skillit/base/rng.h"

#include <bit>
#include <cmath>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {

std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  return mix64(mix64(seed ^ hash64(purpose)) + index);
}

Rng::Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  std::uint64_t key = derive_seed(seed, purpose, index);
  for (auto& word : state_) word = key = mix64(key);
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  SKILLIT_ASSERT(bound >= 1);
  // Multiply-shift; draws that would make small results more likely are thrown away.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const unsigned __int128 product = static_cast<unsigned __int128>(next()) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold)
      return static_cast<std::uint64_t>(product >> 64);
  }
}

double Rng::normal() {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

}  // namespace skillit
