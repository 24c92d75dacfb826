#include <fmt/format.h>

#include <cmath>

#include "skillit/nn/config_reader_private.h"

namespace skillit::detail {
namespace {

/// The scaling in a rope_scaling or rope_parameters object.
void read_scaling(ConfigReader& scaling, RotaryShape& rotary) {
  const std::string older = scaling.text("type", "default");
  const std::string kind = scaling.text("rope_type", older);
  if (kind == "default") return;
  if (kind != "linear" && kind != "llama3")
    scaling.refuse(scaling.value("rope_type") != nullptr ? "rope_type" : "type",
                   "default, linear and llama3 are supported");
  rotary.factor = scaling.number("factor");
  rotary.scaling = RotaryScaling::kLinear;
  if (kind == "linear") return;
  rotary.scaling = RotaryScaling::kLlama3;
  rotary.low_frequency = scaling.number("low_freq_factor");
  rotary.high_frequency = scaling.number("high_freq_factor");
  rotary.original_context = static_cast<double>(scaling.size("original_max_position_embeddings"));
  if (rotary.high_frequency <= rotary.low_frequency)
    scaling.refuse("high_freq_factor", "it must be above low_freq_factor");
}

}  // namespace

RotaryShape read_rotary(ConfigReader& config, std::int64_t head_width, std::string_view theta_key,
                        std::string_view part_key, double default_part) {
  RotaryShape rotary;
  rotary.theta = config.number("rope_theta", config.number(theta_key, rotary.theta));
  double part = part_key.empty() ? 1 : config.number(part_key, default_part);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const Json* found = config.value(key);
    if (found == nullptr) continue;
    ConfigReader inner(*found, fmt::format("{}: {}", config.where(), key));
    rotary.theta = inner.number("rope_theta", rotary.theta);
    part = inner.number("partial_rotary_factor", part);
    read_scaling(inner, rotary);
    inner.finish();
  }
  if (part_key.empty() && part != 1)
    config.refuse("rope_parameters", "in this family whole heads turn (partial_rotary_factor 1)");
  if (part <= 1) rotary.dims = static_cast<std::int64_t>(static_cast<double>(head_width) * part);
  if (rotary.dims < 2 || rotary.dims % 2 != 0)
    config.refuse(part_key.empty() ? "head_dim" : part_key,
                  "an even number of elements of each head must turn, 2 at least");
  return rotary;
}

double rotary_part(std::int64_t dims, std::int64_t head_width) {
  const auto whole = static_cast<double>(head_width);
  double part = static_cast<double>(dims) / whole;
  while (static_cast<std::int64_t>(whole * part) < dims) part = std::nextafter(part, 2.0);
  return part;
}

void write_rotary(const RotaryShape& rotary, std::string_view theta_key, Json& config) {
  config[std::string(theta_key)] = rotary.theta;
  if (rotary.scaling == RotaryScaling::kNone) return;
  Json& scaling = config["rope_scaling"];
  scaling = {{"rope_type", rotary.scaling == RotaryScaling::kLinear ? "linear" : "llama3"},
             {"factor", rotary.factor}};
  if (rotary.scaling == RotaryScaling::kLinear) return;
  scaling["low_freq_factor"] = rotary.low_frequency;
  scaling["high_freq_factor"] = rotary.high_frequency;
  scaling["original_max_position_embeddings"] = static_cast<std::int64_t>(rotary.original_context);
}

}  // namespace skillit::detail
