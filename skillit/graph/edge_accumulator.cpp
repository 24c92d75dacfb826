#include "skillit/graph/edge_accumulator.h"

#include <cmath>
#include <map>

#include "skillit/base/error.h"
#include "skillit/base/statistics.h"

namespace skillit {

void EdgeAccumulator::add(std::span<const double> values) {
  SKILLIT_ASSERT(values.size() == edges_.size());
  for (std::size_t e = 0; e < values.size(); ++e) {
    if (std::isnan(values[e])) continue;
    EdgeEstimate& edge = edges_[e];
    if (edge.n == 0) edge.standard_error = 0;
    ++edge.n;
    const double before = values[e] - edge.mean;
    edge.mean += before / static_cast<double>(edge.n);
    edge.standard_error += before * (values[e] - edge.mean);
  }
}

std::vector<EdgeEstimate> EdgeAccumulator::finish() {
  std::map<std::int64_t, double> quantiles;  // By n: few different ones, each costly.
  for (EdgeEstimate& edge : edges_) {
    if (edge.n < 2) {
      edge.standard_error = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const auto n = static_cast<double>(edge.n);
    edge.standard_error = std::sqrt(edge.standard_error / (n - 1) / n);
    const auto [quantile, is_new] = quantiles.try_emplace(edge.n, 0);
    if (is_new) quantile->second = student_t_quantile(0.975, n - 1);
    edge.in_noise = std::abs(edge.mean) <= quantile->second * edge.standard_error;
  }
  return std::move(edges_);
}

}  // namespace skillit
