#include <algorithm>

#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/pipeline_private.h"
#include "skillit/tokenize/utf8.h"

namespace skillit::detail {
namespace {

/// What becomes of the parts that were found and those between them: all of them are pieces then.
std::vector<Segment> pieces_of(const std::vector<Segment>& segments, SplitBehavior behavior) {
  std::vector<Segment> pieces;
  bool was_match = false;
  for (const Segment& segment : segments) {
    bool joins = false;
    switch (behavior) {
      case SplitBehavior::kRemoved:
        if (segment.is_match) continue;
        break;
      case SplitBehavior::kIsolated:
        break;
      case SplitBehavior::kContiguous:
        joins = segment.is_match == was_match;
        break;
      case SplitBehavior::kMergedWithPrevious:
        joins = segment.is_match && !was_match;
        break;
      case SplitBehavior::kMergedWithNext:
        joins = was_match && !segment.is_match;
        break;
    }
    if (joins && !pieces.empty()) {
      pieces.back().end = segment.end;
    } else {
      pieces.push_back(segment);
    }
    was_match = segment.is_match;
  }
  return pieces;
}

std::vector<Segment> digits_of(std::string_view text) {
  const CodePointClasses& classes = CodePointClasses::get();
  std::vector<Segment> segments;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text.data() + at);
    const bool digit = classes.is(kNumberClass, point.value);
    if (digit || segments.empty() || segments.back().is_match) {
      segments.push_back({at, at, digit});
    }
    at += point.size;
    segments.back().end = at;
  }
  return segments;
}

/// One text on its way through the steps. The depth of recursion is the number of steps.
class Splitter {
 public:
  Splitter(const std::vector<SplitStep>& steps, bool at_start, const WordSink& sink)
      : steps_(steps), at_start_(at_start), sink_(sink) {}

  void run(std::size_t index, std::string_view text) const {
    if (text.empty()) return;
    if (index == steps_.size()) return sink_(text, text.size());
    std::visit([&](const auto& step) { apply(step, index + 1, text); }, steps_[index]);
  }

 private:
  void apply(const SplitWords& step, std::size_t next, std::string_view text) const {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = word_end(step.pattern, text, begin);
      const std::string_view word = text.substr(begin, end - begin);
      if (next == steps_.size()) {
        sink_(word, text.size() - begin);
      } else {
        run(next, word);
      }
      begin = end;
    }
  }

  void apply(const SplitByRegex& step, std::size_t next, std::string_view text) const {
    auto segments = step.pattern.split(text);
    for (Segment& segment : segments) segment.is_match = segment.is_match != step.invert;
    run_all(pieces_of(segments, step.behavior), next, text);
  }

  void apply(const SplitDigits& step, std::size_t next, std::string_view text) const {
    run_all(pieces_of(digits_of(text),
                      step.individual ? SplitBehavior::kIsolated : SplitBehavior::kContiguous),
            next, text);
  }

  void apply(PrefixSpace, std::size_t next, std::string_view text) const {
    if (text[0] == ' ') return run(next, text);
    run(next, ' ' + std::string(text));
  }

  void apply(const Metaspace& step, std::size_t next, std::string_view text) const {
    std::string replaced;
    for (const char c : text) {
      if (c == ' ') {
        replaced += step.replacement;
      } else {
        replaced += c;
      }
    }
    const bool wanted = step.scheme == Metaspace::Scheme::kAlways ||
                        (step.scheme == Metaspace::Scheme::kFirst && at_start_);
    if (wanted && !replaced.starts_with(step.replacement)) {
      replaced.insert(0, step.replacement);
    }
    if (!step.split) return run(next, replaced);
    for (std::size_t begin = 0; begin < replaced.size();) {
      const std::size_t end = std::min(replaced.find(step.replacement, begin + 1), replaced.size());
      run(next, std::string_view(replaced).substr(begin, end - begin));
      begin = end;
    }
  }

  void run_all(const std::vector<Segment>& pieces, std::size_t next, std::string_view text) const {
    for (const Segment& piece : pieces) {
      run(next, text.substr(piece.begin, piece.end - piece.begin));
    }
  }

  const std::vector<SplitStep>& steps_;
  bool at_start_;
  const WordSink& sink_;
};

}  // namespace

void split_into_words(const std::vector<SplitStep>& steps, std::string_view text, bool at_start,
                      const WordSink& sink) {
  Splitter(steps, at_start, sink).run(0, text);
}

}  // namespace skillit::detail
