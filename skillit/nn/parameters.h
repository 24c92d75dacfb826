#pragma once

#include <torch/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "skillit/nn/adamw_factors.h"
#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/weight.h"

namespace skillit {

/// All weights of a model in one flat buffer, so that gradient clipping, the optimizer, a
/// checkpoint and a cast to bf16 are one operation each. Master weights are float32; with a bf16
/// compute type the model works on a shadow copy that publish() refreshes. Decayed weights come
/// first in the buffer.
class Parameters {
 public:
  enum class Init { kZeros, kOnes, kNormal };
  struct Spec {
    std::string name;
    std::vector<std::int64_t> shape;
    Init init = Init::kNormal;
    double std = 0.02;   ///< Of kNormal.
    bool decay = false;  ///< Whether weight decay applies (matrices, not biases and norms).
  };

  /// Draws initial values from (seed, parameter name), so that one weight's start does not depend
  /// on the others. Without a seed every weight is 0, for the caller to fill.
  Parameters(std::vector<Spec> specs, std::optional<std::uint64_t> seed, torch::Device device,
             torch::ScalarType compute);

  /// The weight the model computes with; a leaf that requires a gradient. @throws std::logic_error
  /// on an unknown name.
  [[nodiscard]] const torch::Tensor& operator[](const std::string& name) const;

  /// The same with its part of gradient().
  [[nodiscard]] Weight weight(const std::string& name) const {
    const torch::Tensor& leaf = (*this)[name];
    return {leaf, leaf.grad()};
  }

  /// The matrix [rows, columns] with as many zero rows below it as make them a multiple of 8 where
  /// the device is a GPU, whose products of other sizes are slow; a leaf likewise. They stay zero
  /// as long as their gradient is.
  [[nodiscard]] const torch::Tensor& padded(const std::string& name) const;

  [[nodiscard]] torch::Tensor& master() { return master_; }  ///< float32, flat.
  [[nodiscard]] const torch::Tensor& master() const { return master_; }
  [[nodiscard]] const torch::Tensor& gradient() const {
    return gradient_;
  }  ///< Compute type, flat.
  [[nodiscard]] std::int64_t num_decayed() const {
    return num_decayed_;
  }  ///< Length of the decayed front part.
  [[nodiscard]] std::int64_t size() const { return master_.numel(); }

  void zero_gradient() { gradient_.zero_(); }
  /// Euclidean, of the whole gradient. On a CPU it does not depend on the number of threads.
  [[nodiscard]] double gradient_norm() const;
  /// One step of AdamW on the weights begin .. begin + count - 1 (multiples of 16), in one pass
  /// over memory: changes their moments in `first` and `second` (flat, float32) and the master
  /// weights, publishes these, and leaves a gradient of 0. On a CPU only; does not depend on
  /// threads.
  void update(std::int64_t begin, std::int64_t count, const AdamWFactors& factors,
              torch::Tensor& first, torch::Tensor& second);
  /// The same memory for gpu::adamw(), on a GPU.
  [[nodiscard]] gpu::AdamWBuffers buffers(const torch::Tensor& first, const torch::Tensor& second,
                                          std::int64_t begin, std::int64_t count) const;
  /// Copies the master weights to the compute copy. Call after changing master().
  void publish();

  /// Views of the master weights by name, in a fixed order, for checkpoints.
  [[nodiscard]] std::map<std::string, torch::Tensor> named() const;

 private:
  struct Slot {
    std::vector<std::int64_t> shape;
    std::int64_t offset;
    torch::Tensor leaf;
    torch::Tensor padded;
  };
  /// A part of the buffers as a leaf with its gradient.
  [[nodiscard]] torch::Tensor leaf_at(std::int64_t offset, const std::vector<std::int64_t>& shape);
  std::map<std::string, Slot> slots_;
  torch::Tensor master_;
  torch::Tensor compute_;
  torch::Tensor gradient_;
  std::int64_t num_decayed_ = 0;
};

}  // namespace skillit
