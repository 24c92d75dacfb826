#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/fields.h"
#include "skillit/config/problems.h"
#include "skillit/nn/gpt_options.h"
#include "skillit/run/data_options.h"
#include "skillit/run/learn_options.h"
#include "skillit/run/stream_recipe.h"
#include "skillit/select/setting.h"
#include "skillit/train/optimizer_options.h"

namespace skillit {

inline constexpr std::array<std::string_view, 4> kPrecisions{"fp32", "tf32", "bf16", "auto"};
inline constexpr std::array<std::string_view, 3> kDevices{"auto", "cpu", "cuda"};
inline constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;

/// One stage of training the base model that every run of a study starts from.
struct BaseStage {
  DataOptions data;
  std::int64_t layers = 6;   ///< Blocks from this stage on; more than before = fresh ones on top.
  double fresh_scale = 0.3;  ///< Factor on the output projections of fresh blocks.
  std::int64_t steps = 1000;
  std::int64_t batch = 64;
  OptimizerOptions optimizer;

  static constexpr auto fields() {
    using S = BaseStage;
    return std::tuple{
        config::field("data", &S::data, "what this stage learns"),
        config::field("layers", &S::layers, "transformer blocks from this stage on",
                      config::between(1, 1000)),
        config::field("fresh_scale", &S::fresh_scale,
                      "factor on the output projections of blocks added here",
                      config::between(0.0, 10.0)),
        config::field("steps", &S::steps, "training steps", config::between(1, kMostSteps)),
        config::field("batch", &S::batch, "samples per step", config::between(1, 1 << 20)),
        config::field("optimizer", &S::optimizer, "optimizer of this stage"),
    };
  }
};

/// Everything that decides a study: data, model, budget, methods, seeds. What a recipe file and
/// key=value set.
struct Recipe {
  std::string name = "study";  ///< Folder of the results.
  DataOptions data;
  std::vector<std::string> train_on;     ///< Skills; empty = all.
  std::vector<std::string> evaluate_on;  ///< Skills; empty = all.
  StreamRecipe stream;
  std::string setting = "auto";
  std::vector<std::string> targets;     ///< Instead of evaluate_on.
  std::map<std::string, double> prior;  ///< Empty = all 1.
  GptOptions model;
  std::vector<BaseStage> base;  ///< Empty = from random weights.
  OptimizerOptions optimizer;
  std::int64_t steps = 1500;
  std::int64_t rounds = 12;  ///< The mixture is chosen anew at the start of each.
  std::int64_t batch = 64;
  std::int64_t micro_batch = 0;
  bool recompute = false;
  std::int64_t eval_every = 25;  ///< Steps; each round's end and the last step are evaluated too.
  std::int64_t checkpoint_every = 0;
  std::string graph = "none";
  LearnOptions learn;
  std::vector<std::string> methods{"random", "stratified", "skillit"};
  std::vector<std::int64_t> seeds{0, 1, 2};
  std::int64_t base_seed = 0;
  double threshold = 0.1;
  std::string precision = "fp32";
  std::string device = "auto";
  std::int64_t parallel = 0;

  static constexpr auto fields() {
    using R = Recipe;
    return std::tuple{
        config::field("name", &R::name, "the study's name and folder"),
        config::field("data", &R::data, "skills and samples"),
        config::field("train_on", &R::train_on, "skills to train on, none = all"),
        config::field("evaluate_on", &R::evaluate_on,
                      "skills that are measured and chosen for, none = all"),
        config::field("stream", &R::stream, "how samples follow the mixture"),
        config::choice("setting", &R::setting, kSettings,
                       "pretrain: what is trained on is evaluated; finetune: some of it; "
                       "out-of-domain: other skills; auto: whichever it is"),
        config::field("targets", &R::targets,
                      "skills that count, instead of evaluate_on; out of domain they are not "
                      "trained on"),
        config::field("prior", &R::prior,
                      "weight of every training skill before anything is measured; none = equal",
                      config::at_least(0.0)),
        config::field("model", &R::model, "shape of the model"),
        config::field("base", &R::base,
                      "stages that train the model every run starts from; none = random weights"),
        config::field("optimizer", &R::optimizer, "AdamW and its schedule"),
        config::field("steps", &R::steps, "training steps of each run",
                      config::between(1, kMostSteps)),
        config::field("rounds", &R::rounds, "how often the mixture is chosen", config::at_least(1)),
        config::field("batch", &R::batch, "samples per step", config::between(1, 1 << 20)),
        config::field("micro_batch", &R::micro_batch,
                      "samples that go forwards and backwards at once, so that a large batch needs "
                      "less memory; 0 = the whole batch",
                      config::between(0, 1 << 20)),
        config::field(
            "recompute", &R::recompute,
            "keep only each block's input for the backward pass, which computes the block "
            "once more (activation checkpointing): less memory, a fifth to a quarter more "
            "time, the same results"),
        config::field("eval_every", &R::eval_every, "steps between evaluations",
                      config::at_least(1)),
        config::field("checkpoint_every", &R::checkpoint_every,
                      "steps between checkpoints inside a round, 0 = at round ends only",
                      config::at_least(0)),
        config::field(
            "graph", &R::graph,
            "skills graph: none, paper (the published one of LEGO or addition), learn, or a file"),
        config::field("learn", &R::learn, "how graph=learn and skillit graph learn find it"),
        config::field("methods", &R::methods, "methods to compare, as in skillit:eta=0.5,window=3"),
        config::field("seeds", &R::seeds,
                      "one run of each method per seed; the same seed means the same data"),
        config::field("base_seed", &R::base_seed, "seed of the base model, shared by all runs",
                      config::at_least(0)),
        config::field("threshold", &R::threshold, "mean loss whose first crossing is reported",
                      config::above(0.0)),
        config::choice("precision", &R::precision, kPrecisions,
                       "of the computation, tf32 on a GPU only; master weights are always fp32"),
        config::choice("device", &R::device, kDevices, "auto = a GPU when there is one"),
        config::field("parallel", &R::parallel,
                      "runs at a time, 0 = chosen by the cores, memory and a short measurement",
                      config::between(0, 1024)),
    };
  }
  void validate(config::Problems& problems) const;
};

/// The recipe as one run of its study sees it: what does not change the run's outcome is set to its
/// default, so that adding a seed or a method to a study leaves its other runs valid.
[[nodiscard]] Recipe for_one_run(const Recipe& recipe, const std::string& method,
                                 std::int64_t seed);

/// A built-in recipe by name ("lego") or a file by path, with `overrides` ("steps=100") applied on
/// top. `tokenizer` is what data.tokenizer=auto stands for without a model.folder.
/// @throws Error kNotFound (with the nearest name), kBadFormat (every problem at once, with line
/// numbers).
[[nodiscard]] Recipe load_recipe(const std::string& name_or_path,
                                 const std::vector<std::string>& overrides,
                                 const std::string& tokenizer = "byte");

struct BuiltinRecipe {
  std::string_view name;
  std::string_view text;
};
/// The files of recipes/, compiled in.
[[nodiscard]] const std::vector<BuiltinRecipe>& builtin_recipes();

}  // namespace skillit
