#pragma once

#include <cstdint>
#include <vector>

#include "skillit/data/exact_shares.h"

namespace skillit {

/// What happens when a skill has been drawn as often as it may be.
enum class WhenSpent {
  kRepeat,  ///< Nothing: every skill may be repeated without end.
  kDrop,    ///< The others share what would be its part, in proportion; the end is when all are
            ///< spent.
  kStop,    ///< The end.
};

/// Whole numbers of samples, 0 where the share is 0, that sum to num_samples and are as near as can
/// be to what each skill is due: its share of them and what it is owed (largest remainder; of
/// equals, the first skill). Sum of shares 2^62, of owed 0.
[[nodiscard]] std::vector<std::uint64_t> block_quotas(const std::vector<std::uint64_t>& shares,
                                                      const std::vector<Fixed>& owed,
                                                      std::uint64_t num_samples);

/// The quotas of a block and the shares and debts that they follow.
struct BlockPlan {
  std::vector<std::uint64_t> shares;
  std::vector<Fixed> owed;
  std::vector<std::uint64_t> quotas;
};

/// As block_quotas(), but no skill gets more than left[i]. kDrop: who would is given all it has
/// left, and the others share the rest in proportion; the block is shorter only when all are spent.
/// kStop: the block ends before anyone would.
[[nodiscard]] BlockPlan plan_block(std::vector<std::uint64_t> shares, std::vector<Fixed> owed,
                                   std::uint64_t num_samples,
                                   const std::vector<std::uint64_t>& left, WhenSpent when_spent);

}  // namespace skillit
