#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "skillit/record/run_record.h"

namespace skillit {

/// One record as one JSON object on one line, newline included. Numbers are the shortest that read
/// back to the same bits; NaN is null, infinities are "inf" and "-inf".
[[nodiscard]] std::string to_line(const StepRecord& record);
[[nodiscard]] std::string to_line(const EvaluationRecord& record);
[[nodiscard]] std::string to_line(const RoundRecord& record);
[[nodiscard]] std::string to_line(const TimingRecord& record);

/// Reads such lines back, keeping its buffers. `file` and the line's number begin messages.
class LineParser {
 public:
  explicit LineParser(std::string file);
  ~LineParser();
  LineParser(const LineParser&) = delete;
  LineParser& operator=(const LineParser&) = delete;

  /// `text` (without newline) must hold exactly the record's fields; those that older files lack
  /// may be absent. @throws Error kBadFormat.
  void parse(std::string_view text, std::size_t line, StepRecord& record);
  void parse(std::string_view text, std::size_t line, EvaluationRecord& record);
  void parse(std::string_view text, std::size_t line, RoundRecord& record);
  void parse(std::string_view text, std::size_t line, TimingRecord& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skillit
