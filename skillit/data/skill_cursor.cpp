#include "skillit/data/skill_cursor.h"

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/data/keyed_permutation.h"

namespace skillit {

std::uint64_t SkillCursor::operator[](std::uint64_t draw) const {
  std::uint64_t place = draw - begin_;
  if (stages_.empty() || place >= length_) {
    std::uint64_t epoch = epoch_;
    if (!stages_.empty()) {
      place -= length_;
      ++epoch;
    }
    epoch += place / size_;
    return KeyedPermutation(size_, mix64(key_ + epoch))(place % size_);
  }
  const std::uint64_t key = mix64(key_ + epoch_);
  for (std::size_t s = stages_.size(); s-- > 0;) {
    const Stage& stage = stages_[s];
    place = KeyedPermutation(stage.length, mix64(key ^ (s + 1)))(place);
    if (place >= stage.left) return stage.first_new + (place - stage.left);
    place += stage.done;
  }
  return KeyedPermutation(first_size_, key)(place);
}

double SkillCursor::epochs(std::uint64_t drawn) const {
  if (size_ == 0) return 0;
  const std::uint64_t place = drawn - begin_;
  if (stages_.empty()) {
    return static_cast<double>(epoch_) + static_cast<double>(place) / static_cast<double>(size_);
  }
  if (place >= length_) {
    return static_cast<double>(epoch_ + 1) +
           static_cast<double>(place - length_) / static_cast<double>(size_);
  }
  return static_cast<double>(epoch_ + 1) -
         static_cast<double>(length_ - place) / static_cast<double>(size_);
}

std::uint64_t SkillCursor::draws_through(std::uint64_t epochs) const {
  if (epochs <= epoch_) return begin_;
  const auto draws = static_cast<unsigned __int128>(begin_) + length_ +
                     static_cast<unsigned __int128>(epochs - epoch_ - 1) * size_;
  return static_cast<std::uint64_t>(std::min<unsigned __int128>(draws, std::uint64_t{1} << 62));
}

void SkillCursor::grow(std::uint64_t size, std::uint64_t drawn) {
  SKILLIT_ASSERT(size >= size_ && drawn >= begin_);
  if (size == size_) return;
  growths_.push_back({drawn, size_});
  std::uint64_t place = drawn - begin_;
  if (size_ > 0 && place >= length_) {  // That epoch is over.
    place -= length_;
    epoch_ += 1 + place / size_;
    place %= size_;
    stages_.clear();
    length_ = size_;
  }
  if (place == 0 && stages_.empty()) {  // Nothing of this epoch was drawn: it has all of them.
    length_ = size;
  } else {
    if (stages_.empty()) first_size_ = size_;
    const std::uint64_t left = length_ - place;
    length_ = left + (size - size_);
    stages_.push_back({place, left, size_, length_});
  }
  begin_ = drawn;
  size_ = size;
}

}  // namespace skillit
