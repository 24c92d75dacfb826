#include "skillit/train/gpu_step.h"

#include <torch/torch.h>

#include <utility>

namespace skillit {
namespace {

/// The first step of a shape makes what later ones find: handles, tables, memory to work in.
constexpr int kStepsBefore = 2;

Batch copy_of(const Batch& batch) {
  Batch copy = batch;
  for (torch::Tensor* const part : {&copy.tokens, &copy.positions, &copy.targets, &copy.starts}) {
    if (part->defined()) *part = part->clone();
  }
  return copy;
}

void refill(Batch& batch, const Batch& from) {
  batch.tokens.copy_(from.tokens);
  batch.positions.copy_(from.positions);
  batch.targets.copy_(from.targets);
  if (batch.starts.defined()) batch.starts.copy_(from.starts);
}

}  // namespace

void GpuStep::run(std::span<const Batch> pieces) {
  const Batch& batch = pieces.front();
  const Shape shape{batch.size(), batch.length(), batch.num_scored(), batch.per_sample,
                    batch.starts.defined() ? 1 : 0};
  const bool one_piece = pieces.size() == 1;
  const bool kept = one_piece && recorded_.contains(shape);
  if (one_piece && !kept && recorded_.size() < kMostGraphs && ++seen_[shape] > kStepsBefore) {
    record(shape, batch);
  }
  const auto found = one_piece ? recorded_.find(shape) : recorded_.end();
  if (found == recorded_.end()) {
    work_(pieces);
    return;
  }
  refill(found->second.batch, batch);
  found->second.graph->repeat();
}

void GpuStep::record(const Shape& shape, const Batch& batch) {
  Recorded recorded{copy_of(batch), nullptr};
  const gpu::Graph* const sibling =
      recorded_.empty() ? nullptr : recorded_.begin()->second.graph.get();
  recorded.graph = std::make_unique<gpu::Graph>([&] { work_({&recorded.batch, 1}); }, sibling);
  recorded_.emplace(shape, std::move(recorded));
}

}  // namespace skillit
