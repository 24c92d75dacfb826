#include "skillit/config/dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "skillit/base/rng.h"
#include "skillit/config/load.h"
#include "tests/config/sample_recipe.h"

namespace skillit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Recipe full_recipe() {
  Recipe recipe;
  recipe.name = "a: \"b\"";
  recipe.shares = {0.1, 1};
  recipe.devices = {"cpu", "cuda"};
  recipe.stages.resize(2);
  recipe.stages[0].optimizer.warmup = 3;
  recipe.stages[1] = {.steps = 500, .optimizer = {.lr = 1e-5, .schedule = "cosine", .warmup = 5}};
  recipe.files = {{"add", "a.jsonl"}, {"two words", "null"}};
  recipe.globs = {{"add", {"a/*", "b"}}, {"none", {}}};
  recipe.weights = {{"add", 2.5}};
  recipe.counts = {{"add", 7}};
  recipe.flags = {{"add", true}};
  return recipe;
}

TEST(Dump, WritesEveryOptionInTheOrderOfTheTables) {
  EXPECT_EQ(dump_yaml(full_recipe()), R"(name: "a: \"b\""
steps: 1500
methods: [random, "skillit:eta=0.5,window=3"]
seeds: [0, 1, 2]
shares: [0.1, 1]
devices: [cpu, cuda]
optimizer:
  lr: 0.001
  schedule: linear
  warmup: 100
data:
  path: corpus
  held_out: 0.1
  shuffle: true
stages:
  - steps: 10
    optimizer:
      lr: 0.001
      schedule: linear
      warmup: 3
  - steps: 500
    optimizer:
      lr: 1e-05
      schedule: cosine
      warmup: 5
files:
  add: a.jsonl
  "two words": "null"
globs:
  add: ["a/*", b]
  none: []
weights:
  add: 2.5
counts:
  add: 7
flags:
  add: true
)");
}

TEST(Dump, WritesEmptyListsAndMapsInBrackets) {
  const std::string text = dump_yaml(Recipe());
  EXPECT_THAT(text, HasSubstr("\nshares: []\n"));
  EXPECT_THAT(text, HasSubstr("\nstages: []\n"));
  EXPECT_THAT(text, HasSubstr("\nfiles: {}\n"));
}

TEST(Dump, LoadingItGivesTheSameOptions) {
  for (const Recipe& recipe : {Recipe(), full_recipe()}) {
    Recipe copy = full_recipe();
    copy.name = "other";
    load_yaml(copy, dump_yaml(recipe), "dump");
    EXPECT_EQ(copy, recipe);
  }
}

/// Any characters but NUL bytes in the raw text: ASCII with every control character, and some of
/// two to four bytes.
std::string random_text(Rng& rng) {
  static constexpr std::array<std::string_view, 8> kWide = {
      "\xC3\xA9",         "\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF",
      "\xF0\x9F\x98\x80", "\xC2\xA0", "---",          ": "};
  std::string text;
  for (auto length = rng.below(8); length > 0; --length) {
    const auto pick = rng.below(160);
    if (pick < 128) {
      text += static_cast<char>(pick);
    } else {
      text += kWide[pick % kWide.size()];
    }
  }
  return text;
}

TEST(Dump, AnyTextAndAnyFiniteNumberComeBackExactly) {
  Rng rng(7, "dump test", 0);
  for (int i = 0; i < 400; ++i) {
    Recipe recipe;
    recipe.name = random_text(rng);
    recipe.methods = {random_text(rng), random_text(rng)};
    recipe.files = {{random_text(rng), random_text(rng)}, {random_text(rng), random_text(rng)}};
    recipe.seeds = {static_cast<std::int64_t>(rng.next())};
    const double number = std::fabs(std::bit_cast<double>(rng.next()));
    recipe.weights = {{"w", std::isfinite(number) && number > 0 ? number : 1.0}};
    const std::string text = dump_yaml(recipe);
    Recipe copy;
    load_yaml(copy, text, "dump");
    ASSERT_EQ(copy, recipe) << text;
    ASSERT_EQ(dump_yaml(copy), text);
  }
}

TEST(Dump, NamesTheOptionThatCannotBeWritten) {
  Recipe recipe = full_recipe();
  recipe.stages[1].optimizer.lr = std::nan("");
  const auto dump = [&] { static_cast<void>(dump_yaml(recipe)); };
  EXPECT_THAT(error_of(dump, ErrorCode::kBadArgument), HasSubstr("stages.1.optimizer.lr is nan"));
}

TEST(Diff, IsEmptyForEqualOptions) {
  EXPECT_THAT(diff(full_recipe(), full_recipe()), IsEmpty());
}

TEST(Diff, NamesEachValueThatDiffers) {
  Recipe there = full_recipe();
  there.optimizer.lr = 0.002;
  there.seeds = {0};
  there.stages[1].steps = 400;
  there.files["add"] = "b.jsonl";
  EXPECT_THAT(
      diff(full_recipe(), there),
      ElementsAre("seeds: [0, 1, 2] here, [0] there", "optimizer.lr: 0.001 here, 0.002 there",
                  "stages.1.steps: 500 here, 400 there", "files.add: a.jsonl here, b.jsonl there"));
}

TEST(Diff, NamesWhatOnlyOneSideHas) {
  Recipe here;
  here.files = {{"add", "a"}};
  Recipe there;
  there.stages.resize(1);
  there.flags = {{"x", false}};
  EXPECT_THAT(
      diff(here, there),
      ElementsAre("files.add: a here, absent there", "stages.0.steps: absent here, 10 there",
                  "stages.0.optimizer.lr: absent here, 0.001 there",
                  "stages.0.optimizer.schedule: absent here, linear there",
                  "stages.0.optimizer.warmup: absent here, 100 there",
                  "flags.x: absent here, false there"));
}

}  // namespace
}  // namespace skillit::config
