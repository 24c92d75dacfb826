#include "skillit/base/safetensors_folder.h"

#include <fmt/format.h>

#include <set>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";
constexpr std::uintmax_t kLargestIndex = 64 << 20;

/// Tensor -> file, as the index says.
std::map<std::string, std::string> read_index(const std::filesystem::path& path) {
  const std::string where = path.string();
  const detail::Json index = detail::parse_strict_json(read_file(path, kLargestIndex), where);
  detail::expect_keys(index, where, {"weight_map"}, {"metadata"});
  if (!index["weight_map"].is_object() || index["weight_map"].empty())
    fail(ErrorCode::kBadFormat, where + ": weight_map names no tensor and its file");
  std::map<std::string, std::string> files;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    const std::string name = file.is_string() ? file.get<std::string>() : "";
    if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: the file of '{}' must be a plain name in this folder", where, tensor));
    }
    files[tensor] = name;
  }
  return files;
}

[[noreturn]] void nothing_there(const std::filesystem::path& folder) {
  const bool pickled = std::filesystem::exists(folder / "pytorch_model.bin") ||
                       std::filesystem::exists(folder / "pytorch_model.bin.index.json");
  fail(ErrorCode::kNotFound,
       fmt::format("{}: has neither {} nor {}{}", folder.string(), kSingle, kIndex,
                   pickled ? "; pytorch_model.bin is a pickle, which can run code and is never "
                             "read: save the model as safetensors first"
                           : ""));
}

}  // namespace

SafetensorsFolder SafetensorsFolder::open(const std::filesystem::path& folder) {
  SafetensorsFolder result;
  if (std::filesystem::exists(folder / kSingle)) {
    result.add(folder / kSingle);
    return result;
  }
  if (!std::filesystem::exists(folder / kIndex)) nothing_there(folder);
  const auto index = read_index(folder / kIndex);
  std::set<std::string> files;
  for (const auto& [tensor, file] : index) files.insert(file);
  for (const std::string& file : files) {
    const std::size_t before = result.tensors_.size();
    result.add(folder / file);
    std::size_t listed = 0;
    for (const auto& [tensor, its_file] : index) listed += its_file == file ? 1 : 0;
    if (listed != result.tensors_.size() - before) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: has {} tensors, {} lists {}", (folder / file).string(),
                       result.tensors_.size() - before, kIndex, listed));
    }
  }
  for (const auto& [tensor, file] : index) {
    if (!result.tensors_.contains(tensor)) {
      fail(ErrorCode::kBadFormat, fmt::format("{}: lacks the tensor '{}', which {} puts there",
                                              (folder / file).string(), tensor, kIndex));
    }
  }
  return result;
}

void SafetensorsFolder::add(const std::filesystem::path& path) {
  files_.push_back(MappedFile::open(path));
  for (auto& [name, entry] : Safetensors::parse(files_.back().bytes(), path.string()).tensors) {
    if (!tensors_.emplace(name, std::move(entry)).second) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: the tensor '{}' is in another file too", path.string(), name));
    }
  }
}

std::string SafetensorsFolder::fingerprint() const {
  Fingerprinter sum;
  for (const MappedFile& file : files_) sum.add(file.bytes());
  return sum.hex();
}

}  // namespace skillit
