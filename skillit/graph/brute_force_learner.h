#pragma once

#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/learner.h"

namespace skillit {

/// What an edge is made of: the losses after equal budgets, or the data until a loss is reached.
enum class BruteForceForm { kLoss, kData };
/// Which samples count as data in the run on a pair: those of j, or those of both.
enum class DataCount { kOwn, kTotal };
[[nodiscard]] std::vector<std::string_view> spec_names(BruteForceForm);
[[nodiscard]] std::vector<std::string_view> spec_names(DataCount);

struct BruteForceOptions {
  BruteForceForm form = BruteForceForm::kLoss;
  int at_step = 0;          ///< Form kLoss: the evaluation that counts; 0 = the last.
  double threshold = 0.01;  ///< Form kData: nats per token, > 0; the paper's for LEGO.
  /// Form kData: kOwn as the paper's LEGO graph, kTotal as its Definition 2.2.
  DataCount count = DataCount::kOwn;

  static constexpr auto fields() {
    using O = BruteForceOptions;
    return std::tuple{
        SpecField{"form", &O::form, "loss (after equal budgets) or data (until the threshold)"},
        SpecField{"at_step", &O::at_step, "form loss: step of the evaluation; 0 = the last"},
        SpecField{"threshold", &O::threshold, "form data: the loss that counts as learned"},
        SpecField{"count", &O::count, "form data: own (samples of j) or total (of i and j)"},
    };
  }
};

/// The paper's Algorithm 2: train on j alone and on i and j in equal shares, with equal budgets.
/// Form loss: edge i -> j = drop of L_j on the pair - drop on j alone, in nats per token; the
/// diagonal, which no pair measures, is the drop on j alone. Form data: the share of its data that
/// j saves, 1 - (data on the pair) / (data alone), data counted in steps x share; a run that never
/// gets there counts with its whole length, which understates what i saves or costs; a pair that
/// never gets there is no help (at most 0); 0 when neither does; the diagonal is 1 where j alone
/// gets there, else 0. m + O(k m) runs a seed.
/// Every evaluation skill must be a training skill.
[[nodiscard]] std::unique_ptr<GraphLearner> make_brute_force(const BruteForceOptions& options);

}  // namespace skillit
