#include "skillit/data/fair_order.h"

#include <algorithm>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {
namespace {

Fixed floor_divide(Fixed value, std::uint64_t by) {
  const Fixed quotient = value / by;
  return quotient - (value % by < 0 ? 1 : 0);
}

constexpr auto kLater = [](const auto& a, const auto& b) {
  return a.time != b.time ? a.time > b.time : a.skill > b.skill;
};

template <class Event>
void push(std::vector<Event>& heap, Event event) {
  heap.push_back(event);
  std::push_heap(heap.begin(), heap.end(), kLater);
}

template <class Event>
Event pop(std::vector<Event>& heap) {
  std::pop_heap(heap.begin(), heap.end(), kLater);
  const Event event = heap.back();
  heap.pop_back();
  return event;
}

}  // namespace

FairScheduler::FairScheduler(std::vector<Skill> skills, Cost cost, WhenSpent when_spent)
    : skills_(std::move(skills)), cost_(std::move(cost)), when_spent_(when_spent) {
  start();
}

void FairScheduler::start() {
  got_.assign(skills_.size(), 0);
  costs_.assign(skills_.size(), 0);
  units_before_ += now_;
  now_ = 0;
  waiting_.clear();
  ready_.clear();
  for (std::uint32_t i = 0; i < skills_.size(); ++i) {
    if (skills_[i].share > 0) enqueue(i);
  }
}

void FairScheduler::enqueue(std::uint32_t skill) {
  const Skill& s = skills_[skill];
  const std::uint64_t cost = costs_[skill] = cost_(skill, s.drawn);
  SKILLIT_ASSERT(cost > 0);
  const Fixed lead = static_cast<Fixed>(got_[skill]) * kFixedOne - s.owed;
  // It may come when its due after the sample is more than it has now: lead < share * (now + cost).
  const Fixed release = floor_divide(lead, s.share) + 1 - static_cast<Fixed>(cost);
  if (release > now_) {
    push(waiting_, Event{release, skill});
  } else {
    const Fixed needed = lead + static_cast<Fixed>(cost) * kFixedOne;
    push(ready_, Event{-floor_divide(-needed, s.share), skill});
  }
}

std::optional<std::uint32_t> FairScheduler::next() {
  while (!waiting_.empty() || !ready_.empty()) {
    // A skill with no share now may be owed so much that nobody else's turn has come: the first is
    // taken then.
    while (!waiting_.empty() && (waiting_.front().time <= now_ || ready_.empty())) {
      const std::uint32_t skill = pop(waiting_).skill;
      const Skill& s = skills_[skill];
      const Fixed needed = (static_cast<Fixed>(got_[skill]) + costs_[skill]) * kFixedOne - s.owed;
      push(ready_, Event{-floor_divide(-needed, s.share), skill});
    }
    const std::uint32_t skill = pop(ready_).skill;
    Skill& s = skills_[skill];
    if (s.drawn >= s.limit) {
      if (when_spent_ == WhenSpent::kDrop && drop(skill)) continue;
      push(ready_, Event{-1, skill});  // So that it ends here again.
      return std::nullopt;
    }
    ++s.drawn;
    s.units += costs_[skill];
    got_[skill] += costs_[skill];
    now_ += costs_[skill];
    enqueue(skill);
    return skill;
  }
  return std::nullopt;
}

bool FairScheduler::drop(std::uint32_t skill) {
  std::vector<Fixed> owed;
  std::vector<std::uint64_t> shares;
  for (const Skill& s : this->skills()) {
    owed.push_back(s.owed);
    shares.push_back(s.share);
  }
  owed[skill] = 0;
  shares[skill] = 0;
  if (std::all_of(shares.begin(), shares.end(), [](std::uint64_t share) { return share == 0; }))
    return false;
  shares = rescaled_shares(shares);
  settle(owed, shares);
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    skills_[i].owed = owed[i];
    skills_[i].share = shares[i];
  }
  start();
  return true;
}

std::vector<FairScheduler::Skill> FairScheduler::skills() const {
  std::vector<Skill> result = skills_;
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i].owed +=
        static_cast<Fixed>(result[i].share) * now_ - static_cast<Fixed>(got_[i]) * kFixedOne;
  }
  return result;
}

FairOrder::FairOrder(const FairScheduler& start, std::uint64_t num_samples)
    : start_(start), end_(start) {
  SKILLIT_ASSERT(num_samples <= kMostSamples);
  places_.reserve(num_samples);
  std::vector<std::uint32_t> ranks(start.skills().size(), 0);
  while (places_.size() < num_samples) {
    const auto skill = end_->next();
    if (!skill) break;
    places_.push_back({*skill, ranks[*skill]++});
  }
}

FairScheduler FairOrder::after(std::uint64_t prefix) const {
  SKILLIT_ASSERT(start_ && prefix <= size());
  if (prefix == size()) return *end_;
  FairScheduler scheduler = *start_;
  for (std::uint64_t i = 0; i < prefix; ++i) static_cast<void>(scheduler.next());
  return scheduler;
}

}  // namespace skillit
