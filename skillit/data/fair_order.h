#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "skillit/data/block_quotas.h"
#include "skillit/data/exact_shares.h"

namespace skillit {

/// Chooses the skill of one sample after the other so that each has its share of all units (samples
/// or tokens) at every moment, although samples differ in size.
///
/// Of the skills whose next sample may come now without putting them ahead by all of it, the one
/// comes whose sample is due first (earliest deadline first, as in Tijdeman's answer to the
/// chairman assignment problem and in worst-case fair weighted fair queueing, WF2Q). For a mixture
/// that stays, from nothing owed on: with equal sizes every skill has had its share to less than
/// one sample after each sample; else it is ahead by less than its own last sample and behind by
/// about the largest sample of all (a test measures at most 1.0 of it). Whole numbers only. O(log
/// k) a sample.
class FairScheduler {
 public:
  struct Skill {
    std::uint64_t share = 0;  ///< In units of 2^-62; their sum is 2^62.
    Fixed owed = 0;           ///< Units due to it and not delivered; the sum is 0.
    std::uint64_t drawn = 0;  ///< Samples delivered so far.
    std::uint64_t units = 0;  ///< What they had.
    std::uint64_t limit = 0;  ///< Of `drawn`; the skill is spent there.
  };
  /// Units (> 0) of the sample that a skill gives after `drawn` others.
  using Cost = std::function<std::uint64_t(std::uint32_t skill, std::uint64_t drawn)>;

  FairScheduler(std::vector<Skill> skills, Cost cost, WhenSpent when_spent);

  /// The next sample's skill. Nothing when a skill is spent that would be next (kStop), or all are.
  /// With kDrop, a spent skill's share goes to the others in proportion when it would be next.
  [[nodiscard]] std::optional<std::uint32_t> next();
  /// As of now.
  [[nodiscard]] std::vector<Skill> skills() const;
  /// Delivered by this scheduler.
  [[nodiscard]] std::uint64_t units() const noexcept { return units_before_ + now_; }

 private:
  struct Event {
    Fixed time;  ///< In units delivered since the shares in force began.
    std::uint32_t skill;
  };
  void enqueue(std::uint32_t skill);
  void start();
  /// Gives its share to the others; false when there is none.
  [[nodiscard]] bool drop(std::uint32_t skill);

  std::vector<Skill> skills_;
  Cost cost_;
  WhenSpent when_spent_;
  std::vector<std::uint64_t> got_;    ///< Units since the shares in force began.
  std::vector<std::uint64_t> costs_;  ///< Of each skill's next sample.
  std::vector<Event> waiting_;        ///< Heaps, the earliest on top: by when a sample may come,
  std::vector<Event> ready_;          ///< and by when it is due.
  std::uint64_t now_ = 0;
  std::uint64_t units_before_ = 0;
};

/// The order of a block of samples made by a FairScheduler, as a table: 8 bytes a sample.
class FairOrder {
 public:
  struct Place {
    std::uint32_t skill;
    std::uint64_t rank;  ///< Samples of the skill before it in the block.
  };
  static constexpr std::uint64_t kMostSamples = std::uint64_t{1} << 28;

  FairOrder() = default;
  /// `num_samples` of what the scheduler gives, or fewer when it ends.
  FairOrder(const FairScheduler& start, std::uint64_t num_samples);

  [[nodiscard]] std::uint64_t size() const noexcept { return places_.size(); }
  [[nodiscard]] Place operator[](std::uint64_t place) const noexcept {
    return {places_[place].skill, places_[place].rank};
  }
  /// The scheduler after the first `prefix` samples; O(prefix), and O(1) at either end.
  [[nodiscard]] FairScheduler after(std::uint64_t prefix) const;

 private:
  struct Entry {
    std::uint32_t skill;
    std::uint32_t rank;
  };
  std::vector<Entry> places_;
  std::optional<FairScheduler> start_;
  std::optional<FairScheduler> end_;
};

}  // namespace skillit
