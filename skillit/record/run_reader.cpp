#include "skillit/record/run_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/record/manifest.h"
#include "skillit/record/record_lines.h"
#include "skillit/record/run_folder.h"

namespace skillit {
namespace {

/// All whole lines of a file; `check(record, previous, line)` refuses what does not fit (previous
/// may be null).
template <class Record, class Check>
std::vector<Record> read_lines(const std::filesystem::path& file, const Check& check) {
  std::vector<Record> records;
  if (!std::filesystem::exists(file)) return records;
  const std::string text = read_file(file);
  LineParser parser(file.string());
  std::size_t begin = 0;
  for (std::size_t line = 1;; ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) return records;
    Record record;
    parser.parse(std::string_view(text).substr(begin, end - begin), line, record);
    const std::string problem = check(record, records.empty() ? nullptr : &records.back());
    if (!problem.empty()) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}:{}: {}; the file is damaged; restore it, or delete the run folder to "
                       "start again",
                       file.string(), line, problem));
    }
    records.push_back(std::move(record));
    begin = end + 1;
  }
}

std::string wrong_size(const char* what, std::size_t found, std::size_t expected) {
  if (found == expected) return "";
  return fmt::format("\"{}\" has {} values, but the manifest names {} skills", what, found,
                     expected);
}

std::string check_step(const StepRecord& record, const StepRecord* previous) {
  if (previous == nullptr || record.step > previous->step) return "";
  return fmt::format("step {} comes after step {}", record.step, previous->step);
}

std::string check_evaluation(const EvaluationRecord& record, const EvaluationRecord* previous,
                             std::size_t num_skills) {
  if (previous != nullptr && record.step <= previous->step) {
    return fmt::format("the evaluation at step {} comes after the one at step {}", record.step,
                       previous->step);
  }
  const std::string problem = wrong_size("losses", record.losses.size(), num_skills);
  return problem.empty() ? wrong_size("accuracies", record.accuracies.size(), num_skills) : problem;
}

std::string check_round(const RoundRecord& record, const RoundRecord* previous,
                        std::size_t num_skills) {
  const std::uint64_t expected = previous == nullptr ? 0 : previous->round + 1;
  if (record.round != expected)
    return fmt::format("round {} where round {} was expected", record.round, expected);
  std::string problem = wrong_size("mixture", record.mixture.size(), num_skills);
  if (problem.empty()) problem = wrong_size("asked", record.asked.size(), num_skills);
  if (problem.empty()) problem = wrong_size("delivered", record.delivered.size(), num_skills);
  if (problem.empty() && !record.skill_tokens.empty())
    problem = wrong_size("skill_tokens", record.skill_tokens.size(), num_skills);
  if (problem.empty() && !record.epochs.empty())
    problem = wrong_size("epochs", record.epochs.size(), num_skills);
  for (const std::uint64_t skill : record.spent) {
    if (problem.empty() && skill >= num_skills)
      problem = fmt::format("\"spent\" holds {}, but there are {} skills", skill, num_skills);
  }
  return problem;
}

/// 12 for "seed12"; nothing for other names.
std::optional<std::uint64_t> seed_of(const std::string& name) {
  constexpr std::string_view kPrefix = "seed";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::uint64_t seed = 0;
  const char* end = name.data() + name.size();
  const auto result = std::from_chars(name.data() + kPrefix.size(), end, seed);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return seed;
}

std::vector<std::filesystem::path> subfolders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code problem;
  for (std::filesystem::directory_iterator it(folder, problem), end; !problem && it != end;
       it.increment(problem)) {
    if (it->is_directory()) found.push_back(it->path());
  }
  if (problem)
    fail(ErrorCode::kIo,
         fmt::format("{}: cannot list this folder: {}", folder.string(), problem.message()));
  return found;
}

}  // namespace

RunRecord read_run(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / kManifestFile)) {
    fail(ErrorCode::kNotFound, fmt::format("{}: there is no run here (no {}); name a folder like "
                                           "runs/<study>/<method>/seed<k>",
                                           folder.string(), kManifestFile));
  }
  RunRecord run;
  run.manifest = read_manifest(folder / kManifestFile);
  const std::size_t num_train = run.manifest.train_skills.size();
  const std::size_t num_eval = run.manifest.eval_skills.size();
  run.steps = read_lines<StepRecord>(folder / kStepsFile, check_step);
  run.evaluations = read_lines<EvaluationRecord>(
      folder / kEvaluationsFile, [&](const auto& record, const auto* previous) {
        return check_evaluation(record, previous, num_eval);
      });
  run.rounds =
      read_lines<RoundRecord>(folder / kRoundsFile, [&](const auto& record, const auto* previous) {
        return check_round(record, previous, num_train);
      });
  run.timings = read_lines<TimingRecord>(
      folder / kTimingFile, [](const TimingRecord&, const TimingRecord*) { return std::string(); });
  const bool complete = run.rounds.size() == run.manifest.rounds && !run.evaluations.empty() &&
                        run.evaluations.back().step == run.manifest.steps;
  run.finished = complete || (!run.rounds.empty() && run.rounds.back().ended);
  return run;
}

std::vector<std::filesystem::path> find_runs(const std::filesystem::path& study_folder) {
  if (!std::filesystem::is_directory(study_folder)) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: there is no such study folder; name one like runs/<study>",
                     study_folder.string()));
  }
  std::vector<std::tuple<std::string, std::uint64_t, std::filesystem::path>> found;
  for (const auto& method : subfolders(study_folder)) {
    for (const auto& run : subfolders(method)) {
      const auto seed = seed_of(run.filename().string());
      if (seed && std::filesystem::exists(run / kManifestFile)) {
        found.emplace_back(method.filename().string(), *seed, run);
      }
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::filesystem::path> runs;
  runs.reserve(found.size());
  for (const auto& run : found) runs.push_back(std::get<2>(run));
  return runs;
}

}  // namespace skillit
