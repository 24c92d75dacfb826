#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

// For this project's own .cpp files: what every self-contained page shares.
namespace skillit::detail {

/// JSON that can stand inside a <script> element: nothing in it can end the element.
[[nodiscard]] std::string without_tags(const std::string& json);

/// The template's parts, with each "{{name}}" replaced once, in the order of `values`; what is put
/// in is not looked at again.
[[nodiscard]] std::string filled(
    std::string_view page, std::span<const std::pair<std::string_view, std::string_view>> values);

/// Apache ECharts (echarts.min.js) as a <script>, with the notice that its licence asks for.
/// @throws Error kBadArgument when the script cannot stand inside a page ("</script").
[[nodiscard]] std::string charts_element(std::string_view charts_script);

}  // namespace skillit::detail
