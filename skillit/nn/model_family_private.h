#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "skillit/nn/architecture.h"
#include "skillit/nn/config_reader_private.h"

// For this project's own .cpp files; not installed.
namespace skillit::detail {

/// Rows of one of our weights that one of their tensors fills.
enum class Part { kWhole, kQueries, kKeys, kValues, kGate, kIn };

/// How their tensor holds those rows.
enum class Layout {
  kSame,
  kTransposed,  ///< [in, out] instead of [out, in].
  kByHead,      ///< Query, key and value of one head, then of the next; ours: all queries first.
};

/// A row of a family's mapping table. In the table of blocks {} stands for the block's number, and
/// `ours` lacks the "blocks.<i>." in front. A row whose weight the architecture does not have (a
/// bias, a head of its own) does not count.
struct WeightRule {
  std::string_view theirs;
  std::string_view ours;
  Part part = Part::kWhole;
  Layout layout = Layout::kSame;
};

/// A published family of models: how its config.json describes an architecture, and under which
/// names and layouts its files hold the weights.
struct ModelFamily {
  std::string_view name;        ///< model_type
  std::string_view class_name;  ///< architectures[0]
  std::string_view prefix;      ///< Of all but the head; files of a bare base model lack it.
  std::span<const WeightRule> model;
  std::span<const WeightRule> block;
  std::span<const std::string_view> buffers;  ///< Endings of tensors that are no weights.
  /// Reads every field that matters. @throws Error kBadFormat for what is missing or unsupported.
  Architecture (*read)(ConfigReader& config);
  /// The fields for an architecture, without those that the family cannot express: it can write the
  /// architecture when read() of this gives it back.
  Json (*write)(const Architecture& architecture);
};

/// The list of families; the first that can write an architecture does.
[[nodiscard]] std::span<const ModelFamily* const> model_families();
/// By the model_type in config.json. @throws Error kBadFormat naming the families there are.
[[nodiscard]] const ModelFamily& find_family(const std::string& model_type,
                                             const std::string& where);

/// A config.json read to its end. @throws Error kBadFormat.
struct DescribedModel {
  const ModelFamily* family;
  Architecture architecture;
};
[[nodiscard]] DescribedModel describe_model(const std::string& text, const std::string& where);
/// The text of the config.json in a folder. @throws Error kNotFound, kIo.
[[nodiscard]] std::string read_config_text(const std::filesystem::path& folder);

extern const ModelFamily kGpt2Family;
extern const ModelFamily kGptNeoFamily;
extern const ModelFamily kGptNeoxFamily;
extern const ModelFamily kLlamaFamily;
extern const ModelFamily kQwen2Family;
extern const ModelFamily kQwen3Family;

}  // namespace skillit::detail
