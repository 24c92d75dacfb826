#pragma once

#include <string_view>

namespace skillit::cli {

/// Apache ECharts (echarts.min.js) as it was published; empty when it was not there at build time.
[[nodiscard]] std::string_view charts_script();

}  // namespace skillit::cli
