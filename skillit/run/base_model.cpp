#include "skillit/run/base_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/rng.h"
#include "skillit/config/dump.h"
#include "skillit/data/mixture_stream.h"
#include "skillit/nn/pretrained.h"
#include "skillit/run/dataset.h"
#include "skillit/run/runtime.h"
#include "skillit/train/checkpoint.h"
#include "skillit/train/evaluator.h"
#include "skillit/train/trainer.h"

namespace skillit {
namespace {

constexpr std::int64_t kProgressEvery = 50;

/// Names the base after the first `count` stages: all that decides its weights, besides the code.
/// Options at their default do not count, so that a new option leaves old bases valid.
std::string stages_fingerprint(const Recipe& recipe, std::size_t count) {
  GptOptions model = recipe.model;
  model.layers = GptOptions().layers;  // Each stage says its own.
  std::string text = fmt::format("seed {}, {}\n", recipe.base_seed, recipe.precision);
  text += fmt::format("{}\n", fmt::join(config::diff(model, GptOptions()), "\n"));
  for (std::size_t i = 0; i < count; ++i)
    text += fmt::format("stage\n{}\n", fmt::join(config::diff(recipe.base[i], BaseStage()), "\n"));
  return fingerprint(text);
}

std::filesystem::path find_base(const std::string& name, const std::filesystem::path& runs) {
  for (const auto& folder : base_folders(runs)) {
    const auto file = folder / (name + ".safetensors");
    if (std::filesystem::exists(file)) return file;
  }
  return {};
}

/// Blocks that the previous stage did not have start with small output projections, so that they
/// change little at first.
void soften_fresh_blocks(Gpt& model, std::int64_t first, double scale) {
  const torch::NoGradGuard no_gradient;
  auto weights = model.parameters().named();
  for (std::int64_t layer = first; layer < model.architecture().layers; ++layer) {
    for (const char* name : {"attention.out.weight", "mlp.out.weight"}) {
      weights.at(fmt::format("blocks.{}.{}", layer, name)).mul_(scale);
    }
  }
  model.parameters().publish();
}

/// Trains `model` on one stage's task. @return what it achieved, in words; nothing when stopped.
std::optional<std::string> train_stage(const Recipe& recipe, std::size_t index,
                                       const Dataset& dataset, const Runtime& runtime, Gpt& model,
                                       StudyObserver& observer) {
  const BaseStage& stage = recipe.base[index];
  const auto seed = derive_seed(static_cast<std::uint64_t>(recipe.base_seed), "base stage", index);
  const std::string name =
      fmt::format("base {}/{}: {}", index + 1, recipe.base.size(), stage.data.source);
  Trainer trainer(model, stage.optimizer, stage.steps, runtime.recompute);
  const Evaluator evaluator(dataset.validation, dataset.eval_skills,
                            evaluation_limit(model.architecture()), runtime.device);
  MixtureStream stream(std::vector<std::uint64_t>{dataset.train[0].size()}, seed);
  stream.begin_block(Mixture::uniform(1), static_cast<std::uint64_t>(stage.steps * stage.batch));
  std::vector<SampleRef> refs(static_cast<std::size_t>(stage.batch));
  std::int64_t tokens = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();
  for (std::int64_t step = 0; step < stage.steps; ++step) {
    if (observer.stop_requested()) return std::nullopt;
    stream.read(refs);
    std::vector<Sample> samples;
    for (const SampleRef& ref : refs) samples.push_back(dataset.train[ref.skill][ref.index]);
    tokens += trainer.step(make_batches(samples, recipe.micro_batch, runtime.device)).num_tokens;
    if (step % kProgressEvery == 0) loss = evaluator.measure(model).losses.mean();
    observer.on_status({name, recipe.base_seed, step + 1, stage.steps, 0, 1, tokens, loss,
                        step + 1 == stage.steps});
  }
  const Evaluation last = evaluator.measure(model);
  return fmt::format("{}: loss {:.4f}, accuracy {:.3f}", stage.data.source, last.losses.mean(),
                     last.accuracies[0]);
}

/// Trains stage `index` on top of `previous` (none for the first). @return its file; nothing when
/// stopped.
std::optional<std::filesystem::path> train_next_stage(const Recipe& recipe, std::size_t index,
                                                      const std::filesystem::path& previous,
                                                      const std::filesystem::path& runs,
                                                      StudyObserver& observer) {
  const BaseStage& stage = recipe.base[index];
  const Dataset dataset =
      make_dataset(stage.data, stage.steps * stage.batch,
                   derive_seed(static_cast<std::uint64_t>(recipe.base_seed), "base data", index));
  GptOptions sized = recipe.model;
  sized.layers = stage.layers;
  const Architecture architecture =
      architecture_of(sized, static_cast<std::int64_t>(dataset.tokenizer->vocabulary_size()));
  const Runtime runtime = choose_runtime(recipe, architecture);
  Gpt model(architecture, static_cast<std::uint64_t>(recipe.base_seed), runtime.device,
            runtime.compute);
  if (!previous.empty()) {
    load_model(previous, model, /*allow_missing=*/true);
    soften_fresh_blocks(model, recipe.base[index - 1].layers, stage.fresh_scale);
  }
  const auto achieved = train_stage(recipe, index, dataset, runtime, model, observer);
  if (!achieved) return std::nullopt;
  observer.on_message(fmt::format("base {}/{}: {}", index + 1, recipe.base.size(), *achieved));
  const auto file = runs / "base" / (stages_fingerprint(recipe, index + 1) + ".safetensors");
  save_model(
      file, model,
      {{"format", "skillit base"}, {"stage", std::to_string(index + 1)}, {"summary", *achieved}});
  return file;
}

}  // namespace

std::string base_fingerprint(const Recipe& recipe) {
  return stages_fingerprint(recipe, recipe.base.size());
}

std::vector<std::filesystem::path> base_folders(const std::filesystem::path& runs) {
  return {runs / "base", std::filesystem::path(SKILLIT_RECIPES_SOURCE) / "base",
          std::filesystem::path(SKILLIT_RECIPES_INSTALLED) / "base"};
}

std::optional<BaseModel> ensure_base_model(const Recipe& recipe, const std::filesystem::path& runs,
                                           StudyObserver& observer) {
  if (!recipe.model.folder.empty()) {
    const std::filesystem::path folder = recipe.model.folder;
    return BaseModel{folder, PretrainedFolder::open(folder).fingerprint()};
  }
  if (recipe.base.empty()) return std::nullopt;
  // The last stage that is there already; its successors are trained from it.
  std::size_t done = recipe.base.size();
  std::filesystem::path file;
  for (; done > 0; --done) {
    file = find_base(stages_fingerprint(recipe, done), runs);
    if (!file.empty()) break;
  }
  for (; done < recipe.base.size(); ++done) {
    const auto trained = train_next_stage(recipe, done, file, runs, observer);
    if (!trained) return std::nullopt;
    file = *trained;
  }
  return BaseModel{file, base_fingerprint(recipe)};
}

}  // namespace skillit
