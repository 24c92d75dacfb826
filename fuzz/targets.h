#pragma once

#include <array>
#include <string_view>

namespace skillit::fuzz {

/// A reader of bytes that come from elsewhere. Given any bytes at all, `read` returns or throws
/// skillit::Error; anything else that it does is a bug, and libFuzzer says so.
struct Target {
  std::string_view name;  ///< Of its folder of seeds in fuzz/corpus.
  void (*read)(std::string_view bytes);
};

void read_answer_task(std::string_view bytes);
void read_compressed(std::string_view bytes);
void read_graph(std::string_view bytes);
void read_indexed_dataset(std::string_view bytes);
void read_instructions(std::string_view bytes);
void read_json_lines(std::string_view bytes);
void read_losses(std::string_view bytes);
void read_mds(std::string_view bytes);
void read_model_config(std::string_view bytes);
void read_npy(std::string_view bytes);
void read_pack_files(std::string_view bytes);
void read_pack_json(std::string_view bytes);
void read_recipe(std::string_view bytes);
void read_safetensors(std::string_view bytes);
void read_stream_state(std::string_view bytes);
void read_tensor_shards(std::string_view bytes);
void read_token_file(std::string_view bytes);
void read_tokenizer_json(std::string_view bytes);

inline constexpr std::array<Target, 18> kTargets{{
    {"answer_task", read_answer_task},
    {"compressed", read_compressed},
    {"graph", read_graph},
    {"indexed_dataset", read_indexed_dataset},
    {"instructions", read_instructions},
    {"json_lines", read_json_lines},
    {"losses", read_losses},
    {"mds", read_mds},
    {"model_config", read_model_config},
    {"npy", read_npy},
    {"pack_files", read_pack_files},
    {"pack_json", read_pack_json},
    {"recipe", read_recipe},
    {"safetensors", read_safetensors},
    {"stream_state", read_stream_state},
    {"tensor_shards", read_tensor_shards},
    {"token_file", read_token_file},
    {"tokenizer_json", read_tokenizer_json},
}};

}  // namespace skillit::fuzz
