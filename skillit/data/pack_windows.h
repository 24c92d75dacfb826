#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "skillit/data/indexed_dataset.h"
#include "skillit/data/pack_index.h"
#include "skillit/data/packed_windows.h"
#include "skillit/data/sample_source.h"

namespace skillit {

/// The training data of a pack as windows, read from its mapped files when asked for: besides the
/// window plans nothing is in memory. Skills are in the pack's order.
class PackWindows final : public SampleSource {
 public:
  /// @throws Error as read_pack_index, open_pack_part and plan_windows.
  PackWindows(const std::filesystem::path& folder, const PackingOptions& options);

  [[nodiscard]] const PackIndex& index() const noexcept { return index_; }
  /// Windows of a skill; 0 when it has nothing to train on.
  [[nodiscard]] std::uint64_t size(std::size_t skill) const;
  /// For a MixtureStream.
  [[nodiscard]] std::vector<StreamSkill> stream_skills() const;
  [[nodiscard]] std::uint64_t num_tokens(const SampleRef& ref) const;
  void read(const SampleRef& ref, SampleBuffer& sample) const override;

 private:
  struct Skill {
    std::unique_ptr<IndexedDataset> tokens;  ///< Neither when there are none.
    std::unique_ptr<PackedWindows> windows;
  };
  PackIndex index_;
  std::vector<Skill> skills_;
};

}  // namespace skillit
