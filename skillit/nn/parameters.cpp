#include "skillit/nn/parameters.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/kernel_data_private.h"

namespace skillit {
namespace {

/// Every weight starts at a multiple of this many elements; the gaps stay 0.
constexpr std::int64_t kAlignment = kWidest;
/// Weights that a thread takes at a time; sums are of so many at first, whatever the threads.
constexpr std::int64_t kPiece = 1 << 14;

std::int64_t num_elements(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// With the zero rows of padded().
std::vector<std::int64_t> padded_shape(std::vector<std::int64_t> shape, torch::Device device) {
  constexpr std::int64_t kRows = 8;
  if (device.is_cuda() && shape.size() == 2) shape[0] = (shape[0] + kRows - 1) / kRows * kRows;
  return shape;
}

void fill(float* out, const Parameters::Spec& spec, std::uint64_t seed) {
  const std::int64_t count = num_elements(spec.shape);
  if (spec.init == Parameters::Init::kNormal) {
    Rng rng(seed, "init " + spec.name);
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<float>(rng.normal() * spec.std);
  } else {
    std::fill_n(out, count, spec.init == Parameters::Init::kOnes ? 1.0F : 0.0F);
  }
}

}  // namespace

Parameters::Parameters(std::vector<Spec> specs, std::optional<std::uint64_t> seed,
                       torch::Device device, torch::ScalarType compute) {
  std::stable_partition(specs.begin(), specs.end(), [](const Spec& spec) { return spec.decay; });
  std::int64_t total = 0;
  for (const Spec& spec : specs) {
    slots_[spec.name] = {spec.shape, total, {}, {}};
    const std::int64_t count = num_elements(padded_shape(spec.shape, device));
    total += (count + kAlignment - 1) / kAlignment * kAlignment;
    if (spec.decay) num_decayed_ = total;
  }
  SKILLIT_ASSERT(slots_.size() == specs.size());
  torch::Tensor host = torch::zeros({total}, torch::kFloat32);
  if (seed) {
    for (const Spec& spec : specs)
      fill(host.data_ptr<float>() + slots_[spec.name].offset, spec, *seed);
  }
  master_ = host.to(device);
  compute_ = compute == torch::kFloat32 ? master_ : master_.to(compute);
  gradient_ = torch::zeros_like(compute_);
  for (auto& [name, slot] : slots_) {
    slot.leaf = leaf_at(slot.offset, slot.shape);
    const auto padded = padded_shape(slot.shape, device);
    slot.padded = padded == slot.shape ? slot.leaf : leaf_at(slot.offset, padded);
  }
}

torch::Tensor Parameters::leaf_at(std::int64_t offset, const std::vector<std::int64_t>& shape) {
  const std::int64_t count = num_elements(shape);
  auto leaf = compute_.narrow(0, offset, count).view(shape).detach().requires_grad_();
  leaf.mutable_grad() = gradient_.narrow(0, offset, count).view(shape);
  return leaf;
}

const torch::Tensor& Parameters::padded(const std::string& name) const {
  const auto slot = slots_.find(name);
  SKILLIT_ASSERT(slot != slots_.end());
  return slot->second.padded;
}

const torch::Tensor& Parameters::operator[](const std::string& name) const {
  const auto slot = slots_.find(name);
  SKILLIT_ASSERT(slot != slots_.end());
  return slot->second.leaf;
}

void Parameters::publish() {
  if (!compute_.is_same(master_)) compute_.copy_(master_);
}

double Parameters::gradient_norm() const {
  if (!gradient_.is_cpu())
    return torch::linalg_vector_norm(gradient_, 2, {}, false, torch::kFloat32).item<double>();
  std::vector<double> sums(static_cast<std::size_t>((size() + kPiece - 1) / kPiece));
  with_type_of(gradient_, [&]<typename Number>(Number) {
    for_each_piece(size(), kPiece, [&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
      sums[static_cast<std::size_t>(piece)] =
          cpu_kernels<Number>().square_sum(data<Number>(gradient_) + begin, end - begin);
    });
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

void Parameters::update(std::int64_t begin, std::int64_t count, const AdamWFactors& factors,
                        torch::Tensor& first, torch::Tensor& second) {
  SKILLIT_ASSERT(master_.is_cpu() && begin % kAlignment == 0 && count % kAlignment == 0);
  with_type_of(gradient_, [&]<typename Number>(Number) {
    Number* const shadow = compute_.is_same(master_) ? nullptr : data<Number>(compute_);
    for_each_piece(count, kPiece, [&](std::int64_t, std::int64_t offset, std::int64_t end) {
      const std::int64_t at = begin + offset;
      cpu_kernels<Number>().adamw(factors, end - offset, data<Number>(gradient_) + at,
                                  data<float>(master_) + at, data<float>(first) + at,
                                  data<float>(second) + at,
                                  shadow == nullptr ? shadow : shadow + at);
    });
  });
}

gpu::AdamWBuffers Parameters::buffers(const torch::Tensor& first, const torch::Tensor& second,
                                      std::int64_t begin, std::int64_t count) const {
  return {gradient_, master_, first, second, compute_.is_same(master_) ? torch::Tensor() : compute_,
          begin,     count};
}

std::map<std::string, torch::Tensor> Parameters::named() const {
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, slot] : slots_) {
    result[name] = master_.narrow(0, slot.offset, num_elements(slot.shape)).view(slot.shape);
  }
  return result;
}

}  // namespace skillit
