#include "skillit/config/scalar.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "skillit/base/error.h"
#include "skillit/config/section.h"

namespace skillit::config::detail {
namespace {

/// Nothing when all is well, else why not; "" when the type that is expected says it all.
using Refusal = std::optional<std::string>;
const Refusal kFine = std::nullopt;

template <class T>
std::errc parse_whole(std::string_view text, T& out) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
  return end == text.data() + text.size() ? status : std::errc::invalid_argument;
}

Refusal parse(const std::string& text, std::string& out) {
  out = text;
  return kFine;
}

Refusal parse(const std::string& text, bool& out) {
  if (text != "true" && text != "false") return "";
  out = text == "true";
  return kFine;
}

Refusal parse(const std::string& text, double& out) {
  const std::errc status = parse_whole(text, out);
  if (status == std::errc::result_out_of_range) return "too large or too small for a double";
  if (status != std::errc()) return "";
  if (!std::isfinite(out)) return "it must be finite";
  return kFine;
}

Refusal parse(const std::string& text, std::int64_t& out) {
  constexpr double kExact = 1LL << 53;  // Up to here every integer is a double.
  const std::errc status = parse_whole(text, out);
  if (status == std::errc()) return kFine;
  if (status == std::errc::result_out_of_range) return "too large";
  double value = 0;
  if (Refusal refusal = parse(text, value)) return refusal;
  if (value != std::floor(value)) return "it has a fraction";
  if (std::abs(value) > kExact) return "too large for this form; write all its digits";
  out = static_cast<std::int64_t>(value);
  return kFine;
}

Refusal check(bool, const Limits&) {
  return kFine;
}

Refusal check(const std::string& value, const Limits& limits) {
  const auto& choices = limits.choices;
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end())
    return kFine;
  const std::string nearest = value.size() > kMaxNameLength ? "" : nearest_name(value, choices);
  return nearest.empty() ? "" : "did you mean '" + nearest + "'?";
}

template <class T>
Refusal check(T value, const Limits& limits) {
  const auto number = static_cast<double>(value);
  const bool low_enough = number <= limits.high;
  const bool high_enough = limits.low_excluded ? number > limits.low : number >= limits.low;
  return low_enough && high_enough ? kFine : "";
}

template <class T>
Refusal read(const TextNode& node, const Limits& limits, T& out) {
  if (node.kind != TextNode::Kind::kScalar) return "";
  if (node.quoted && !std::is_same_v<T, std::string>) return "leave out the quotes";
  T value{};
  if (Refusal refusal = parse(node.text, value)) return refusal;
  if (Refusal refusal = check(value, limits)) return refusal;
  out = std::move(value);
  return kFine;
}

template <class T>
constexpr std::string_view kArticle = std::is_same_v<T, std::int64_t> ? "an "
                                      : std::is_same_v<T, double>     ? "a "
                                                                      : "";

bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kOtherMeaning = {
      "null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (text.empty() || !(letter(text[0]) || text[0] == '/')) return false;
  const auto harmless = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("./+-").find(c) != std::string_view::npos;
  };
  if (!std::all_of(text.begin(), text.end(), harmless)) return false;
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kOtherMeaning.begin(), kOtherMeaning.end(), lower) == kOtherMeaning.end();
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') {
      result += fmt::format("\\x{:02X}", c);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string write_checked(bool value, std::string_view) {
  return value ? "true" : "false";
}

std::string write_checked(std::int64_t value, std::string_view) {
  return fmt::format("{}", value);
}

std::string write_checked(double value, std::string_view path) {
  if (!std::isfinite(value)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{} is {}; a number in a configuration is finite", path, value));
  }
  return fmt::format("{}", value);
}

std::string write_checked(const std::string& value, std::string_view path) {
  if (!simdjson::validate_utf8(value)) {
    fail(ErrorCode::kBadArgument, fmt::format("{} is not UTF-8; text in a configuration is", path));
  }
  return is_plain(value) ? value : in_quotes(value);
}

}  // namespace

template <class T>
std::string read_scalar(const TextNode& node, const Limits& limits, T& out) {
  const Refusal refusal = read(node, limits, out);
  if (!refusal) return "";
  return fmt::format("expected {}{}, found {}{}", kArticle<T>, describe_scalar<T>(limits),
                     describe_found(node), refusal->empty() ? "" : " (" + *refusal + ")");
}

template <class T>
std::string write_scalar(const T& value, std::string_view path) {
  return write_checked(value, path);
}

template <class T>
std::string describe_scalar(const Limits& limits) {
  if constexpr (std::is_same_v<T, bool>) {
    return "true | false";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return limits.choices.empty() ? "text" : fmt::format("{}", fmt::join(limits.choices, " | "));
  } else {
    std::string type = std::is_same_v<T, double> ? "number" : "integer";
    if (std::isfinite(limits.high)) {
      return fmt::format("{} in {}{}, {}]", type, limits.low_excluded ? '(' : '[', limits.low,
                         limits.high);
    }
    if (!std::isfinite(limits.low)) return type;
    return fmt::format("{} {} {}", type, limits.low_excluded ? ">" : ">=", limits.low);
  }
}

std::string describe_found(const TextNode& node) {
  switch (node.kind) {
    case TextNode::Kind::kNothing:
      return "nothing";
    case TextNode::Kind::kScalar:
      return node.quoted ? shown(node.text) + " in quotes" : shown(node.text);
    case TextNode::Kind::kList:
      return "a list";
    case TextNode::Kind::kMap:
      return "a section of keys";
    case TextNode::Kind::kRefused:
      break;
  }
  return "something unreadable";
}

template std::string read_scalar(const TextNode&, const Limits&, bool&);
template std::string read_scalar(const TextNode&, const Limits&, std::int64_t&);
template std::string read_scalar(const TextNode&, const Limits&, double&);
template std::string read_scalar(const TextNode&, const Limits&, std::string&);
template std::string write_scalar(const bool&, std::string_view);
template std::string write_scalar(const std::int64_t&, std::string_view);
template std::string write_scalar(const double&, std::string_view);
template std::string write_scalar(const std::string&, std::string_view);
template std::string describe_scalar<bool>(const Limits&);
template std::string describe_scalar<std::int64_t>(const Limits&);
template std::string describe_scalar<double>(const Limits&);
template std::string describe_scalar<std::string>(const Limits&);

}  // namespace skillit::config::detail
