#include <benchmark/benchmark.h>

#include <vector>

#include "skillit/base/rng.h"
#include "skillit/data/mixture_stream.h"

namespace {

using namespace skillit;

constexpr std::uint64_t kBlock = 1'000'000'000;

MixtureStream make_stream(std::size_t num_skills, std::uint64_t block_size) {
  Rng rng(1, "bench sizes");
  std::vector<std::uint64_t> sizes(num_skills);
  for (auto& size : sizes) size = 1'000 + rng.below(10'000'000);
  std::vector<double> weights(num_skills);
  for (auto& weight : weights) weight = rng.uniform();
  MixtureStream stream(std::move(sizes), 1);
  stream.begin_block(Mixture::from_weights(weights), block_size);
  return stream;
}

/// Samples in order: items per second.
void read_in_order(benchmark::State& state) {
  MixtureStream stream = make_stream(static_cast<std::size_t>(state.range(0)), kBlock);
  std::vector<SampleRef> batch(1024);
  for (auto _ : state) {
    if (stream.block_size() - stream.offset() < batch.size()) stream.seek(0);
    stream.read(batch);
    benchmark::DoNotOptimize(batch.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.size()));
}
BENCHMARK(read_in_order)->ArgName("skills")->Arg(7)->Arg(1'000)->Arg(100'000);

/// A batch after the other with shares of tokens, samples of 1 to 512 tokens: blocks of 2^20, whose
/// order is made when they begin.
void read_in_order_by_tokens(benchmark::State& state) {
  Rng rng(1, "bench sizes");
  const auto num_skills = static_cast<std::size_t>(state.range(0));
  std::vector<std::uint64_t> sizes(num_skills);
  for (auto& size : sizes) size = 1'000 + rng.below(10'000'000);
  std::vector<double> weights(num_skills);
  for (auto& weight : weights) weight = rng.uniform();
  StreamOptions options;
  options.unit = StreamUnit::kTokens;
  options.fair = true;
  options.tokens_of = [](const SampleRef& ref) { return 1 + mix64(ref.index) % 512; };
  MixtureStream stream(std::move(sizes), 1, std::move(options));
  const Mixture mixture = Mixture::from_weights(weights);
  std::vector<SampleRef> batch(1024);
  for (auto _ : state) {
    if (stream.block_size() - stream.offset() < batch.size())
      stream.begin_block(mixture, std::uint64_t{1} << 20);
    stream.read(batch);
    benchmark::DoNotOptimize(batch.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.size()));
}
// Whole blocks, so that their beginning counts as often as it comes.
BENCHMARK(read_in_order_by_tokens)
    ->ArgName("skills")
    ->Arg(7)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Iterations(2048);

/// Seek to places around 10^9 and read one sample there.
void seek_far_and_read_one(benchmark::State& state) {
  MixtureStream stream = make_stream(static_cast<std::size_t>(state.range(0)), 2 * kBlock);
  SampleRef sample;
  std::uint64_t place = kBlock;
  for (auto _ : state) {
    stream.seek(place);
    stream.read({&sample, 1});
    benchmark::DoNotOptimize(sample);
    place = kBlock + mix64(place) % 1'000'000;
  }
}
BENCHMARK(seek_far_and_read_one)->ArgName("skills")->Arg(7)->Arg(1'000)->Arg(100'000);

/// A new mixture: quotas and the order of a block of 10^6.
void begin_block(benchmark::State& state) {
  const auto num_skills = static_cast<std::size_t>(state.range(0));
  MixtureStream stream = make_stream(num_skills, kBlock);
  const Mixture mixture = Mixture::uniform(num_skills);
  for (auto _ : state) stream.begin_block(mixture, 1'000'000);
}
BENCHMARK(begin_block)
    ->ArgName("skills")
    ->Arg(7)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
