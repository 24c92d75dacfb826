#include "skillit/record/record_lines.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "skillit/base/error.h"

namespace skillit {
namespace {

// The one list of names and members per record; both directions go through it.
template <class Visitor, class Record>
void visit_fields(Visitor& visit, Record& r) {
  using Plain = std::remove_const_t<Record>;
  if constexpr (std::is_same_v<Plain, StepRecord>) {
    visit("step", r.step);
    visit("loss", r.loss);
    visit("learning_rate", r.learning_rate);
    visit("grad_norm", r.grad_norm);
    visit("scored_tokens", r.scored_tokens);
    visit("tokens", r.tokens);
  } else if constexpr (std::is_same_v<Plain, EvaluationRecord>) {
    visit("step", r.step);
    visit("losses", r.losses.values);
    visit("accuracies", r.accuracies);
  } else if constexpr (std::is_same_v<Plain, RoundRecord>) {
    visit("round", r.round);
    visit("first_step", r.first_step);
    visit("mixture", r.mixture);
    visit("asked", r.asked);
    visit("delivered", r.delivered);
    visit("tokens", r.tokens);
    visit.optional("skill_tokens", r.skill_tokens);
    visit.optional("epochs", r.epochs);
    visit.optional("spent", r.spent);
    visit.optional("asked_in_tokens", r.asked_in_tokens);
    visit.optional("ended", r.ended);
  } else {
    static_assert(std::is_same_v<Plain, TimingRecord>);
    visit("round", r.round);
    visit("train_seconds", r.train_seconds);
    visit("evaluate_seconds", r.evaluate_seconds);
    visit("select_seconds", r.select_seconds);
  }
}

class LineBuilder {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":", text_.empty() ? "{" : ",", name);
    put(value);
  }
  /// Not written when it is empty or false.
  template <class T>
  void optional(std::string_view name, const T& value) {
    if (value != T()) (*this)(name, value);
  }
  std::string finish() { return std::move(text_) + "}\n"; }

 private:
  void put(bool value) { text_ += value ? "true" : "false"; }
  void put(std::uint64_t value) { fmt::format_to(std::back_inserter(text_), "{}", value); }
  void put(double value) {
    if (std::isnan(value)) {
      text_ += "null";
    } else if (std::isinf(value)) {
      text_ += value > 0 ? "\"inf\"" : "\"-inf\"";
    } else if (value == 0 && std::signbit(value)) {
      text_ += "-0.0";  // "-0" would be read as a whole number, which has no sign.
    } else {
      fmt::format_to(std::back_inserter(text_), "{}", value);
    }
  }
  template <class T>
  void put(const std::vector<T>& values) {
    text_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text_ += ',';
      put(values[i]);
    }
    text_ += ']';
  }

  std::string text_;
};

template <class Record>
std::string build(const Record& record) {
  LineBuilder line;
  visit_fields(line, record);
  return line.finish();
}

/// Takes the fields of one parsed object; what is wrong is said with the file, the line and the
/// field's name.
class FieldReader {
 public:
  FieldReader(simdjson::dom::object object, const std::string& file, std::size_t line)
      : object_(object), file_(file), line_(line) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    ++wanted_;
    simdjson::dom::element element;
    if (object_.at_key(name).get(element) != simdjson::SUCCESS)
      refuse(fmt::format("has no field \"{}\"", name));
    name_ = name;
    take(element, value);
  }
  template <class T>
  void optional(std::string_view name, T& value) {
    if (object_.at_key(name).error() == simdjson::SUCCESS) {
      (*this)(name, value);
    } else {
      value = T();
    }
  }
  void expect_no_more() const {
    if (object_.size() != wanted_)
      refuse(fmt::format("has {} fields, expected {}", object_.size(), wanted_));
  }

 private:
  void take(const simdjson::dom::element& element, bool& value) const {
    if (element.get(value) != simdjson::SUCCESS)
      refuse(fmt::format("\"{}\" is neither true nor false", name_));
  }
  void take(const simdjson::dom::element& element, std::uint64_t& value) const {
    if (element.get(value) != simdjson::SUCCESS)
      refuse(fmt::format("\"{}\" is not a whole number >= 0", name_));
  }
  void take(const simdjson::dom::element& element, double& value) const {
    std::string_view text;
    if (element.is_null()) {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (element.get(text) == simdjson::SUCCESS && (text == "inf" || text == "-inf")) {
      value = text == "inf" ? std::numeric_limits<double>::infinity()
                            : -std::numeric_limits<double>::infinity();
    } else if (element.get(value) != simdjson::SUCCESS) {
      refuse(fmt::format("\"{}\" is not a number", name_));
    }
  }
  template <class T>
  void take(const simdjson::dom::element& element, std::vector<T>& values) const {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) refuse(fmt::format("\"{}\" is not a list", name_));
    values.clear();
    for (const simdjson::dom::element item : array) take(item, values.emplace_back());
  }
  [[noreturn]] void refuse(const std::string& what) const {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}:{}: {}; the file is damaged; restore it, or delete the run folder to "
                     "start again",
                     file_, line_, what));
  }

  simdjson::dom::object object_;
  const std::string& file_;
  std::size_t line_;
  std::size_t wanted_ = 0;
  std::string_view name_;
};

template <class Record>
void take_fields(simdjson::dom::parser& parser, const std::string& file, std::string_view text,
                 std::size_t line, Record& record) {
  simdjson::dom::object object;
  const auto problem = parser.parse(text.data(), text.size()).get(object);
  if (problem != simdjson::SUCCESS) {
    fail(ErrorCode::kBadFormat, fmt::format("{}:{}: is not a JSON object ({}); the file is "
                                            "damaged; restore it, or delete the run folder to "
                                            "start again",
                                            file, line, simdjson::error_message(problem)));
  }
  FieldReader fields(object, file, line);
  visit_fields(fields, record);
  fields.expect_no_more();
}

}  // namespace

std::string to_line(const StepRecord& record) {
  return build(record);
}
std::string to_line(const EvaluationRecord& record) {
  return build(record);
}
std::string to_line(const RoundRecord& record) {
  return build(record);
}
std::string to_line(const TimingRecord& record) {
  return build(record);
}

struct LineParser::State {
  std::string file;
  simdjson::dom::parser parser;
};

LineParser::LineParser(std::string file) : state_(std::make_unique<State>()) {
  state_->file = std::move(file);
}
LineParser::~LineParser() = default;

void LineParser::parse(std::string_view text, std::size_t line, StepRecord& record) {
  take_fields(state_->parser, state_->file, text, line, record);
}
void LineParser::parse(std::string_view text, std::size_t line, EvaluationRecord& record) {
  take_fields(state_->parser, state_->file, text, line, record);
}
void LineParser::parse(std::string_view text, std::size_t line, RoundRecord& record) {
  take_fields(state_->parser, state_->file, text, line, record);
}
void LineParser::parse(std::string_view text, std::size_t line, TimingRecord& record) {
  take_fields(state_->parser, state_->file, text, line, record);
}

}  // namespace skillit
