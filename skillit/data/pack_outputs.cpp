#include "skillit/data/pack_outputs.h"

#include <fmt/core.h>

#include <string_view>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/strict_json_private.h"
#include "skillit/data/block_sums.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using detail::Json;

constexpr std::string_view kProgressFile = "progress.json";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

std::string pack_file_name(const std::string& skill) {
  constexpr std::size_t kMaxBytes = 200;  // File systems allow 255 with the endings.
  if (skill.empty()) fail(ErrorCode::kBadArgument, "data: a skill's name is empty");
  std::string name;
  for (const char c : skill) {
    if (is_plain(c) || (c == '.' && !name.empty()))
      name += c;
    else
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (name.size() > kMaxBytes) {
    fail(ErrorCode::kBadArgument,
         fmt::format("data: the skill's name '{}' is too long for a file: {} bytes, {} are allowed",
                     skill, name.size(), kMaxBytes));
  }
  return name;
}

PackOutputs::PackOutputs(fs::path folder, TokenType type, std::string settings,
                         std::uint64_t memory_bytes)
    : folder_(std::move(folder)),
      type_(type),
      settings_(std::move(settings)),
      memory_bytes_(memory_bytes) {
  if (can_go_on(folder_)) load();
}

bool PackOutputs::can_go_on(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / kProgressFile, ignored);
}

void PackOutputs::load() {
  const std::string where = (folder_ / kProgressFile).string();
  const Json json = detail::parse_strict_json(read_file(where), where);
  detail::expect_keys(json, where, {"settings", "records", "outputs"});
  if (json["settings"] != settings_) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: this pack was begun with other files or settings (or a file has changed "
                     "since); remove the folder to begin anew, or give the same",
                     folder_.string()));
  }
  try {
    num_records_ = json["records"].get<std::uint64_t>();
    for (const Json& output : json["outputs"]) {
      const auto number = [&](const char* key) { return output.at(key).get<std::uint64_t>(); };
      Output& added =
          output_of({output.at("skill").get<std::string>(), output.at("validation").get<bool>()},
                    {number("documents"), number("tokens")});
      added.text_bytes = number("text_bytes");
    }
  } catch (const Json::exception& problem) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: is damaged ({}); remove the folder to begin anew",
                                            where, problem.what()));
  }
}

PackOutputs::Output& PackOutputs::output_of(const Key& key, WrittenCounts resume_at) {
  if (const auto found = outputs_.find(key); found != outputs_.end()) return found->second;
  const std::string file = pack_file_name(key.first) + (key.second ? ".validation" : ".train");
  return outputs_
      .emplace(key, Output{file, IndexedDatasetWriter(folder_ / file, type_, resume_at), 0})
      .first->second;
}

void PackOutputs::add(const std::string& skill, bool validation, std::span<const TokenId> tokens,
                      std::uint64_t text_bytes) {
  Output& output = output_of({skill, validation}, {});
  const std::size_t before = output.writer.buffered_bytes();
  output.writer.add_document(tokens);
  output.text_bytes += text_bytes;
  buffered_bytes_ += output.writer.buffered_bytes() - before;
  if (buffered_bytes_ < memory_bytes_) return;
  for (auto& [key, each] : outputs_) each.writer.flush();
  buffered_bytes_ = 0;
}

void PackOutputs::checkpoint(std::uint64_t num_records) {
  Json outputs = Json::array();
  for (auto& [key, output] : outputs_) {
    output.writer.flush();
    output.writer.sync();
    outputs.push_back({{"skill", key.first},
                       {"validation", key.second},
                       {"documents", output.writer.counts().documents},
                       {"tokens", output.writer.counts().tokens},
                       {"text_bytes", output.text_bytes}});
  }
  buffered_bytes_ = 0;
  num_records_ = num_records;
  const Json json{
      {"settings", settings_}, {"records", num_records}, {"outputs", std::move(outputs)}};
  write_file_atomically(folder_ / kProgressFile, json.dump() + "\n");
}

PackPart PackOutputs::finish_part(const std::string& skill, bool validation) {
  const auto found = outputs_.find({skill, validation});
  if (found == outputs_.end()) return {};
  auto& [file, writer, text_bytes] = found->second;
  writer.finish();
  const std::string prefix = (folder_ / file).string();
  const std::string sums = make_block_sums({prefix + ".bin", prefix + ".idx"});
  write_file_atomically(prefix + ".sums", sums);
  return {file, writer.counts().documents, writer.counts().tokens, text_bytes, fingerprint(sums)};
}

void PackOutputs::finish(PackIndex& index) {
  for (PackedSkill& skill : index.skills) {
    skill.train = finish_part(skill.name, false);
    skill.validation = finish_part(skill.name, true);
  }
}

void PackOutputs::remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder / "scratch", ignored);
  fs::remove(folder / kProgressFile, ignored);
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".lengths") fs::remove(entry.path(), ignored);
  }
}

}  // namespace skillit
