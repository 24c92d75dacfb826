#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "data_commands.h"
#include "skillit/data/pack_stats.h"

namespace skillit::cli {
namespace {

using Json = nlohmann::ordered_json;

struct StatsArguments {
  std::string folder;
  std::uint64_t memory_mib = 1024;
  bool json = false;
};

/// The tokens that a share of the documents does not exceed, to the next power of two.
std::uint64_t quantile(const PackPartStats& stats, std::uint64_t documents, double share) {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < stats.lengths.size(); ++i) {
    seen += stats.lengths[i];
    if (static_cast<double>(seen) >= share * static_cast<double>(documents))
      return std::min((std::uint64_t{1} << i) - 1, stats.longest);
  }
  return stats.longest;
}

double bytes_per_token(const PackPart& part) {
  return part.tokens == 0 ? 0
                          : static_cast<double>(part.text_bytes) / static_cast<double>(part.tokens);
}

void print_row(const std::string& name, std::size_t width, const PackPart& part,
               const PackPartStats& stats, std::uint64_t near_duplicates) {
  fmt::print("{:<{}}  {:>11}  {:>13}  {:>11.2f}  {:>8}  {:>8}  {:>9}  {:>10}  {:>9}\n", name, width,
             part.documents, part.tokens, bytes_per_token(part),
             quantile(stats, part.documents, 0.5), quantile(stats, part.documents, 0.9),
             stats.longest, stats.duplicates, near_duplicates);
}

void print_histogram(const PackStats& stats) {
  LengthHistogram all{};
  for (const auto* side : {&stats.train, &stats.validation}) {
    for (const PackPartStats& part : *side) {
      for (std::size_t i = 0; i < all.size(); ++i) all[i] += part.lengths[i];
    }
  }
  const std::uint64_t most = std::max<std::uint64_t>(*std::max_element(all.begin(), all.end()), 1);
  fmt::print("\ndocuments by tokens\n");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == 0) continue;
    const std::uint64_t low = i == 0 ? 0 : std::uint64_t{1} << (i - 1);
    fmt::print("{:>10} ..{:>10}  {:>11}  {}\n", low, (std::uint64_t{1} << i) - 1, all[i],
               std::string(static_cast<std::size_t>(40 * all[i] / most), '#'));
  }
}

void print_table(const PackIndex& index, const PackStats& stats) {
  constexpr std::size_t kMostOverlaps = 20;
  std::size_t width = 5;
  for (const PackedSkill& skill : index.skills) width = std::max(width, skill.name.size() + 11);
  fmt::print("{:<{}}  {:>11}  {:>13}  {:>11}  {:>8}  {:>8}  {:>9}  {:>10}  {:>9}\n", "skill", width,
             "documents", "tokens", "bytes/token", "half <=", "90% <=", "longest", "duplicates",
             "near");
  for (std::size_t i = 0; i < index.skills.size(); ++i) {
    const PackedSkill& skill = index.skills[i];
    print_row(skill.name, width, skill.train, stats.train[i], skill.near_duplicates);
    if (skill.validation.documents > 0)
      print_row(skill.name + " validation", width, skill.validation, stats.validation[i], 0);
  }
  print_histogram(stats);
  for (std::size_t i = 0; i < index.skills.size(); ++i) {
    if (index.skills[i].duplicates_dropped > 0)
      fmt::print("\n{}: {} duplicates were dropped", index.skills[i].name,
                 index.skills[i].duplicates_dropped);
    if (stats.validation_in_train[i] > 0)
      fmt::print("\n{}: {} validation texts are also trained on", index.skills[i].name,
                 stats.validation_in_train[i]);
  }
  for (std::size_t i = 0; i < std::min(stats.overlaps.size(), kMostOverlaps); ++i) {
    const auto& overlap = stats.overlaps[i];
    fmt::print("\n{} and {} share {} texts", index.skills[overlap.first].name,
               index.skills[overlap.second].name, overlap.texts);
  }
  fmt::print("\nnear duplicates {}\n", index.near_duplicates_counted
                                           ? "were counted when it was packed"
                                           : "were not counted (--count-near-duplicates)");
}

Json part_to_json(const PackPart& part, const PackPartStats& stats) {
  Json histogram = Json::array();
  for (std::size_t i = 0; i < stats.lengths.size(); ++i) {
    if (stats.lengths[i] > 0)
      histogram.push_back(
          {{"most_tokens", (std::uint64_t{1} << i) - 1}, {"documents", stats.lengths[i]}});
  }
  return {{"documents", part.documents},     {"tokens", part.tokens},
          {"text_bytes", part.text_bytes},   {"bytes_per_token", bytes_per_token(part)},
          {"longest", stats.longest},        {"duplicates", stats.duplicates},
          {"lengths", std::move(histogram)}, {"fingerprint", part.fingerprint}};
}

Json to_json(const PackIndex& index, const PackStats& stats) {
  Json json{{"skills", Json::array()}, {"overlaps", Json::array()}};
  for (std::size_t i = 0; i < index.skills.size(); ++i) {
    const PackedSkill& skill = index.skills[i];
    Json entry{{"name", skill.name},
               {"train", part_to_json(skill.train, stats.train[i])},
               {"validation", part_to_json(skill.validation, stats.validation[i])},
               {"validation_in_train", stats.validation_in_train[i]},
               {"duplicates_dropped", skill.duplicates_dropped}};
    entry["near_duplicates"] =
        index.near_duplicates_counted ? Json(skill.near_duplicates) : Json(nullptr);
    json["skills"].push_back(std::move(entry));
  }
  for (const auto& overlap : stats.overlaps) {
    json["overlaps"].push_back(
        {{"skills", {index.skills[overlap.first].name, index.skills[overlap.second].name}},
         {"texts", overlap.texts}});
  }
  return json;
}

}  // namespace

void add_data_stats_command(CLI::App& data) {
  auto arguments = std::make_shared<StatsArguments>();
  CLI::App* command = data.add_subcommand(
      "stats", "documents, tokens, lengths, duplicates and overlaps of a pack's skills");
  command->add_option("PACK", arguments->folder, "a folder of skillit data pack")->required();
  command->add_option("--memory", arguments->memory_mib, "MiB to work in")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 24));
  command->add_flag("--json", arguments->json, "print JSON");
  command->footer("Example:\n  skillit data stats packs/web --json");
  command->callback([arguments] {
    const PackIndex index = read_pack_index(arguments->folder);
    const PackStats stats =
        compute_pack_stats(arguments->folder, index, arguments->memory_mib << 20);
    if (arguments->json)
      fmt::print("{}\n", to_json(index, stats).dump(1));
    else
      print_table(index, stats);
  });
}

}  // namespace skillit::cli
