// Seconds of a training step on packed windows without and with the document mask. Run by
// document_mask.py: document_mask WINDOW THREADS STEPS -> "SECONDS WITHOUT, SECONDS WITH", medians,
// the two by turns.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "apps/skillit/training/training_memory.h"
#include "skillit/base/rng.h"
#include "skillit/data/memory_tokens.h"
#include "skillit/data/packed_windows.h"
#include "skillit/train/trainer.h"

namespace {

using namespace skillit;

constexpr std::uint64_t kBatchTokens = 4096;
constexpr std::int64_t kVocabulary = 512;
constexpr int kWarmUp = 2;

/// Documents of a geometric-like spread of lengths around a quarter of the window.
MemoryTokens documents(std::uint64_t window) {
  Rng rng(1, "documents");
  MemoryTokens tokens;
  for (std::uint64_t total = 0; total < 8 * kBatchTokens; total += window / 4) {
    std::vector<TokenId> document(2 + rng.below(window / 2));
    for (TokenId& token : document) token = static_cast<TokenId>(rng.below(kVocabulary));
    tokens.add(document);
  }
  return tokens;
}

SampleStore windows(std::uint64_t window, bool mask) {
  const MemoryTokens tokens = documents(window);
  return read_windows(PackedWindows(tokens, {window, Packing::kBestFit, mask}),
                      kBatchTokens / window);
}

GptOptions shape(std::uint64_t window) {
  GptOptions options;
  options.layers = 4;
  options.width = 256;
  options.context = static_cast<std::int64_t>(window);
  return options;
}

/// One model and what it trains on.
class Side {
 public:
  Side(std::uint64_t window, bool mask, int steps)
      : data_(windows(window, mask)),
        model_(shape(window), kVocabulary, 1, torch::kCPU, torch::kFloat32),
        trainer_(model_, {}, steps + kWarmUp) {
    for (std::size_t i = 0; i < data_.size(); ++i) samples_.push_back(data_[i]);
  }
  void step(bool timed) {
    const auto start = std::chrono::steady_clock::now();
    (void)trainer_.step(make_batch(samples_, torch::kCPU));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (timed) seconds_.push_back(taken.count());
  }
  double median() {
    std::nth_element(seconds_.begin(), seconds_.begin() + seconds_.size() / 2, seconds_.end());
    return seconds_[seconds_.size() / 2];
  }

 private:
  SampleStore data_;
  std::vector<Sample> samples_;
  Gpt model_;
  Trainer trainer_;
  std::vector<double> seconds_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: document_mask WINDOW THREADS STEPS\n");
    return 2;
  }
  skillit::cli::keep_memory();
  at::set_num_threads(std::stoi(argv[2]));
  const auto window = static_cast<std::uint64_t>(std::stoul(argv[1]));
  const int steps = std::stoi(argv[3]);
  std::array<Side, 2> sides{Side(window, false, steps), Side(window, true, steps)};
  for (int step = -kWarmUp; step < steps; ++step) {
    for (Side& side : sides) side.step(step >= 0);
  }
  fmt::print("{} {}\n", sides[0].median(), sides[1].median());
}
