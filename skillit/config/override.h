#pragma once

#include <string_view>

#include "skillit/config/section.h"
#include "skillit/config/session.h"

namespace skillit::config::detail {

/// Applies one "key=value" to the options behind `root`; problems go to `session`.
void fill_override(Section& root, std::string_view text, Session& session);

}  // namespace skillit::config::detail
