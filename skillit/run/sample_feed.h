#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "skillit/base/bytes.h"
#include "skillit/data/mixture_stream.h"
#include "skillit/run/dataset.h"
#include "skillit/run/recipe.h"
#include "skillit/select/selector.h"

namespace skillit {

/// Where a run's samples come from, round by round: a stream that follows mixtures of skills, or an
/// order of samples. Knows neither the model nor the method.
class SampleFeed {
 public:
  virtual ~SampleFeed() = default;

  /// Begins a round of `samples`, or fewer when the data are spent. `part` as the method gave it
  /// (Selector::pool_part()).
  virtual void begin_round(const Mixture& mixture, const std::optional<PoolPart>& part,
                           std::uint64_t samples) = 0;
  [[nodiscard]] virtual std::uint64_t round_size() const = 0;
  /// The next `out.size()`; they must fit in the round.
  virtual void read(std::span<SampleRef> out) = 0;

  // By training skill; since the run began, where it says no other.
  /// Of this round, as it is delivered. Valid after begin_round(), not after load().
  [[nodiscard]] virtual std::vector<double> mixture() const = 0;
  [[nodiscard]] virtual std::vector<double> asked() const = 0;  ///< In units of the shares.
  [[nodiscard]] virtual std::vector<std::uint64_t> delivered() const = 0;
  [[nodiscard]] virtual std::vector<double> epochs() const = 0;
  [[nodiscard]] virtual std::vector<std::uint32_t> spent() const = 0;
  /// Samples that may still be drawn; empty = without end, or not known.
  [[nodiscard]] virtual std::vector<std::uint64_t> left() const = 0;

  virtual void save(ByteWriter& out) const = 0;
  /// @throws Error kBadFormat, kMismatch. On a feed made as the one that saved.
  virtual void load(ByteReader& in, const std::string& where) = 0;
};

/// The loss of each sample before training. Called once, in the first round.
using MeasureSamples = std::function<std::vector<double>(const std::vector<SampleRef>&)>;

/// The shares of a round from those of its part of the order (Selector::round_shares()).
using HoldShares = std::function<Mixture(const Mixture&)>;

/// Whether the method draws from an order of samples. @throws Error kBadArgument when it does and
/// the recipe's stream is to hold what an order cannot: epochs, tokens.
[[nodiscard]] bool draws_from_pool(const Recipe& recipe, const Dataset& dataset,
                                   const Selector& selector);

/// The feed for a method: an order of samples when `from_pool`, else a stream. `dataset` must
/// outlive it, in its place.
[[nodiscard]] std::unique_ptr<SampleFeed> make_sample_feed(const Recipe& recipe,
                                                           const Dataset& dataset,
                                                           std::uint64_t seed, bool from_pool,
                                                           MeasureSamples measure, HoldShares hold);

}  // namespace skillit
