#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "skillit/data/megatron_samples.h"
#include "skillit/data/pack_index.h"

namespace skillit {

/// What Megatron would be told: a blend of a pack's skills.
struct MegatronIndexOptions {
  std::map<std::string, double> weights;  ///< By skill, > 0; empty = all skills, evenly.
  std::uint64_t size = 0;                 ///< Samples of the blend; >= 1.
  std::uint64_t sequence_length = 1024;
  std::uint32_t seed = 1234;
};

/// One data set of a blend.
struct MegatronDataset {
  std::string skill;
  double weight = 0;  ///< As the blend uses it: all sum to 1.
  MegatronSamples samples;
  std::uint64_t used = 0;  ///< Samples that the blend takes.
};

/// The arrays that Megatron's BlendedDataset and GPTDataset build for a pack's training data, bit
/// for bit. Written as .npy when `out` is not empty: dataset_index and dataset_sample_index, and
/// for each skill <file>.document_index, <file>.sample_index and <file>.shuffle_index.
/// @throws Error kBadArgument (options outside their range, no data, a blend that takes more than a
/// data set has), kMismatch (a name the pack does not have), kIo, and as open_pack_part().
[[nodiscard]] std::vector<MegatronDataset> build_megatron_index(const std::filesystem::path& folder,
                                                                const PackIndex& index,
                                                                const MegatronIndexOptions& options,
                                                                const std::filesystem::path& out);

}  // namespace skillit
