#include "skillit/base/error.h"
#include "skillit/report/html_page_private.h"

namespace skillit::detail {

std::string without_tags(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string filled(std::string_view page,
                   std::span<const std::pair<std::string_view, std::string_view>> values) {
  std::string text;
  for (const auto& [name, value] : values) {
    const std::size_t place = page.find(name);
    SKILLIT_ASSERT(place != std::string_view::npos);
    text.append(page.substr(0, place)).append(value);
    page.remove_prefix(place + name.size());
  }
  return text.append(page);
}

std::string charts_element(std::string_view charts_script) {
  if (charts_script.find("</script") != std::string_view::npos) {
    fail(ErrorCode::kBadArgument,
         "page: the charts script contains '</script', which would end it inside a page; give "
         "echarts.min.js as it was published");
  }
  std::string text =
      "<!-- Apache ECharts: Copyright The Apache Software Foundation, Apache License 2.0. This "
      "product includes software\n     developed at The Apache Software Foundation "
      "(https://www.apache.org/). It includes zrender, Copyright (c) 2017,\n     Baidu Inc., BSD "
      "3-Clause License, and helpers Copyright (c) Microsoft Corporation. -->\n<script>";
  return text.append(charts_script).append("</script>");
}

}  // namespace skillit::detail
