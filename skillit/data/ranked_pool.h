#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "skillit/base/bytes.h"
#include "skillit/data/keyed_permutation.h"
#include "skillit/data/mixture_stream.h"
#include "skillit/skill/mixture.h"

namespace skillit {

/// Which samples a curriculum is made of: num_samples of them, the skills in the mixture's shares
/// (largest remainder), of each skill in a keyed random order without replacement. A skill with
/// fewer gives all it has. @throws Error kBadArgument when that leaves none.
[[nodiscard]] std::vector<SampleRef> pool_samples(const std::vector<std::uint64_t>& skill_sizes,
                                                  const Mixture& mixture, std::uint64_t num_samples,
                                                  std::uint64_t seed);

/// `samples` by rising (or falling) loss; equal ones keep their order. losses[i] belongs to
/// samples[i]. @throws Error kBadArgument when a loss is NaN or infinite.
[[nodiscard]] std::vector<SampleRef> rank_samples(const std::vector<SampleRef>& samples,
                                                  const std::vector<double>& losses,
                                                  bool hardest_first);

/// Samples in an order of their own, and blocks that are drawn from its beginning without
/// replacement, each in a keyed random order; a block longer than that part goes through it again.
/// A function of (seed, block) alone: not of where it was resumed. Not thread-safe.
class RankedPool {
 public:
  /// At least one sample; skills < num_skills.
  RankedPool(std::vector<SampleRef> samples, std::size_t num_skills, std::uint64_t seed);

  /// The next num_samples come from the first `part` samples; 1 <= part <= size(). What is left of
  /// the block before is not drawn.
  void begin_block(std::uint64_t part, std::uint64_t num_samples);
  /// Gives the block that has just begun other shares than its part has: whole samples, what
  /// rounding leaves carried to the next such block. Of each skill come its samples in the part, or
  /// the first of the pool where the block asks for more; when the pool has no more, they repeat. A
  /// skill that is not in the pool leaves its share to the others.
  void hold_block(const Mixture& shares);
  /// The next `out.size()`; they must fit in what is left of the block.
  void read(std::span<SampleRef> out);

  [[nodiscard]] std::uint64_t size() const noexcept { return samples_.size(); }
  [[nodiscard]] std::uint64_t block_size() const noexcept { return block_size_; }
  /// Of the part in use, or those that the block is held to, by skill.
  [[nodiscard]] Mixture shares() const;
  /// Since the pool was made, by skill: drawn, and expected of the shares of each block.
  [[nodiscard]] const std::vector<std::uint64_t>& delivered() const noexcept { return delivered_; }
  [[nodiscard]] const std::vector<double>& asked() const noexcept { return asked_; }

  void save(ByteWriter& out) const;
  /// What save() wrote, order included. @throws Error kBadFormat.
  [[nodiscard]] static RankedPool load(ByteReader& in, std::size_t num_skills, std::uint64_t seed);

 private:
  [[nodiscard]] SampleRef at(std::uint64_t offset) const;
  void load_held(ByteReader& in);
  /// The held block in the order in which it is read: held_counts_ of each skill.
  [[nodiscard]] std::vector<SampleRef> held_samples() const;

  std::vector<SampleRef> samples_;
  std::uint64_t seed_;
  std::vector<std::uint64_t> delivered_;
  std::vector<double> asked_;
  std::uint64_t blocks_ = 0;  ///< Begun.
  std::uint64_t part_ = 0;
  std::uint64_t block_size_ = 0;
  std::uint64_t offset_ = 0;
  std::vector<double> held_shares_;         ///< Empty = the block is not held.
  std::vector<std::uint64_t> held_counts_;  ///< Of the held block, by skill.
  std::vector<double> owed_;                ///< What rounding left of the held blocks, by skill.
  std::vector<SampleRef> held_;             ///< held_samples().
};

}  // namespace skillit
