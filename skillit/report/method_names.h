#pragma once

#include <string>
#include <string_view>

#include "skillit/report/study_summary.h"

namespace skillit {

/// A method as a person reads it: of a list of numbers wider than 24 characters only the first two
/// and the last, "random:shares=3/4/.../15". UTF-8, with an ellipsis of one character.
[[nodiscard]] std::string short_method_name(std::string_view method);

/// The summary with short names everywhere, except where two methods would then have the same.
[[nodiscard]] StudySummary with_short_names(StudySummary summary);

}  // namespace skillit
