#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "skillit/base/strict_json_private.h"
#include "skillit/nn/architecture.h"

// For this project's own .cpp files; not installed.
namespace skillit::detail {

/// The fields of a config.json, read one by one, so that what nobody read can be refused: a field
/// we do not know may change the mathematics. A field that is null counts as absent. Every function
/// throws Error kBadFormat and names file and field.
class ConfigReader {
 public:
  /// `config` must outlive the reader. @throws Error kBadFormat when it is no object.
  ConfigReader(const Json& config, std::string where);

  /// A whole number from 1 to 2^24.
  [[nodiscard]] std::int64_t size(std::string_view key);
  [[nodiscard]] std::int64_t size(std::string_view key, std::int64_t fallback);
  /// The same up to 10,000, because work is done for each.
  [[nodiscard]] std::int64_t layers(std::string_view key);
  /// A whole number from 0 to 2^24.
  [[nodiscard]] std::int64_t count(std::string_view key, std::int64_t fallback);
  /// A finite number above 0.
  [[nodiscard]] double number(std::string_view key);
  [[nodiscard]] double number(std::string_view key, double fallback);
  [[nodiscard]] bool flag(std::string_view key, bool fallback);
  [[nodiscard]] std::string text(std::string_view key, std::string_view fallback);
  /// The value as it is, or null when absent.
  [[nodiscard]] const Json* value(std::string_view key);

  /// `whole` / the field's value. Refuses a value that does not divide it.
  [[nodiscard]] std::int64_t share(std::int64_t whole, std::string_view key);

  /// Refuses the field when it is there with another value: `only` is all that is supported.
  void expect(std::string_view key, const Json& only);
  /// Fields that do not change the mathematics of the model.
  void ignore(std::initializer_list<std::string_view> keys);
  /// Ignores what every config.json may say about how a model is stored, generated with or trained
  /// (dropout), and refuses every field that was not read.
  void finish();

  /// One of ours, or refused: gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, silu, swish.
  [[nodiscard]] Activation activation(std::string_view key, std::string_view fallback);

  /// What begins the messages.
  [[nodiscard]] const std::string& where() const { return where_; }
  [[noreturn]] void refuse(std::string_view key, const std::string& what) const;

 private:
  [[nodiscard]] const Json& required(std::string_view key);
  [[nodiscard]] std::int64_t whole(std::string_view key, const Json& found, std::int64_t least,
                                   std::int64_t most) const;

  const Json& config_;
  std::string where_;
  std::set<std::string, std::less<>> read_;
};

/// Our name for an activation in a config.json.
[[nodiscard]] std::string_view activation_name(Activation activation);

/// Rotary positions as version 4 (rope_theta, rope_scaling) and version 5 (rope_parameters) of the
/// transformers package write them. `theta_key` and `part_key` are the family's older names; an
/// empty part_key means that whole heads turn. @throws Error kBadFormat.
[[nodiscard]] RotaryShape read_rotary(ConfigReader& config, std::int64_t head_width,
                                      std::string_view theta_key, std::string_view part_key = "",
                                      double default_part = 1);
/// The share of a head that read_rotary() takes for `dims` of its elements.
[[nodiscard]] double rotary_part(std::int64_t dims, std::int64_t head_width);
/// In the form of version 4, which both versions read.
void write_rotary(const RotaryShape& rotary, std::string_view theta_key, Json& config);

}  // namespace skillit::detail
