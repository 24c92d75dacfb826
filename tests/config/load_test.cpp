#include "skillit/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/sample_recipe.h"

namespace skillit::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Recipe loaded(std::string_view text) {
  Recipe recipe;
  load_yaml(recipe, text, "recipe.yaml");
  return recipe;
}

std::string problem(std::string_view text) {
  return error_of([&] { static_cast<void>(loaded(text)); });
}

TEST(Load, SetsEveryTypeOfField) {
  const Recipe recipe = loaded(R"(# A comment.
name: a b, c
steps: 3000
methods: [random, 'skillit:eta=0.1,window=3']
seeds:
  - 4
  - -5
shares: [0.25, 1, 5e-1]
devices: [cpu]
optimizer:
  lr: 3e-4
  schedule: cosine
data: {path: /tmp/x, held_out: 0, shuffle: false}
stages:
  - steps: 200
    optimizer: {warmup: 7}
  - optimizer: {warmup: 1}
files: {add: a.jsonl, "two words": b.jsonl}
globs:
  add: [a/*, b/*]
weights: {add: 2}
counts: {add: 0}
flags: {add: true}
)");
  Recipe expected;
  expected.name = "a b, c";
  expected.steps = 3000;
  expected.methods = {"random", "skillit:eta=0.1,window=3"};
  expected.seeds = {4, -5};
  expected.shares = {0.25, 1, 0.5};
  expected.devices = {"cpu"};
  expected.optimizer.lr = 3e-4;
  expected.optimizer.schedule = "cosine";
  expected.data = {.path = "/tmp/x", .held_out = 0, .shuffle = false};
  expected.stages.resize(2);
  expected.stages[0].steps = 200;
  expected.stages[0].optimizer.warmup = 7;
  expected.stages[1].optimizer.warmup = 1;
  expected.files = {{"add", "a.jsonl"}, {"two words", "b.jsonl"}};
  expected.globs = {{"add", {"a/*", "b/*"}}};
  expected.weights = {{"add", 2.0}};
  expected.counts = {{"add", 0}};
  expected.flags = {{"add", true}};
  EXPECT_EQ(recipe, expected);
}

TEST(Load, AnEmptyTextChangesNothing) {
  EXPECT_EQ(loaded(""), Recipe());
  EXPECT_EQ(loaded("# nothing\n---\n"), Recipe());
  EXPECT_EQ(loaded("optimizer:\n  # lr: 1\n"), Recipe());
}

TEST(Load, AByteOrderMarkAndDosLineEndsAreText) {
  EXPECT_EQ(loaded("\xEF\xBB\xBFname: x\r\nsteps: 200\r\n").name, "x");
  EXPECT_EQ(loaded("name: x\r\nsteps: 200\r\n").steps, 200);
}

TEST(Load, AListOrMapThatTheTextNamesReplacesTheOldOne) {
  Recipe recipe;
  recipe.stages.resize(2);
  recipe.stages[0].steps = 500;
  recipe.files = {{"old", "o"}};
  load_yaml(recipe, "methods: []\nstages:\n- optimizer: {warmup: 3}\nfiles: {new: n}\n", "r");
  EXPECT_TRUE(recipe.methods.empty());
  ASSERT_EQ(recipe.stages.size(), 1u);
  EXPECT_EQ(recipe.stages[0].steps, 10);
  EXPECT_EQ(recipe.files, (std::map<std::string, std::string>{{"new", "n"}}));
}

TEST(Load, ASingleValueStandsForASectionsShortForm) {
  const Recipe recipe = loaded("data: /some/folder\n");
  EXPECT_EQ(recipe.data.path, "/some/folder");
  EXPECT_EQ(recipe.data.held_out, 0.1);
  EXPECT_THAT(problem("data: [a]\n"), HasSubstr("data: expected a section of keys, found a list"));
}

TEST(Load, AStringTakesAnyPlainValueAsItStands) {
  EXPECT_EQ(loaded("name: 5").name, "5");
  EXPECT_EQ(loaded("name: true").name, "true");
  EXPECT_EQ(loaded("name: ''").name, "");
  EXPECT_EQ(loaded("name: |\n  two\n  lines\n").name, "two\nlines\n");
}

TEST(Load, OneProblemIsOneLine) {
  EXPECT_EQ(problem("name: x\n\nstpes: 3\n"),
            "recipe.yaml:3: unknown key 'stpes'; did you mean 'steps'?");
}

TEST(Load, ReportsAllProblemsAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(problem(R"(stpes: 3
steps: 0
optimizer:
  lr: fast
  schedule: linaer
  schedule: linear
  qqqqqqqq: 1
seeds: [0, x, 1.5]
data:
  held_out: 2
stages:
  - steps: 5
    optimizer: {warmup: -1}
files: {add: [1]}
)"),
            R"(11 problems in recipe.yaml:
recipe.yaml:1: unknown key 'stpes'; did you mean 'steps'?
recipe.yaml:2: steps: expected an integer >= 1, found '0'
recipe.yaml:4: optimizer.lr: expected a number > 0, found 'fast'
recipe.yaml:5: optimizer.schedule: expected constant | linear | cosine, found 'linaer' (did you mean 'linear'?)
recipe.yaml:6: the key 'schedule' is given twice, first at line 5; keep one
recipe.yaml:7: optimizer: unknown key 'qqqqqqqq'; the keys here are: lr, schedule, warmup
recipe.yaml:8: seeds.1: expected an integer, found 'x'
recipe.yaml:8: seeds.2: expected an integer, found '1.5' (it has a fraction)
recipe.yaml:10: data.held_out: expected a number in [0, 1], found '2'
recipe.yaml:13: stages.0.optimizer.warmup: expected an integer >= 0, found '-1'
recipe.yaml:14: files.add: expected text, found a list)");
}

TEST(Load, AnUnknownKeyThatLivesElsewhereIsPointedThere) {
  EXPECT_EQ(problem("lr: 1\n"),
            "recipe.yaml:1: unknown key 'lr'; did you mean 'lr' in the section 'optimizer'?");
  EXPECT_EQ(
      problem("optimizer.lr: 1\n"),
      "recipe.yaml:1: unknown key 'optimizer.lr'; did you mean 'lr' in the section 'optimizer'?");
  EXPECT_THAT(problem("optimizer: {held_out: 1}\n"), HasSubstr("'held_out' in the section 'data'"));
  EXPECT_THAT(problem("optimizer: {methods: []}\n"), HasSubstr("'methods' outside all sections?"));
}

TEST(Load, AValueOfTheWrongShapeSaysWhatIsExpected) {
  EXPECT_THAT(problem("steps:\n"), HasSubstr("steps: expected an integer >= 1, found nothing"));
  EXPECT_THAT(problem("steps: {a: 1}\n"), HasSubstr("found a section of keys"));
  EXPECT_THAT(problem("name: null\n"), HasSubstr("name: expected text, found nothing"));
  EXPECT_THAT(problem("methods: random\n"),
              HasSubstr("methods: expected a list, as in [a, b], found 'random'"));
  EXPECT_THAT(problem("optimizer: 3\n"), HasSubstr("expected a section of keys, found '3'"));
  EXPECT_THAT(problem("stages: {steps: 1}\n"), HasSubstr("stages: expected a list of sections"));
  EXPECT_THAT(problem("stages: [5]\n"), HasSubstr("stages.0: expected a section of keys"));
  EXPECT_THAT(problem("files: [a]\n"),
              HasSubstr("files: expected a section of keys, found a list"));
  EXPECT_THAT(problem("- a\n- b\n"), HasSubstr("expected a section of keys, found a list"));
  EXPECT_THAT(problem("hello\n"), HasSubstr("expected a section of keys, found 'hello'"));
  EXPECT_THAT(problem("devices: [cpu, gpu]\n"), HasSubstr("devices.1: expected cpu | cuda"));
}

TEST(Load, ValidationIsReportedWithTheRestAtTheLineOfTheKey) {
  const std::string message = problem(R"(stpes: 1
stages:
  - steps: 50
    optimizer:
      warmup: 60
optimizer:
  warmup: 2000
data:
  path: ''
)");
  EXPECT_THAT(message, StartsWith("4 problems in recipe.yaml:\nrecipe.yaml:1: unknown key"));
  EXPECT_THAT(message, HasSubstr(":5: stages.0.optimizer.warmup: longer than the stage\n"));
  EXPECT_THAT(message, HasSubstr(":7: optimizer.warmup: more than all 1500 steps\n"));
  EXPECT_THAT(message, HasSubstr(":9: data.path: empty; name a folder"));
}

TEST(Load, AValidationProblemOfADefaultStandsAtTheSectionAroundIt) {
  EXPECT_EQ(problem("name: x\nstages:\n  - steps: 50\n"),
            "recipe.yaml:3: stages.0.optimizer.warmup: longer than the stage");
  EXPECT_EQ(problem("steps: 50\n"), "recipe.yaml: optimizer.warmup: more than all 50 steps");
}

TEST(Load, AKeyWithAProblemIsNotReportedAgainByValidation) {
  Recipe recipe;
  recipe.optimizer.warmup = 5000;
  const auto load = [&] { load_yaml(recipe, "optimizer: {warmup: many}", "r"); };
  EXPECT_EQ(error_of(load), "r:1: optimizer.warmup: expected an integer >= 0, found 'many'");
}

TEST(Load, OverridesAreAppliedBeforeValidation) {
  Recipe recipe;
  const std::vector<std::string> overrides = {"warmup=40", "data=folder"};
  load_yaml(recipe, "steps: 50\ndata: ''\n", "r", overrides);
  EXPECT_EQ(recipe.optimizer.warmup, 40);
  EXPECT_EQ(recipe.data.path, "folder");
}

TEST(Load, ProblemsOfTheFileAndOfTheOverridesComeTogether) {
  Recipe recipe;
  const std::vector<std::string> overrides = {"lr=-1", "optimizer.warmup=9999"};
  const auto load = [&] { load_yaml(recipe, "\nstpes: 3\n", "r.yaml", overrides); };
  EXPECT_EQ(error_of(load), R"(3 problems in r.yaml and the overrides:
r.yaml:2: unknown key 'stpes'; did you mean 'steps'?
override 'lr=-1': optimizer.lr: expected a number > 0, found '-1'
override 'optimizer.warmup=9999': optimizer.warmup: more than all 1500 steps)");
}

TEST(Load, AnUnreadableTextIsTheOnlyProblemReported) {
  Recipe recipe;
  recipe.data.path = "";
  EXPECT_THAT(error_of([&] { load_yaml(recipe, "data: 'folder\n", "r"); }),
              StartsWith("r:2: not readable as YAML"));
  EXPECT_THAT(error_of([&] { load_yaml(recipe, "steps: 100", "r"); }),
              HasSubstr("data.path: empty"));
}

TEST(Load, AFailureLeavesTheOptionsAsTheyWere) {
  Recipe recipe;
  EXPECT_THROW(load_yaml(recipe, "name: new\nsteps: -1\nstages: [{}]\n", "r"), Error);
  EXPECT_EQ(recipe, Recipe());
}

TEST(Load, StopsAtFiftyProblems) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const std::string message = problem(text);
  EXPECT_THAT(message, StartsWith("more than 49 problems in recipe.yaml:\n"));
  EXPECT_THAT(message, HasSubstr("recipe.yaml:50:"));
  EXPECT_THAT(message, Not(HasSubstr("recipe.yaml:51:")));
}

}  // namespace
}  // namespace skillit::config
