#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace skillit {

/// Weights as Megatron divides them by their sum (which NumPy adds up pairwise), bit for bit.
/// @throws Error kBadArgument unless all are finite and > 0.
[[nodiscard]] std::vector<double> megatron_normalize(std::span<const double> weights);

/// How many samples Megatron's builder asks each data set for, so that a blend of `size` never
/// lacks any: 0.5 % more than its share. `weights` as from megatron_normalize().
[[nodiscard]] std::vector<std::uint64_t> megatron_requests(std::span<const double> weights,
                                                           std::uint64_t size);

/// Megatron's static blend (build_blending_indices of megatron-core), bit for bit, but one place at
/// a time instead of arrays of 10 bytes a sample, and for any number of data sets: the next sample
/// is of the data set that is furthest behind its weight, of equal ones the first. O(data sets) a
/// sample.
///
/// Megatron's BlendedDataset normalizes the weights it is given, and its builder did so before: for
/// weights of a command line, megatron_normalize(megatron_normalize(weights)).
class MegatronBlend {
 public:
  struct Place {
    std::uint32_t dataset = 0;
    std::uint64_t sample = 0;  ///< Of the data set: 0, 1, ..
    friend bool operator==(const Place&, const Place&) = default;
  };

  /// @throws Error kBadArgument on no weights or one that is not finite.
  explicit MegatronBlend(std::vector<double> weights);

  [[nodiscard]] Place next();
  /// Places given so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  std::vector<double> weights_;
  std::vector<double> taken_;  ///< Whole numbers, exact to 2^53.
  std::uint64_t size_ = 0;
};

}  // namespace skillit
