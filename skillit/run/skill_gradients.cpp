#include "skillit/run/skill_gradients.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <limits>

#include "skillit/base/rng.h"
#include "skillit/data/keyed_permutation.h"
#include "skillit/nn/cross_entropy.h"
#include "skillit/run/start_model.h"
#include "skillit/train/checkpoint.h"

namespace skillit {
namespace {

using Gradient = std::vector<float>;

/// Of the mean loss on up to recipe.learn.gradient_samples samples of the store, chosen by `key`.
Gradient gradient_on(Gpt& model, const SampleStore& store, const Recipe& recipe,
                     std::uint64_t key) {
  const KeyedPermutation order(store.size(), key);
  const auto most = static_cast<std::uint64_t>(recipe.learn.gradient_samples);
  std::vector<Sample> samples;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(store.size(), most); ++i)
    samples.push_back(store[order(i)]);
  model.parameters().zero_gradient();
  const std::vector<Batch> pieces = make_batches(samples, recipe.micro_batch, model.device());
  std::int64_t scored = 0;
  for (const Batch& piece : pieces) scored += piece.num_scored();
  for (const Batch& piece : pieces) {
    const auto hidden = model.hidden(piece, recipe.recompute);
    cross_entropy(hidden, model.head(), piece.targets, scored).backward();
  }
  const torch::Tensor flat = model.parameters().gradient().to(torch::kCPU, torch::kFloat32);
  const float* const values = flat.contiguous().data_ptr<float>();
  return {values, values + flat.numel()};
}

std::vector<std::span<const float>> views(const std::vector<Gradient>& gradients) {
  return {gradients.begin(), gradients.end()};
}

}  // namespace

std::optional<std::vector<GradientProducts>> measure_skill_gradients(
    const Recipe& recipe, const std::optional<BaseModel>& base, const ProbeRunner& runner,
    const GradientOptions& options, StudyObserver& observer) {
  const std::size_t total = runner.train_skills().size() + runner.eval_skills().size();
  observer.on_study("graph", recipe.learn.seeds.size(), static_cast<std::int64_t>(total));
  std::vector<GradientProducts> products;
  for (const std::int64_t signed_seed : recipe.learn.seeds) {
    const auto seed = static_cast<std::uint64_t>(signed_seed);
    const Dataset& data = runner.data(seed);
    Gpt model = start_model(recipe, *data.tokenizer, base, seed, runner.runtime()).model;
    std::size_t done = 0;
    const auto all = [&](const std::vector<SampleStore>& stores, const char* side) {
      std::vector<Gradient> gradients;
      for (std::size_t i = 0; i < stores.size() && !observer.stop_requested(); ++i) {
        Gradient gradient = gradient_on(model, stores[i], recipe, derive_seed(seed, side, i));
        if (options.projection > 0)
          gradient = project_gradient(gradient, static_cast<std::size_t>(options.projection),
                                      derive_seed(seed, "projection of gradients"));
        gradients.push_back(std::move(gradient));
        ++done;
        observer.on_status({"gradients", signed_seed, static_cast<std::int64_t>(done),
                            static_cast<std::int64_t>(total), 0, 1, 0,
                            std::numeric_limits<double>::quiet_NaN(), done == total});
      }
      return gradients;
    };
    const auto train = all(data.train, "gradients of training");
    const auto eval = all(data.validation, "gradients of validation");
    if (done < total) return std::nullopt;
    products.push_back(gradient_products(views(train), views(eval), seed));
  }
  return products;
}

}  // namespace skillit
