#include "skillit/data/pack_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

void put_file(ByteWriter& out, const DocumentFile& file) {
  std::error_code problem;
  const auto size = fs::file_size(file.path, problem);
  const auto changed = problem ? fs::file_time_type() : fs::last_write_time(file.path, problem);
  if (problem) fail(ErrorCode::kIo, fmt::format("{}: {}", file.path, problem.message()));
  out.put_string(file.path);
  out.put_string(file.skill);
  out.put<std::uint64_t>(size);
  out.put<std::int64_t>(changed.time_since_epoch().count());
}

void put_rules(ByteWriter& out, const DocumentRules& rules) {
  out.put_string(rules.text_field);
  out.put_string(rules.skill_field);
  out.put_string(rules.id_field);
  out.put<std::uint64_t>(rules.filters.size());
  for (const auto& [skill, condition] : rules.filters) {
    out.put_string(skill);
    out.put_string(condition);
  }
  if (rules.assignments == nullptr) return;
  const std::map<std::string, std::string> sorted(rules.assignments->begin(),
                                                  rules.assignments->end());
  for (const auto& [id, skill] : sorted) {
    out.put_string(id);
    out.put_string(skill);
  }
}

}  // namespace

std::string settings_fingerprint(const PackOptions& options,
                                 std::string_view tokenizer_fingerprint) {
  ByteWriter out;
  out.put_string("pack 1");
  out.put_string(tokenizer_fingerprint);
  for (const DocumentFile& file : options.files) put_file(out, file);
  put_rules(out, options.rules);
  out.put(options.validation_fraction);
  out.put(options.drop_duplicates);
  out.put(options.count_near_duplicates);
  out.put(options.append_ends);
  return fingerprint(out.bytes());
}

std::size_t num_threads(const PackOptions& options) {
  if (options.threads > 0) return static_cast<std::size_t>(options.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

std::size_t batch_bytes(const PackOptions& options) {
  // Two batches per thread are under way; a byte of text takes up to 8 (text, parsed, tokens).
  constexpr std::uint64_t kBytesPerByte = 8;
  const std::uint64_t share = options.memory_bytes / 4 / (2 * num_threads(options) * kBytesPerByte);
  return std::clamp<std::uint64_t>(share, 1 << 14, 1 << 22);
}

}  // namespace skillit
