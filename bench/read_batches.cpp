// read_batches PACK WINDOW ROWS TOKENS: tokens per second from mapped files to batches in memory,
// each on a line with its name: copying rows of 32-bit tokens one after the other; the pack's
// windows in a mixture, without and with threads. Run by data_loader.py.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/data/batch_reader.h"
#include "skillit/data/pack_windows.h"

namespace {

using namespace skillit;

/// Tokens per second of the fastest of five rounds. `round` returns its tokens.
double fastest(const std::function<std::uint64_t()>& round) {
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto tokens = static_cast<double>(round());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, tokens / seconds.count());
  }
  return best;
}

/// What any loader must do at least: 4 bytes a token, one row after the other, from one place in
/// memory to another.
std::uint64_t copy_rows(const std::vector<TokenId>& from, std::uint64_t window, std::uint64_t rows,
                        std::uint64_t tokens) {
  std::vector<TokenId> batch(rows * window);
  std::uint64_t copied = 0;
  for (std::uint64_t at = 0; copied < tokens; ++at) {
    const std::uint64_t begin = at * window % (from.size() - window);
    std::memcpy(batch.data() + at % rows * window, from.data() + begin, window * sizeof(TokenId));
    copied += window;
  }
  volatile TokenId kept = batch.back();
  (void)kept;
  return copied;
}

std::uint64_t count(const ReadBatch& batch) {
  std::uint64_t tokens = 0;
  for (const SampleBuffer& sample : batch.samples) tokens += sample.tokens.size();
  return tokens;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) return 2;
  const std::uint64_t window = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t rows = std::strtoull(argv[3], nullptr, 10);
  const std::uint64_t tokens = std::strtoull(argv[4], nullptr, 10);
  const PackWindows windows(argv[1], {.window = window});
  const std::size_t num_skills = windows.index().skills.size();
  std::vector<double> weights(num_skills);
  for (std::size_t i = 0; i < num_skills; ++i) weights[i] = static_cast<double>(i + 1);
  const Mixture mixture = Mixture::from_weights(weights);
  const std::uint64_t batches = tokens / (rows * window);

  const std::vector<TokenId> memory(32 << 20, 1);
  fmt::print("memcpy {}\n", fastest([&] { return copy_rows(memory, window, rows, tokens); }));
  fmt::print("inline {}\n", fastest([&] {
               MixtureStream stream(windows.stream_skills(), 1);
               stream.begin_block(mixture, batches * rows);
               std::vector<SampleBuffer> batch(rows);
               std::uint64_t read = 0;
               for (std::uint64_t i = 0; i < stream.block_size(); ++i) {
                 windows.read(stream.at(i), batch[i % rows]);
                 read += batch[i % rows].tokens.size();
               }
               return read;
             }));
  for (const std::uint64_t threads : {1, 2}) {
    fmt::print("threads-{} {}\n", threads, fastest([&] {
                 BatchReader reader(MixtureStream(windows.stream_skills(), 1), windows,
                                    {.batch = rows, .threads = threads});
                 (void)reader.begin_block(mixture, batches);
                 std::uint64_t read = 0;
                 for (ReadBatch batch; reader.next(batch);) read += count(batch);
                 return read;
               }));
  }
  return 0;
} catch (const Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 2;
}
