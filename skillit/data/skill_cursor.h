#pragma once

#include <cstdint>
#include <vector>

namespace skillit {

/// In which order the samples of one skill are drawn: a keyed random order without replacement, and
/// another one each epoch. Any draw is computed by itself; no memory grows with the data. Samples
/// may be appended while an epoch runs: what is left of it and what is new then form its rest, so
/// that nothing comes twice before everything has come once. Reading is thread-safe.
class SkillCursor {
 public:
  /// Samples were appended when `drawn` had been drawn of `size_before`.
  struct Growth {
    std::uint64_t drawn = 0;
    std::uint64_t size_before = 0;
    friend bool operator==(const Growth&, const Growth&) = default;
  };

  /// size <= 2^62; 0 = nothing can be drawn.
  SkillCursor(std::uint64_t size, std::uint64_t key) : size_(size), key_(key), length_(size) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
  [[nodiscard]] const std::vector<Growth>& growths() const noexcept { return growths_; }

  /// The sample that is drawn after `draw` others of this skill; size() > 0, and no growth may have
  /// come later than `draw`.
  [[nodiscard]] std::uint64_t operator[](std::uint64_t draw) const;
  /// Epochs done after so many draws: whole ones, and the part of the one that runs.
  [[nodiscard]] double epochs(std::uint64_t drawn) const;
  /// Draws after which so many epochs are done, at most 2^62.
  [[nodiscard]] std::uint64_t draws_through(std::uint64_t epochs) const;

  /// From now on there are `size` samples, of which the first size() are those of before; `drawn`
  /// have been drawn. size >= size(); drawn >= those of the growth before.
  void grow(std::uint64_t size, std::uint64_t drawn);

 private:
  /// What an epoch became when samples were appended: what was left, and samples from `first_new`
  /// on.
  struct Stage {
    std::uint64_t done = 0;  ///< Drawn before, of the stage below.
    std::uint64_t left = 0;
    std::uint64_t first_new = 0;
    std::uint64_t length = 0;
  };

  std::uint64_t size_;
  std::uint64_t key_;
  std::vector<Growth> growths_;
  // The epoch that ran at the last growth, or the first.
  std::uint64_t epoch_ = 0;
  std::uint64_t begin_ = 0;       ///< Draws before what is left of it.
  std::uint64_t length_;          ///< What is left of it.
  std::uint64_t first_size_ = 0;  ///< Samples when it began; used with stages only.
  std::vector<Stage> stages_;
};

}  // namespace skillit
