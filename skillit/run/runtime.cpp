#include "skillit/run/runtime.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <sched.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "skillit/base/error.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/record/machine.h"

namespace skillit {
namespace {

/// Up to here one thread a run is faster than all threads one run after another (measured with
/// bench/train_step.py).
constexpr std::int64_t kSmallModel = 5'000'000;

/// Processors this process may run on: fewer than the machine has under taskset or a scheduler.
int usable_cores() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return std::max(1, CPU_COUNT(&allowed));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

torch::Device choose_device(const std::string& wanted) {
  const bool present = torch::cuda::is_available();
  if (wanted == "cuda" && !present) {
    fail(ErrorCode::kNotFound,
         "device: cuda asked for, but this machine or this build of torch has no usable GPU; use "
         "device=cpu");
  }
  return present && wanted != "cpu" ? torch::kCUDA : torch::kCPU;
}

torch::ScalarType choose_precision(const std::string& wanted, torch::Device device) {
  const std::string instructions = detect_machine()["instructions"];
  const bool fast_bf16 = device.is_cuda() || instructions.find("bf16") != std::string::npos;
  return wanted == "bf16" || (wanted == "auto" && fast_bf16) ? torch::kBFloat16 : torch::kFloat32;
}

bool choose_tf32(const std::string& wanted, torch::Device device) {
  if (wanted != "tf32") return false;
  if (!device.is_cuda())
    fail(ErrorCode::kBadArgument, "precision: tf32 is a GPU's and this runs on a CPU; use fp32");
  return true;
}

/// The same bits every time: all of torch's operations that have such a way take it.
void prepare_gpu(bool tf32) {
  constexpr int kKeep = 0;  // What the environment says already.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", kKeep);
  auto& torch_context = at::globalContext();
  torch_context.setDeterministicAlgorithms(true, /*warn_only=*/false);
  torch_context.setDeterministicFillUninitializedMemory(false);
  torch_context.setAllowTF32CuBLAS(tf32);
}

}  // namespace

std::string Runtime::precision() const {
  if (compute == torch::kBFloat16) return "bf16";
  return tf32 ? "tf32" : "fp32";
}

std::string Runtime::describe() const {
  return fmt::format("{}, {}, {} run{} at a time with {} thread{} each{}", device.str(),
                     precision(), parallel, parallel == 1 ? "" : "s", threads,
                     threads == 1 ? "" : "s", reason.empty() ? "" : fmt::format(" ({})", reason));
}

std::string Runtime::computation() const {
  const std::string threads_text = fmt::format("{} {} threads", device.str(), threads);
  return precision() == "fp32" ? threads_text : fmt::format("{} {}", threads_text, precision());
}

Runtime choose_runtime(const Recipe& recipe, const Architecture& architecture) {
  Runtime runtime;
  runtime.device = choose_device(recipe.device);
  runtime.compute = choose_precision(recipe.precision, runtime.device);
  runtime.tf32 = choose_tf32(recipe.precision, runtime.device);
  if (runtime.device.is_cuda()) prepare_gpu(runtime.tf32);
  const int cores = usable_cores();
  const bool small = architecture.matrix_weights() <= kSmallModel;
  runtime.threads = small || runtime.device.is_cuda() ? 1 : cores;
  runtime.parallel = recipe.parallel > 0 ? static_cast<int>(recipe.parallel)
                                         : std::max(1, cores / runtime.threads);
  if (runtime.device.is_cuda()) runtime.parallel = std::min(runtime.parallel, gpu::kMostThreads);
  runtime.recompute = recipe.recompute;
  runtime.checkpoint_every = recipe.checkpoint_every;
  at::set_num_threads(runtime.threads);
  return runtime;
}

}  // namespace skillit
