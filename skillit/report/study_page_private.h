#pragma once

#include <string_view>

// The files study_page.html, .css and .js beside this one, compiled in by cmake/embed_text.cmake.
namespace skillit::detail {

[[nodiscard]] std::string_view study_page();
[[nodiscard]] std::string_view study_page_style();
[[nodiscard]] std::string_view study_page_script();

}  // namespace skillit::detail
