#include "skillit/base/error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace skillit {

void fail(ErrorCode code, const std::string& message) {
  throw Error(code, message);
}

void fail_errno(const std::string& what) {
  const int code = errno;
  fail(ErrorCode::kIo, what + ": " + std::strerror(code));
}

namespace detail {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row[b.size()];
}

void assertion_failed(const char* condition, const char* file, int line) {
  throw std::logic_error(std::string("skillit: internal error: ") + condition + " at " + file +
                         ":" + std::to_string(line));
}

}  // namespace detail
}  // namespace skillit
