#include "skillit/nn/pretrained.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/safetensors_folder.h"
#include "skillit/nn/tensor_entry.h"
#include "skillit/nn/weight_placement_private.h"

namespace skillit {
namespace {

using detail::DescribedModel;
using detail::Json;
using detail::Layout;
using detail::ModelFamily;
using detail::Placement;

/// Our weight as their tensor holds it; both directions are one copy through this view.
torch::Tensor their_view(const torch::Tensor& ours, const Placement& place, const Architecture& a) {
  const auto rows = ours.narrow(0, place.first_row, place.num_rows);
  if (place.layout == Layout::kTransposed) return rows.t();
  if (place.layout == Layout::kSame) return rows;
  std::vector<std::int64_t> shape{3, a.heads, a.head_width};
  shape.insert(shape.end(), ours.sizes().begin() + 1, ours.sizes().end());
  return rows.view(shape).transpose(0, 1);
}

void expect_tensor(const std::string& where, const std::string& name, const SafetensorsEntry& entry,
                   const std::vector<std::int64_t>& shape) {
  if (entry.shape == shape && is_floating_entry(entry)) return;
  fail(ErrorCode::kMismatch,
       fmt::format("{}: the tensor '{}' is {} [{}]; its config.json asks for F32, F16 or BF16 [{}]",
                   where, name, entry.dtype, fmt::join(entry.shape, ", "), fmt::join(shape, ", ")));
}

/// The name inside the files, which lack the prefix when a bare base model was saved.
std::string stored_name(const std::string& name, const ModelFamily& family, bool bare) {
  const bool cut = bare && name.starts_with(family.prefix);
  return cut ? name.substr(family.prefix.size()) : name;
}

bool is_bare(const ModelFamily& family, const SafetensorsFolder& files) {
  return std::none_of(files.tensors().begin(), files.tensors().end(),
                      [&](const auto& tensor) { return tensor.first.starts_with(family.prefix); });
}

/// An output matrix in the files of a model whose config.json says that it is the embedding must be
/// that.
bool repeats_embedding(const std::string& name, const SafetensorsEntry& entry,
                       const DescribedModel& model, const SafetensorsFolder& files, bool bare) {
  if (!model.architecture.tied_head) return false;
  const auto rule_for = [&](std::string_view ours) {
    const auto rule = std::find_if(model.family->model.begin(), model.family->model.end(),
                                   [&](const auto& r) { return r.ours == ours; });
    SKILLIT_ASSERT(rule != model.family->model.end());
    return stored_name(std::string(rule->theirs), *model.family, bare);
  };
  if (name != rule_for("head.weight")) return false;
  return entry.bytes == files.tensors().at(rule_for("embedding")).bytes;
}

}  // namespace

struct PretrainedFolder::Parts {
  std::string config;
  DescribedModel model;
  SafetensorsFolder files;
  bool bare;
  std::vector<Placement> places;
};

PretrainedFolder PretrainedFolder::open(const std::filesystem::path& folder) {
  std::string config = detail::read_config_text(folder);
  const DescribedModel model = detail::describe_model(config, (folder / "config.json").string());
  SafetensorsFolder files = SafetensorsFolder::open(folder);
  const bool bare = is_bare(*model.family, files);
  auto places = detail::placements(*model.family, model.architecture);
  std::set<std::string> placed;
  for (const Placement& place : places) {
    const std::string name = stored_name(place.theirs, *model.family, bare);
    const auto found = files.tensors().find(name);
    if (found == files.tensors().end()) {
      fail(ErrorCode::kMismatch, fmt::format("{}: lacks the tensor '{}', which its config.json "
                                             "asks for",
                                             folder.string(), name));
    }
    expect_tensor(folder.string(), name, found->second, place.their_shape);
    placed.insert(name);
  }
  for (const auto& [name, entry] : files.tensors()) {
    const auto& buffers = model.family->buffers;
    const bool buffer = std::any_of(buffers.begin(), buffers.end(),
                                    [&](const auto ending) { return name.ends_with(ending); });
    if (placed.contains(name) || buffer || repeats_embedding(name, entry, model, files, bare))
      continue;
    fail(ErrorCode::kMismatch,
         fmt::format("{}: the model that config.json describes has no tensor '{}' [{}]",
                     folder.string(), name, fmt::join(entry.shape, ", ")));
  }
  return PretrainedFolder(std::make_unique<Parts>(
      Parts{std::move(config), model, std::move(files), bare, std::move(places)}));
}

PretrainedFolder::PretrainedFolder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PretrainedFolder::PretrainedFolder(PretrainedFolder&& other) noexcept = default;
PretrainedFolder& PretrainedFolder::operator=(PretrainedFolder&& other) noexcept = default;
PretrainedFolder::~PretrainedFolder() = default;

const Architecture& PretrainedFolder::architecture() const {
  return parts_->model.architecture;
}

const std::string& PretrainedFolder::config() const {
  return parts_->config;
}

std::string PretrainedFolder::fingerprint() const {
  return skillit::fingerprint(parts_->config + parts_->files.fingerprint());
}

void PretrainedFolder::load(Gpt& model) const {
  SKILLIT_ASSERT(model.architecture() == architecture());
  const torch::NoGradGuard no_gradient;
  const auto weights = model.parameters().named();
  for (const Placement& place : parts_->places) {
    const auto view = their_view(weights.at(place.ours), place, architecture());
    const std::string name = stored_name(place.theirs, *parts_->model.family, parts_->bare);
    view.copy_(tensor_of(parts_->files.tensors().at(name)).view(view.sizes()));
  }
  model.parameters().publish();
}

namespace {

struct Shard {
  std::vector<const Placement*> places;
  std::int64_t bytes = 0;
};

std::vector<Shard> plan_shards(const std::vector<Placement>& places,
                               const PretrainedOptions& options) {
  std::vector<Shard> shards(1);
  for (const Placement& place : places) {
    std::int64_t bytes = static_cast<std::int64_t>(torch::elementSize(options.type));
    for (const std::int64_t extent : place.their_shape) bytes *= extent;
    if (!shards.back().places.empty() && shards.back().bytes + bytes > options.shard_bytes)
      shards.emplace_back();
    shards.back().places.push_back(&place);
    shards.back().bytes += bytes;
  }
  return shards;
}

void write_shard(const std::filesystem::path& path, const Shard& shard, const Gpt& model,
                 torch::ScalarType type) {
  const auto weights = model.parameters().named();
  std::vector<torch::Tensor> hosts;
  Safetensors file;
  file.metadata["format"] = "pt";  // What transformers asks of a file that it reads.
  for (const Placement* place : shard.places) {
    const auto view = their_view(weights.at(place->ours), *place, model.architecture());
    hosts.push_back(view.detach().to(torch::kCPU, type).contiguous());
    file.tensors[place->theirs] = entry_of(hosts.back());
    file.tensors[place->theirs].shape = place->their_shape;
  }
  write_file_atomically(path, file.serialize());
}

void write_all(const std::filesystem::path& folder, const Gpt& model, const std::string& config,
               const std::vector<Shard>& shards, const PretrainedOptions& options) {
  const torch::ScalarType type = options.type;
  for (const auto& [name, bytes] : options.companions) write_file_atomically(folder / name, bytes);
  Json index;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string name =
        shards.size() == 1 ? "model.safetensors"
                           : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    write_shard(folder / name, shards[i], model, type);
    for (const Placement* place : shards[i].places) index["weight_map"][place->theirs] = name;
  }
  if (shards.size() > 1) {
    std::int64_t total = 0;
    for (const Shard& shard : shards) total += shard.bytes;
    index["metadata"]["total_size"] = total;
    write_file_atomically(folder / "model.safetensors.index.json", index.dump(2) + "\n");
  }
  Json described = Json::parse(config);
  described.erase("dtype");
  described["torch_dtype"] = type == torch::kFloat32    ? "float32"
                             : type == torch::kBFloat16 ? "bfloat16"
                                                        : "float16";
  write_file_atomically(folder / "config.json", described.dump(2) + "\n");
}

}  // namespace

void write_pretrained(const std::filesystem::path& where, const Gpt& model,
                      const std::string& config, const PretrainedOptions& options) {
  const auto folder = where.has_filename() ? where : where.parent_path();
  if (std::filesystem::exists(folder)) {
    fail(ErrorCode::kBadArgument,
         folder.string() + ": is there already; name a folder that is not");
  }
  const DescribedModel description = detail::describe_model(config, "config.json");
  if (description.architecture != model.architecture())
    fail(ErrorCode::kMismatch, "config.json describes another model than the one to write");
  const auto places = detail::placements(*description.family, model.architecture());
  const std::filesystem::path unfinished = folder.string() + ".unfinished";
  std::error_code problem;
  std::filesystem::remove_all(unfinished, problem);
  try {
    write_all(unfinished, model, config, plan_shards(places, options), options);
    std::filesystem::rename(unfinished, folder, problem);
    if (problem) fail(ErrorCode::kIo, folder.string() + ": " + problem.message());
  } catch (...) {
    std::filesystem::remove_all(unfinished, problem);
    throw;
  }
}

}  // namespace skillit
