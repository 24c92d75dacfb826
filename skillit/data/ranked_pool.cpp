#include "skillit/data/ranked_pool.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

/// Whole numbers that sum to num_samples, nearest to the shares of them (largest remainder; of
/// equals, the first).
std::vector<std::uint64_t> counts_of(const Mixture& mixture, std::uint64_t num_samples) {
  std::vector<std::uint64_t> counts;
  std::vector<double> rest;
  for (std::size_t i = 0; i < mixture.size(); ++i) {
    const double exact = mixture[i] * static_cast<double>(num_samples);
    counts.push_back(static_cast<std::uint64_t>(exact));
    rest.push_back(exact - std::floor(exact));
  }
  std::vector<std::size_t> order(mixture.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  std::uint64_t given = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  for (std::size_t next = 0; given < num_samples; ++given) ++counts[order[next++ % order.size()]];
  return counts;
}

}  // namespace

std::vector<SampleRef> pool_samples(const std::vector<std::uint64_t>& skill_sizes,
                                    const Mixture& mixture, std::uint64_t num_samples,
                                    std::uint64_t seed) {
  const std::vector<std::uint64_t> counts = counts_of(mixture, num_samples);
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
    : samples_(std::move(samples)), seed_(seed), delivered_(num_skills, 0), asked_(num_skills, 0) {
  SKILLIT_ASSERT(!samples_.empty());
}

void RankedPool::begin_block(std::uint64_t part, std::uint64_t num_samples) {
  SKILLIT_ASSERT(part >= 1 && part <= samples_.size() && num_samples >= 1);
  ++blocks_;
  part_ = part;
  block_size_ = num_samples;
  offset_ = 0;
}

SampleRef RankedPool::at(std::uint64_t offset) const {
  const std::uint64_t block_key = derive_seed(seed_, "curriculum block", blocks_);
  const KeyedPermutation order(part_, derive_seed(block_key, "epoch", offset / part_));
  return samples_[order(offset % part_)];
}

void RankedPool::read(std::span<SampleRef> out) {
  SKILLIT_ASSERT(out.size() <= block_size_ - offset_);
  const Mixture expected = shares();
  for (SampleRef& sample : out) {
    sample = at(offset_++);
    ++delivered_[sample.skill];
  }
  for (std::size_t i = 0; i < asked_.size(); ++i)
    asked_[i] += expected[i] * static_cast<double>(out.size());
}

Mixture RankedPool::shares() const {
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
  if (pool.part_ < 1 || pool.part_ > pool.size() || pool.offset_ > pool.block_size_ ||
      pool.asked_.size() != num_skills)
    fail(ErrorCode::kBadFormat, "curriculum: what was saved of the pool contradicts itself");
  return pool;
}

}  // namespace skillit
