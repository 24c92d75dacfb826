// For test_parity.py: reads a model folder and writes down what our code makes of it.
//
//   model_probe MODEL TOKENS OUT [SHARD_BYTES [TYPE]]
//
// TOKENS holds one sequence a line, ids between spaces, all of one length. Into the new folder OUT:
// logits.safetensors (`logits` [B, T - 1, V] at all positions but the last, `last` [B, V] when only
// the last token is scored, `loss` [1]), gradients/ (the gradient of the loss as a model folder, so
// under the published names and layouts), and copy/ (the model written again).
#include <fmt/format.h>
#include <torch/torch.h>

#include <fstream>
#include <sstream>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/nn/cross_entropy.h"
#include "skillit/nn/pretrained.h"
#include "skillit/nn/tensor_entry.h"

namespace {

using skillit::SampleStore;

struct Stores {
  SampleStore all;   // Every token but the first is scored.
  SampleStore last;  // The last one only.
};

Stores read_tokens(const std::string& path) {
  Stores stores;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::vector<skillit::TokenId> tokens;
    for (skillit::TokenId id = 0; words >> id;) tokens.push_back(id);
    std::vector<std::uint8_t> marks(tokens.size(), 1);
    marks.front() = 0;
    stores.all.add(tokens, marks);
    std::fill(marks.begin(), marks.end() - 1, std::uint8_t{0});
    stores.last.add(tokens, marks);
  }
  return stores;
}

skillit::Batch batch_of(const SampleStore& store) {
  std::vector<skillit::Sample> samples;
  for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
  return skillit::make_batch(samples, torch::kCPU);
}

torch::Tensor logits_of(const skillit::Gpt& model, const skillit::Batch& batch) {
  const torch::NoGradGuard no_gradient;
  return torch::matmul(model.hidden(batch), model.head().t()).contiguous();
}

void probe(int argc, char** argv) {
  const std::string out = argv[3];
  const auto folder = skillit::PretrainedFolder::open(argv[1]);
  skillit::Gpt model(folder.architecture(), std::nullopt, torch::kCPU, torch::kFloat32);
  folder.load(model);
  const Stores stores = read_tokens(argv[2]);
  const skillit::Batch batch = batch_of(stores.all);
  const auto logits = logits_of(model, batch).view({batch.size(), batch.length(), -1});
  const auto last = logits_of(model, batch_of(stores.last));
  auto loss = skillit::cross_entropy(model.hidden(batch), model.head(), batch.targets);
  loss.backward();
  loss = loss.detach().view({1});

  skillit::PretrainedOptions options;
  if (argc > 4) options.shard_bytes = std::stoll(argv[4]);
  if (argc > 5) options.type = std::string(argv[5]) == "bf16" ? torch::kBFloat16 : torch::kHalf;
  skillit::write_pretrained(out + "/copy", model, folder.config(), options);
  skillit::Safetensors file;
  file.tensors["logits"] = skillit::entry_of(logits);
  file.tensors["last"] = skillit::entry_of(last);
  file.tensors["loss"] = skillit::entry_of(loss);
  skillit::write_file_atomically(out + "/logits.safetensors", file.serialize());
  const torch::NoGradGuard no_gradient;
  model.parameters().master().copy_(model.parameters().gradient().clone());
  skillit::write_pretrained(out + "/gradients", model, folder.config());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: model_probe MODEL TOKENS OUT [SHARD_BYTES [TYPE]]\n");
    return 64;
  }
  try {
    probe(argc, argv);
  } catch (const skillit::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
  return 0;
}
