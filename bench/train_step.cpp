// Steps per second of the recipes' small models, alone and several at once, one thread each. Run by
// train_step.py, which puts the same in PyTorch beside it: train_step SHAPE RUNS WORKERS STEPS
// DEVICE -> seconds of all runs, WORKERS at a time, and bytes taken on the GPU. SHAPE is lego (6
// layers of width 64, 64 samples of 24 tokens, the last one scored) or text (4 layers of width 64,
// 8 windows of 256 tokens out of 2048, all scored). With SKILLIT_OPERATION_TIMES=1 where the time
// goes, on stderr.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "apps/skillit/training/training_memory.h"
#include "bench/operation_times.h"
#include "skillit/data/lego.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/run/runtime.h"
#include "skillit/train/trainer.h"

namespace {

constexpr int kWarmUp = 5;
constexpr std::int64_t kSchedule = 10'000;

/// A model and the batch that it trains on, step after step.
struct Shape {
  skillit::GptOptions model;
  std::int64_t vocabulary;
  skillit::SampleStore samples;
};

Shape lego_shape() {
  constexpr std::size_t kBatch = 64;
  skillit::LegoOptions options;
  options.skills = 3;
  options.train_samples = kBatch;
  const skillit::SkillData data = skillit::make_lego_data(options, 0);
  Shape shape{{}, 50, {}};
  for (std::size_t i = 0; i < kBatch; ++i) {
    const skillit::Sample sample = data.train[i % 3][i];
    shape.samples.add(sample.tokens, sample.scored);
  }
  return shape;
}

Shape text_shape() {
  constexpr std::uint32_t kVocabulary = 2048;
  Shape shape{{}, kVocabulary, {}};
  shape.model.layers = 4;
  skillit::Rng rng(0, "text");
  for (int window = 0; window < 8; ++window) {
    std::vector<skillit::TokenId> tokens(256);
    for (skillit::TokenId& token : tokens)
      token = static_cast<skillit::TokenId>(rng.uniform() * kVocabulary);
    std::vector<std::uint8_t> scored(tokens.size(), 1);
    scored.front() = 0;
    shape.samples.add(tokens, scored);
  }
  return shape;
}

/// One thread's model, which begins every run with the same weights.
class Worker {
 public:
  Worker(const Shape& shape, const skillit::Runtime& runtime)
      : model_(shape.model, shape.vocabulary, 0, runtime.device, runtime.compute),
        start_(model_.parameters().master().clone()),
        trainer_(model_, {}, kSchedule) {
    for (std::size_t i = 0; i < shape.samples.size(); ++i) samples_.push_back(shape.samples[i]);
    train(kWarmUp);
  }
  void train(int steps) {
    model_.parameters().master().copy_(start_);
    model_.parameters().publish();
    trainer_.optimizer().first_moment().zero_();
    trainer_.optimizer().second_moment().zero_();
    trainer_.optimizer().set_num_steps(0);
    for (int step = 0; step < steps; ++step)
      (void)trainer_.step(skillit::make_batch(samples_, model_.device()));
  }

 private:
  skillit::Gpt model_;
  torch::Tensor start_;
  skillit::Trainer trainer_;  ///< Kept, like what the other side compiles.
  std::vector<skillit::Sample> samples_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc == 6 ? argv[1] : "";
  if (name != "lego" && name != "text") {
    fmt::print(stderr, "usage: train_step lego|text RUNS WORKERS STEPS DEVICE\n");
    return 2;
  }
  const Shape shape = name == "lego" ? lego_shape() : text_shape();
  const int runs = std::stoi(argv[2]);
  const int workers = std::stoi(argv[3]);
  const int steps = std::stoi(argv[4]);
  skillit::cli::keep_memory();
  skillit::Recipe recipe;
  recipe.device = argv[5];
  const skillit::Runtime runtime =
      skillit::choose_runtime(recipe, skillit::architecture_of(shape.model, shape.vocabulary));
  std::latch ready(workers + 1);
  std::atomic<int> next = 0;
  std::vector<std::jthread> threads;
  for (int worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&] {
      const skillit::gpu::OwnStream stream(runtime.device);
      Worker own(shape, runtime);
      ready.arrive_and_wait();
      for (int run = next++; run < runs; run = next++) own.train(steps);
    });
  }
  ready.arrive_and_wait();
  std::optional<skillit_bench::OperationTimes> times;
  if (std::getenv("SKILLIT_OPERATION_TIMES") != nullptr) times.emplace();
  const auto start = std::chrono::steady_clock::now();
  threads.clear();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (times) times->print(stderr, static_cast<std::size_t>(runs * steps), 30);
  fmt::print("{} {}\n", seconds, runtime.device.is_cuda() ? skillit::gpu::peak_memory() : 0.0);
}
