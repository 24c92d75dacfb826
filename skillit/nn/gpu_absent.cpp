// Instead of gpu_kernels.cpp, gpu_product.cpp, gpu_attention.cpp and gpu_graph.cpp, where torch was
// built without CUDA.
#include <torch/torch.h>

#include "skillit/base/error.h"
#include "skillit/nn/gpu_attention.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/gpu_product.h"

namespace skillit::gpu {

double free_memory() {
  SKILLIT_ASSERT(false);
  return 0;
}

double peak_memory() {
  SKILLIT_ASSERT(false);
  return 0;
}
void wait() {
  SKILLIT_ASSERT(false);
}

struct OwnStream::Guard {};
OwnStream::OwnStream(torch::Device device) {
  SKILLIT_ASSERT(!device.is_cuda());
}
OwnStream::~OwnStream() = default;

struct SideWork::State {};
SideWork::SideWork(torch::Device device) {
  SKILLIT_ASSERT(!device.is_cuda());
}
SideWork::~SideWork() = default;
void SideWork::run(const std::vector<torch::Tensor>&, const std::function<void()>& work) {
  work();
}

struct Graph::Recording {};
Graph::Graph(const std::function<void()>&, const Graph*) {
  SKILLIT_ASSERT(false);
}
Graph::~Graph() = default;
void Graph::repeat() {
  SKILLIT_ASSERT(false);
}

void measure_gradient(const torch::Tensor&, const torch::Tensor&, double, torch::Tensor&,
                      torch::Tensor&) {
  SKILLIT_ASSERT(false);
}
void adamw(const AdamWBuffers&, const torch::Tensor&, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
}
bool has_kernels_for(const torch::Tensor&) {
  return false;
}
std::pair<torch::Tensor, torch::Tensor> normalize(const torch::Tensor&, const torch::Tensor&,
                                                  const torch::Tensor&, double) {
  SKILLIT_ASSERT(false);
  return {};
}
torch::Tensor normalize_back(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&,
                             const torch::Tensor&, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}
void add_norm_gradients(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&,
                        torch::Tensor&, torch::Tensor&) {
  SKILLIT_ASSERT(false);
}
void add_column_sums(const torch::Tensor&, torch::Tensor&) {
  SKILLIT_ASSERT(false);
}
torch::Tensor softmax_slope(torch::Tensor&, std::int64_t, const torch::Tensor&, double) {
  SKILLIT_ASSERT(false);
  return {};
}
torch::Tensor add_bias(const torch::Tensor&, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}
torch::Tensor put_rows(const torch::Tensor&, const torch::Tensor&, std::int64_t) {
  SKILLIT_ASSERT(false);
  return {};
}
bool can_add_rows(const torch::Tensor&, const torch::Tensor&) {
  return false;
}
void add_rows(const torch::Tensor&, const torch::Tensor&, torch::Tensor&) {
  SKILLIT_ASSERT(false);
}

bool can_multiply(const torch::Tensor&, const torch::Tensor&) {
  return false;
}
torch::Tensor small_product(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&,
                            const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}
torch::Tensor small_product_gelu(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&,
                                 bool, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}
torch::Tensor small_product_back(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}
void add_small_gradient(const torch::Tensor&, const torch::Tensor&, torch::Tensor&,
                        torch::Tensor&) {
  SKILLIT_ASSERT(false);
}

bool can_attend(const Architecture&, std::int64_t, torch::ScalarType) {
  return false;
}
torch::Tensor short_attention(const torch::Tensor&, const Architecture&, const Rotary&,
                              std::int64_t, const torch::Tensor&) {
  SKILLIT_ASSERT(false);
  return {};
}

}  // namespace skillit::gpu
