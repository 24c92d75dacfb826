#include "skillit/nn/model_config.h"

#include <gtest/gtest.h>

#include <cmath>

#include "skillit/nn/config_reader_private.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

Architecture parse(const std::string& text) {
  return parse_model_config(text, "config.json");
}

// The fields of published models' files, as they are.
constexpr const char* kGpt2 = R"({"activation_function": "gelu_new",
  "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 50256,
  "embd_pdrop": 0.1, "eos_token_id": 50256, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05,
  "model_type": "gpt2", "n_ctx": 1024, "n_embd": 768, "n_head": 12, "n_layer": 12,
  "n_positions": 1024, "resid_pdrop": 0.1, "summary_activation": null,
  "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
  "summary_use_proj": true, "vocab_size": 50257,
  "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50}}})";
constexpr const char* kGptNeo = R"({"activation_function": "gelu_new",
  "architectures": ["GPTNeoForCausalLM"], "attention_dropout": 0, "attention_layers":
  ["global", "local", "global", "local", "global", "local", "global", "local", "global", "local",
  "global", "local"], "attention_types": [[["global", "local"], 6]], "bos_token_id": 50256,
  "embed_dropout": 0, "eos_token_id": 50256, "gradient_checkpointing": false, "hidden_size": 768,
  "initializer_range": 0.02, "intermediate_size": null, "layer_norm_epsilon": 1e-05,
  "max_position_embeddings": 2048, "model_type": "gpt_neo", "num_heads": 12, "num_layers": 12,
  "resid_dropout": 0, "summary_activation": null, "summary_first_dropout": 0.1,
  "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true,
  "transformers_version": "4.9.0.dev0", "use_cache": true, "vocab_size": 50257,
  "window_size": 256})";
constexpr const char* kPythia = R"({"architectures": ["GPTNeoXForCausalLM"], "bos_token_id": 0,
  "eos_token_id": 0, "hidden_act": "gelu", "hidden_size": 768, "initializer_range": 0.02,
  "intermediate_size": 3072, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048,
  "model_type": "gpt_neox", "num_attention_heads": 12, "num_hidden_layers": 12,
  "rotary_emb_base": 10000, "rotary_pct": 0.25, "tie_word_embeddings": false,
  "torch_dtype": "float16", "transformers_version": "4.24.0", "use_cache": true,
  "use_parallel_residual": true, "vocab_size": 50304})";
constexpr const char* kLlama32 = R"({"architectures": ["LlamaForCausalLM"],
  "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 128000,
  "eos_token_id": 128001, "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048,
  "initializer_range": 0.02, "intermediate_size": 8192, "max_position_embeddings": 131072,
  "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 16,
  "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling":
  {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
   "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "rope_theta": 500000.0,
  "tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.45.0.dev0",
  "use_cache": true, "vocab_size": 128256})";
constexpr const char* kQwen25 = R"({"architectures": ["Qwen2ForCausalLM"],
  "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu",
  "hidden_size": 896, "initializer_range": 0.02, "intermediate_size": 4864,
  "max_position_embeddings": 32768, "max_window_layers": 24, "model_type": "qwen2",
  "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
  "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
  "tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.40.1",
  "use_cache": true, "use_mrope": false, "use_sliding_window": false, "vocab_size": 151936})";
constexpr const char* kQwen3 = R"({"architectures": ["Qwen3ForCausalLM"],
  "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 151643,
  "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024,
  "initializer_range": 0.02, "intermediate_size": 3072, "max_position_embeddings": 40960,
  "max_window_layers": 28, "model_type": "qwen3", "num_attention_heads": 16,
  "num_hidden_layers": 28, "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": null,
  "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": true,
  "torch_dtype": "bfloat16", "transformers_version": "4.51.0", "use_cache": true,
  "use_sliding_window": false, "vocab_size": 151936})";

TEST(ModelConfig, PublishedModelsAreReadAsTheyAre) {
  // Weights of the matrices alone, from the shapes in their papers or model cards.
  const Architecture gpt2 = parse(kGpt2);
  EXPECT_EQ(gpt2.matrix_weights(), 12 * 12 * 768 * 768 + 50257 * 768);
  EXPECT_TRUE(gpt2.learned_positions && gpt2.tied_head);
  EXPECT_EQ(gpt2.activation, Activation::kGeluTanh);
  const Architecture neo = parse(kGptNeo);
  EXPECT_EQ(neo.matrix_weights(), gpt2.matrix_weights());
  EXPECT_EQ(neo.attention_scale, 1);
  EXPECT_EQ(neo.window(0), 0);
  EXPECT_EQ(neo.window(11), 256);
  const Architecture pythia = parse(kPythia);
  EXPECT_EQ(pythia.matrix_weights(), 12 * 12 * 768 * 768 + 2 * 50304 * 768);
  EXPECT_EQ(pythia.rotary.dims, 16);
  EXPECT_TRUE(pythia.parallel);
  const Architecture llama = parse(kLlama32);
  EXPECT_EQ(llama.block_weights(), 16 * (2 * 2048 * 2048 + 2 * 2048 * 512 + 3 * 2048 * 8192));
  EXPECT_EQ(llama.rotary.scaling, RotaryScaling::kLlama3);
  const Architecture qwen2 = parse(kQwen25);
  EXPECT_TRUE(qwen2.qkv_bias && !qwen2.attention_out_bias && qwen2.windows.empty());
  const Architecture qwen3 = parse(kQwen3);
  EXPECT_TRUE(qwen3.query_key_norm && qwen3.head_width == 128 && !qwen3.qkv_bias);
}

TEST(ModelConfig, WhatIsWrittenForAnArchitectureDescribesIt) {
  for (const char* text : {kGpt2, kGptNeo, kPythia, kLlama32, kQwen25, kQwen3}) {
    const Architecture architecture = parse(text);
    EXPECT_EQ(parse(make_model_config(architecture)), architecture) << text;
  }
  for (const char* positions : {"rotary", "learned"}) {  // Every shape that a recipe can ask for.
    for (const char* activation : {"gelu", "gelu-tanh"}) {
      GptOptions options;
      options.positions = positions;
      options.activation = activation;
      const Architecture architecture = architecture_of(options, 77);
      EXPECT_EQ(parse(make_model_config(architecture)), architecture) << positions << activation;
    }
  }
  Architecture none = parse(kPythia);
  none.norm = NormKind::kRms;  // Parallel parts with RMS norms: no family here.
  expect_error(ErrorCode::kBadArgument, {"no published family"},
               [&] { (void)make_model_config(none); });
}

TEST(ModelConfig, EveryShareOfAHeadThatTurnsSurvivesItsFraction) {
  for (std::int64_t width = 2; width <= 256; ++width) {
    for (std::int64_t dims = 2; dims <= width; dims += 2) {
      const double part = detail::rotary_part(dims, width);
      ASSERT_LE(part, 1);
      ASSERT_EQ(static_cast<std::int64_t>(static_cast<double>(width) * part), dims) << width;
    }
  }
}

TEST(ModelConfig, AFieldNobodyReadsIsRefusedAndSoIsAnUnsupportedValue) {
  const auto refused = [](const char* base, const std::string& from, const std::string& to,
                          std::initializer_list<std::string_view> words) {
    std::string text = base;
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    expect_error(ErrorCode::kBadFormat, words, [&] { (void)parse(text); });
  };
  refused(kGpt2, R"("n_ctx")", R"("noise": 3, "n_ctx")", {"config.json", "noise", "not known"});
  refused(kGpt2, R"("n_head": 12)", R"("n_head": 5)", {"n_head", "divide 768"});
  refused(kGpt2, R"("n_embd": 768)", R"("n_embd": -1)", {"n_embd", "whole number"});
  refused(kGpt2, R"("n_embd": 768)", R"("n_embd": 1e300)", {"n_embd", "whole number"});
  refused(kGpt2, R"("n_embd": 768, )", "", {"lacks 'n_embd'"});
  refused(kGpt2, R"("gelu_new")", R"("relu")", {"activation_function", "relu", "silu"});
  refused(kGpt2, R"("model_type": "gpt2")", R"("model_type": "bert")", {"bert", "gpt_neox"});
  refused(kGptNeo, R"([[["global", "local"], 6]])", R"([[["global"], 1000000000]])",
          {"attention_types"});
  refused(kGptNeo, R"(["global", "local", "global")", R"(["local", "local", "global")",
          {"attention_layers"});
  refused(kPythia, R"("rotary_pct": 0.25)", R"("rotary_pct": 1e300)", {"rotary_pct", "even"});
  refused(kLlama32, R"("rope_type": "llama3")", R"("rope_type": "yarn")",
          {"config.json: rope_scaling", "yarn", "llama3"});
  refused(kLlama32, R"("low_freq_factor": 1.0)", R"("low_freq_factor": 9)", {"high_freq_factor"});
  refused(kLlama32, R"("vocab_size")", R"("quantization_config": {"bits": 4}, "vocab_size")",
          {"quantization_config"});
  refused(kLlama32, R"("num_key_value_heads": 8)", R"("num_key_value_heads": 5)",
          {"num_key_value_heads", "divide"});
  refused(kQwen25, R"("use_sliding_window")", R"("layer_types": ["full_attention"],
          "use_sliding_window")",
          {"layer_types"});
  refused(kQwen25, R"("hidden_size": 896)", R"("hidden_size": 14000000)", {"weights", "at most"});
}

}  // namespace
}  // namespace skillit
