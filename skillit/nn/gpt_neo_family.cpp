#include <algorithm>
#include <array>

#include "skillit/nn/model_family_private.h"

namespace skillit::detail {
namespace {

constexpr std::array<WeightRule, 5> kModel{{{"transformer.wte.weight", "embedding"},
                                            {"transformer.wpe.weight", "positions"},
                                            {"transformer.ln_f.weight", "final_norm.weight"},
                                            {"transformer.ln_f.bias", "final_norm.bias"},
                                            {"lm_head.weight", "head.weight"}}};

constexpr std::array<WeightRule, 13> kBlock{{
    {"transformer.h.{}.ln_1.weight", "norm_1.weight"},
    {"transformer.h.{}.ln_1.bias", "norm_1.bias"},
    {"transformer.h.{}.attn.attention.q_proj.weight", "attention.qkv.weight", Part::kQueries},
    {"transformer.h.{}.attn.attention.k_proj.weight", "attention.qkv.weight", Part::kKeys},
    {"transformer.h.{}.attn.attention.v_proj.weight", "attention.qkv.weight", Part::kValues},
    {"transformer.h.{}.attn.attention.out_proj.weight", "attention.out.weight"},
    {"transformer.h.{}.attn.attention.out_proj.bias", "attention.out.bias"},
    {"transformer.h.{}.ln_2.weight", "norm_2.weight"},
    {"transformer.h.{}.ln_2.bias", "norm_2.bias"},
    {"transformer.h.{}.mlp.c_fc.weight", "mlp.in.weight"},
    {"transformer.h.{}.mlp.c_fc.bias", "mlp.in.bias"},
    {"transformer.h.{}.mlp.c_proj.weight", "mlp.out.weight"},
    {"transformer.h.{}.mlp.c_proj.bias", "mlp.out.bias"},
}};

constexpr std::array<std::string_view, 2> kBuffers{".attention.bias", ".attention.masked_bias"};

constexpr std::string_view kTypesForm =
    "a list such as [[[\"global\", \"local\"], 6]] was expected, for as many layers as there are";

/// attention_types: pairs of a pattern and how often it repeats -> "global" or "local" by layer.
std::vector<std::string> expand(ConfigReader& config, const Json& types, std::size_t layers) {
  const char* const key = "attention_types";
  std::vector<std::string> names;
  if (!types.is_array()) config.refuse(key, std::string(kTypesForm));
  for (const Json& item : types) {
    const bool fits = item.is_array() && item.size() == 2 && item[0].is_array() &&
                      item[1].is_number_unsigned() && item[1].get<std::uint64_t>() <= layers;
    if (!fits) config.refuse(key, std::string(kTypesForm));
    for (std::uint64_t i = 0; i < item[1].get<std::uint64_t>() && names.size() <= layers; ++i) {
      for (const Json& name : item[0]) {
        if (name != "global" && name != "local") config.refuse(key, std::string(kTypesForm));
        names.push_back(name);
      }
    }
  }
  if (names.size() != layers) config.refuse(key, std::string(kTypesForm));
  return names;
}

std::vector<std::int64_t> read_windows(ConfigReader& config, std::int64_t layers) {
  const std::int64_t window = config.size("window_size", 256);
  const Json usual = Json::array({Json::array({Json::array({"global", "local"}), 12})});
  const Json* given = config.value("attention_types");
  const auto names =
      expand(config, given == nullptr ? usual : *given, static_cast<std::size_t>(layers));
  config.expect("attention_layers", Json(names));  // The same, written out.
  std::vector<std::int64_t> windows;
  for (const std::string& name : names) windows.push_back(name == "local" ? window : 0);
  const bool some = std::any_of(windows.begin(), windows.end(), [](auto w) { return w > 0; });
  return some ? windows : std::vector<std::int64_t>();
}

Architecture read(ConfigReader& config) {
  Architecture a;
  a.vocabulary = config.size("vocab_size");
  a.width = config.size("hidden_size");
  a.layers = config.layers("num_layers");
  a.heads = a.kv_heads = config.size("num_heads");
  a.context = config.size("max_position_embeddings");
  a.inner = config.size("intermediate_size", 4 * a.width);
  a.head_width = config.share(a.width, "num_heads");
  a.epsilon = config.number("layer_norm_epsilon", 1e-5);
  a.activation = config.activation("activation_function", "gelu_new");
  a.learned_positions = true;
  a.attention_scale = 1;
  a.windows = read_windows(config, a.layers);
  a.qkv_bias = false;
  a.tied_head = config.flag("tie_word_embeddings", true);
  config.ignore({"summary_activation", "summary_first_dropout", "summary_proj_to_labels",
                 "summary_type", "summary_use_proj"});
  return a;
}

Json write(const Architecture& a) {
  std::int64_t window = 1;
  Json names = Json::array();
  for (std::int64_t layer = 0; layer < a.layers; ++layer) {
    window = std::max(window, a.window(layer));
    names.push_back(a.window(layer) > 0 ? "local" : "global");
  }
  return {{"vocab_size", a.vocabulary},
          {"hidden_size", a.width},
          {"num_layers", a.layers},
          {"num_heads", a.heads},
          {"max_position_embeddings", a.context},
          {"intermediate_size", a.inner},
          {"layer_norm_epsilon", a.epsilon},
          {"activation_function", activation_name(a.activation)},
          {"window_size", window},
          {"attention_types", Json::array({Json::array({names, 1})})},
          {"resid_dropout", 0.0},
          {"embed_dropout", 0.0},
          {"attention_dropout", 0.0},
          {"tie_word_embeddings", a.tied_head}};
}

}  // namespace

constexpr ModelFamily kGptNeoFamily{
    "gpt_neo", "GPTNeoForCausalLM", "transformer.", kModel, kBlock, kBuffers, read, write};

}  // namespace skillit::detail
