// Training steps of a published model: train_model MODEL SAMPLES BATCH STEPS THREADS LR PRECISION
// DEVICE -> one JSON line. SAMPLES holds one sequence a line, ids between spaces, whose last token
// is scored. Run by train_published.py, which puts the same steps in Python beside it.
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "apps/skillit/training/training_memory.h"
#include "bench/operation_times.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/nn/pretrained.h"
#include "skillit/run/runtime.h"
#include "skillit/train/trainer.h"

namespace {

skillit::SampleStore read_samples(const char* path) {
  skillit::SampleStore store;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::vector<skillit::TokenId> tokens;
    for (skillit::TokenId id = 0; words >> id;) tokens.push_back(id);
    std::vector<std::uint8_t> scored(tokens.size(), 0);
    scored.back() = 1;
    store.add(tokens, scored);
  }
  return store;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) {
    fmt::print(stderr,
               "usage: train_model MODEL SAMPLES BATCH STEPS THREADS LR PRECISION DEVICE\n");
    return 2;
  }
  const auto batch = static_cast<std::size_t>(std::stoul(argv[3]));
  const auto steps = static_cast<std::size_t>(std::stoul(argv[4]));
  skillit::cli::keep_memory();
  const auto folder = skillit::PretrainedFolder::open(argv[1]);
  skillit::Recipe recipe;
  recipe.precision = argv[7];
  recipe.device = argv[8];
  const skillit::Runtime runtime = skillit::choose_runtime(recipe, folder.architecture());
  at::set_num_threads(std::stoi(argv[5]));
  skillit::Gpt model(folder.architecture(), std::nullopt, runtime.device, runtime.compute);
  folder.load(model);
  skillit::OptimizerOptions options;
  options.lr = std::stod(argv[6]);
  options.schedule = "constant";
  options.warmup = 0;
  options.beta2 = 0.999;
  options.weight_decay = 0;
  options.clip = 0;
  skillit::Trainer trainer(model, options, static_cast<std::int64_t>(steps));
  const skillit::SampleStore store = read_samples(argv[2]);
  std::vector<double> losses, seconds;
  std::optional<skillit_bench::OperationTimes> times;
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<skillit::Sample> samples;
    for (std::size_t i = 0; i < batch; ++i)
      samples.push_back(store[(step * batch + i) % store.size()]);
    if (step == 2 && std::getenv("SKILLIT_OPERATION_TIMES") != nullptr) times.emplace();
    const auto start = std::chrono::steady_clock::now();
    losses.push_back(trainer.step(skillit::make_batch(samples, runtime.device)).loss);
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  if (times) times->print(stderr, steps - 2, 45);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{{\"seconds\": [{}], \"losses\": [{}], \"peak_gb\": {:.2f}}}\n",
             fmt::join(seconds, ", "), fmt::join(losses, ", "),
             runtime.device.is_cuda() ? skillit::gpu::peak_memory() / 1e9
                                      : static_cast<double>(usage.ru_maxrss) / 1e6);
}
