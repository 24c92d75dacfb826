#include "skillit/config/override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "skillit/config/load.h"
#include "tests/config/sample_recipe.h"

namespace skillit::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Recipe with(const std::vector<std::string>& overrides) {
  Recipe recipe;
  recipe.stages.resize(2);
  for (StageOptions& stage : recipe.stages) stage.optimizer.warmup = 1;
  apply_overrides(recipe, overrides);
  return recipe;
}

std::string problem(const std::string& override) {
  return error_of([&] { static_cast<void>(with({override})); });
}

TEST(Override, SetsAValueByItsDottedPath) {
  EXPECT_EQ(with({"optimizer.lr=3e-4"}).optimizer.lr, 3e-4);
  EXPECT_EQ(with({"steps=2e3"}).steps, 2000);
  EXPECT_EQ(with({"data.shuffle=false"}).data.shuffle, false);
  Recipe recipe;
  apply_override(recipe, "name=x");
  EXPECT_EQ(recipe.name, "x");
}

TEST(Override, ALeafThatIsThereOnceNeedsNoPath) {
  EXPECT_EQ(with({"lr=3e-4"}).optimizer.lr, 3e-4);
  EXPECT_EQ(with({"held_out=0.5"}).data.held_out, 0.5);
}

TEST(Override, ANameOfTheTopLevelWinsOverTheSameNameBelow) {
  EXPECT_EQ(with({"steps=500"}).steps, 500);
}

struct TwoOptimizers {
  OptimizerOptions base;
  OptimizerOptions main;
  static constexpr auto fields() {
    return std::tuple{field("base", &TwoOptimizers::base, "first"),
                      field("main", &TwoOptimizers::main, "second")};
  }
};

TEST(Override, ALeafThatIsThereTwiceNeedsItsPath) {
  TwoOptimizers options;
  EXPECT_EQ(error_of([&] { apply_override(options, "lr=1"); }),
            "override 'lr=1': 'lr' may mean base.lr or main.lr; write the whole path");
  apply_override(options, "main.lr=1");
  EXPECT_EQ(options.main.lr, 1);
  EXPECT_EQ(options.base.lr, 1e-3);
}

struct Outer {
  Recipe recipe;
  static constexpr auto fields() { return std::tuple{field("recipe", &Outer::recipe, "inside")}; }
};

TEST(Override, TheFirstNameOfALongerPathMayBeFoundBelowToo) {
  Outer outer;
  outer.recipe.stages.resize(1);
  apply_overrides(outer, std::vector<std::string>{"stages.0.steps=300", "files.add=a.jsonl",
                                                  "data=d", "recipe.optimizer.lr=1"});
  EXPECT_EQ(outer.recipe.stages[0].steps, 300);
  EXPECT_EQ(outer.recipe.files.at("add"), "a.jsonl");
  EXPECT_EQ(outer.recipe.data.path, "d");
  EXPECT_EQ(outer.recipe.optimizer.lr, 1);
}

TEST(Override, TextIsTakenAsItStands) {
  EXPECT_EQ(with({"name=a: b, [c] # d"}).name, "a: b, [c] # d");
  EXPECT_EQ(with({"name=x=y"}).name, "x=y");
  EXPECT_EQ(with({"name="}).name, "");
  EXPECT_EQ(with({"name=null"}).name, "null");
  EXPECT_EQ(with({"name=\"a\\tb\""}).name, "a\tb");
  EXPECT_EQ(with({"name='it''s'"}).name, "it's");
}

TEST(Override, AListIsWrittenWithOrWithoutBrackets) {
  EXPECT_THAT(with({"seeds=[0,1,2]"}).seeds, ElementsAre(0, 1, 2));
  EXPECT_THAT(with({"seeds=0,1, 5"}).seeds, ElementsAre(0, 1, 5));
  EXPECT_THAT(with({"seeds=7"}).seeds, ElementsAre(7));
  EXPECT_THAT(with({"seeds="}).seeds, IsEmpty());
  EXPECT_THAT(with({"methods=[random, \"skillit:eta=0.5,window=3\"]"}).methods,
              ElementsAre("random", "skillit:eta=0.5,window=3"));
  EXPECT_THAT(with({"methods=random,\"skillit:eta=0.5,window=3\""}).methods,
              ElementsAre("random", "skillit:eta=0.5,window=3"));
  EXPECT_THAT(with({"methods=random,skillit:eta=0.5"}).methods,
              ElementsAre("random", "skillit:eta=0.5"));
}

TEST(Override, ASectionTakesItsShortFormOrKeysInBraces) {
  EXPECT_EQ(with({"data=/a: b"}).data.path, "/a: b");
  const Recipe recipe = with({"data={path: p, shuffle: false}", "optimizer={lr: 2}"});
  EXPECT_EQ(recipe.data.path, "p");
  EXPECT_FALSE(recipe.data.shuffle);
  EXPECT_EQ(recipe.optimizer.lr, 2);
  EXPECT_EQ(recipe.optimizer.schedule, "linear");
}

TEST(Override, AnElementOfAListOfSectionsIsNamedByItsPlace) {
  const Recipe recipe =
      with({"stages.1.steps=100", "stages.0.optimizer.lr=2", "stages.0={steps: 30}"});
  EXPECT_EQ(recipe.stages[1].steps, 100);
  EXPECT_EQ(recipe.stages[0].steps, 30);
  EXPECT_EQ(recipe.stages[0].optimizer.lr, 2);
  EXPECT_EQ(with({"stages=[{steps: 1000}]"}).stages.size(), 1u);
  EXPECT_TRUE(with({"stages=[]"}).stages.empty());
}

TEST(Override, AMapTakesOneKeyOrAllOfThem) {
  const Recipe recipe = with({"files.add=a.jsonl", "files.x.y=b.jsonl", "globs.add=a/*,b/*"});
  EXPECT_EQ(recipe.files,
            (std::map<std::string, std::string>{{"add", "a.jsonl"}, {"x.y", "b.jsonl"}}));
  EXPECT_THAT(recipe.globs.at("add"), ElementsAre("a/*", "b/*"));
  EXPECT_EQ(with({"files.a=x", "files={b: y}"}).files,
            (std::map<std::string, std::string>{{"b", "y"}}));
}

TEST(Override, TheLaterOneWins) {
  EXPECT_EQ(with({"lr=1", "optimizer.lr=2"}).optimizer.lr, 2);
}

TEST(Override, SaysWhatIsWrongInOneLine) {
  EXPECT_EQ(problem("stpes=3"), "override 'stpes=3': unknown key 'stpes'; did you mean 'steps'?");
  EXPECT_EQ(problem("optimizer.lrr=3"),
            "override 'optimizer.lrr=3': optimizer: unknown key 'lrr'; did you mean 'lr'?");
  EXPECT_EQ(problem("schedul=linear"),
            "override 'schedul=linear': unknown key 'schedul'; did you mean 'schedule'?");
  EXPECT_THAT(problem("qqqqqqqqqqqqqqq=3"),
              HasSubstr("unknown key 'qqqqqqqqqqqqqqq'; the keys here are: name"));
  EXPECT_EQ(problem("steps=abc"),
            "override 'steps=abc': steps: expected an integer >= 1, found 'abc'");
  EXPECT_THAT(problem("steps="), HasSubstr("expected an integer >= 1, found ''"));
  EXPECT_THAT(problem("optimizer="), HasSubstr("optimizer: expected a section of keys, found ''"));
  EXPECT_THAT(problem("optimizer=lr: 3"), HasSubstr("expected a section of keys, found 'lr: 3'"));
  EXPECT_THAT(problem("data="), HasSubstr("data.path: empty"));
  EXPECT_THAT(problem("steps"), HasSubstr("expected KEY=VALUE"));
  EXPECT_THAT(problem("=3"), HasSubstr("expected KEY=VALUE"));
  EXPECT_THAT(problem("steps.x=3"), HasSubstr("'steps' is one value without keys of its own"));
  EXPECT_THAT(problem("seeds.0=3"), HasSubstr("'seeds' is one value without keys of its own"));
  EXPECT_THAT(problem("stages.2.steps=3"), HasSubstr("counted from 0 in a list of 2; found '2'"));
  EXPECT_THAT(problem("stages.x=3"), HasSubstr("counted from 0 in a list of 2; found 'x'"));
  EXPECT_THAT(problem("stages.-1.steps=3"), HasSubstr("found '-1'"));
  EXPECT_THAT(problem("optimizer.=3"), HasSubstr("expected a section of keys, found '3'"));
  EXPECT_THAT(problem("seeds=1],[2"), HasSubstr("override 'seeds=1],[2': "));
  EXPECT_THAT(problem("seeds=[1, 2"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("seeds=1 # 2"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("name=\"a\" b"), HasSubstr("more text after the end"));
  EXPECT_THAT(problem("name='a"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("name=a\x01"), HasSubstr("not text"));
  EXPECT_THAT(problem("name=\xFF"), HasSubstr("not text"));
  EXPECT_THAT(problem("files=abc"), HasSubstr("files: expected a section of keys, found 'abc'"));
  EXPECT_THAT(problem("counts.add=-1"), HasSubstr("counts.add: expected an integer >= 0"));
}

TEST(Override, ReportsAllProblemsAtOnceInTheirOrder) {
  EXPECT_EQ(error_of([] {
              static_cast<void>(with({"lr=0", "steps=90", "stpes=1"}));
            }),
            R"(3 problems in the overrides:
override 'lr=0': optimizer.lr: expected a number > 0, found '0'
override 'stpes=1': unknown key 'stpes'; did you mean 'steps'?
options: optimizer.warmup: more than all 90 steps)");
}

TEST(Override, AFailureLeavesTheOptionsAsTheyWere) {
  Recipe recipe;
  const std::vector<std::string> overrides = {"name=new", "steps=-1"};
  EXPECT_THROW(apply_overrides(recipe, overrides), Error);
  EXPECT_EQ(recipe, Recipe());
}

}  // namespace
}  // namespace skillit::config
