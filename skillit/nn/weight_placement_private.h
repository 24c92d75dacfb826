#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skillit/nn/model_family_private.h"

// For this project's own .cpp files; not installed.
namespace skillit::detail {

/// A rule for one weight of one architecture.
struct Placement {
  std::string theirs;
  std::string ours;
  Part part;
  Layout layout;
  std::vector<std::int64_t> their_shape;
  std::int64_t first_row = 0;  ///< Of ours.
  std::int64_t num_rows = 0;
};
/// Where each of their tensors goes. Every element of every weight is in exactly one of them.
[[nodiscard]] std::vector<Placement> placements(const ModelFamily& family,
                                                const Architecture& architecture);

}  // namespace skillit::detail
