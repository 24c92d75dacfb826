#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "skillit/base/error.h"
#include "skillit/nn/model_family_private.h"

namespace skillit::detail {
namespace {

constexpr std::array<const ModelFamily*, 6> kFamilies{
    &kGpt2Family, &kGptNeoFamily, &kGptNeoxFamily, &kLlamaFamily, &kQwen2Family, &kQwen3Family};

}  // namespace

std::span<const ModelFamily* const> model_families() {
  return kFamilies;
}

const ModelFamily& find_family(const std::string& model_type, const std::string& where) {
  std::vector<std::string_view> names;
  for (const ModelFamily* family : kFamilies) {
    if (family->name == model_type) return *family;
    names.push_back(family->name);
  }
  fail(ErrorCode::kBadFormat, fmt::format("{}: the model_type '{}' is not supported; there are {}",
                                          where, model_type, fmt::join(names, ", ")));
}

}  // namespace skillit::detail
