#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace skillit {

/// Why an operation was refused. Each is the user's, a file's or the machine's fault, never a bug
/// of ours.
enum class ErrorCode {
  kBadArgument,  ///< A value given by the caller is outside what is allowed.
  kBadFormat,    ///< A file or text does not have the form it should have.
  kMismatch,     ///< Two things that must agree do not (names, fingerprints, shapes).
  kNotFound,     ///< A file, skill, method or recipe does not exist.
  kIo,           ///< The operating system refused to read or write.
};

/// The one exception of this library. The message stands alone on one line: where, what was found,
/// what was expected, what to do. Thrown before anything was changed or half-written.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

[[noreturn]] void fail(ErrorCode code, const std::string& message);

/// Like fail(kIo, …) with the text of the current errno: "<what>: No space left on device".
[[noreturn]] void fail_errno(const std::string& what);

/// The candidate nearest to `word` by edit distance, or "" when none is near enough to be a likely
/// slip.
template <class Strings>
[[nodiscard]] std::string nearest_name(const std::string& word, const Strings& candidates);

namespace detail {
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace detail

template <class Strings>
std::string nearest_name(const std::string& word, const Strings& candidates) {
  std::string best;
  std::size_t best_distance = 1 + word.size() / 3;
  for (const auto& candidate : candidates) {
    const std::string_view name = candidate;
    const std::size_t distance = detail::edit_distance(word, name);
    if (distance <= best_distance && (best.empty() || distance < best_distance)) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace skillit

/// For our own mistakes only; never reachable by user input. Throws std::logic_error.
#define SKILLIT_ASSERT(condition) \
  ((condition) ? void(0) : ::skillit::detail::assertion_failed(#condition, __FILE__, __LINE__))
