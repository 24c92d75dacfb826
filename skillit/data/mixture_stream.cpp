#include "skillit/data/mixture_stream.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

std::vector<StreamSkill> without_names(const std::vector<std::uint64_t>& sizes) {
  std::vector<StreamSkill> skills;
  for (const std::uint64_t size : sizes) skills.push_back({std::to_string(skills.size()), size});
  return skills;
}

void check_skills(const std::vector<StreamSkill>& skills, const StreamOptions& options) {
  const auto refuse = [](const std::string& what) {
    fail(ErrorCode::kBadArgument, "mixture stream: " + what);
  };
  if (skills.empty()) refuse("no skills");
  std::set<std::string_view> names;
  for (const StreamSkill& skill : skills) {
    if (skill.size > kFixedOne) {
      refuse(fmt::format("skill '{}' has {} samples, at most 2^62 are possible", skill.name,
                         skill.size));
    }
    if (skill.max_epochs == 0) {
      refuse(fmt::format("skill '{}' may have 0 epochs; leave it out instead", skill.name));
    }
    if (!names.insert(skill.name).second)
      refuse(fmt::format("two skills are called '{}'", skill.name));
  }
  if (options.unit == StreamUnit::kTokens && (!options.fair || !options.tokens_of))
    refuse("shares of tokens need fair = true and tokens_of");
}

SkillCursor cursor_of(const StreamState::Skill& skill) {
  SkillCursor cursor(skill.growths.empty() ? skill.size : skill.growths[0].size_before, skill.key);
  for (std::size_t i = 0; i < skill.growths.size(); ++i) {
    const bool last = i + 1 == skill.growths.size();
    cursor.grow(last ? skill.size : skill.growths[i + 1].size_before, skill.growths[i].drawn);
  }
  return cursor;
}

}  // namespace

MixtureStream::MixtureStream(const std::vector<std::uint64_t>& skill_sizes, std::uint64_t seed,
                             StreamOptions options)
    : MixtureStream(without_names(skill_sizes), seed, std::move(options)) {}

MixtureStream::MixtureStream(std::vector<StreamSkill> skills, std::uint64_t seed,
                             StreamOptions options)
    : skills_(std::move(skills)), seed_(seed), options_(std::move(options)) {
  check_skills(skills_, options_);
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    cursors_.emplace_back(skills_[i].size, derive_seed(seed, "mixture stream", i));
  }
  asked_shares_.assign(skills_.size(), 0);
  start_.assign(skills_.size(), {});
  shares_ = asked_shares_;
  owed_.assign(skills_.size(), 0);
}

void MixtureStream::check_block(const Mixture& mixture, std::uint64_t num_samples) const {
  const auto refuse = [](const std::string& what) {
    fail(ErrorCode::kBadArgument, "mixture stream: " + what);
  };
  if (mixture.size() != skills_.size()) {
    refuse(fmt::format("the mixture has {} shares for {} skills", mixture.size(), skills_.size()));
  }
  const std::uint64_t most = options_.fair ? FairOrder::kMostSamples : kFixedOne;
  if (num_samples == 0 || num_samples > most) {
    refuse(fmt::format("a block of {} samples; 1 to {} are possible", num_samples, most));
  }
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    if (skills_[i].size > 0 || mixture[i] == 0) continue;
    refuse(fmt::format("skill '{}' has no samples but a share of {}; give it data or a share of 0",
                       skills_[i].name, mixture[i]));
  }
}

void MixtureStream::begin_block(const Mixture& mixture, std::uint64_t num_samples) {
  check_block(mixture, num_samples);
  start_ = ledgers();
  asked_shares_ = exact_shares(mixture);
  lay_out(num_samples);
}

/// Makes the order of a block from start_ and asked_shares_.
void MixtureStream::lay_out(std::uint64_t num_samples) {
  asked_samples_ = num_samples;
  offset_ = 0;
  if (options_.fair) {
    fair_ = FairOrder(FairScheduler(fair_skills(), cost(), options_.when_spent), num_samples);
    return;
  }
  std::vector<Fixed> owed;
  std::vector<std::uint64_t> left;
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    owed.push_back(start_[i].owed);
    left.push_back(limit(i) - std::min(limit(i), start_[i].samples));
  }
  BlockPlan plan =
      plan_block(asked_shares_, std::move(owed), num_samples, left, options_.when_spent);
  shares_ = std::move(plan.shares);
  owed_ = std::move(plan.owed);
  tree_ = BlockOrder(plan.quotas);
}

std::vector<FairScheduler::Skill> MixtureStream::fair_skills() const {
  std::vector<FairScheduler::Skill> result;
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    result.push_back(
        {asked_shares_[i], start_[i].owed, start_[i].samples, start_[i].units, limit(i)});
  }
  return result;
}

FairScheduler::Cost MixtureStream::cost() const {
  if (options_.unit == StreamUnit::kSamples) return [](std::uint32_t, std::uint64_t) { return 1U; };
  const auto cursors = std::make_shared<const std::vector<SkillCursor>>(cursors_);  // For copies.
  return [cursors, tokens_of = options_.tokens_of](std::uint32_t skill, std::uint64_t drawn) {
    return tokens_of({skill, (*cursors)[skill][drawn]});
  };
}

std::uint64_t MixtureStream::limit(std::size_t skill) const {
  if (options_.when_spent == WhenSpent::kRepeat) return std::uint64_t{1} << 63;
  return cursors_[skill].draws_through(skills_[skill].max_epochs);
}

std::vector<StreamLedger> MixtureStream::ledgers() const {
  std::vector<StreamLedger> result = start_;
  if (block_size() == 0) return result;
  std::uint64_t units = offset_;
  if (options_.fair) {
    const FairScheduler scheduler = fair_.after(offset_);
    const auto skills = scheduler.skills();
    units = scheduler.units();
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = {skills[i].drawn, skills[i].units, start_[i].asked, skills[i].owed};
    }
  } else {
    const std::vector<std::uint64_t> counts = tree_.counts(offset_);
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i].samples += counts[i];
      result[i].units += counts[i];
      result[i].owed = owed_[i] + static_cast<Fixed>(shares_[i]) * offset_ -
                       static_cast<Fixed>(counts[i]) * kFixedOne;
    }
  }
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i].asked += static_cast<Fixed>(asked_shares_[i]) * units;
  }
  return result;
}

SampleRef MixtureStream::at(std::uint64_t offset) const {
  SKILLIT_ASSERT(offset < block_size());
  std::uint32_t skill = 0;
  std::uint64_t rank = 0;
  if (options_.fair) {
    const auto place = fair_[offset];
    skill = place.skill;
    rank = place.rank;
  } else {
    const auto place = tree_[offset];
    skill = place.skill;
    rank = place.rank;
  }
  return {skill, cursors_[skill][start_[skill].samples + rank]};
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
  std::vector<std::uint64_t> result;
  for (const StreamLedger& ledger : ledgers()) result.push_back(ledger.samples);
  return result;
}

std::vector<std::uint64_t> MixtureStream::delivered_units() const {
  std::vector<std::uint64_t> result;
  for (const StreamLedger& ledger : ledgers()) result.push_back(ledger.units);
  return result;
}

std::vector<double> MixtureStream::asked() const {
  std::vector<double> result;
  for (const StreamLedger& ledger : ledgers()) {
    const Fixed rest = ledger.asked - static_cast<Fixed>(ledger.units) * kFixedOne;
    result.push_back(static_cast<double>(ledger.units) + to_double(rest));
  }
  return result;
}

std::vector<double> MixtureStream::epochs() const {
  const auto samples = delivered();
  std::vector<double> result;
  for (std::size_t i = 0; i < samples.size(); ++i) result.push_back(cursors_[i].epochs(samples[i]));
  return result;
}

std::vector<std::uint64_t> MixtureStream::left() const {
  const auto samples = delivered();
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < samples.size(); ++i)
    result.push_back(limit(i) - std::min(limit(i), samples[i]));
  return result;
}

std::vector<std::uint32_t> MixtureStream::spent() const {
  const auto samples_left = left();
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < samples_left.size(); ++i) {
    if (samples_left[i] == 0) result.push_back(i);
  }
  return result;
}

StreamState MixtureStream::state() const {
  StreamState state;
  state.seed = seed_;
  state.unit = options_.unit;
  state.fair = options_.fair;
  state.when_spent = options_.when_spent;
  state.removed = removed_;
  state.block_samples = asked_samples_;
  state.block_offset = offset_;
  const auto now = ledgers();
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    state.skills.push_back({skills_[i].name, skills_[i].size, cursors_[i].key(),
                            skills_[i].max_epochs, cursors_[i].growths(), now[i], start_[i],
                            asked_shares_[i]});
  }
  return state;
}

void MixtureStream::resume(const StreamState& state) {
  const auto refuse = [](const std::string& what) {
    fail(ErrorCode::kMismatch,
         fmt::format("mixture stream: {}; go on as it was, or start anew", what));
  };
  if (state.seed != seed_)
    refuse(fmt::format("the seed was {} when it was saved and is {} now", state.seed, seed_));
  if (state.unit != options_.unit)
    refuse("shares were of another unit (samples, tokens) when it was saved");
  MixtureStream resumed(skills_, seed_, options_);
  bool same = state.fair == options_.fair && state.when_spent == options_.when_spent &&
              state.skills.size() == skills_.size();
  for (std::size_t i = 0; same && i < skills_.size(); ++i) {
    const auto& saved = state.skills[i];
    same = saved.name == skills_[i].name && saved.size == skills_[i].size &&
           saved.max_epochs == skills_[i].max_epochs;
  }
  if (same) {
    resumed.cursors_.clear();
    for (std::size_t i = 0; i < skills_.size(); ++i) {
      resumed.cursors_.push_back(cursor_of(state.skills[i]));
      resumed.start_[i] = state.skills[i].block_start;
      resumed.asked_shares_[i] = state.skills[i].share;
    }
    resumed.removed_ = state.removed;
    if (state.block_samples > 0) resumed.lay_out(state.block_samples);
    if (state.block_offset > resumed.block_size())
      fail(ErrorCode::kBadFormat, "mixture stream: the saved offset is past the block's end");
    resumed.offset_ = state.block_offset;
  } else {
    resumed.take_over(state);
  }
  *this = std::move(resumed);
}

/// The skills' ledgers and orders from a stream of other skills; no block.
void MixtureStream::take_over(const StreamState& state) {
  std::vector<StreamState::Skill> known = state.skills;
  known.insert(known.end(), state.removed.begin(), state.removed.end());
  std::set<std::string> taken;
  for (std::size_t i = 0; i < skills_.size(); ++i) {
    const auto saved = std::find_if(known.begin(), known.end(), [&](const auto& skill) {
      return skill.name == skills_[i].name;
    });
    if (saved == known.end()) {  // A key that no earlier skill can have had.
      cursors_[i] =
          SkillCursor(skills_[i].size, derive_seed(seed_, "added skill " + skills_[i].name));
      continue;
    }
    if (saved->size > skills_[i].size) {
      fail(ErrorCode::kMismatch,
           fmt::format("mixture stream: skill '{}' had {} samples when it was saved and has {} "
                       "now; samples may be added at its end, never taken away: give it another "
                       "name if it is other data",
                       skills_[i].name, saved->size, skills_[i].size));
    }
    taken.insert(saved->name);
    cursors_[i] = cursor_of(*saved);
    cursors_[i].grow(skills_[i].size, saved->now.samples);
    start_[i] = saved->now;
  }
  std::vector<Fixed> owed;
  for (const StreamLedger& ledger : start_) owed.push_back(ledger.owed);
  settle(owed, exact_shares(Mixture::uniform(skills_.size())));
  for (std::size_t i = 0; i < skills_.size(); ++i) start_[i].owed = owed[i];
  for (StreamState::Skill& skill : known) {
    if (taken.contains(skill.name)) continue;
    skill.now.owed = skill.block_start.owed = 0;
    skill.block_start = skill.now;
    skill.share = 0;
    removed_.push_back(std::move(skill));
  }
}

}  // namespace skillit
