#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "skillit/config/fields.h"
#include "skillit/config/problems.h"

namespace skillit {

inline constexpr std::array<std::string_view, 2> kPositions{"rotary", "learned"};
inline constexpr std::array<std::string_view, 2> kActivations{"gelu", "gelu-tanh"};

/// The model of a recipe: a published one, or the shape of a decoder-only transformer with
/// pre-LayerNorm blocks, biases and tied input and output embeddings. `rotary` is the GPT-NeoX form
/// (rotate halves), `learned` the GPT-2 form. `model=FOLDER` on the command line sets `folder`.
struct GptOptions {
  static constexpr std::string_view kShortForm = "folder";

  std::string folder;  ///< As PretrainedFolder reads it; then the shape below does not count.
  std::int64_t layers = 6;
  std::int64_t width = 64;
  std::int64_t heads = 4;
  std::int64_t context =
      256;  ///< Most tokens a sequence may have (rows of the table with learned positions).
  std::string positions = "rotary";
  std::string activation = "gelu";  ///< gelu-tanh is what GPT-2 and GPT-Neo use.

  static constexpr auto fields() {
    using O = GptOptions;
    return std::tuple{
        config::field(
            "folder", &O::folder,
            "a model to continue: a folder with config.json and safetensors, which decide "
            "the shape instead of the other keys here"),
        config::field("layers", &O::layers, "transformer blocks", config::between(1, 1000)),
        config::field("width", &O::width, "size of the hidden state", config::between(1, 1 << 16)),
        config::field("heads", &O::heads, "attention heads; divides width",
                      config::between(1, 1024)),
        config::field("context", &O::context, "most tokens in a sequence",
                      config::between(2, 1 << 20)),
        config::choice("positions", &O::positions, kPositions, "how positions enter"),
        config::choice("activation", &O::activation, kActivations, "in the feed-forward part"),
    };
  }
  void validate(config::Problems& problems) const {
    if (!folder.empty()) return;
    if (width % heads != 0)
      problems.add("heads", "must divide width");
    else if (positions == "rotary" && (width / heads) % 2 != 0)
      problems.add("heads", "width / heads must be even with rotary positions");
  }
};

}  // namespace skillit
