#pragma once

#include <vector>

#include "skillit/nn/architecture.h"

namespace skillit::testing {

/// `plain` with what the families have of their own: GPT-2, GPT-Neo, GPT-NeoX, Llama and Qwen3.
inline std::vector<Architecture> family_forms(const Architecture& plain) {
  std::vector<Architecture> all(5, plain);
  all[0].rotary = {};
  all[0].learned_positions = true;
  all[0].activation = Activation::kGeluTanh;
  all[1].attention_scale = 1;
  for (std::int64_t layer = 0; layer < plain.layers; ++layer)
    all[1].windows.push_back(layer % 2 == 0 ? 0 : 3);
  all[1].qkv_bias = false;
  all[2].parallel = true;
  all[2].rotary.dims = plain.head_width / 2;
  all[2].tied_head = false;
  all[3].norm = NormKind::kRms;
  all[3].kv_heads = 1;
  all[3].gated = true;
  all[3].activation = Activation::kSilu;
  all[4] = all[3];
  all[4].query_key_norm = true;
  return all;
}

}  // namespace skillit::testing
