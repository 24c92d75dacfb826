#include "skillit/data/stream_state.h"

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/data/mixture_stream.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kGolden =
    std::filesystem::path(SKILLIT_TESTS_DIR) / "golden/stream_v1/state.json";

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kIo, "no error"};
}

/// The stream whose state the golden file holds.
MixtureStream golden_stream() {
  MixtureStream first({{"web", 60, 2}, {"code", 10, 2}, {"books", 30, 2}}, 5,
                      {.when_spent = WhenSpent::kDrop});
  first.begin_block(Mixture::from_weights(std::array{1.0, 1.0, 1.0}), 20);
  first.seek(20);
  MixtureStream second({{"code", 25, 2}, {"web", 60, 1}, {"maths", 7, 3}}, 5,
                       {.when_spent = WhenSpent::kDrop});
  second.resume(first.state());
  second.begin_block(Mixture::from_weights(std::array{3.0, 2.0, 1.0}), 16);
  second.seek(11);
  return second;
}

TEST(StreamState, TheFileOfVersion1IsReadForever) {
  const std::string text = read_file(kGolden);
  const StreamState state = parse_stream_state(text, "golden");
  EXPECT_EQ(to_json(state), text);
  EXPECT_EQ(state, golden_stream().state());
  MixtureStream stream({{"code", 25, 2}, {"web", 60, 1}, {"maths", 7, 3}}, 5,
                       {.when_spent = WhenSpent::kDrop});
  stream.resume(state);
  std::string rest;
  for (std::uint64_t i = stream.offset(); i < stream.block_size(); ++i) {
    const SampleRef ref = stream.at(i);
    rest += std::to_string(ref.skill) + ":" + std::to_string(ref.index) + " ";
  }
  EXPECT_EQ(rest, "1:16 0:20 2:2 0:18 1:57 ");
}

TEST(StreamState, DamageIsRefusedWithWhatIsWrong) {
  const auto damaged = [](const auto& change) {
    auto json = nlohmann::json::parse(to_json(golden_stream().state()));
    change(json);
    const Error error = error_of([&] { (void)parse_stream_state(json.dump(), "s.json"); });
    EXPECT_EQ(error.code(), ErrorCode::kBadFormat);
    EXPECT_THAT(error.what(), HasSubstr("s.json"));
    return std::string(error.what());
  };
  EXPECT_THAT(damaged([](auto& j) { j["version"] = 2; }), HasSubstr("version"));
  EXPECT_THAT(damaged([](auto& j) { j["format"] = "x"; }), HasSubstr("no state of a stream"));
  EXPECT_THAT(damaged([](auto& j) { j.erase("seed"); }), HasSubstr("seed"));
  EXPECT_THAT(damaged([](auto& j) { j["extra"] = 1; }), HasSubstr("extra"));
  EXPECT_THAT(damaged([](auto& j) { j["unit"] = "words"; }), HasSubstr("\"unit\""));
  EXPECT_THAT(damaged([](auto& j) {
                j["fair"] = true;
                j["block"]["samples"] = std::uint64_t{1} << 29;
              }),
              HasSubstr("no fair block is as long"));
  EXPECT_THAT(damaged([](auto& j) {  // 32 times 2^123 is 0 in 128 bits.
                auto skill = j["skills"][0];
                skill["share"] = 0;
                skill["block_start"] = skill["now"];
                skill["now"]["owed"] = skill["block_start"]["owed"] = {std::uint64_t{1} << 61, 0};
                for (int i = 0; i < 32; ++i) {
                  skill["name"] = std::to_string(i);
                  j["skills"].push_back(skill);
                }
              }),
              HasSubstr("owed is too large"));
  EXPECT_THAT(damaged([](auto& j) { j["block"]["offset"] = 17; }), HasSubstr("contradict"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][0]["size"] = -1; }), HasSubstr("\"size\""));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][0]["size"] = 3; }),
              HasSubstr("skill 'code': its numbers contradict"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][1]["name"] = "code"; }), HasSubstr("stands twice"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][0]["now"]["samples"] = std::uint64_t{1} << 63; }),
              HasSubstr("contradict"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][0]["now"]["owed"][1] = std::uint64_t{1} << 62; }),
              HasSubstr("62-bit"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"][0]["now"]["owed"][0] = 5; }),
              HasSubstr("sums over the skills"));
  EXPECT_THAT(damaged([](auto& j) {
                j["skills"][0]["growths"] = {{9, 10}, {8, 11}};
              }),
              HasSubstr("do not rise"));
  EXPECT_THAT(damaged([](auto& j) { j["skills"] = nlohmann::json::array(); }),
              HasSubstr("contradict"));
  EXPECT_THAT(error_of([] { (void)parse_stream_state("{", "s.json"); }).what(),
              HasSubstr("s.json"));
}

}  // namespace
}  // namespace skillit
