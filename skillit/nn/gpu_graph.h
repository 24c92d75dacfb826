#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <vector>

namespace skillit::gpu {

struct SmallGradient;

// What a thread has of a GPU for itself. A build of torch without CUDA has none of it: there a
// device is never a GPU.

/// Bytes free on the current GPU, for this process and all others.
[[nodiscard]] double free_memory();

/// Bytes that this process has taken of it at most.
[[nodiscard]] double peak_memory();

/// Trainings at once: each thread has two of torch's 32 streams.
inline constexpr int kMostThreads = 16;

/// Waits for what this thread has asked of the GPU, and not for other threads.
void wait();

/// While it lives, what its thread asks of the GPU runs on a stream of the thread's own, beside
/// what other threads ask, and after what the thread asked before; so does what comes after this.
/// Does nothing for a CPU, nor inside another one.
class OwnStream {
 public:
  explicit OwnStream(torch::Device device);
  ~OwnStream();
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;

 private:
  struct Guard;
  std::unique_ptr<Guard> guard_;
};

/// While it lives, work that nothing waits for until its end may run beside what its thread's
/// stream does: on a small batch neither fills a GPU. Ends when all of it is done. The work's own
/// order is kept, and so are its results. Does nothing for a CPU.
class SideWork {
 public:
  explicit SideWork(torch::Device device);
  ~SideWork();
  SideWork(const SideWork&) = delete;
  SideWork& operator=(const SideWork&) = delete;

  /// Does `work`, beside the current stream where that has a SideWork. The tensors that it reads
  /// are kept until it is done; when they are many, the stream waits for it.
  static void run(const std::vector<torch::Tensor>& read, const std::function<void()>& work);

  /// Adds a small weight's gradient: at once, or where the current stream has a SideWork with
  /// others before its end, one kernel for many.
  static void add(const std::vector<torch::Tensor>& read, const SmallGradient& gradient);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Work recorded once, then repeated with a single call: a small step is over before a processor
/// has asked for its hundreds of operations one by one. On the thread's OwnStream.
class Graph {
 public:
  /// What `work` asks of the GPU is recorded, not computed; it must wait for nothing. Tensors that
  /// it makes lie in memory of the graph's own, shared with `sibling` where there is one: of the
  /// two, only one may run at a time.
  Graph(const std::function<void()>& work, const Graph* sibling);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  /// Computes what was recorded, with what is in memory now. Does not wait for it.
  void repeat();

 private:
  struct Recording;
  std::unique_ptr<Recording> recording_;
};

}  // namespace skillit::gpu
