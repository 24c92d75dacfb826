#include "skillit/nn/gpu_graph.h"

#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <torch/torch.h>

#include <map>
#include <mutex>

#include "skillit/nn/gpu_product_private.h"

namespace skillit::gpu {
namespace {

bool has_own_stream() {
  return c10::cuda::getCurrentCUDAStream() != c10::cuda::getDefaultCUDAStream();
}

/// Always the same, so that what is in memory for its tensors serves again.
const c10::cuda::CUDAStream& stream_of_thread() {
  thread_local const c10::cuda::CUDAStream stream = c10::cuda::getStreamFromPool();
  return stream;
}

void wait_for(const c10::cuda::CUDAStream& first, const c10::cuda::CUDAStream& then) {
  at::cuda::CUDAEvent event;
  event.record(first);
  event.block(then);
}

/// For the end of a scope that an error may have ended: after one of a kernel every call fails, and
/// the first says why.
void despite_errors(const std::function<void()>& work) {
  try {
    work();
  } catch (const c10::Error&) {
  }
}

/// Of recording: only one at a time, since torch's allocator knows one.
std::mutex& recording_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

double peak_memory() {
  constexpr std::size_t kAll = 0;
  return static_cast<double>(
      c10::cuda::CUDACachingAllocator::getDeviceStats(c10::cuda::current_device())
          .reserved_bytes[kAll]
          .peak);
}

double free_memory() {
  std::size_t free = 0;
  std::size_t all = 0;
  C10_CUDA_CHECK(cudaMemGetInfo(&free, &all));
  return static_cast<double>(free);
}

void wait() {
  c10::cuda::getCurrentCUDAStream().synchronize();
}

struct OwnStream::Guard {
  Guard() : outer(c10::cuda::getCurrentCUDAStream()), guard(stream_of_thread()) {
    wait_for(outer, stream_of_thread());
  }
  ~Guard() {
    despite_errors([&] { wait_for(stream_of_thread(), outer); });
  }

  c10::cuda::CUDAStream outer;
  c10::cuda::CUDAStreamGuard guard;
};

OwnStream::OwnStream(torch::Device device) {
  if (device.is_cuda() && !has_own_stream()) guard_ = std::make_unique<Guard>();
}
OwnStream::~OwnStream() = default;

struct SideWork::State {
  /// So much memory is kept for work that is not done: a small part of what a GPU has.
  static constexpr std::size_t kMostKept = std::size_t{1} << 28;

  State() : main(c10::cuda::getCurrentCUDAStream()), side(side_stream()) {}

  static c10::cuda::CUDAStream side_stream() {
    thread_local const c10::cuda::CUDAStream stream = c10::cuda::getStreamFromPool();
    return stream;
  }
  /// By the stream whose work it may be beside; backward passes come from threads of torch's.
  static std::map<cudaStream_t, State*>& all() {
    static std::map<cudaStream_t, State*> states;
    return states;
  }
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static State* of_current_stream() {
    const std::lock_guard lock(mutex());
    const auto found = all().find(c10::cuda::getCurrentCUDAStream().stream());
    return found == all().end() ? nullptr : found->second;
  }
  void keep(const std::vector<torch::Tensor>& read) {
    for (const torch::Tensor& tensor : read) {
      kept.push_back(tensor);
      bytes += tensor.nbytes();
    }
    if (bytes > kMostKept) join();
  }
  void add(const SmallGradient& gradient) {
    if (gathered.count == SmallGradients::kMost || gathered.overlaps(gradient)) add_gathered();
    gathered.add(gradient);
  }
  void add_gathered() {
    if (gathered.count == 0) return;
    wait_for(main, side);
    add_weight_gradients(gathered, side.stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    gathered.count = 0;
  }
  void join() {
    if (kept.empty()) return;
    add_gathered();
    wait_for(side, main);
    kept.clear();
    bytes = 0;
  }

  c10::cuda::CUDAStream main;
  c10::cuda::CUDAStream side;
  SmallGradients gathered{};
  std::vector<torch::Tensor> kept;
  std::size_t bytes = 0;
};

SideWork::SideWork(torch::Device device) {
  if (!device.is_cuda()) return;
  state_ = std::make_unique<State>();
  const std::lock_guard lock(State::mutex());
  State::all()[state_->main.stream()] = state_.get();
}

SideWork::~SideWork() {
  if (!state_) return;
  despite_errors([&] { state_->join(); });
  const std::lock_guard lock(State::mutex());
  State::all().erase(state_->main.stream());
}

void SideWork::run(const std::vector<torch::Tensor>& read, const std::function<void()>& work) {
  State* const state = read.front().is_cuda() ? State::of_current_stream() : nullptr;
  if (state == nullptr) return work();
  wait_for(state->main, state->side);
  {
    const c10::cuda::CUDAStreamGuard guard(state->side);
    work();
  }
  state->keep(read);
}

void SideWork::add(const std::vector<torch::Tensor>& read, const SmallGradient& gradient) {
  if (State* const state = State::of_current_stream()) {
    state->add(gradient);
    state->keep(read);
    return;
  }
  SmallGradients alone{};
  alone.add(gradient);
  add_weight_gradients(alone, c10::cuda::getCurrentCUDAStream().stream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

struct Graph::Recording {
  at::cuda::CUDAGraph graph;
};

Graph::Graph(const std::function<void()>& work, const Graph* sibling)
    : recording_(std::make_unique<Recording>()) {
  TORCH_CHECK(has_own_stream(), "a graph is recorded on a stream of its own only");
  const std::lock_guard lock(recording_mutex());
  c10::cuda::getCurrentCUDAStream().synchronize();
  c10::cuda::CUDACachingAllocator::emptyCache();  // What the same work took before stays free else.
  const auto pool = sibling == nullptr ? at::MempoolId_t{0, 0} : sibling->recording_->graph.pool();
  // Other threads may go on asking for memory meanwhile.
  recording_->graph.capture_begin(pool, cudaStreamCaptureModeThreadLocal);
  try {
    work();
  } catch (...) {  // Says why; what is left of the recording is nothing.
    despite_errors([&] { recording_->graph.capture_end(); });
    throw;
  }
  recording_->graph.capture_end();
}
Graph::~Graph() {
  const std::lock_guard lock(recording_mutex());  // It leaves a list that recordings enter.
  recording_.reset();
}

void Graph::repeat() {
  recording_->graph.replay();
}

}  // namespace skillit::gpu
