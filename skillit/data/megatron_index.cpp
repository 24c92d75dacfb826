#include "skillit/data/megatron_index.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/npy_header.h"
#include "skillit/data/megatron_blend.h"
#include "skillit/data/pack_reader.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

/// A one-dimensional .npy file, or with `columns` a two-dimensional one.
template <class T>
void write_npy(const fs::path& path, std::string_view type, const std::vector<T>& values,
               std::uint64_t columns = 0) {
  std::vector<std::uint64_t> shape{values.size()};
  if (columns > 0) shape = {values.size() / columns, columns};
  std::string bytes = npy_header(type, shape);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  write_file_atomically(path, bytes);
}

template <class T>
std::vector<T> sample_rows(const MegatronSamples& samples) {
  std::vector<T> rows;
  rows.reserve(2 * (samples.num_windows() + 1));
  for (std::uint64_t i = 0; i <= samples.num_windows(); ++i) {
    const auto [place, token] = samples.sample_index(i);
    rows.push_back(static_cast<T>(place));
    rows.push_back(static_cast<T>(token));
  }
  return rows;
}

/// As Megatron does, with 32 bits where they suffice for any place and any document's length.
void write_samples(const fs::path& out, const std::string& file, const MegatronSamples& samples,
                   std::uint64_t longest) {
  const auto documents = samples.document_index();
  const auto shuffle = samples.shuffle_index();
  write_npy(out / (file + ".document_index.npy"), "<i4",
            std::vector<std::uint32_t>(documents.begin(), documents.end()));
  write_npy(out / (file + ".shuffle_index.npy"), "<u4",
            std::vector<std::uint32_t>(shuffle.begin(), shuffle.end()));
  const fs::path path = out / (file + ".sample_index.npy");
  if (std::max<std::uint64_t>(documents.size(), longest) <=
      std::numeric_limits<std::int32_t>::max())
    write_npy(path, "<i4", sample_rows<std::int32_t>(samples), 2);
  else
    write_npy(path, "<i8", sample_rows<std::int64_t>(samples), 2);
}

void blend(std::vector<MegatronDataset>& datasets, std::uint64_t size, const fs::path& out) {
  std::vector<double> weights;
  for (const MegatronDataset& dataset : datasets) weights.push_back(dataset.weight);
  MegatronBlend order(std::move(weights));
  std::vector<std::int16_t> dataset_index;
  std::vector<std::int64_t> sample_index;
  for (std::uint64_t i = 0; i < size; ++i) {
    const MegatronBlend::Place place = order.next();
    MegatronDataset& dataset = datasets[place.dataset];
    dataset.used = place.sample + 1;
    if (dataset.used > dataset.samples.num_windows()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("blend: takes more than the {} samples of '{}' that Megatron would build; "
                       "ask for another number of samples",
                       dataset.samples.num_windows(), dataset.skill));
    }
    if (out.empty()) continue;
    dataset_index.push_back(static_cast<std::int16_t>(place.dataset));
    sample_index.push_back(static_cast<std::int64_t>(place.sample));
  }
  if (out.empty()) return;
  write_npy(out / "dataset_index.npy", "<i2", dataset_index);
  write_npy(out / "dataset_sample_index.npy", "<i8", sample_index);
}

/// Skills and weights, in the pack's order.
std::vector<std::pair<const PackedSkill*, double>> choose(const fs::path& folder,
                                                          const PackIndex& index,
                                                          const MegatronIndexOptions& options) {
  std::vector<std::pair<const PackedSkill*, double>> chosen;
  for (const auto& [name, weight] : options.weights) {
    if (!std::isfinite(weight) || weight <= 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("blend: the weight of '{}' is {}; Megatron's must be finite and > 0", name,
                       weight));
    }
    chosen.emplace_back(&find_packed_skill(index, name, folder), weight);
  }
  if (options.weights.empty())
    for (const PackedSkill& skill : index.skills) chosen.emplace_back(&skill, 1.0);
  return chosen;
}

}  // namespace

std::vector<MegatronDataset> build_megatron_index(const fs::path& folder, const PackIndex& index,
                                                  const MegatronIndexOptions& options,
                                                  const fs::path& out) {
  const auto chosen = choose(folder, index, options);
  if (options.size < 1 || chosen.size() > std::numeric_limits<std::int16_t>::max()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("blend: {} samples of {} skills; at least 1 of at most 32767 are possible",
                     options.size, chosen.size()));
  }
  std::vector<double> weights;
  for (const auto& [skill, weight] : chosen) weights.push_back(weight);
  weights = megatron_normalize(weights);  // By Megatron's builder; and again by its blend.
  const auto requests = megatron_requests(weights, options.size);
  weights = megatron_normalize(weights);
  std::vector<MegatronDataset> datasets;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const PackedSkill& skill = *chosen[i].first;
    const auto store = open_pack_part(folder, skill.train);
    if (!store) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the skill '{}' has nothing to train on", folder.string(), skill.name));
    }
    std::uint64_t longest = 0;
    const DocumentLengths lengths{store->num_documents(), [&](std::uint64_t document) {
                                    const std::uint64_t length = store->document_length(document);
                                    longest = std::max(longest, length);
                                    return length;
                                  }};
    datasets.push_back({skill.name, weights[i],
                        MegatronSamples(lengths, {.sequence_length = options.sequence_length,
                                                  .num_samples = requests[i],
                                                  .seed = options.seed})});
    if (!out.empty()) write_samples(out, skill.train.file, datasets.back().samples, longest);
  }
  blend(datasets, options.size, out);
  return datasets;
}

}  // namespace skillit
