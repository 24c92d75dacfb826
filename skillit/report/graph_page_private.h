#pragma once

#include <string_view>

namespace skillit::detail {

/// The file graph_page.html beside this one, compiled in by cmake/embed_text.cmake.
[[nodiscard]] std::string_view graph_page();

}  // namespace skillit::detail
