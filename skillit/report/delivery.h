#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skillit/record/run_record.h"

namespace skillit {

/// What one method's runs were given of the data, against what their mixtures asked for. From the
/// last round of each run that recorded it; means over runs, except where it says most.
struct Delivery {
  std::size_t runs = 0;  ///< 0 = recorded by none.
  double samples = 0;
  double tokens = 0;
  bool in_tokens = false;  ///< Whether shares are of tokens.
  double most_off = 0;     ///< Samples or tokens: the most |asked - delivered| of any run.
  std::size_t most_off_skill = 0;
  double most_epochs = 0;
  std::size_t most_epochs_skill = 0;
  std::vector<double> asked;  ///< By training skill, as all below; samples or tokens.
  std::vector<double> samples_of;
  std::vector<double> tokens_of;
  std::vector<double> epochs;
  std::vector<std::string> ended_early;  ///< "seed 3 after 40 of 120 steps".
  std::vector<std::size_t> runs_spent;   ///< Runs at whose end the skill was spent.
};

[[nodiscard]] Delivery summarize_delivery(std::span<const RunRecord* const> runs);

/// "0.4 samples (lego-2)": the most that a skill was off, for a table.
[[nodiscard]] std::string most_off_text(const Delivery& delivery,
                                        const std::vector<std::string>& skills);
/// "1.25 (lego-2)": the most epochs of a skill, likewise.
[[nodiscard]] std::string most_epochs_text(const Delivery& delivery,
                                           const std::vector<std::string>& skills);

}  // namespace skillit
