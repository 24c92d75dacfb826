#include "skillit/data/ranked_pool.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

/// Whole numbers that sum to num_samples, nearest to `exact`, which sum to it too (largest
/// remainder; of equals, the first). Nothing of what is below 0.
std::vector<std::uint64_t> rounded(const std::vector<double>& exact, std::uint64_t num_samples) {
  std::vector<std::uint64_t> counts;
  std::vector<double> rest;
  for (const double value : exact) {
    counts.push_back(static_cast<std::uint64_t>(std::max(0.0, value)));
    rest.push_back(value - static_cast<double>(counts.back()));
  }
  std::vector<std::size_t> order(exact.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  std::uint64_t given = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  for (std::size_t next = 0; given < num_samples; ++given) ++counts[order[next++ % order.size()]];
  for (std::size_t next = order.size(); given > num_samples;) {
    std::uint64_t& count = counts[order[--next]];
    if (count == 0) continue;
    --count;
    --given;
  }
  return counts;
}

std::vector<double> shares_of(const Mixture& mixture, std::uint64_t num_samples) {
  std::vector<double> exact;
  for (std::size_t i = 0; i < mixture.size(); ++i)
    exact.push_back(mixture[i] * static_cast<double>(num_samples));
  return exact;
}

}  // namespace

std::vector<SampleRef> pool_samples(const std::vector<std::uint64_t>& skill_sizes,
                                    const Mixture& mixture, std::uint64_t num_samples,
                                    std::uint64_t seed) {
  const std::vector<std::uint64_t> counts = rounded(shares_of(mixture, num_samples), num_samples);
  std::vector<SampleRef> samples;
  for (std::size_t skill = 0; skill < counts.size(); ++skill) {
    if (skill_sizes[skill] == 0 || counts[skill] == 0) continue;
    const KeyedPermutation order(skill_sizes[skill], derive_seed(seed, "curriculum pool", skill));
    for (std::uint64_t i = 0; i < std::min(counts[skill], skill_sizes[skill]); ++i)
      samples.push_back({static_cast<std::uint32_t>(skill), order(i)});
  }
  if (samples.empty()) {
    fail(ErrorCode::kBadArgument,
         "curriculum: the skills that have a share of the pool have no samples");
  }
  return samples;
}

std::vector<SampleRef> rank_samples(const std::vector<SampleRef>& samples,
                                    const std::vector<double>& losses, bool hardest_first) {
  SKILLIT_ASSERT(samples.size() == losses.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    if (std::isfinite(losses[i])) continue;
    fail(ErrorCode::kBadArgument,
         fmt::format("curriculum: the loss of sample {} of skill {} before training is {}; a "
                     "number was expected",
                     samples[i].index, samples[i].skill, losses[i]));
  }
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return hardest_first ? losses[a] > losses[b] : losses[a] < losses[b];
  });
  std::vector<SampleRef> ranked;
  ranked.reserve(samples.size());
  for (const std::size_t i : order) ranked.push_back(samples[i]);
  return ranked;
}

RankedPool::RankedPool(std::vector<SampleRef> samples, std::size_t num_skills, std::uint64_t seed)
    : samples_(std::move(samples)),
      seed_(seed),
      delivered_(num_skills, 0),
      asked_(num_skills, 0),
      owed_(num_skills, 0) {
  SKILLIT_ASSERT(!samples_.empty());
}

void RankedPool::begin_block(std::uint64_t part, std::uint64_t num_samples) {
  SKILLIT_ASSERT(part >= 1 && part <= samples_.size() && num_samples >= 1);
  ++blocks_;
  part_ = part;
  block_size_ = num_samples;
  offset_ = 0;
  held_shares_.clear();
  held_.clear();
}

void RankedPool::hold_block(const Mixture& shares) {
  SKILLIT_ASSERT(shares.size() == delivered_.size() && offset_ == 0 && block_size_ >= 1);
  std::vector<double> present(shares.size(), 0.0);
  for (const SampleRef& sample : samples_) present[sample.skill] = shares[sample.skill];
  const Mixture possible =
      Mixture::from_weights(present, "curriculum: shares of the pool's skills");
  held_shares_ = possible.shares();
  std::vector<double> exact = shares_of(possible, block_size_);
  for (std::size_t i = 0; i < exact.size(); ++i) exact[i] += present[i] > 0 ? owed_[i] : 0;
  held_counts_ = rounded(exact, block_size_);
  for (std::size_t i = 0; i < exact.size(); ++i)
    owed_[i] = present[i] > 0 ? exact[i] - static_cast<double>(held_counts_[i]) : 0;
  held_ = held_samples();
}

std::vector<SampleRef> RankedPool::held_samples() const {
  std::vector<std::vector<std::uint64_t>> used(held_counts_.size());
  for (std::uint64_t i = 0; i < samples_.size(); ++i) {
    auto& places = used[samples_[i].skill];
    if (i < part_ || places.size() < held_counts_[samples_[i].skill]) places.push_back(i);
  }
  const std::uint64_t block_key = derive_seed(seed_, "curriculum block", blocks_);
  std::vector<SampleRef> in_order;
  for (std::size_t skill = 0; skill < used.size(); ++skill) {
    const std::uint64_t skill_key = derive_seed(block_key, "skill", skill);
    const std::uint64_t size = used[skill].size();
    for (std::uint64_t i = 0; i < held_counts_[skill]; ++i) {
      const KeyedPermutation order(size, derive_seed(skill_key, "epoch", i / size));
      in_order.push_back(samples_[used[skill][order(i % size)]]);
    }
  }
  const KeyedPermutation order(in_order.size(), derive_seed(block_key, "held", 0));
  std::vector<SampleRef> result;
  for (std::uint64_t i = 0; i < in_order.size(); ++i) result.push_back(in_order[order(i)]);
  return result;
}

SampleRef RankedPool::at(std::uint64_t offset) const {
  if (!held_.empty()) return held_[offset];
  const std::uint64_t block_key = derive_seed(seed_, "curriculum block", blocks_);
  const KeyedPermutation order(part_, derive_seed(block_key, "epoch", offset / part_));
  return samples_[order(offset % part_)];
}

void RankedPool::read(std::span<SampleRef> out) {
  SKILLIT_ASSERT(out.size() <= block_size_ - offset_);
  const std::vector<double> expected = held_.empty() ? shares().shares() : held_shares_;
  for (SampleRef& sample : out) {
    sample = at(offset_++);
    ++delivered_[sample.skill];
  }
  for (std::size_t i = 0; i < asked_.size(); ++i)
    asked_[i] += expected[i] * static_cast<double>(out.size());
}

Mixture RankedPool::shares() const {
  if (!held_.empty()) return Mixture::from_weights(held_shares_, "curriculum");
  std::vector<double> counts(delivered_.size(), 0.0);
  for (std::uint64_t i = 0; i < part_; ++i) ++counts[samples_[i].skill];
  return Mixture::from_weights(counts, "curriculum");
}

void RankedPool::save(ByteWriter& out) const {
  out.put<std::uint64_t>(samples_.size());
  for (const SampleRef& sample : samples_) {
    out.put(sample.skill);
    out.put(sample.index);
  }
  for (const std::uint64_t number : {blocks_, part_, block_size_, offset_}) out.put(number);
  for (const std::uint64_t count : delivered_) out.put(count);
  out.put_doubles(asked_);
  out.put_doubles(owed_);
  out.put_doubles(held_shares_);
  for (std::size_t i = 0; i < held_shares_.size(); ++i) out.put<std::uint64_t>(held_counts_[i]);
}

RankedPool RankedPool::load(ByteReader& in, std::size_t num_skills, std::uint64_t seed) {
  constexpr std::uint64_t kSampleBytes = sizeof(std::uint32_t) + sizeof(std::uint64_t);
  const auto count = in.get<std::uint64_t>();
  if (count == 0 || count > in.remaining() / kSampleBytes)
    fail(ErrorCode::kBadFormat, fmt::format("curriculum: an order of {} samples was saved", count));
  std::vector<SampleRef> samples(count);
  for (SampleRef& sample : samples) {
    sample.skill = in.get<std::uint32_t>();
    sample.index = in.get<std::uint64_t>();
    if (sample.skill >= num_skills)
      fail(ErrorCode::kBadFormat, fmt::format("curriculum: skill {} was saved", sample.skill));
  }
  RankedPool pool(std::move(samples), num_skills, seed);
  for (std::uint64_t* number : {&pool.blocks_, &pool.part_, &pool.block_size_, &pool.offset_})
    *number = in.get<std::uint64_t>();
  for (std::uint64_t& delivered : pool.delivered_) delivered = in.get<std::uint64_t>();
  pool.asked_ = in.get_doubles();
  pool.owed_ = in.get_doubles();
  pool.held_shares_ = in.get_doubles();
  if (pool.part_ < 1 || pool.part_ > pool.size() || pool.offset_ > pool.block_size_ ||
      pool.asked_.size() != num_skills || pool.owed_.size() != num_skills)
    fail(ErrorCode::kBadFormat, "curriculum: what was saved of the pool contradicts itself");
  if (!pool.held_shares_.empty()) pool.load_held(in);
  return pool;
}

void RankedPool::load_held(ByteReader& in) {
  constexpr std::uint64_t kMostSamples = std::uint64_t{1} << 32;
  std::vector<std::uint64_t> in_pool(delivered_.size(), 0);
  for (const SampleRef& sample : samples_) ++in_pool[sample.skill];
  std::uint64_t left = block_size_;
  bool fits = held_shares_.size() == in_pool.size() && block_size_ <= kMostSamples;
  for (std::size_t i = 0; fits && i < in_pool.size(); ++i) {
    held_counts_.push_back(in.get<std::uint64_t>());
    fits = held_counts_[i] <= left && (held_counts_[i] == 0 || in_pool[i] > 0);
    left -= fits ? held_counts_[i] : 0;
  }
  if (!fits || left > 0)
    fail(ErrorCode::kBadFormat,
         "curriculum: what was saved of a block's shares contradicts itself");
  held_ = held_samples();
}

}  // namespace skillit
