// Llama, Qwen2 and Qwen3: one set of names, and configurations that differ in a few fields.
#include <algorithm>
#include <array>
#include <cmath>

#include "skillit/nn/model_family_private.h"

namespace skillit::detail {
namespace {

constexpr std::array<WeightRule, 3> kModel{{{"model.embed_tokens.weight", "embedding"},
                                            {"model.norm.weight", "final_norm.weight"},
                                            {"lm_head.weight", "head.weight"}}};

constexpr std::array<WeightRule, 18> kBlock{{
    {"model.layers.{}.input_layernorm.weight", "norm_1.weight"},
    {"model.layers.{}.self_attn.q_proj.weight", "attention.qkv.weight", Part::kQueries},
    {"model.layers.{}.self_attn.k_proj.weight", "attention.qkv.weight", Part::kKeys},
    {"model.layers.{}.self_attn.v_proj.weight", "attention.qkv.weight", Part::kValues},
    {"model.layers.{}.self_attn.q_proj.bias", "attention.qkv.bias", Part::kQueries},
    {"model.layers.{}.self_attn.k_proj.bias", "attention.qkv.bias", Part::kKeys},
    {"model.layers.{}.self_attn.v_proj.bias", "attention.qkv.bias", Part::kValues},
    {"model.layers.{}.self_attn.q_norm.weight", "attention.query_norm.weight"},
    {"model.layers.{}.self_attn.k_norm.weight", "attention.key_norm.weight"},
    {"model.layers.{}.self_attn.o_proj.weight", "attention.out.weight"},
    {"model.layers.{}.self_attn.o_proj.bias", "attention.out.bias"},
    {"model.layers.{}.post_attention_layernorm.weight", "norm_2.weight"},
    {"model.layers.{}.mlp.gate_proj.weight", "mlp.in.weight", Part::kGate},
    {"model.layers.{}.mlp.up_proj.weight", "mlp.in.weight", Part::kIn},
    {"model.layers.{}.mlp.gate_proj.bias", "mlp.in.bias", Part::kGate},
    {"model.layers.{}.mlp.up_proj.bias", "mlp.in.bias", Part::kIn},
    {"model.layers.{}.mlp.down_proj.weight", "mlp.out.weight"},
    {"model.layers.{}.mlp.down_proj.bias", "mlp.out.bias"},
}};

constexpr std::array<std::string_view, 1> kBuffers{".rotary_emb.inv_freq"};

/// What the three have in common; the caller has set head_width.
void read_common(ConfigReader& config, Architecture& a) {
  a.vocabulary = config.size("vocab_size");
  a.layers = config.layers("num_hidden_layers");
  a.heads = config.size("num_attention_heads");
  a.kv_heads = config.size("num_key_value_heads", a.heads);
  if (a.heads % a.kv_heads != 0)
    config.refuse("num_key_value_heads", "it must divide num_attention_heads");
  a.context = config.size("max_position_embeddings");
  a.inner = config.size("intermediate_size");
  a.norm = NormKind::kRms;
  a.epsilon = config.number("rms_norm_eps", 1e-6);
  a.activation = config.activation("hidden_act", "silu");
  a.gated = true;
  a.rotary = read_rotary(config, a.head_width, "rope_theta");
  a.attention_scale = 1 / std::sqrt(static_cast<double>(a.head_width));
  a.mlp_bias = false;
  a.tied_head = config.flag("tie_word_embeddings", false);
}

Json write_common(const Architecture& a) {
  Json config{{"vocab_size", a.vocabulary},
              {"hidden_size", a.width},
              {"num_hidden_layers", a.layers},
              {"num_attention_heads", a.heads},
              {"num_key_value_heads", a.kv_heads},
              {"max_position_embeddings", a.context},
              {"intermediate_size", a.inner},
              {"rms_norm_eps", a.epsilon},
              {"hidden_act", activation_name(a.activation)},
              {"attention_dropout", 0.0},
              {"tie_word_embeddings", a.tied_head}};
  write_rotary(a.rotary, "rope_theta", config);
  return config;
}

Architecture read_llama(ConfigReader& config) {
  Architecture a;
  a.width = config.size("hidden_size");
  a.head_width = config.value("head_dim") != nullptr ? config.size("head_dim")
                                                     : config.share(a.width, "num_attention_heads");
  read_common(config, a);
  a.qkv_bias = a.attention_out_bias = config.flag("attention_bias", false);
  a.mlp_bias = config.flag("mlp_bias", false);
  config.expect("rope_interleaved", false);
  config.ignore({"is_llama_config"});
  return a;
}

Json write_llama(const Architecture& a) {
  Json config = write_common(a);
  config["head_dim"] = a.head_width;
  config["attention_bias"] = a.qkv_bias;
  config["mlp_bias"] = a.mlp_bias;
  return config;
}

/// Which layers look at a sliding window: by name, or all from max_window_layers on.
std::vector<std::int64_t> read_windows(ConfigReader& config, std::int64_t layers) {
  const bool sliding = config.flag("use_sliding_window", false);
  const std::int64_t first = config.count("max_window_layers", 28);
  config.ignore({"sliding_window"});
  Json names = Json::array();
  for (std::int64_t layer = 0; layer < layers; ++layer)
    names.push_back(sliding && layer >= first ? "sliding_attention" : "full_attention");
  if (const Json* given = config.value("layer_types"); given != nullptr) {
    if (!given->is_array() || given->size() != names.size())
      config.refuse("layer_types", "one of full_attention and sliding_attention for each layer");
    names = *given;
  }
  std::vector<std::int64_t> windows;
  bool some = false;
  for (const Json& name : names) {
    if (name != "full_attention" && name != "sliding_attention")
      config.refuse("layer_types", "one of full_attention and sliding_attention for each layer");
    windows.push_back(name == "sliding_attention" ? config.size("sliding_window") : 0);
    some = some || windows.back() > 0;
  }
  if (some && !sliding) config.refuse("use_sliding_window", "layer_types says otherwise");
  return some ? windows : std::vector<std::int64_t>();
}

Json write_qwen(const Architecture& a) {
  Json config = write_common(a);
  std::int64_t window = 0;
  Json names = Json::array();
  for (std::int64_t layer = 0; layer < a.layers; ++layer) {
    window = std::max(window, a.window(layer));
    names.push_back(a.window(layer) > 0 ? "sliding_attention" : "full_attention");
  }
  config["use_sliding_window"] = window > 0;
  config["sliding_window"] = window > 0 ? Json(window) : Json();
  config["layer_types"] = names;
  return config;
}

Architecture read_qwen2(ConfigReader& config) {
  Architecture a;
  a.width = config.size("hidden_size");
  a.head_width = config.share(a.width, "num_attention_heads");
  read_common(config, a);
  a.attention_out_bias = false;
  a.windows = read_windows(config, a.layers);
  config.expect("use_mrope", false);
  return a;
}

Architecture read_qwen3(ConfigReader& config) {
  Architecture a;
  a.width = config.size("hidden_size");
  a.head_width = config.size("head_dim", 128);
  read_common(config, a);
  a.query_key_norm = true;
  a.qkv_bias = a.attention_out_bias = config.flag("attention_bias", false);
  a.windows = read_windows(config, a.layers);
  return a;
}

Json write_qwen3(const Architecture& a) {
  Json config = write_qwen(a);
  config["head_dim"] = a.head_width;
  config["attention_bias"] = a.qkv_bias;
  return config;
}

}  // namespace

constexpr ModelFamily kLlamaFamily{"llama", "LlamaForCausalLM", "model.",   kModel,
                                   kBlock,  kBuffers,           read_llama, write_llama};
constexpr ModelFamily kQwen2Family{"qwen2", "Qwen2ForCausalLM", "model.",   kModel,
                                   kBlock,  kBuffers,           read_qwen2, write_qwen};
constexpr ModelFamily kQwen3Family{"qwen3", "Qwen3ForCausalLM", "model.",   kModel,
                                   kBlock,  kBuffers,           read_qwen3, write_qwen3};

}  // namespace skillit::detail
