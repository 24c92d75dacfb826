#include "skillit/base/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeader = 100'000'000;
constexpr std::string_view kMetadata = "__metadata__";

std::uint64_t element_size(const std::string& dtype) {
  static const std::map<std::string, std::uint64_t> sizes{
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
      {"U32", 4},  {"F32", 4}, {"I64", 8}, {"U64", 8},     {"F64", 8}};
  const auto size = sizes.find(dtype);
  return size == sizes.end() ? 0 : size->second;
}

[[noreturn]] void damaged(const std::string& name, const std::string& what) {
  fail(ErrorCode::kBadFormat, name + ": not a usable safetensors file: " + what);
}

json parse_header(std::string_view header, const std::string& name) {
  std::set<std::string> seen;
  std::string repeated;
  const auto note_key = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !seen.insert(value.get<std::string>()).second) {
      repeated = value.get<std::string>();
    }
    return true;
  };
  json result = json::parse(header, note_key, /*allow_exceptions=*/false);
  if (!result.is_object()) damaged(name, "its header is not a JSON object");
  if (!repeated.empty())
    damaged(name, fmt::format("the tensor '{}' stands twice in the header", repeated));
  return result;
}

/// Bytes of a tensor of this dtype and shape, or damaged() when they do not fit in 64 bits.
std::uint64_t byte_count(const std::string& tensor, const SafetensorsEntry& entry,
                         const std::string& name) {
  std::uint64_t count = element_size(entry.dtype);
  if (count == 0)
    damaged(name, fmt::format("the tensor '{}' has the unknown dtype '{}'", tensor, entry.dtype));
  for (const std::int64_t extent : entry.shape) {
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(extent), &count)) {
      damaged(name, fmt::format("the shape of '{}' is too large", tensor));
    }
  }
  return count;
}

std::vector<std::uint64_t> read_sizes(const json& list, const std::string& tensor,
                                      const std::string& name) {
  std::vector<std::uint64_t> values;
  if (!list.is_array() || list.size() > 64)
    damaged(name, fmt::format("'{}' has no proper shape or data_offsets", tensor));
  for (const auto& value : list) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > (1ULL << 62)) {
      damaged(name, fmt::format("'{}' has a shape or offset that is not a size", tensor));
    }
    values.push_back(value.get<std::uint64_t>());
  }
  return values;
}

}  // namespace

Safetensors Safetensors::parse(std::string_view bytes, const std::string& name) {
  std::uint64_t header_size = 0;
  if (bytes.size() < 8)
    damaged(name, fmt::format("it has {} bytes, the header length alone needs 8", bytes.size()));
  std::memcpy(&header_size, bytes.data(), 8);
  if (header_size > kMaxHeader || header_size > bytes.size() - 8) {
    damaged(name,
            fmt::format(
                "its header claims {} bytes, the file has {}; it is cut short or something else",
                header_size, bytes.size()));
  }
  const std::string_view data = bytes.substr(8 + header_size);
  const json header = parse_header(bytes.substr(8, header_size), name);
  Safetensors result;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [tensor, description] : header.items()) {
    if (!description.is_object())
      damaged(name, fmt::format("'{}' is not described by an object", tensor));
    if (tensor == kMetadata) {
      for (const auto& [key, value] : description.items()) {
        if (!value.is_string())
          damaged(name, fmt::format("the metadata '{}' is not a string", key));
        result.metadata[key] = value.get<std::string>();
      }
      continue;
    }
    const json dtype = description.value("dtype", json());
    const auto offsets = read_sizes(description.value("data_offsets", json()), tensor, name);
    const auto shape = read_sizes(description.value("shape", json()), tensor, name);
    if (!dtype.is_string() || offsets.size() != 2)
      damaged(name, fmt::format("'{}' lacks its dtype or offsets", tensor));
    SafetensorsEntry entry{dtype.get<std::string>(), {shape.begin(), shape.end()}, {}};
    if (offsets[0] > offsets[1] || offsets[1] > data.size() ||
        offsets[1] - offsets[0] != byte_count(tensor, entry, name)) {
      damaged(name, fmt::format("'{}' lies at bytes {}..{} of {}, which does not fit its shape; "
                                "the file is cut short or "
                                "damaged",
                                tensor, offsets[0], offsets[1], data.size()));
    }
    entry.bytes = data.substr(offsets[0], offsets[1] - offsets[0]);
    ranges.emplace_back(offsets[0], offsets[1]);
    result.tensors[tensor] = std::move(entry);
  }
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t end = 0;
  for (const auto& [from, to] : ranges) {
    if (from != end)
      damaged(name, fmt::format("its tensors overlap or leave a hole at byte {}", end));
    end = to;
  }
  if (end != data.size())
    damaged(name, fmt::format("{} bytes after the last tensor", data.size() - end));
  return result;
}

std::string Safetensors::serialize() const {
  std::vector<const std::pair<const std::string, SafetensorsEntry>*> order;
  for (const auto& tensor : tensors) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return element_size(a->second.dtype) > element_size(b->second.dtype);
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[std::string(kMetadata)] = metadata;
  std::uint64_t offset = 0;
  for (const auto* tensor : order) {
    const SafetensorsEntry& entry = tensor->second;
    header[tensor->first] = {{"dtype", entry.dtype},
                             {"shape", entry.shape},
                             {"data_offsets", {offset, offset + entry.bytes.size()}}};
    offset += entry.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t size = text.size();
  std::string file(reinterpret_cast<const char*>(&size), 8);
  file.reserve(8 + size + offset);
  file += text;
  for (const auto* tensor : order) file += tensor->second.bytes;
  return file;
}

const SafetensorsEntry& Safetensors::at(const std::string& tensor, std::string_view dtype,
                                        const std::vector<std::int64_t>& shape,
                                        const std::string& name) const {
  const auto found = tensors.find(tensor);
  if (found == tensors.end())
    fail(ErrorCode::kBadFormat, fmt::format("{}: has no tensor '{}'", name, tensor));
  if (found->second.dtype != dtype || found->second.shape != shape) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: the tensor '{}' is {} [{}], expected {} [{}]", name, tensor,
                     found->second.dtype, fmt::join(found->second.shape, ", "), dtype,
                     fmt::join(shape, ", ")));
  }
  return found->second;
}

}  // namespace skillit
