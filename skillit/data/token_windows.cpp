#include "skillit/data/token_windows.h"

#include <algorithm>
#include <vector>

namespace skillit {

SampleStore cut_windows(std::span<const TokenId> tokens, std::size_t context, std::size_t most) {
  const std::size_t full = tokens.size() / context;
  const std::size_t count = full + (tokens.size() % context >= 2 ? 1 : 0);
  const std::size_t kept = std::min(count, most);
  SampleStore store;
  std::vector<std::uint8_t> scored(context, 1);
  scored[0] = 0;
  for (std::size_t i = 0; i < kept; ++i) {
    const std::size_t begin = i * count / kept * context;
    const std::size_t size = std::min(context, tokens.size() - begin);
    store.add(tokens.subspan(begin, size), std::span(scored).first(size));
  }
  return store;
}

}  // namespace skillit
