#include "skillit/run/sample_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "skillit/base/error.h"
#include "skillit/data/ranked_pool.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/make_stream.h"

namespace skillit {
namespace {

class StreamFeed final : public SampleFeed {
 public:
  StreamFeed(const StreamRecipe& recipe, const Dataset& dataset, std::uint64_t seed)
      : stream_(make_stream(recipe, dataset, seed)),
        // With other limits the stream alone keeps them: what tokens are left it cannot say, and
        // "stop" is to end the run at the first skill that is spent.
        says_what_is_left_(recipe.spent == "drop" && recipe.unit == "samples") {}

  void begin_round(const Mixture& mixture, const std::optional<PoolPart>& /*part*/,
                   std::uint64_t samples) override {
    stream_.begin_block(mixture, samples);
    mixture_ = mixture.shares();
  }
  [[nodiscard]] std::uint64_t round_size() const override { return stream_.block_size(); }
  void read(std::span<SampleRef> out) override { stream_.read(out); }
  [[nodiscard]] std::vector<double> mixture() const override { return mixture_; }
  [[nodiscard]] std::vector<double> asked() const override { return stream_.asked(); }
  [[nodiscard]] std::vector<std::uint64_t> delivered() const override {
    return stream_.delivered();
  }
  [[nodiscard]] std::vector<double> epochs() const override { return stream_.epochs(); }
  [[nodiscard]] std::vector<std::uint32_t> spent() const override { return stream_.spent(); }
  [[nodiscard]] std::vector<std::uint64_t> left() const override {
    return says_what_is_left_ ? stream_.left() : std::vector<std::uint64_t>();
  }
  void save(ByteWriter& out) const override { out.put_string(to_json(stream_.state())); }
  void load(ByteReader& in, const std::string& where) override {
    stream_.resume(parse_stream_state(in.get_string(), where));
  }

 private:
  MixtureStream stream_;
  bool says_what_is_left_;
  std::vector<double> mixture_;
};

class PoolFeed final : public SampleFeed {
 public:
  PoolFeed(std::vector<std::uint64_t> sizes, std::uint64_t num_samples, std::uint64_t seed,
           MeasureSamples measure, HoldShares hold)
      : sizes_(std::move(sizes)),
        num_samples_(num_samples),
        seed_(seed),
        measure_(std::move(measure)),
        hold_(std::move(hold)) {}

  void begin_round(const Mixture& mixture, const std::optional<PoolPart>& part,
                   std::uint64_t samples) override {
    SKILLIT_ASSERT(part.has_value());
    if (!pool_) {
      const auto pool = pool_samples(sizes_, mixture, num_samples_, seed_);
      pool_.emplace(rank_samples(pool, measure_(pool), part->hardest_first), sizes_.size(), seed_);
    }
    const double size = static_cast<double>(pool_->size());
    constexpr double kRounding = 1e-9;  // Of a product that is a whole number.
    const auto first = static_cast<std::uint64_t>(part->fraction * size * (1 + kRounding));
    pool_->begin_block(std::clamp<std::uint64_t>(first, 1, pool_->size()), samples);
    const Mixture own = pool_->shares(), held = hold_(own);
    if (held != own) pool_->hold_block(held);
  }
  [[nodiscard]] std::uint64_t round_size() const override { return pool_->block_size(); }
  void read(std::span<SampleRef> out) override { pool_->read(out); }
  [[nodiscard]] std::vector<double> mixture() const override { return pool_->shares().shares(); }
  [[nodiscard]] std::vector<double> asked() const override { return pool_->asked(); }
  [[nodiscard]] std::vector<std::uint64_t> delivered() const override { return pool_->delivered(); }
  [[nodiscard]] std::vector<double> epochs() const override {
    std::vector<double> result;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
      const auto delivered = static_cast<double>(pool_->delivered()[i]);
      result.push_back(sizes_[i] == 0 ? 0 : delivered / static_cast<double>(sizes_[i]));
    }
    return result;
  }
  [[nodiscard]] std::vector<std::uint32_t> spent() const override { return {}; }
  [[nodiscard]] std::vector<std::uint64_t> left() const override { return {}; }
  void save(ByteWriter& out) const override { pool_->save(out); }
  void load(ByteReader& in, const std::string& /*where*/) override {
    pool_.emplace(RankedPool::load(in, sizes_.size(), seed_));
  }

 private:
  std::vector<std::uint64_t> sizes_;
  std::uint64_t num_samples_;
  std::uint64_t seed_;
  MeasureSamples measure_;
  HoldShares hold_;
  std::optional<RankedPool> pool_;  ///< From the first round on.
};

}  // namespace

bool draws_from_pool(const Recipe& recipe, const Dataset& dataset, const Selector& selector) {
  if (!selector.pool_part(first_round_of(recipe, dataset))) return false;
  if (recipe.stream.spent != "repeat" || recipe.stream.unit != "samples") {
    fail(ErrorCode::kBadArgument,
         "curriculum: draws the first samples of its order again and again and counts samples, so "
         "that stream.max_epochs and stream.unit=tokens cannot be kept; leave the stream's options "
         "out, or the method");
  }
  return true;
}

std::unique_ptr<SampleFeed> make_sample_feed(const Recipe& recipe, const Dataset& dataset,
                                             std::uint64_t seed, bool from_pool,
                                             MeasureSamples measure, HoldShares hold) {
  if (!from_pool) return std::make_unique<StreamFeed>(recipe.stream, dataset, seed);
  return std::make_unique<PoolFeed>(dataset.train_sizes(),
                                    static_cast<std::uint64_t>(recipe.steps * recipe.batch), seed,
                                    std::move(measure), std::move(hold));
}

}  // namespace skillit
