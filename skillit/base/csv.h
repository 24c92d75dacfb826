#pragma once

#include <string>
#include <string_view>

namespace skillit {

/// A field of a CSV file (RFC 4180): between quotes where it holds a comma, a quote or a line end.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace skillit
