#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace skillit::config {

class Problems;

/// What a value may be, beyond its type. In a list or a map it holds for every element.
struct Limits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;
  std::span<const std::string_view> choices = {};
};

/// low <= value <= high.
constexpr Limits between(double low, double high) {
  return {.low = low, .high = high};
}
/// low <= value.
constexpr Limits at_least(double low) {
  return {.low = low};
}
/// low < value.
constexpr Limits above(double low) {
  return {.low = low, .low_excluded = true};
}
/// 0 < value.
constexpr Limits positive() {
  return above(0);
}

/// One row of an option struct's fields() table.
template <class S, class T>
struct Field {
  std::string_view name;
  T S::*member;
  std::string_view help;
  Limits limits;
};

namespace detail {
/// What a list or map is made of in the end; a scalar is made of itself.
template <class T>
struct Element {
  using Type = T;
};
template <class T>
struct Element<std::vector<T>> : Element<T> {};
template <class T>
struct Element<std::map<std::string, T>> : Element<T> {};
}  // namespace detail

/// A table row. The member is a bool, std::int64_t, double or std::string; a vector of one of the
/// last three; a struct with fields() of its own, or a vector of such structs; or a map from
/// std::string to one of the four or to a vector of strings.
///
///     struct OptimizerOptions {
///       double lr = 1e-3;
///       std::string schedule = "linear";
///       static constexpr std::string_view kSchedules[] = {"linear", "cosine"};
///       static constexpr auto fields() {
///         using O = OptimizerOptions;
///         return std::tuple{field("lr", &O::lr, "peak learning rate", positive()),
///                           choice("schedule", &O::schedule, kSchedules, "after warm-up")};
///       }
///     };
///
/// Two more members are optional. `static constexpr std::string_view kShortForm = "path";` names
/// the field that a single value stands for where the whole struct is expected: `data: FOLDER`.
/// `void validate(config::Problems&) const` checks what no field can tell alone; it runs after
/// loading, also when other problems were found, and then some members may hold their old values.
template <class S, class T>
constexpr Field<S, T> field(std::string_view name, T S::*member, std::string_view help) {
  return {name, member, help, {}};
}

/// The same for a number, or a list or map of numbers, that must lie within limits.
template <class S, class T>
constexpr Field<S, T> field(std::string_view name, T S::*member, std::string_view help,
                            Limits limits) {
  using E = typename detail::Element<T>::Type;
  static_assert(std::is_same_v<E, std::int64_t> || std::is_same_v<E, double>,
                "limits are for numbers");
  return {name, member, help, limits};
}

/// The same for a string, or a list or map of strings, that is one of a few. `choices` must outlive
/// the program's use of the table: a static constexpr array.
template <class S, class T>
constexpr Field<S, T> choice(std::string_view name, T S::*member,
                             std::span<const std::string_view> choices, std::string_view help) {
  static_assert(std::is_same_v<typename detail::Element<T>::Type, std::string>,
                "choices are for text");
  return {name, member, help, {.choices = choices}};
}

}  // namespace skillit::config
