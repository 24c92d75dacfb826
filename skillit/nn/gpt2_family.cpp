#include <array>
#include <cmath>

#include "skillit/nn/model_family_private.h"

namespace skillit::detail {
namespace {

constexpr auto kTransposed = Layout::kTransposed;  // Its Conv1D keeps matrices as [in, out].

constexpr std::array<WeightRule, 5> kModel{{{"transformer.wte.weight", "embedding"},
                                            {"transformer.wpe.weight", "positions"},
                                            {"transformer.ln_f.weight", "final_norm.weight"},
                                            {"transformer.ln_f.bias", "final_norm.bias"},
                                            {"lm_head.weight", "head.weight"}}};

constexpr std::array<WeightRule, 12> kBlock{{
    {"transformer.h.{}.ln_1.weight", "norm_1.weight"},
    {"transformer.h.{}.ln_1.bias", "norm_1.bias"},
    {"transformer.h.{}.attn.c_attn.weight", "attention.qkv.weight", Part::kWhole, kTransposed},
    {"transformer.h.{}.attn.c_attn.bias", "attention.qkv.bias"},
    {"transformer.h.{}.attn.c_proj.weight", "attention.out.weight", Part::kWhole, kTransposed},
    {"transformer.h.{}.attn.c_proj.bias", "attention.out.bias"},
    {"transformer.h.{}.ln_2.weight", "norm_2.weight"},
    {"transformer.h.{}.ln_2.bias", "norm_2.bias"},
    {"transformer.h.{}.mlp.c_fc.weight", "mlp.in.weight", Part::kWhole, kTransposed},
    {"transformer.h.{}.mlp.c_fc.bias", "mlp.in.bias"},
    {"transformer.h.{}.mlp.c_proj.weight", "mlp.out.weight", Part::kWhole, kTransposed},
    {"transformer.h.{}.mlp.c_proj.bias", "mlp.out.bias"},
}};

constexpr std::array<std::string_view, 2> kBuffers{".attn.bias", ".attn.masked_bias"};

Architecture read(ConfigReader& config) {
  Architecture a;
  a.vocabulary = config.size("vocab_size");
  a.width = config.size("n_embd");
  a.layers = config.layers("n_layer");
  a.heads = a.kv_heads = config.size("n_head");
  a.context = config.size("n_positions");
  a.inner = config.size("n_inner", 4 * a.width);
  a.head_width = config.share(a.width, "n_head");
  a.epsilon = config.number("layer_norm_epsilon", 1e-5);
  a.activation = config.activation("activation_function", "gelu_new");
  a.learned_positions = true;
  a.attention_scale = 1 / std::sqrt(static_cast<double>(a.head_width));
  if (!config.flag("scale_attn_weights", true)) a.attention_scale = 1;
  a.tied_head = config.flag("tie_word_embeddings", true);
  config.expect("scale_attn_by_inverse_layer_idx", false);
  config.expect("add_cross_attention", false);
  config.ignore({"reorder_and_upcast_attn", "summary_activation", "summary_first_dropout",
                 "summary_proj_to_labels", "summary_type", "summary_use_proj"});
  return a;
}

Json write(const Architecture& a) {
  return {{"vocab_size", a.vocabulary},
          {"n_embd", a.width},
          {"n_layer", a.layers},
          {"n_head", a.heads},
          {"n_positions", a.context},
          {"n_inner", a.inner},
          {"layer_norm_epsilon", a.epsilon},
          {"activation_function", activation_name(a.activation)},
          {"resid_pdrop", 0.0},
          {"embd_pdrop", 0.0},
          {"attn_pdrop", 0.0},
          {"tie_word_embeddings", a.tied_head}};
}

}  // namespace

constexpr ModelFamily kGpt2Family{"gpt2", "GPT2LMHeadModel", "transformer.", kModel,
                                  kBlock, kBuffers,          read,           write};

}  // namespace skillit::detail
