#include "skillit/report/read_studies.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/graph/graph_file.h"
#include "skillit/record/run_folder.h"
#include "skillit/record/run_reader.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

/// What an earlier report of the study settled.
struct Settled {
  std::vector<std::string> methods;
  std::optional<double> threshold;
};

Settled read_settled(const fs::path& study) {
  constexpr std::uintmax_t kLargest = 1ULL << 30;
  const fs::path file = study / "summary.json";
  if (!fs::exists(file)) return {};
  Settled settled;
  try {
    const auto json = nlohmann::json::parse(read_file(file, kLargest));
    settled.threshold = json.at("threshold").get<double>();
    for (const auto& method : json.at("methods"))
      settled.methods.push_back(method.at("method").get<std::string>());
  } catch (const nlohmann::json::exception&) {
    return {};  // Made from the runs, which are here; nothing is lost.
  }
  return settled;
}

void sort_methods(const std::vector<std::string>& order, std::vector<RunRecord>& runs) {
  const auto place = [&](const RunRecord& run) {
    return std::find(order.begin(), order.end(), run.manifest.method) - order.begin();
  };
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const RunRecord& a, const RunRecord& b) { return place(a) < place(b); });
}

/// The study's graph file that the runs' fingerprints name.
std::optional<LearnedGraph> find_graph(const fs::path& study, const std::vector<RunRecord>& runs) {
  for (const char* name : {"graph.json", "given_graph.json"}) {
    if (!fs::exists(study / name)) continue;
    LearnedGraph learned = read_learned_graph_json(study / name);
    const std::string print = fingerprint(graph_to_json(learned.graph));
    for (const RunRecord& run : runs) {
      const auto used = run.manifest.fingerprints.find("graph");
      if (used != run.manifest.fingerprints.end() && used->second == print) return learned;
    }
  }
  return std::nullopt;
}

/// Run folders by the folder of their study.
std::vector<std::pair<fs::path, std::vector<fs::path>>> find_all_runs(
    std::span<const fs::path> folders) {
  std::vector<std::pair<fs::path, std::vector<fs::path>>> studies;
  std::set<fs::path> seen;
  for (const fs::path& given : folders) {
    const bool is_run = fs::exists(given / kManifestFile);
    const auto runs = is_run ? std::vector<fs::path>{given} : find_runs(given);
    if (runs.empty()) {
      fail(ErrorCode::kNotFound,
           fmt::format("{}: there is no run here; name a study's folder (runs/<study>) or a run's "
                       "(runs/<study>/<method>/seed<k>)",
                       given.string()));
    }
    for (const fs::path& path : runs) {
      const fs::path run = fs::canonical(path);
      if (!seen.insert(run).second) continue;
      const fs::path study = run.parent_path().parent_path();
      auto entry = std::find_if(studies.begin(), studies.end(),
                                [&](const auto& known) { return known.first == study; });
      if (entry == studies.end()) entry = studies.insert(entry, {study, {}});
      entry->second.push_back(run);
    }
  }
  return studies;
}

}  // namespace

StudyRecords read_studies(std::span<const fs::path> folders) {
  StudyRecords records;
  const auto studies = find_all_runs(folders);
  for (const auto& [study, folder_of_runs] : studies) {
    std::vector<RunRecord> runs;
    for (const fs::path& folder : folder_of_runs) runs.push_back(read_run(folder));
    const Settled settled = read_settled(study);
    if (!records.threshold) records.threshold = settled.threshold;
    sort_methods(settled.methods, runs);
    if (!records.graph) records.graph = find_graph(study, runs);
    for (RunRecord& run : runs) {
      if (studies.size() > 1)
        run.manifest.method = study.filename().string() + "/" + run.manifest.method;
      records.runs.push_back(std::move(run));
    }
  }
  return records;
}

}  // namespace skillit
