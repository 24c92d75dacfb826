#include "skillit/nn/gpt_weights.h"

#include <fmt/format.h>

#include <cmath>

namespace skillit {
namespace {

class WeightList {
 public:
  explicit WeightList(const Architecture& a) : a_(a) {
    const double reads = 1 / std::sqrt(static_cast<double>(a.width));
    matrix("embedding", a.vocabulary, a.width, reads);
    if (a.learned_positions)
      specs.push_back({"positions", {a.context, a.width}, Parameters::Init::kNormal, 0.02, false});
    for (std::int64_t layer = 0; layer < a.layers; ++layer)
      block(fmt::format("blocks.{}.", layer), reads);
    norm("final_norm", a.width, a.norm);
    if (!a.tied_head) matrix("head.weight", a.vocabulary, a.width, reads);
  }
  std::vector<Parameters::Spec> specs;

 private:
  void block(const std::string& prefix, double reads) {
    const double residual = 1 / std::sqrt(2.0 * static_cast<double>(a_.layers));
    const std::int64_t mixed = a_.heads * a_.head_width;
    norm(prefix + "norm_1", a_.width, a_.norm);
    linear(prefix + "attention.qkv", (a_.heads + 2 * a_.kv_heads) * a_.head_width, a_.width, reads,
           a_.qkv_bias);
    if (a_.query_key_norm) {
      norm(prefix + "attention.query_norm", a_.head_width, NormKind::kRms);
      norm(prefix + "attention.key_norm", a_.head_width, NormKind::kRms);
    }
    linear(prefix + "attention.out", a_.width, mixed,
           residual / std::sqrt(static_cast<double>(mixed)), a_.attention_out_bias);
    norm(prefix + "norm_2", a_.width, a_.norm);
    linear(prefix + "mlp.in", (a_.gated ? 2 : 1) * a_.inner, a_.width, reads, a_.mlp_bias);
    linear(prefix + "mlp.out", a_.width, a_.inner,
           residual / std::sqrt(static_cast<double>(a_.inner)), a_.mlp_bias);
  }
  void matrix(const std::string& name, std::int64_t out, std::int64_t in, double std) {
    specs.push_back({name, {out, in}, Parameters::Init::kNormal, std, true});
  }
  void linear(const std::string& name, std::int64_t out, std::int64_t in, double std, bool bias) {
    matrix(name + ".weight", out, in, std);
    if (bias) specs.push_back({name + ".bias", {out}, Parameters::Init::kZeros});
  }
  void norm(const std::string& name, std::int64_t width, NormKind kind) {
    specs.push_back({name + ".weight", {width}, Parameters::Init::kOnes});
    if (kind == NormKind::kLayer)
      specs.push_back({name + ".bias", {width}, Parameters::Init::kZeros});
  }

  const Architecture& a_;
};

}  // namespace

std::vector<Parameters::Spec> weights_of(const Architecture& architecture) {
  return WeightList(architecture).specs;
}

}  // namespace skillit
