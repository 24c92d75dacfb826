#include "skillit/run/step_prediction.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/run/run_in_threads.h"

namespace skillit {
namespace {

using Clock = std::chrono::steady_clock;

double median_seconds(const std::function<void()>& work) {
  constexpr double kMostSeconds = 0.3;
  constexpr std::size_t kFewest = 3;
  work();
  std::vector<double> seconds;
  double sum = 0;
  while (seconds.size() < kFewest || sum < kMostSeconds) {
    const auto start = Clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    sum += seconds.back();
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

/// Seconds of one call, the median of as many as fit in a third of a second. On a GPU ten calls are
/// recorded, as steps are there, so that their launch is not what is measured.
double seconds_of(const Runtime& runtime, const std::function<void()>& work) {
  if (runtime.device.is_cpu()) return median_seconds(work);
  constexpr int kCalls = 10;
  work();
  gpu::Graph graph(
      [&] {
        for (int call = 0; call < kCalls; ++call) work();
      },
      nullptr);
  return median_seconds([&] {
           graph.repeat();
           gpu::wait();
         }) /
         kCalls;
}

MachineRates measure_one(const Architecture& model, const BatchShape& batch,
                         const Runtime& runtime) {
  const gpu::OwnStream stream(runtime.device);
  const torch::NoGradGuard no_gradient;
  constexpr double kMostRows = 8192;
  const auto rows =
      static_cast<std::int64_t>(std::clamp(batch.sequences * batch.length, 1.0, kMostRows));
  const auto options = torch::TensorOptions(runtime.device).dtype(runtime.compute);
  const auto drawn = [&](std::int64_t height, std::int64_t width) {
    // On the CPU: a GPU's generator may be part of what another thread records.
    return torch::randn({height, width}).to(options);
  };
  const auto x = drawn(rows, model.width);
  const auto y = drawn(rows, model.inner);
  const auto weight = drawn(model.inner, model.width);
  auto gradient = torch::zeros_like(weight);
  MachineRates rates;
  // A layer's three products: forwards, and backwards those for its input and for its weight.
  const double products = seconds_of(runtime, [&] {
    (void)torch::linear(x, weight);
    (void)torch::matmul(y, weight);
    gradient.addmm_(y.t(), x);
  });
  rates.products = 3 * 2 * static_cast<double>(rows * model.width * model.inner) / products;
  // Through as much memory as a step goes through between one use of an activation and the next.
  constexpr std::size_t kBytes = 96'000'000;
  std::vector<torch::Tensor> tensors;
  while (tensors.size() < 3 || tensors.size() * y.nbytes() < kBytes)
    tensors.push_back(torch::zeros_like(y));
  std::size_t next = 0;
  const auto rotated = [&]() -> torch::Tensor& { return tensors[next++ % tensors.size()]; };
  const double passes = seconds_of(runtime, [&] {
    const torch::Tensor& a = rotated();
    const torch::Tensor& b = rotated();
    torch::add_out(rotated(), a, b);
  });
  rates.memory = 3 * static_cast<double>(y.nbytes()) / passes;
  const auto small = torch::zeros({8}, options);
  constexpr int kCalls = 100;
  rates.operation = seconds_of(runtime,
                               [&] {
                                 for (int i = 0; i < kCalls; ++i) (void)torch::add(small, small);
                               }) /
                    kCalls;
  return rates;
}

struct Counts {
  double products = 0;   ///< FLOPs of a step, a multiply-add counting as two.
  double attention = 0;  ///< Likewise, between queries, keys and values.
  double elements = 0;   ///< Of activations, read or written.
  double logits = 0;
};

Counts count(const Architecture& model, const BatchShape& batch) {
  const double tokens = batch.sequences * batch.length;
  const double scored = batch.sequences * batch.scored;
  const auto layers = static_cast<double>(model.layers);
  const auto width = static_cast<double>(model.width);
  const auto inner = static_cast<double>(model.inner);
  const double layer_weights = static_cast<double>(model.block_weights()) / layers;
  // What a pass over blocks takes, forwards and backwards, is taken again for its forward part, a
  // third (two sevenths of attention's products), in all blocks but the last.
  const double again = batch.recompute ? layers - 1 : 0;
  // The last block works at the scored positions, except for its keys and values (Gpt::hidden).
  const bool few = 2 * batch.scored <= batch.length;
  const double keys = 2 * static_cast<double>(model.kv_heads * model.head_width) * width;
  const double whole_layers = few ? layers - 1 : layers;
  const double last = few ? tokens * keys + scored * (layer_weights - keys) : 0;
  Counts counts;
  constexpr double kThree = 3 * 2;  // Forwards, and backwards for input and weight.
  counts.logits = scored * static_cast<double>(model.vocabulary);
  counts.products =
      kThree * ((whole_layers + again / 3) * tokens * layer_weights + last + counts.logits * width);
  // Two products forwards and five backwards over half of the square, in tiles of 16 keys.
  counts.attention = (14 * whole_layers + 4 * again) * tokens * (batch.length + 15) / 2 *
                     static_cast<double>(model.heads * model.head_width);
  // Norms, sums with the input, biases, attention's rows: 42 C; the activation: 6 F.
  counts.elements = (whole_layers + again / 3) * tokens * (42 * width + 6 * inner);
  return counts;
}

/// Of the products' rate, by length: what nn/attention_kernel_private.h reaches.
double attention_share(double length) {
  return 0.4 * length / (length + 24);
}

}  // namespace

BatchShape batch_shape(const Recipe& recipe, const Dataset& data) {
  constexpr std::size_t kSamples = 64;
  std::vector<double> lengths;  // Skill by skill in turn, as an even mixture has them.
  double scored = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    for (const SampleStore& store : data.train) {
      if (i >= store.size()) continue;
      const Sample sample = store[i];
      const auto last = std::find(sample.scored.rbegin(), sample.scored.rend(), 1);
      lengths.push_back(static_cast<double>(sample.scored.rend() - last) - 1);
      scored += static_cast<double>(std::count(sample.scored.begin(), sample.scored.end(), 1));
    }
  }
  if (lengths.empty()) fail(ErrorCode::kBadArgument, "no skill has a training sample");
  const auto samples = static_cast<double>(lengths.size());
  const std::int64_t at_once = recipe.micro_batch > 0 ? recipe.micro_batch : recipe.batch;
  const auto batch = std::min(lengths.size(), static_cast<std::size_t>(at_once));
  double longest = 0;
  std::size_t batches = 0;
  for (auto at = lengths.begin(); lengths.end() - at >= static_cast<std::ptrdiff_t>(batch);
       at += static_cast<std::ptrdiff_t>(batch), ++batches)
    longest += *std::max_element(at, at + static_cast<std::ptrdiff_t>(batch));
  BatchShape shape;
  shape.sequences = static_cast<double>(recipe.batch);
  shape.length = longest / static_cast<double>(batches);
  shape.scored = scored / samples;
  shape.tokens = shape.sequences * std::accumulate(lengths.begin(), lengths.end(), 0.0) / samples;
  shape.recompute = recipe.recompute;
  shape.pieces = shape.sequences / static_cast<double>(at_once);
  return shape;
}

MachineRates measure_rates(const Architecture& model, const BatchShape& batch,
                           const Runtime& runtime) {
  std::vector<MachineRates> measured(static_cast<std::size_t>(runtime.parallel));
  run_in_threads(measured.size(),
                 [&](std::size_t i) { measured[i] = measure_one(model, batch, runtime); });
  MachineRates mean;
  const auto share = 1 / static_cast<double>(measured.size());
  for (const MachineRates& rates : measured) {
    mean.products += share * rates.products;
    mean.memory += share * rates.memory;
    mean.operation += share * rates.operation;
  }
  return mean;
}

StepPrediction predict_step(const Architecture& model, const BatchShape& batch, bool bf16, bool gpu,
                            const MachineRates& rates) {
  const Counts counts = count(model, batch);
  const auto weights = static_cast<double>(model.matrix_weights());
  const auto layers = static_cast<double>(model.layers);
  const double size = bf16 ? 2 : 4;
  // The gradient is set to zero, added to and measured; the optimizer reads four numbers and writes
  // three. In bf16 the weights are published. Each piece but the first adds to the gradient once
  // more. What a weight costs beyond these is measured: less on a GPU.
  const double passes = std::ceil(batch.pieces);
  const double bytes_each = (bf16 ? 50 : 44) - (gpu ? 12 : 0);
  const double weight_bytes = weights * (bytes_each + (passes - 1) * 2 * size);
  constexpr double kLogitBytes = 24;  // Written, and read and written by the passes of a softmax.
  StepPrediction step;
  step.product_seconds = counts.products / rates.products;
  step.attention_seconds = counts.attention / (rates.products * attention_share(batch.length));
  step.memory_seconds =
      (counts.elements * size + weight_bytes + counts.logits * kLogitBytes) / rates.memory;
  const double operations = gpu ? 60 : 80;  // Of a layer, forwards and backwards.
  const double again = batch.recompute ? (layers - 1) / 3 : 0;
  step.other_seconds = passes * operations * (layers + 1 + again) * rates.operation;
  step.bytes = predict_bytes(model, batch, bf16);
  return step;
}

double predict_bytes(const Architecture& model, const BatchShape& batch, bool bf16) {
  const auto weights = static_cast<double>(model.matrix_weights());
  const auto layers = static_cast<double>(model.layers);
  const auto width = static_cast<double>(model.width);
  const double size = bf16 ? 2 : 4;
  constexpr double kMostLogits = 1 << 22;
  const double tokens = batch.sequences * batch.length / batch.pieces;
  const double logits =
      batch.sequences * batch.scored / batch.pieces * static_cast<double>(model.vocabulary);
  // Of a block, by token; with recompute of one block at a time, and of the others their input.
  const double block = 8 * width + 2 * static_cast<double>(model.inner);
  const double kept = batch.recompute ? block + (layers - 1) * width : layers * block;
  // Weights, gradient and two moments; in bf16 also the published weights and the gradient made
  // float32. A checkpoint is put together in memory: three times the weights.
  const double weight_memory = weights * ((bf16 ? 20 : 16) + 12);
  double bytes =
      kProgramBytes + weight_memory + tokens * kept * size + 2 * 4 * std::min(logits, kMostLogits);
  if (logits > kMostLogits)  // The head's gradient is gathered over chunks.
    bytes += 2 * size * static_cast<double>(model.vocabulary) * width;
  return bytes;
}

}  // namespace skillit
