#include <array>
#include <cmath>

#include "skillit/nn/model_family_private.h"

namespace skillit::detail {
namespace {

constexpr std::array<WeightRule, 4> kModel{
    {{"gpt_neox.embed_in.weight", "embedding"},
     {"gpt_neox.final_layer_norm.weight", "final_norm.weight"},
     {"gpt_neox.final_layer_norm.bias", "final_norm.bias"},
     {"embed_out.weight", "head.weight"}}};

constexpr std::array<WeightRule, 12> kBlock{{
    {"gpt_neox.layers.{}.input_layernorm.weight", "norm_1.weight"},
    {"gpt_neox.layers.{}.input_layernorm.bias", "norm_1.bias"},
    {"gpt_neox.layers.{}.attention.query_key_value.weight", "attention.qkv.weight", Part::kWhole,
     Layout::kByHead},
    {"gpt_neox.layers.{}.attention.query_key_value.bias", "attention.qkv.bias", Part::kWhole,
     Layout::kByHead},
    {"gpt_neox.layers.{}.attention.dense.weight", "attention.out.weight"},
    {"gpt_neox.layers.{}.attention.dense.bias", "attention.out.bias"},
    {"gpt_neox.layers.{}.post_attention_layernorm.weight", "norm_2.weight"},
    {"gpt_neox.layers.{}.post_attention_layernorm.bias", "norm_2.bias"},
    {"gpt_neox.layers.{}.mlp.dense_h_to_4h.weight", "mlp.in.weight"},
    {"gpt_neox.layers.{}.mlp.dense_h_to_4h.bias", "mlp.in.bias"},
    {"gpt_neox.layers.{}.mlp.dense_4h_to_h.weight", "mlp.out.weight"},
    {"gpt_neox.layers.{}.mlp.dense_4h_to_h.bias", "mlp.out.bias"},
}};

constexpr std::array<std::string_view, 3> kBuffers{".attention.bias", ".attention.masked_bias",
                                                   ".rotary_emb.inv_freq"};

Architecture read(ConfigReader& config) {
  Architecture a;
  a.vocabulary = config.size("vocab_size");
  a.width = config.size("hidden_size");
  a.layers = config.layers("num_hidden_layers");
  a.heads = a.kv_heads = config.size("num_attention_heads");
  a.context = config.size("max_position_embeddings");
  a.inner = config.size("intermediate_size");
  a.head_width = config.share(a.width, "num_attention_heads");
  a.epsilon = config.number("layer_norm_eps", 1e-5);
  a.activation = config.activation("hidden_act", "gelu");
  a.parallel = config.flag("use_parallel_residual", true);
  a.rotary = read_rotary(config, a.head_width, "rotary_emb_base", "rotary_pct", 0.25);
  a.attention_scale = 1 / std::sqrt(static_cast<double>(a.head_width));
  a.qkv_bias = a.attention_out_bias = config.flag("attention_bias", true);
  a.tied_head = config.flag("tie_word_embeddings", false);
  config.expect("is_decoder", false);
  return a;
}

Json write(const Architecture& a) {
  Json config{{"vocab_size", a.vocabulary},
              {"hidden_size", a.width},
              {"num_hidden_layers", a.layers},
              {"num_attention_heads", a.heads},
              {"max_position_embeddings", a.context},
              {"intermediate_size", a.inner},
              {"layer_norm_eps", a.epsilon},
              {"hidden_act", activation_name(a.activation)},
              {"use_parallel_residual", a.parallel},
              {"attention_bias", a.qkv_bias},
              {"rotary_pct", rotary_part(a.rotary.dims, a.head_width)},
              {"hidden_dropout", 0.0},
              {"attention_dropout", 0.0},
              {"tie_word_embeddings", a.tied_head}};
  write_rotary(a.rotary, "rotary_emb_base", config);
  return config;
}

}  // namespace

constexpr ModelFamily kGptNeoxFamily{
    "gpt_neox", "GPTNeoXForCausalLM", "gpt_neox.", kModel, kBlock, kBuffers, read, write};

}  // namespace skillit::detail
