#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace skillit {

/// How documents fill windows of a fixed number of tokens.
enum class Packing {
  kGreedy,   ///< One after the other, cut wherever a window ends.
  kBestFit,  ///< Whole where they fit: Ding et al. 2024, Fewer Truncations Improve Language
             ///< Modeling.
};
inline constexpr std::array<std::string_view, 2> kPackingNames{"greedy", "best-fit"};

/// Part of a document in a window.
struct WindowPiece {
  std::uint64_t document = 0;
  std::uint64_t begin = 0;  ///< Token of the document.
  std::uint64_t count = 0;
  friend bool operator==(const WindowPiece&, const WindowPiece&) = default;
};

/// How many documents there are, and the tokens of each.
struct DocumentLengths {
  std::uint64_t count = 0;
  std::function<std::uint64_t(std::uint64_t document)> of;
};

/// Which parts of which documents stand in which window. A function of the lengths, the window and
/// the packing alone; any window by itself. Reading is thread-safe.
class WindowPlan {
 public:
  virtual ~WindowPlan() = default;
  [[nodiscard]] virtual std::uint64_t num_windows() const = 0;
  /// Replaces `pieces` by those of a window, in their order; window < num_windows().
  virtual void read(std::uint64_t window, std::vector<WindowPiece>& pieces) const = 0;
  /// In windows, of all tokens. What is left out: a last window of a single token, which teaches
  /// nothing.
  [[nodiscard]] virtual std::uint64_t num_tokens() const = 0;
};

/// Windows of at most `window` tokens (2 to 2^32).
///
/// kGreedy: all windows but the last are full. 8 bytes a document.
/// kBestFit: a document that is longer than a window fills windows of its own; what is left of it,
/// and shorter documents, go, the longest first, where the least room is left over (best-fit
/// decreasing), in the order of the documents inside a window. 8 bytes a window and 8 a piece.
/// Worked on 2^20 documents at a time, which takes some 100 bytes for each of these; O(n log n).
/// @throws Error kBadArgument (a window outside its range; with kBestFit more than 2^40
/// documents, or one of more than 2^24 windows).
[[nodiscard]] std::unique_ptr<WindowPlan> plan_windows(const DocumentLengths& lengths,
                                                       std::uint64_t window, Packing packing);

}  // namespace skillit
