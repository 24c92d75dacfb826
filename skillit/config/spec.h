#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace skillit {

/// "skillit:eta=0.5,window=3" taken apart: the method's name and its options as text, in the order
/// given.
struct MethodSpec {
  std::string text;  ///< As written; begins every message.
  std::string method;
  std::vector<std::pair<std::string, std::string>> options;
};

/// @throws Error kBadArgument on a missing name, an option without '=' or one given twice.
[[nodiscard]] MethodSpec parse_method_spec(std::string_view text);

/// One row of a method's option table: name in a spec, where the value goes, one line of help.
template <class Options, class Value>
struct SpecField {
  std::string_view name;
  Value Options::*member;
  std::string_view help;
};
/// For compilers that do not deduce the arguments of aggregates.
template <class Options, class Value>
SpecField(std::string_view, Value Options::*, std::string_view) -> SpecField<Options, Value>;

/// Each sets `value` from the whole of `text`. Numbers must be finite; a list is written 1/3/5, a
/// list of lists 1/3/5|0/1/0.
/// `where` begins the message. @throws Error kBadArgument.
void parse_spec_value(std::string_view text, const std::string& where, double& value);
void parse_spec_value(std::string_view text, const std::string& where, int& value);
void parse_spec_value(std::string_view text, const std::string& where, bool& value);
void parse_spec_value(std::string_view text, const std::string& where, std::vector<double>& value);
void parse_spec_value(std::string_view text, const std::string& where,
                      std::vector<std::vector<double>>& value);
/// Place of `text` among `names`. @throws Error kBadArgument with the nearest name.
[[nodiscard]] std::size_t parse_spec_choice(std::string_view text, const std::string& where,
                                            const std::vector<std::string_view>& names);
/// An enumeration is written by name; spec_names(Enum{}) lists the names in the order of the
/// enumerators from 0.
template <class Enum>
requires std::is_enum_v<Enum>
void parse_spec_value(std::string_view text, const std::string& where, Enum& value) {
  value = static_cast<Enum>(parse_spec_choice(text, where, spec_names(Enum{})));
}

[[noreturn]] void fail_unknown_option(const MethodSpec& spec, const std::string& name,
                                      const std::vector<std::string_view>& known);

/// Names of the rows of Options::fields().
template <class Options>
[[nodiscard]] std::vector<std::string_view> spec_field_names() {
  return std::apply(
      [](const auto&... field) { return std::vector<std::string_view>{field.name...}; },
      Options::fields());
}

/// `spec` with the options that Shared does not have, and with those that it has.
template <class Shared>
[[nodiscard]] std::pair<MethodSpec, MethodSpec> split_options(const MethodSpec& spec) {
  const auto names = spec_field_names<Shared>();
  std::pair<MethodSpec, MethodSpec> parts{{spec.text, spec.method, {}},
                                          {spec.text, spec.method, {}}};
  for (const auto& option : spec.options) {
    const bool is_shared = std::find(names.begin(), names.end(), option.first) != names.end();
    (is_shared ? parts.second : parts.first).options.push_back(option);
  }
  return parts;
}

/// The options of `spec` on top of the defaults. @throws Error kBadArgument on an unknown option
/// (with the nearest known one, of these or of `also_known`) or a value that cannot be read.
template <class Options>
[[nodiscard]] Options read_spec_options(const MethodSpec& spec,
                                        const std::vector<std::string_view>& also_known = {}) {
  Options options;
  for (const auto& [name, text] : spec.options) {
    const std::string where = spec.text + ": " + name;
    const auto read = [&, &key = name, &value = text](const auto& field) {
      if (field.name != key) return false;
      parse_spec_value(value, where, options.*(field.member));
      return true;
    };
    const bool known =
        std::apply([&](const auto&... field) { return (read(field) || ...); }, Options::fields());
    if (known) continue;
    auto names = spec_field_names<Options>();
    names.insert(names.end(), also_known.begin(), also_known.end());
    fail_unknown_option(spec, name, names);
  }
  return options;
}

/// What the help text says about a method and each of its options.
struct OptionInfo {
  std::string_view name;
  std::string_view help;
};
struct MethodInfo {
  std::string_view name;
  std::string_view summary;
  std::vector<OptionInfo> options;
};

/// The help text of a method whose options are Options::fields().
template <class Options>
[[nodiscard]] MethodInfo describe_method(std::string_view name, std::string_view summary) {
  return std::apply(
      [&](const auto&... field) {
        return MethodInfo{name, summary, {{field.name, field.help}...}};
      },
      Options::fields());
}

}  // namespace skillit
