#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/block_order.h"
#include "skillit/data/fair_order.h"
#include "skillit/data/stream_state.h"
#include "skillit/skill/mixture.h"

namespace skillit {

/// A sample by place: which skill, and which of that skill's samples.
struct SampleRef {
  std::uint32_t skill = 0;
  std::uint64_t index = 0;
  friend bool operator==(const SampleRef&, const SampleRef&) = default;
};

/// One skill of a stream.
struct StreamSkill {
  std::string name;
  std::uint64_t size = 0;        ///< Samples, at most 2^62; of none, the share must be 0.
  std::uint64_t max_epochs = 1;  ///< With these it is spent; >= 1; unused with kRepeat.
};

struct StreamOptions {
  StreamUnit unit = StreamUnit::kSamples;
  WhenSpent when_spent = WhenSpent::kRepeat;
  /// false: blocks of any length take no memory and any place is computed by itself, but within a
  /// block a skill may be 1.7 samples from its share. true: within one sample at every prefix while
  /// the mixture stays, and as close as a method can be that does not know the next mixture
  /// (docs/stream.md); but a block is a table of 8 bytes a sample, at most 2^28 samples. Tokens
  /// need true.
  bool fair = false;
  /// Tokens (> 0) of a sample; needed for kTokens. Called by begin_block() and resume().
  std::function<std::uint64_t(const SampleRef&)> tokens_of = {};
};

/// An endless, seekable sequence of samples whose skills follow a mixture that may change at any
/// moment.
///
/// The sequence is cut into blocks (a round, or a batch), each with its own mixture. Inside a
/// skill, samples come in a keyed random order without replacement until it is spent, then in a new
/// order (another epoch), also across changes of mixture. The sequence is a function of (seed,
/// skill, place) and the mixtures asked for alone: not of ranks, threads, or where it was resumed.
/// Reading at() is const and thread-safe; no memory grows with the data.
///
/// How exact, for a mixture that stays: with `fair`, each skill has had what was asked to within
/// one sample, or one sample's tokens, after every sample. Otherwise quotas per block are by
/// largest remainder, what rounding leaves is carried into the next block, and a tree of rounded
/// divisions interleaves the block: within 1 sample at the end of blocks, within 1.7 and what was
/// carried inside. When mixtures change, no online method can promise one sample at every prefix;
/// measured worst cases are in docs/stream.md. A share of 0 gives nothing, whatever is owed: that
/// waits until the skill has a share again.
///
///   MixtureStream stream({num_easy, num_hard}, /*seed=*/7);
///   stream.begin_block(Mixture::from_weights(std::array{1.0, 3.0}), 6400);
///   for (std::uint64_t i = rank; i < stream.block_size(); i += world) use(stream.at(i));
class MixtureStream {
 public:
  /// @throws Error kBadArgument on no skills, two of one name, a larger size, max_epochs of 0,
  /// tokens without `fair` or tokens_of.
  MixtureStream(std::vector<StreamSkill> skills, std::uint64_t seed, StreamOptions options = {});
  /// Skills without names and without end.
  MixtureStream(const std::vector<std::uint64_t>& skill_sizes, std::uint64_t seed,
                StreamOptions options = {});

  /// Ends the current block where it stands and begins one of `num_samples` with this mixture. The
  /// block is shorter when skills are spent: see WhenSpent; of size 0 when nothing is left.
  /// @throws Error kBadArgument on another number of skills, an empty block, one of more than 2^62
  /// samples (2^28 with `fair`), or a share for an empty skill; the stream is then unchanged.
  void begin_block(const Mixture& mixture, std::uint64_t num_samples);

  /// The sample at `offset` from the current block's start. offset < block_size().
  [[nodiscard]] SampleRef at(std::uint64_t offset) const;
  /// The next `out.size()` samples; they must fit in what is left of the block.
  void read(std::span<SampleRef> out);
  /// Moves to `offset` within the block; O(1). offset <= block_size().
  void seek(std::uint64_t offset);

  [[nodiscard]] std::size_t num_skills() const noexcept { return skills_.size(); }
  [[nodiscard]] std::uint64_t block_size() const noexcept {
    return options_.fair ? fair_.size() : tree_.size();
  }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  // Since the stream began, up to offset(), by skill.
  [[nodiscard]] std::vector<std::uint64_t> delivered() const;        ///< Samples.
  [[nodiscard]] std::vector<std::uint64_t> delivered_units() const;  ///< Samples or tokens.
  /// Units: the sum over blocks of share x units read.
  [[nodiscard]] std::vector<double> asked() const;
  [[nodiscard]] std::vector<double> epochs() const;
  /// Samples that may still be drawn; those of a skill without end are more than a stream can hold.
  [[nodiscard]] std::vector<std::uint64_t> left() const;
  /// Skills that may not be drawn any more.
  [[nodiscard]] std::vector<std::uint32_t> spent() const;

  [[nodiscard]] StreamState state() const;
  /// Goes on where `state` stood: with the same skills and options at its offset, in its block.
  /// When skills were added, left out, reordered or got more samples (at their end), or epochs or
  /// when_spent are others, the block ends there and the next begin_block() goes on with what each
  /// skill has left; a skill that comes back goes on where it was.
  /// @throws Error kMismatch (another seed or unit, a skill with fewer samples); the stream is then
  /// unchanged.
  void resume(const StreamState& state);

 private:
  [[nodiscard]] std::vector<StreamLedger> ledgers() const;
  [[nodiscard]] std::vector<FairScheduler::Skill> fair_skills() const;
  void check_block(const Mixture& mixture, std::uint64_t num_samples) const;
  void lay_out(std::uint64_t num_samples);
  void take_over(const StreamState& state);
  [[nodiscard]] FairScheduler::Cost cost() const;
  [[nodiscard]] std::uint64_t limit(std::size_t skill) const;

  std::vector<StreamSkill> skills_;
  std::vector<SkillCursor> cursors_;
  std::vector<StreamState::Skill> removed_;
  std::uint64_t seed_;
  StreamOptions options_;

  // The current block.
  std::vector<std::uint64_t> asked_shares_;  ///< In units of 2^-62.
  std::vector<StreamLedger> start_;
  std::uint64_t asked_samples_ = 0;
  std::uint64_t offset_ = 0;
  std::vector<std::uint64_t> shares_;  ///< In effect, without `fair`.
  std::vector<Fixed> owed_;            ///< Likewise, when the block began.
  BlockOrder tree_;
  FairOrder fair_;
};

}  // namespace skillit
