// Ten data sets of 10 million samples each, blended: 100 million places.
#include <benchmark/benchmark.h>

#include <numeric>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/data/megatron_blend.h"
#include "skillit/data/megatron_samples.h"
#include "skillit/data/mixture_stream.h"

namespace {

using namespace skillit;

constexpr std::size_t kDatasets = 10;
constexpr std::uint64_t kSamples = 10'000'000;

std::vector<double> weights() {
  std::vector<double> result(kDatasets);
  std::iota(result.begin(), result.end(), 1.0);
  return result;
}

/// From nothing until any of the places can be read, then a thousand of them anywhere.
void stream_ready_and_1000_places(benchmark::State& state) {
  for (auto _ : state) {
    MixtureStream stream(std::vector<std::uint64_t>(kDatasets, kSamples), 1);
    stream.begin_block(Mixture::from_weights(weights()), kDatasets * kSamples);
    for (std::uint64_t i = 0; i < 1000; ++i)
      benchmark::DoNotOptimize(stream.at(mix64(i) % (kDatasets * kSamples)));
  }
}
BENCHMARK(stream_ready_and_1000_places)->Unit(benchmark::kMillisecond);

/// All of them in their order.
void stream_all_places(benchmark::State& state) {
  for (auto _ : state) {
    MixtureStream stream(std::vector<std::uint64_t>(kDatasets, kSamples), 1);
    stream.begin_block(Mixture::from_weights(weights()), kDatasets * kSamples);
    std::vector<SampleRef> batch(1000);
    while (stream.offset() < stream.block_size()) stream.read(batch);
    benchmark::DoNotOptimize(batch.data());
  }
}
BENCHMARK(stream_all_places)->Unit(benchmark::kMillisecond)->Iterations(1);

/// Megatron's blend, as it is needed: no arrays.
void megatron_blend_all_places(benchmark::State& state) {
  for (auto _ : state) {
    MegatronBlend blend(megatron_normalize(weights()));
    for (std::uint64_t i = 0; i < kDatasets * kSamples; ++i) benchmark::DoNotOptimize(blend.next());
  }
}
BENCHMARK(megatron_blend_all_places)->Unit(benchmark::kMillisecond)->Iterations(1);

/// Megatron's document, sample and shuffle index of all ten, 10 million samples each of 1.25
/// million documents.
void megatron_samples_of_ten(benchmark::State& state) {
  const DocumentLengths lengths{1'250'000, [](std::uint64_t i) { return 1 + mix64(i) % 16'384; }};
  for (auto _ : state) {
    for (std::uint32_t seed = 0; seed < kDatasets; ++seed) {
      const MegatronSamples samples(
          lengths, {.sequence_length = 1024, .num_samples = kSamples, .seed = seed});
      benchmark::DoNotOptimize(samples.num_windows());
    }
  }
}
BENCHMARK(megatron_samples_of_ten)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
