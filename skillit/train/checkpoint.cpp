#include "skillit/train/checkpoint.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cstring>
#include <deque>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/safetensors.h"

namespace skillit {
namespace {

/// Keeps host copies of tensors alive while a Safetensors refers to their bytes.
class Writer {
 public:
  void add(const std::string& name, const torch::Tensor& tensor) {
    const auto host = tensor.detach().to(torch::kCPU).contiguous();
    hosts_.push_back(host);
    file.tensors[name] = {
        "F32", host.sizes().vec(), {static_cast<const char*>(host.data_ptr()), host.nbytes()}};
  }
  void add_bytes(const std::string& name, std::string_view bytes) {
    file.tensors[name] = {"U8", {static_cast<std::int64_t>(bytes.size())}, bytes};
  }
  Safetensors file;

 private:
  std::deque<torch::Tensor> hosts_;
};

std::string checksum(const Safetensors& file) {
  Fingerprinter sum;
  for (const auto& [name, entry] : file.tensors) {
    sum.add(name);
    sum.add(entry.bytes);
  }
  return sum.hex();
}

torch::Tensor view(const SafetensorsEntry& entry) {
  return torch::from_blob(const_cast<char*>(entry.bytes.data()), entry.shape, torch::kFloat32);
}

std::string metadata_value(const Safetensors& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? "" : found->second;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Gpt& model, AdamW& optimizer,
                     std::string_view state) {
  Writer writer;
  writer.add("weights", model.parameters().master());
  writer.add("first_moment", optimizer.first_moment());
  writer.add("second_moment", optimizer.second_moment());
  ByteWriter all_state;
  all_state.put(optimizer.num_steps());
  all_state.put_string(state);
  writer.add_bytes("state", all_state.bytes());
  writer.file.metadata = {{"format", "skillit checkpoint"},
                          {"version", std::to_string(kCheckpointVersion)},
                          {"checksum", checksum(writer.file)}};
  write_file_atomically(path, writer.file.serialize());
}

std::string load_checkpoint(const std::filesystem::path& path, Gpt& model, AdamW& optimizer) {
  const torch::NoGradGuard no_gradient;
  const std::string name = path.string();
  const MappedFile mapped = MappedFile::open(path);
  const Safetensors file = Safetensors::parse(mapped.bytes(), name);
  const std::string version = metadata_value(file, "version");
  if (metadata_value(file, "format") != "skillit checkpoint" ||
      version != std::to_string(kCheckpointVersion)) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: checkpoint version '{}' found, {} expected; it was written by another "
                     "skillit: continue with that one or start anew in another folder",
                     name, version, kCheckpointVersion));
  }
  if (metadata_value(file, "checksum") != checksum(file)) {
    fail(ErrorCode::kBadFormat,
         name + ": its content does not match its checksum; the file is damaged");
  }
  const std::vector<std::int64_t> flat{model.parameters().size()};
  const auto& weights = file.at("weights", "F32", flat, name);
  const auto& first = file.at("first_moment", "F32", flat, name);
  const auto& second = file.at("second_moment", "F32", flat, name);
  const auto state = file.tensors.find("state");
  if (state == file.tensors.end()) fail(ErrorCode::kBadFormat, name + ": has no tensor 'state'");
  ByteReader all_state(state->second.bytes, name);
  const auto optimizer_steps = all_state.get<std::int64_t>();
  std::string callers_state = all_state.get_string();
  all_state.expect_end();
  model.parameters().master().copy_(view(weights));
  model.parameters().publish();
  optimizer.first_moment().copy_(view(first));
  optimizer.second_moment().copy_(view(second));
  optimizer.set_num_steps(optimizer_steps);
  return callers_state;
}

void save_model(const std::filesystem::path& path, const Gpt& model,
                const std::map<std::string, std::string>& metadata) {
  Writer writer;
  for (const auto& [name, tensor] : model.parameters().named()) writer.add(name, tensor);
  writer.file.metadata = metadata;
  write_file_atomically(path, writer.file.serialize());
}

std::map<std::string, std::string> model_metadata(const std::filesystem::path& path) {
  const MappedFile mapped = MappedFile::open(path);
  return Safetensors::parse(mapped.bytes(), path.string()).metadata;
}

std::map<std::string, std::string> load_model(const std::filesystem::path& path, Gpt& model,
                                              bool allow_missing) {
  const torch::NoGradGuard no_gradient;
  const std::string name = path.string();
  const MappedFile mapped = MappedFile::open(path);
  const Safetensors file = Safetensors::parse(mapped.bytes(), name);
  auto weights = model.parameters().named();
  for (const auto& [tensor, entry] : file.tensors) {
    if (!weights.contains(tensor))
      fail(ErrorCode::kMismatch, fmt::format("{}: the model has no weight '{}'", name, tensor));
  }
  for (auto& [weight, target] : weights) {
    if (allow_missing && !file.tensors.contains(weight)) continue;
    target.copy_(view(file.at(weight, "F32", target.sizes().vec(), name)));
  }
  model.parameters().publish();
  return file.metadata;
}

}  // namespace skillit
