#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/config/fields.h"
#include "skillit/config/problems.h"

namespace skillit::config {

/// The options of an invented program, with every type that a field can have.
struct OptimizerOptions {
  double lr = 1e-3;
  std::string schedule = "linear";
  std::int64_t warmup = 100;

  static constexpr std::array<std::string_view, 3> kSchedules = {"constant", "linear", "cosine"};
  static constexpr auto fields() {
    using O = OptimizerOptions;
    return std::tuple{config::field("lr", &O::lr, "peak learning rate", config::positive()),
                      config::choice("schedule", &O::schedule, kSchedules, "shape after warm-up"),
                      config::field("warmup", &O::warmup, "steps", config::at_least(0))};
  }
  friend bool operator==(const OptimizerOptions&, const OptimizerOptions&) = default;
};

struct StageOptions {
  std::int64_t steps = 10;
  OptimizerOptions optimizer;

  static constexpr auto fields() {
    using O = StageOptions;
    return std::tuple{config::field("steps", &O::steps, "length", config::at_least(1)),
                      config::field("optimizer", &O::optimizer, "how")};
  }
  void validate(Problems& problems) const {
    if (optimizer.warmup > steps) problems.add("optimizer.warmup", "longer than the stage");
  }
  friend bool operator==(const StageOptions&, const StageOptions&) = default;
};

struct DataOptions {
  std::string path = "corpus";
  double held_out = 0.1;
  bool shuffle = true;

  static constexpr std::string_view kShortForm = "path";
  static constexpr auto fields() {
    using O = DataOptions;
    return std::tuple{config::field("path", &O::path, "folder"),
                      config::field("held_out", &O::held_out, "share kept", config::between(0, 1)),
                      config::field("shuffle", &O::shuffle, "in another order")};
  }
  void validate(Problems& problems) const {
    if (path.empty()) problems.add("path", "empty; name a folder");
  }
  friend bool operator==(const DataOptions&, const DataOptions&) = default;
};

struct Recipe {
  std::string name = "unnamed";
  std::int64_t steps = 1500;
  std::vector<std::string> methods = {"random", "skillit:eta=0.5,window=3"};
  std::vector<std::int64_t> seeds = {0, 1, 2};
  std::vector<double> shares;
  std::vector<std::string> devices;
  OptimizerOptions optimizer;
  DataOptions data;
  std::vector<StageOptions> stages;
  std::map<std::string, std::string> files;
  std::map<std::string, std::vector<std::string>> globs;
  std::map<std::string, double> weights;
  std::map<std::string, std::int64_t> counts;
  std::map<std::string, bool> flags;

  static constexpr std::array<std::string_view, 2> kDevices = {"cpu", "cuda"};
  static constexpr auto fields() {
    using O = Recipe;
    return std::tuple{
        config::field("name", &O::name, "what the run is called"),
        config::field("steps", &O::steps, "training steps", config::at_least(1)),
        config::field("methods", &O::methods, "what is compared"),
        config::field("seeds", &O::seeds, "one run each"),
        config::field("shares", &O::shares, "by skill", config::between(0, 1)),
        config::choice("devices", &O::devices, kDevices, "where"),
        config::field("optimizer", &O::optimizer, "how weights change"),
        config::field("data", &O::data, "what is read"),
        config::field("stages", &O::stages, "one after the other"),
        config::field("files", &O::files, "by skill"),
        config::field("globs", &O::globs, "by skill"),
        config::field("weights", &O::weights, "by skill", config::above(0)),
        config::field("counts", &O::counts, "by skill", config::at_least(0)),
        config::field("flags", &O::flags, "by skill"),
    };
  }
  void validate(Problems& problems) const {
    if (optimizer.warmup > steps) {
      problems.add("optimizer.warmup", "more than all " + std::to_string(steps) + " steps");
    }
  }
  friend bool operator==(const Recipe&, const Recipe&) = default;
};

/// The message of the Error that `action` throws; fails the test when it throws none.
template <class Action>
std::string error_of(Action action, ErrorCode code = ErrorCode::kBadFormat) {
  try {
    action();
  } catch (const Error& error) {
    return error.code() == code ? error.what() : std::string("another code: ") + error.what();
  }
  return "no error";
}

}  // namespace skillit::config
