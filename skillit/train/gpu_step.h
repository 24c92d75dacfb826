#pragma once

#include <torch/types.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>

#include "skillit/nn/batch.h"
#include "skillit/nn/gpu_graph.h"

namespace skillit {

/// What one training step asks of a GPU, on a stream of its own. The third step of a batch's shape
/// is recorded, and from then on repeated with a single call (gpu::Graph). Batches in pieces, and
/// those of a new shape when kMostGraphs are kept, are computed operation by operation.
class GpuStep {
 public:
  static constexpr std::size_t kMostGraphs = 8;
  /// Asks for a step on the pieces and waits for nothing. It must read what it needs from the
  /// pieces, and from tensors that stay where they are from step to step.
  using Work = std::function<void(std::span<const Batch>)>;
  explicit GpuStep(Work work) : work_(std::move(work)) {}

  /// Asks for a step. Does not wait for it.
  void run(std::span<const Batch> pieces);
  [[nodiscard]] std::size_t num_graphs() const { return recorded_.size(); }

 private:
  /// Sequences, length, scored positions, those of each sample, whether there are documents.
  using Shape = std::array<std::int64_t, 5>;
  struct Recorded {
    Batch batch;  ///< The one that the graph reads.
    std::unique_ptr<gpu::Graph> graph;
  };
  void record(const Shape& shape, const Batch& batch);

  Work work_;
  std::map<Shape, Recorded> recorded_;
  std::map<Shape, int> seen_;
};

}  // namespace skillit
