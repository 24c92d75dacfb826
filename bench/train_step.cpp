// Steps per second of the small LEGO model, alone and several at once, one thread each. Run by
// train_step.py, which puts the same step in PyTorch beside it: train_step RUNS STEPS -> "seconds
// per step of all runs together".
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "skillit/data/lego.h"
#include "skillit/train/trainer.h"

namespace {

constexpr std::size_t kBatch = 64;
constexpr int kWarmUp = 5;

skillit::SkillData lego_data() {
  skillit::LegoOptions options;
  options.skills = 3;
  options.train_samples = kBatch;
  return skillit::make_lego_data(options, 0);
}

void train(std::uint64_t seed, int steps, std::latch& ready) {
  const skillit::SkillData data = lego_data();
  std::vector<skillit::Sample> samples;
  for (std::size_t i = 0; i < kBatch; ++i) samples.push_back(data.train[i % 3][i]);
  skillit::Gpt model({}, 50, seed, torch::kCPU, torch::kFloat32);
  skillit::Trainer trainer(model, {}, steps + kWarmUp);
  for (int step = 0; step < kWarmUp; ++step)
    (void)trainer.step(skillit::make_batch(samples, torch::kCPU));
  ready.arrive_and_wait();
  for (int step = 0; step < steps; ++step)
    (void)trainer.step(skillit::make_batch(samples, torch::kCPU));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: train_step RUNS STEPS\n");
    return 2;
  }
  const int runs = std::stoi(argv[1]);
  const int steps = std::stoi(argv[2]);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  at::set_num_threads(1);
  std::latch ready(runs + 1);
  std::vector<std::jthread> threads;
  for (int run = 0; run < runs; ++run) {
    threads.emplace_back(
        [&ready, run, steps] { train(static_cast<std::uint64_t>(run), steps, ready); });
  }
  ready.arrive_and_wait();
  const auto start = std::chrono::steady_clock::now();
  threads.clear();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}\n", seconds / (runs * steps));
}
