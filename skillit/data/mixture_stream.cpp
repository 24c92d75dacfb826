#include "skillit/data/mixture_stream.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <queue>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/data/keyed_permutation.h"

namespace skillit {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kOne = std::uint64_t{1} << 62;  // A share of 1, or one sample.

/// Shares in units of 2^-62 whose sum is exactly 2^62; what rounding lost or won goes to the
/// largest.
std::vector<std::uint64_t> fixed_shares(const Mixture& mixture) {
  std::vector<std::uint64_t> shares(mixture.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    sum += shares[i] = static_cast<std::uint64_t>(mixture[i] * static_cast<double>(kOne));
  }
  *std::max_element(shares.begin(), shares.end()) +=
      kOne - sum;  // Wraps when the sum is too large, as it should.
  return shares;
}

}  // namespace

MixtureStream::MixtureStream(std::vector<std::uint64_t> skill_sizes, std::uint64_t seed)
    : sizes_(std::move(skill_sizes)), seed_(seed) {
  if (sizes_.empty()) fail(ErrorCode::kBadArgument, "mixture stream: no skills");
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    if (sizes_[i] > kOne) {
      fail(ErrorCode::kBadArgument,
           fmt::format("mixture stream: skill {} has {} samples, at most 2^62 are possible", i,
                       sizes_[i]));
    }
    keys_.push_back(derive_seed(seed, "mixture stream", i));
  }
  shares_.assign(sizes_.size(), 0);
  started_.assign(sizes_.size(), 0);
  carried_.assign(sizes_.size(), 0);
}

void MixtureStream::begin_block(const Mixture& mixture, std::uint64_t num_samples) {
  if (mixture.size() != sizes_.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("mixture stream: the mixture has {} shares for {} skills", mixture.size(),
                     sizes_.size()));
  }
  if (num_samples == 0 || num_samples > kOne) {
    fail(ErrorCode::kBadArgument,
         fmt::format("mixture stream: a block of {} samples; 1 to 2^62 are possible", num_samples));
  }
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    if (sizes_[i] == 0 && mixture[i] > 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("mixture stream: skill {} has no samples but a share of {}; "
                       "give it data or a share of 0",
                       i, mixture[i]));
    }
  }
  carried_ = owed();
  started_ = delivered();
  shares_ = fixed_shares(mixture);
  order_ = BlockOrder(quotas(num_samples));
  offset_ = 0;
}

std::vector<MixtureStream::Fixed> MixtureStream::owed() const {
  std::vector<Fixed> result = carried_;
  const std::vector<std::uint64_t> counts = order_.counts(offset_);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    result[i] += static_cast<Fixed>(shares_[i]) * offset_ - static_cast<Fixed>(counts[i]) * kOne;
  }
  return result;
}

/// Whole numbers, 0 where the share is 0, that sum to num_samples and are as near as can be to what
/// each skill is due: its share of the block and what is carried.
std::vector<std::uint64_t> MixtureStream::quotas(std::uint64_t num_samples) const {
  using Rest = std::pair<Fixed, std::size_t>;  // What is due beyond the quota, and the skill.
  std::vector<std::uint64_t> result(sizes_.size(), 0);
  std::vector<Rest> rests;
  auto missing = static_cast<std::int64_t>(num_samples);
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    if (shares_[i] == 0) continue;
    const Fixed due = carried_[i] + static_cast<Fixed>(shares_[i]) * num_samples;
    result[i] = due > 0 ? static_cast<std::uint64_t>(due / kOne) : 0;
    missing -= static_cast<std::int64_t>(result[i]);
    rests.emplace_back(due - static_cast<Fixed>(result[i]) * kOne, i);
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
    most_due.emplace(rest - kOne, skill);
  }
  // Carried debts of others can leave too little room: then those give back that are due the least.
  std::erase_if(rests, [&](const Rest& rest) { return result[rest.second] == 0; });
  std::priority_queue least_due([&](const Rest& a, const Rest& b) { return less_due(b, a); },
                                rests);
  for (; missing < 0; ++missing) {
    auto [rest, skill] = least_due.top();
    least_due.pop();
    if (--result[skill] > 0) least_due.emplace(rest + kOne, skill);
  }
  return result;
}

SampleRef MixtureStream::at(std::uint64_t offset) const {
  SKILLIT_ASSERT(offset < block_size());
  const auto [skill, rank] = order_[offset];
  const std::uint64_t drawn = started_[skill] + rank;
  const std::uint64_t epoch = drawn / sizes_[skill];
  const KeyedPermutation order(sizes_[skill], mix64(keys_[skill] + epoch));
  return {skill, order(drawn % sizes_[skill])};
}

void MixtureStream::read(std::span<SampleRef> out) {
  SKILLIT_ASSERT(out.size() <= block_size() - offset_);
  for (SampleRef& sample : out) sample = at(offset_++);
}

void MixtureStream::seek(std::uint64_t offset) {
  SKILLIT_ASSERT(offset <= block_size());
  offset_ = offset;
}

std::vector<std::uint64_t> MixtureStream::delivered() const {
  std::vector<std::uint64_t> result = started_;
  const std::vector<std::uint64_t> counts = order_.counts(offset_);
  for (std::size_t i = 0; i < counts.size(); ++i) result[i] += counts[i];
  return result;
}

std::vector<double> MixtureStream::asked() const {
  const std::vector<std::uint64_t> samples = delivered();
  const std::vector<Fixed> rests = owed();
  std::vector<double> result(sizes_.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<double>(samples[i]) + std::ldexp(static_cast<double>(rests[i]), -62);
  }
  return result;
}

void MixtureStream::save(ByteWriter& out) const {
  out.put(kVersion);
  out.put(seed_);
  out.put<std::uint64_t>(sizes_.size());
  for (const std::uint64_t size : sizes_) out.put(size);
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    out.put(shares_[i]);
    out.put(started_[i]);
    out.put(static_cast<std::uint64_t>(carried_[i]));
    out.put(static_cast<std::int64_t>(carried_[i] >> 64));
  }
  out.put(block_size());
  out.put(offset_);
}

void MixtureStream::load(ByteReader& in) {
  const auto version = in.get<std::uint32_t>();
  if (version != kVersion) {
    fail(ErrorCode::kBadFormat,
         fmt::format("mixture stream: version {} found, this program reads version {}", version,
                     kVersion));
  }
  const auto refuse = [](std::string_view what, auto saved, auto mine) {
    fail(ErrorCode::kMismatch,
         fmt::format("mixture stream: {} was {} when it was saved and is {} now; go on "
                     "with the same data and seed, or start anew",
                     what, saved, mine));
  };
  if (const auto seed = in.get<std::uint64_t>(); seed != seed_) refuse("the seed", seed, seed_);
  if (const auto count = in.get<std::uint64_t>(); count != sizes_.size()) {
    refuse("the number of skills", count, sizes_.size());
  }
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const auto size = in.get<std::uint64_t>();
    if (size != sizes_[i])
      refuse(fmt::format("the number of samples of skill {}", i), size, sizes_[i]);
  }
  MixtureStream saved(sizes_, seed_);
  Fixed shares_sum = 0;
  Fixed carried_sum = 0;
  bool sane = true;
  const Fixed carried_limit = static_cast<Fixed>(sizes_.size() + 64) * kOne;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    shares_sum += saved.shares_[i] = in.get<std::uint64_t>();
    saved.started_[i] = in.get<std::uint64_t>();
    const auto low = in.get<std::uint64_t>();
    const auto high = in.get<std::int64_t>();
    carried_sum += saved.carried_[i] = static_cast<Fixed>(high) * (Fixed{1} << 64) + low;
    sane = sane && saved.carried_[i] <= carried_limit && saved.carried_[i] >= -carried_limit &&
           (saved.shares_[i] == 0 || sizes_[i] > 0);
  }
  const auto block_size = in.get<std::uint64_t>();
  saved.offset_ = in.get<std::uint64_t>();
  sane = sane && carried_sum == 0 && saved.offset_ <= block_size && block_size <= kOne &&
         shares_sum == (block_size > 0 ? Fixed{kOne} : 0);
  if (!sane)
    fail(ErrorCode::kBadFormat,
         "mixture stream: the saved numbers contradict each other; the file is damaged");
  saved.order_ = BlockOrder(saved.quotas(block_size));
  *this = std::move(saved);
}

}  // namespace skillit
