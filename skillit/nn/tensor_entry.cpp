#include "skillit/nn/tensor_entry.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr std::array<std::pair<std::string_view, torch::ScalarType>, 3> kTypes{
    {{"F32", torch::kFloat32}, {"F16", torch::kHalf}, {"BF16", torch::kBFloat16}}};

}  // namespace

bool is_floating_entry(const SafetensorsEntry& entry) {
  return std::any_of(kTypes.begin(), kTypes.end(),
                     [&](const auto& type) { return type.first == entry.dtype; });
}

torch::Tensor tensor_of(const SafetensorsEntry& entry) {
  SKILLIT_ASSERT(is_floating_entry(entry));
  torch::ScalarType type = torch::kFloat32;
  for (const auto& [name, its_type] : kTypes) {
    if (name == entry.dtype) type = its_type;
  }
  const auto place = reinterpret_cast<std::uintptr_t>(entry.bytes.data());
  if (place % torch::elementSize(type) == 0)
    return torch::from_blob(const_cast<char*>(entry.bytes.data()), entry.shape, type);
  auto copy = torch::empty(entry.shape, type);
  std::memcpy(copy.data_ptr(), entry.bytes.data(), entry.bytes.size());
  return copy;
}

SafetensorsEntry entry_of(const torch::Tensor& tensor) {
  SKILLIT_ASSERT(tensor.is_contiguous() && tensor.device().is_cpu());
  for (const auto& [name, type] : kTypes) {
    if (type == tensor.scalar_type()) {
      return {std::string(name),
              tensor.sizes().vec(),
              {static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()}};
    }
  }
  SKILLIT_ASSERT(false);
  return {};
}

}  // namespace skillit
