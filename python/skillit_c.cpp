#include "skillit_c.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <type_traits>

#include "skillit/base/error.h"
#include "skillit/data/batch_reader.h"
#include "skillit/data/pack_windows.h"
#include "skillit/data/stream_names.h"

#define SKILLIT_EXPORT __attribute__((visibility("default")))

using namespace skillit;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::int32_t kNotScored = -100;  ///< As PyTorch's cross entropy ignores it.

thread_local std::string last_error;

/// What `action` returns, or `failed` after an error.
template <class T>
T guarded(T failed, const std::function<T()>& action) {
  try {
    return action();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "unknown error";
  }
  return failed;
}

/// Takes `key` out of `json` when it is there. Members are taken one by one, so that what is left
/// over is unknown.
template <class T>
T take(Json& json, const char* key, T fallback) {
  if (!json.contains(key)) return fallback;
  constexpr bool kCount = std::is_unsigned_v<T> && !std::is_same_v<T, bool>;
  const char* kind = kCount                    ? "a whole number from 0"
                     : std::is_same_v<T, bool> ? "a bool"
                                               : "a text";
  const Json& given = json.at(key);
  // Would else be cut to what a T can hold.
  const bool fits = kCount                    ? given.is_number_unsigned()
                    : std::is_same_v<T, bool> ? given.is_boolean()
                                              : given.is_string();
  if (!fits) {
    fail(ErrorCode::kBadArgument,
         fmt::format("the option {} is {}; {} was expected", key, given.dump(), kind));
  }
  T value = given.get<T>();
  json.erase(key);
  return value;
}

template <class Names>
std::size_t take_choice(Json& json, const char* key, const Names& names) {
  const auto name = take<std::string>(json, key, std::string(names[0]));
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string list;
  for (const auto& one : names) list += fmt::format("{}'{}'", list.empty() ? "" : ", ", one);
  fail(ErrorCode::kBadArgument,
       fmt::format("the option {} is '{}'; one of {} was expected", key, name, list));
}

MixtureStream make_stream(Json& json, const PackWindows& windows) {
  std::vector<StreamSkill> skills = windows.stream_skills();
  const auto epochs = take<std::uint64_t>(json, "max_epochs", 1);
  for (StreamSkill& skill : skills) skill.max_epochs = epochs;
  StreamOptions options;
  options.unit = static_cast<StreamUnit>(take_choice(json, "unit", kStreamUnits));
  options.when_spent = static_cast<WhenSpent>(take_choice(json, "spent", kWhenSpentNames));
  options.fair = take(json, "fair", false) || options.unit == StreamUnit::kTokens;
  options.tokens_of = [&windows](const SampleRef& ref) { return windows.num_tokens(ref); };
  return {std::move(skills), take<std::uint64_t>(json, "seed", 0), std::move(options)};
}

PackingOptions take_packing(Json& json) {
  PackingOptions packing;
  packing.window = take(json, "window", packing.window);
  packing.packing = static_cast<Packing>(take_choice(json, "packing", kPackingNames));
  packing.document_mask = take(json, "document_mask", false);
  return packing;
}

ReaderOptions take_reading(Json& json) {
  ReaderOptions reading;
  reading.batch = take(json, "batch", reading.batch);
  reading.rank = take(json, "rank", reading.rank);
  reading.world = take(json, "world", reading.world);
  reading.first = take(json, "first", reading.first);
  reading.stride = take(json, "stride", reading.stride);
  reading.threads = take(json, "threads", reading.threads);
  reading.ahead = take(json, "ahead", reading.ahead);
  return reading;
}

}  // namespace

struct skillit_reader {
  explicit skillit_reader(Json json)
      : packing(take_packing(json)),
        reading(take_reading(json)),
        windows(take<std::string>(json, "pack", ""), packing),
        reader(make_stream(json, windows), windows, reading) {
    if (!json.empty()) {
      fail(ErrorCode::kBadArgument, fmt::format("the option {} is unknown", json.begin().key()));
    }
  }
  [[nodiscard]] std::uint64_t rows() const { return reading.batch / reading.world; }
  const char* say(const Json& json) {
    text = json.dump();
    return text.c_str();
  }

  PackingOptions packing;
  ReaderOptions reading;
  PackWindows windows;
  BatchReader reader;
  ReadBatch batch;
  std::string text;  ///< Last returned.
};

namespace {

/// One row of a batch; see skillit_reader_next().
void write_row(const Sample& sample, std::uint64_t window, std::int32_t filler,
               std::int32_t* tokens, std::int32_t* labels, std::int32_t* starts) {
  const std::size_t size = sample.tokens.size();
  std::copy(sample.tokens.begin(), sample.tokens.end(), tokens);
  std::fill(tokens + size, tokens + window, filler);
  for (std::size_t i = 0; i + 1 < size; ++i)
    labels[i] = sample.scored[i + 1] == 1 ? sample.tokens[i + 1] : kNotScored;
  std::fill(labels + (size > 0 ? size - 1 : 0), labels + window, kNotScored);
  if (starts == nullptr) return;
  std::fill(starts, starts + window, 0);
  for (const std::uint32_t start : sample.starts)
    std::fill(starts + start, starts + window, static_cast<std::int32_t>(start));
  // What fills a row up is a document of its own.
  std::fill(starts + size, starts + window, static_cast<std::int32_t>(size));
}

Json about(const skillit_reader& reader) {
  const PackIndex& index = reader.windows.index();
  Json skills = Json::array();
  for (std::size_t i = 0; i < index.skills.size(); ++i) {
    skills.push_back({{"name", index.skills[i].name},
                      {"windows", reader.windows.size(i)},
                      {"tokens", index.skills[i].train.tokens}});
  }
  return {{"skills", std::move(skills)},
          {"window", reader.packing.window},
          {"rows", reader.rows()},
          {"document_mask", reader.packing.document_mask},
          {"vocabulary_size", index.tokenizer.vocabulary_size},
          {"end_of_document", index.tokenizer.end_of_document}};
}

Json report(skillit_reader& reader) {
  const MixtureStream& stream = reader.reader.stream();
  Json json{{"asked", stream.asked()},
            {"delivered", stream.delivered_units()},
            {"samples", stream.delivered()},
            {"epochs", stream.epochs()},
            {"batches_read", stream.offset() / reader.reading.batch},
            {"batches", reader.reader.num_batches()}};
  json["spent"] = Json::array();
  for (const std::uint32_t skill : stream.spent())
    json["spent"].push_back(reader.windows.index().skills[skill].name);
  return json;
}

}  // namespace

extern "C" {

SKILLIT_EXPORT const char* skillit_error(void) {
  return last_error.c_str();
}

SKILLIT_EXPORT skillit_reader* skillit_reader_open(const char* options) {
  return guarded<skillit_reader*>(nullptr,
                                  [&] { return new skillit_reader(Json::parse(options)); });
}

SKILLIT_EXPORT void skillit_reader_close(skillit_reader* reader) {
  delete reader;
}

SKILLIT_EXPORT const char* skillit_reader_about(skillit_reader* reader) {
  return guarded<const char*>(nullptr, [&] { return reader->say(about(*reader)); });
}

SKILLIT_EXPORT int64_t skillit_reader_begin_block(skillit_reader* reader, const double* weights,
                                                  uint64_t count, uint64_t batches) {
  return guarded<std::int64_t>(-1, [&] {
    const std::span<const double> given(weights, count);
    return static_cast<std::int64_t>(
        reader->reader.begin_block(Mixture::from_weights(given), batches));
  });
}

SKILLIT_EXPORT int skillit_reader_next(skillit_reader* reader, int32_t* tokens, int32_t* labels,
                                       int32_t* starts, int32_t* skills, int64_t* indices) {
  return guarded<int>(-1, [&] {
    ReadBatch& batch = reader->batch;
    if (!reader->reader.next(batch)) return 0;
    const std::uint64_t window = reader->packing.window;
    const TokenId filler = reader->windows.index().tokenizer.end_of_document;
    for (std::size_t i = 0; i < batch.refs.size(); ++i) {
      skills[i] = static_cast<std::int32_t>(batch.refs[i].skill);
      indices[i] = static_cast<std::int64_t>(batch.refs[i].index);
      write_row(batch.samples[i].view(), window, filler, tokens + i * window, labels + i * window,
                starts == nullptr ? nullptr : starts + i * window);
    }
    return 1;
  });
}

SKILLIT_EXPORT const char* skillit_reader_state(skillit_reader* reader) {
  return guarded<const char*>(nullptr, [&] {
    reader->text = to_json(reader->reader.stream().state());
    return reader->text.c_str();
  });
}

SKILLIT_EXPORT int skillit_reader_resume(skillit_reader* reader, const char* state) {
  return guarded<int>(-1, [&] {
    reader->reader.resume(parse_stream_state(state, "state"));
    return 1;
  });
}

SKILLIT_EXPORT int skillit_reader_skip(skillit_reader* reader, uint64_t batches) {
  return guarded<int>(-1, [&] {
    if (batches > reader->reader.num_batches()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("the block has {} batches, not {}", reader->reader.num_batches(), batches));
    }
    reader->reader.skip_to(batches);
    return 1;
  });
}

SKILLIT_EXPORT const char* skillit_reader_report(skillit_reader* reader) {
  return guarded<const char*>(nullptr, [&] { return reader->say(report(*reader)); });
}

}  // extern "C"
