#include "skillit/run/stream_recipe.h"

namespace skillit {

void StreamRecipe::validate(config::Problems& problems) const {
  if (spent != "repeat" || (max_epochs == 1 && max_epochs_of.empty())) return;
  problems.add("max_epochs",
               "has no effect while skills repeat without end: set spent to drop or stop");
}

}  // namespace skillit
