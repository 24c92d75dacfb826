#include "skillit/run/runtime.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <sched.h>
#include <torch/torch.h>

#include <algorithm>
#include <thread>

#include "skillit/base/error.h"
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

}  // namespace

std::string Runtime::describe() const {
  return fmt::format("{}, {}, {} run{} at a time with {} thread{} each{}", device.str(),
                     compute == torch::kBFloat16 ? "bf16" : "fp32", parallel,
                     parallel == 1 ? "" : "s", threads, threads == 1 ? "" : "s",
                     reason.empty() ? "" : fmt::format(" ({})", reason));
}

std::string Runtime::computation() const {
  return fmt::format("{} {} threads{}", device.str(), threads,
                     compute == torch::kBFloat16 ? " bf16" : "");
}

Runtime choose_runtime(const Recipe& recipe, const Architecture& architecture) {
  Runtime runtime;
  runtime.device = choose_device(recipe.device);
  runtime.compute = choose_precision(recipe.precision, runtime.device);
  const int cores = usable_cores();
  const bool small = architecture.matrix_weights() <= kSmallModel;
  runtime.threads = small ? 1 : cores;
  runtime.parallel = recipe.parallel > 0 ? static_cast<int>(recipe.parallel)
                                         : std::max(1, cores / runtime.threads);
  runtime.recompute = recipe.recompute;
  runtime.checkpoint_every = recipe.checkpoint_every;
  at::set_num_threads(runtime.threads);
  return runtime;
}

}  // namespace skillit
