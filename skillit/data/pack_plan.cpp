#include "skillit/data/pack_plan.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/rng.h"
#include "skillit/data/key_groups.h"
#include "skillit/data/min_hash.h"
#include "skillit/data/ordered_batches.h"

namespace skillit {
namespace {

constexpr int kSkillBits = 16;  ///< Of a tag; the others number the record.
constexpr std::size_t kMaxSkills = std::size_t{1} << kSkillBits;

struct Scanned {
  std::uint64_t hash = 0;
  std::uint32_t skill = 0;  ///< In ScannedBatch::skills.
  bool empty = false;
  bool without_skill = false;
  std::array<std::uint64_t, kMinHashBands> bands{};
};

struct ScannedBatch {
  std::vector<Scanned> documents;
  std::vector<std::string> skills;
  std::set<std::string> fields_met;
  std::set<std::string> fields_lacked;
};

ScannedBatch scan(const PackOptions& options, const RecordBatch& records) {
  DocumentParser parser(options.rules, options.files);
  ScannedBatch batch;
  std::map<std::string, std::uint32_t, std::less<>> ids;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto [text, skill] = parser.parse(records[i]);
    Scanned& document = batch.documents.emplace_back();
    document.empty = text.empty();
    document.without_skill = !document.empty && skill.empty();
    if (document.empty || document.without_skill) continue;
    auto id = ids.find(skill);
    if (id == ids.end()) {
      id = ids.emplace(skill, static_cast<std::uint32_t>(ids.size())).first;
      batch.skills.emplace_back(skill);
    }
    document.skill = id->second;
    document.hash = hash64(text);
    if (options.count_near_duplicates) document.bands = min_hash_bands(text);
  }
  batch.fields_met = parser.filter_fields_met();
  batch.fields_lacked = parser.filter_fields_lacked();
  return batch;
}

/// Puts the batches together in the order of the records.
class Planner {
 public:
  Planner(const PackOptions& options, const std::filesystem::path& scratch)
      : options_(options),
        equal_(scratch, options.memory_bytes / 8),
        near_(make_folder(scratch / "near"), options.memory_bytes / 8) {}

  void take(std::uint64_t first, std::uint64_t count, const ScannedBatch& batch) {
    std::vector<std::uint64_t> ids;
    for (const std::string& name : batch.skills) ids.push_back(id_of(name));
    for (std::uint64_t i = 0; i < count; ++i) {
      const Scanned& document = batch.documents[i];
      plan_.empty += document.empty ? 1 : 0;
      plan_.without_skill += document.without_skill ? 1 : 0;
      if (!document.empty && !document.without_skill) add(document, first + i, ids[document.skill]);
    }
    fields_met_.insert(batch.fields_met.begin(), batch.fields_met.end());
    fields_lacked_.insert(batch.fields_lacked.begin(), batch.fields_lacked.end());
    plan_.num_records = first + count;
    if (options_.progress) options_.progress({true, plan_.num_records, 0});
  }

  PackPlan finish() && {
    check();
    plan_.held_out = HeldOut(options_.validation_fraction, hashes_);
    std::vector<PackPlan::Skill> counts(names_.size());
    if (options_.drop_duplicates) {
      plan_.dropped.resize(plan_.num_records);
      mark_later_ones(equal_, plan_.dropped);
    }
    std::vector<bool> near(options_.count_near_duplicates ? plan_.num_records : 0);
    if (options_.count_near_duplicates) {
      near_.for_each_repeated([&](auto tags) {
        for (const std::uint64_t tag : tags.subspan(1)) {
          const std::uint64_t record = tag >> kSkillBits;
          const bool dropped = options_.drop_duplicates && plan_.dropped[record];
          if (!near[record] && !dropped) ++counts[tag % kMaxSkills].near_duplicates;
          near[record] = true;
        }
      });
    }
    for (std::size_t id = 0; id < names_.size(); ++id) {
      counts[id].duplicates = duplicates_[id];
      plan_.skills.emplace(names_[id], counts[id]);
    }
    return std::move(plan_);
  }

 private:
  static std::filesystem::path make_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
      fail(ErrorCode::kIo, folder.string() + ": cannot make this folder: " + problem.message());
    return folder;
  }

  std::uint64_t id_of(const std::string& name) {
    const auto [entry, added] = ids_.try_emplace(name, names_.size());
    if (!added) return entry->second;
    if (names_.size() == kMaxSkills) {
      fail(ErrorCode::kBadArgument,
           fmt::format("data: there are more than {} skills ('{}' is one too many); choose a field "
                       "with fewer values",
                       kMaxSkills, name));
    }
    names_.push_back(name);
    hashes_.emplace_back();
    duplicates_.push_back(0);
    return entry->second;
  }

  void add(const Scanned& document, std::uint64_t record, std::uint64_t skill) {
    const std::uint64_t tag = record << kSkillBits | skill;
    const std::uint64_t salt = mix64(skill + 1);  // Texts are compared within a skill.
    hashes_[skill].add(document.hash);
    if (options_.drop_duplicates) equal_.add(mix64(document.hash ^ salt), tag);
    if (!options_.count_near_duplicates) return;
    for (const std::uint64_t band : document.bands) near_.add(mix64(band ^ salt), tag);
  }

  void mark_later_ones(KeyGroups& groups, std::vector<bool>& marks) {
    groups.for_each_repeated([&](auto tags) {
      for (const std::uint64_t tag : tags.subspan(1)) {
        marks[tag >> kSkillBits] = true;
        ++duplicates_[tag % kMaxSkills];
      }
    });
  }

  void check() {
    for (const std::string& field : fields_lacked_) {
      if (fields_met_.contains(field)) continue;
      fail(ErrorCode::kBadArgument,
           fmt::format("filter: no document has the field '{}'; the fields are: {}", field,
                       fmt::join(fields_met_, ", ")));
    }
    if (!names_.empty()) return;
    if (plan_.num_records == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("data: there is no document in {}{}; each needs a line, a row or some text",
                       options_.files.front().path,
                       options_.files.size() == 1
                           ? ""
                           : fmt::format(" and {} more", options_.files.size() - 1)));
    }
    fail(ErrorCode::kBadArgument, fmt::format("data: none of the {} documents can be packed: {} "
                                              "are empty, {} meet no condition or are not "
                                              "in the list that gives the skills",
                                              plan_.num_records, plan_.empty, plan_.without_skill));
  }

  const PackOptions& options_;
  KeyGroups equal_;
  KeyGroups near_;
  PackPlan plan_;
  std::map<std::string, std::uint64_t> ids_;
  std::vector<std::string> names_;  ///< By id, in the order met.
  std::vector<HashRange> hashes_;
  std::vector<std::uint64_t> duplicates_;
  std::set<std::string> fields_met_;
  std::set<std::string> fields_lacked_;
};

}  // namespace

PackPlan plan_pack(const PackOptions& options, const std::filesystem::path& scratch) {
  Planner planner(options, scratch);
  RecordReader reader(options.files, options.max_document_bytes);
  for_ordered_batches(
      reader, 0, batch_bytes(options), num_threads(options),
      [&](const RecordBatch& records, std::uint64_t) { return scan(options, records); },
      [&](std::uint64_t first, std::uint64_t count, const ScannedBatch& batch) {
        planner.take(first, count, batch);
      });
  return std::move(planner).finish();
}

}  // namespace skillit
