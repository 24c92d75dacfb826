#include "skillit/run/recipe.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/config/dump.h"
#include "skillit/config/load.h"
#include "skillit/graph/graph_file.h"
#include "skillit/run/base_model.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/runtime.h"
#include "skillit/select/selector.h"
#include "skillit/tokenize/word_list_tokenizer.h"
#include "skillit/train/checkpoint.h"
#include "skillit/train/evaluator.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Recipe, RoundTripsThroughItsText) {
  const Recipe recipe = load_recipe("lego", {"seeds=3,4"});
  Recipe again;
  config::load_yaml(again, config::dump_yaml(recipe), "text");
  EXPECT_EQ(config::dump_yaml(recipe), config::dump_yaml(again));
}

TEST(Recipe, ARunDoesNotDependOnTheOtherRunsOfItsStudy) {
  const Recipe few = load_recipe("lego", {"seeds=0", "parallel=1"});
  const Recipe many = load_recipe("lego", {"seeds=0,1,2,3", "threshold=0.2"});
  EXPECT_EQ(config::dump_yaml(for_one_run(few, "stratified", 0)),
            config::dump_yaml(for_one_run(many, "stratified", 0)));
  EXPECT_NE(config::dump_yaml(for_one_run(few, "stratified", 0)),
            config::dump_yaml(for_one_run(few, "stratified", 1)));
}

TEST(Recipe, ABaseOfAnotherDepthThanTheModelIsRefused) {
  try {
    (void)load_recipe("lego", {"model.layers=8"});
    FAIL() << "was not refused";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("last stage of base has 6"));
  }
}

TEST(Recipe, MoreSamplesThanCanBeDrawnAreRefused) {
  const auto refusal = [](const std::vector<std::string>& settings) -> std::string {
    try {
      (void)load_recipe("lego", settings);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  // 33554431 * 64 is 2^31 - 64.
  EXPECT_EQ(refusal({"steps=33554431"}), "");
  EXPECT_THAT(refusal({"steps=33554432"}), HasSubstr("data.train_samples"));
  EXPECT_EQ(refusal({"steps=33554432", "data.train_samples=1000"}), "");
  EXPECT_THAT(refusal({"learn.steps=33554432"}), HasSubstr("learn.steps"));
  EXPECT_THAT(refusal({"data.train_samples=2147483648"}), HasSubstr("train_samples"));
  EXPECT_THAT(refusal({"steps=1099511627777", "data.train_samples=9"}), HasSubstr("steps"));
}

TEST(Recipe, LikeTakesOverAllThatTheRecipeDoesNotSayItself) {
  const TempFolder folder;
  const auto load = [&](const std::string& text, const std::vector<std::string>& overrides = {}) {
    write_file_atomically(folder / "own.yaml", text);
    return load_recipe((folder / "own.yaml").string(), overrides);
  };
  Recipe expected = load_recipe("lego", {"data.shape=tree", "steps=7", "rounds=2"});
  expected.name = "own";
  const Recipe own = load(
      "name: own\nlike: lego  # in small\ndata: {shape: tree}\nsteps: 9\nrounds: 2\n", {"steps=7"});
  EXPECT_EQ(config::dump_yaml(own), config::dump_yaml(expected));
  const auto refusal = [&](const std::string& text) {
    try {
      (void)load(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("was not refused");
  };
  EXPECT_THAT(refusal("name: own\nlike: lego\nstpes: 9\n"), HasSubstr("own.yaml:3"));
  EXPECT_THAT(refusal("like: leggo\n"), HasSubstr("did you mean 'lego'"));
  EXPECT_THAT(refusal("like:\n"), HasSubstr("'like'"));
  EXPECT_THAT(refusal("like: " + (folder / "own.yaml").string() + "\n"), HasSubstr("circles"));
}

TEST(Recipe, ASourceThatIsReadNeedsAPath) {
  for (const std::string source : {"pack", "instructions", "alpaca"}) {
    try {
      (void)load_recipe("lego", {"data.source=" + source});
      FAIL() << source << " was not refused";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(source + " needs a path"));
    }
  }
}

TEST(Recipe, APackedSampleMustFitTheContextAndAMaskNeedsPacking) {
  const auto message = [](const std::vector<std::string>& settings) -> std::string {
    try {
      (void)load_recipe("lego", settings);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({"data.packing=best-fit", "data.window=1000", "model.context=999"}),
              HasSubstr("data.window: is 1000 tokens, the model's context only 999"));
  EXPECT_THAT(message({"data.document_mask=true"}), HasSubstr("lego packs nothing together"));
  EXPECT_EQ(message({"data.document_mask=true", "data.packing=best-fit", "data.window=128"}), "");
}

TEST(MakeDataset, PacksShortTrainingSamplesTogetherAndNoneForValidation) {
  DataOptions options;
  options.validation = 5;
  const Dataset plain = make_dataset(options, 60, 1);
  options.packing = "best-fit";
  options.document_mask = true;
  options.window = 128;
  const Dataset packed = make_dataset(options, 60, 1);
  for (std::size_t skill = 0; skill < plain.train.size(); ++skill) {
    EXPECT_EQ(packed.train[skill].num_tokens(), plain.train[skill].num_tokens());
    EXPECT_LE(3 * packed.train[skill].size(), plain.train[skill].size());  // 39 tokens or less.
    EXPECT_FALSE(packed.train[skill][0].starts.empty());
    EXPECT_EQ(packed.validation[skill].fingerprint(), plain.validation[skill].fingerprint());
  }
}

TEST(BaseModel, TheShippedOneIsThatOfTheLegoRecipe) {
  const Recipe recipe = load_recipe("lego", {});
  const auto file = std::filesystem::path(SKILLIT_SOURCE_DIR) / "recipes/base" /
                    (base_fingerprint(recipe) + ".safetensors");
  ASSERT_TRUE(std::filesystem::exists(file))
      << file << ": the recipe's base changed; train it anew (recipes/base/README.md)";
  Gpt model(recipe.model, static_cast<std::int64_t>(synthetic_tokenizer().vocabulary_size()), 0,
            torch::kCPU, torch::kFloat32);
  EXPECT_EQ(load_model(file, model).at("format"), "skillit base");
  // It has learned what its last stage taught.
  const Dataset dataset = make_dataset(recipe.base.back().data, 1, 0);
  const Evaluator evaluator(dataset.validation, dataset.eval_skills, {}, torch::kCPU);
  EXPECT_GT(evaluator.measure(model).accuracies[0], 0.95);
}

TEST(BaseModel, AnotherSeedOrStageIsAnotherBase) {
  const std::string name = base_fingerprint(load_recipe("lego", {}));
  EXPECT_EQ(name,
            base_fingerprint(load_recipe("lego", {"steps=50", "seeds=7", "optimizer.lr=1e-4"})));
  EXPECT_NE(name, base_fingerprint(load_recipe("lego", {"base_seed=1"})));
  EXPECT_NE(name, base_fingerprint(load_recipe("lego", {"base.3.steps=999"})));
}

TEST(Graph, ThePaperGraphsAreThoseOfItsScripts) {
  DataOptions lego;
  lego.validation = 4;
  lego.skills = 5;
  const Dataset five = make_dataset(lego, 4, 0);
  EXPECT_EQ(find_graph("paper", lego, five),
            SkillGraph(five.all_skills, five.all_skills, {1, 0, 0, 0, 0, .5, 1, .5, .5, 0, 0, 0, 1,
                                                          0, 0, 0, 0, 0, 1,  0, 0,  0,  0, 0, 1}));
  DataOptions addition = lego;
  addition.source = "addition";
  addition.skills = 3;
  const Dataset three = make_dataset(addition, 4, 0);
  EXPECT_EQ(find_graph("paper", addition, three),
            SkillGraph(three.all_skills, three.all_skills, {1, 0, 0, .5, 1, 0, 0, 0, 1}));
  EXPECT_EQ(find_graph("none", addition, three), std::nullopt);
  DataOptions tree = lego;
  tree.shape = "tree";
  EXPECT_THROW((void)find_graph("paper", tree, five), Error);
}

/// A dataset of these skills without samples.
Dataset skills_only(const std::vector<std::string>& train, const std::vector<std::string>& eval) {
  Dataset dataset;
  dataset.train_skills = SkillSet(train);
  dataset.eval_skills = SkillSet(eval);
  return dataset;
}

// Orientation: training on text_to_code helps code_to_text by .915, the graph's largest entry.
TEST(Graph, ThoseOfNaturalInstructionsAreChosenBySkillsAndCutToThem) {
  DataOptions data;
  data.source = "instructions";
  const auto edge = [&](const std::string& from, const std::string& to) {
    const auto graph = find_graph("paper", data, skills_only({from, "stance_detection"}, {to}));
    return (*graph)(0, 0);
  };
  EXPECT_DOUBLE_EQ(edge("text_to_code", "code_to_text"), .915);
  EXPECT_NEAR(edge("text_matching", "stance_detection"), .73246, 5e-6);  // The pair's own graph.
  EXPECT_NEAR(edge("question_answering", "answerability_classification"), .124997, 1e-6);
  const auto spanish = find_graph("paper", data,
                                  skills_only({"question_generation", "question_answering_spanish"},
                                              {"question_generation_spanish"}));
  EXPECT_NEAR((*spanish)(0, 0), .07985, 5e-6);
  EXPECT_NEAR((*spanish)(1, 0), .45911, 5e-6);
  EXPECT_THROW((void)find_graph("paper", data, skills_only({"poetry"}, {"poetry"})), Error);
}

TEST(Graph, IsCutToTheSkillsOfTheRunByName) {
  DataOptions lego;
  lego.validation = 4;
  const Dataset target = make_dataset(lego, 4, 0, {{"lego-3", "lego-2"}, {"lego-3"}});
  EXPECT_EQ(find_graph("paper", lego, target),
            SkillGraph(SkillSet({"lego-3", "lego-2"}), SkillSet({"lego-3"}), {1, .5}));
  const TempFolder folder;
  const SkillGraph all = *find_graph("paper", lego, make_dataset(lego, 4, 0));
  write_graph(folder / "all.json", all);
  EXPECT_EQ(find_graph((folder / "all.json").string(), lego, target),
            find_graph("paper", lego, target));
  write_graph(folder / "own.json", *find_graph("paper", lego, target));
  EXPECT_EQ(find_graph((folder / "own.json").string(), lego, target),
            find_graph("paper", lego, target));
  const SkillSet other({"lego-2", "lego-3"});
  write_graph(folder / "other.json", SkillGraph(other, other, {1, 0, 0, 1}));
  EXPECT_THROW((void)find_graph((folder / "other.json").string(), lego, target), Error);
}

TEST(Runtime, SmallModelsGetOneThreadEachAndLargeOnesAllOfThem) {
  Recipe recipe;
  const Architecture small = architecture_of(recipe.model, 50);
  EXPECT_EQ(choose_runtime(recipe, small).threads, 1);
  recipe.model.width = 1024;
  recipe.model.layers = 12;
  EXPECT_EQ(choose_runtime(recipe, architecture_of(recipe.model, 50)).parallel, 1);
  recipe.parallel = 3;
  EXPECT_EQ(choose_runtime(recipe, small).parallel, 3);
}

TEST(Runtime, Tf32IsRefusedOnACpuAndNamedOnAGpu) {
  Recipe recipe;
  recipe.device = "cpu";
  recipe.precision = "tf32";
  EXPECT_THAT([&] { (void)choose_runtime(recipe, architecture_of(recipe.model, 50)); },
              ThrowsMessage<Error>(HasSubstr("precision: tf32")));
  Runtime runtime;
  runtime.device = torch::kCUDA;
  EXPECT_EQ(runtime.computation(), "cuda 1 threads");
  runtime.tf32 = true;
  EXPECT_EQ(runtime.computation(), "cuda 1 threads tf32");
  runtime.compute = torch::kBFloat16;
  EXPECT_EQ(runtime.precision(), "bf16");
}

TEST(Dataset, ItsFingerprintChangesWithTheSeedAndTheOptions) {
  DataOptions options;
  options.validation = 5;
  const std::string fingerprint = make_dataset(options, 10, 0).fingerprint();
  EXPECT_EQ(fingerprint, make_dataset(options, 10, 0).fingerprint());
  EXPECT_NE(fingerprint, make_dataset(options, 10, 1).fingerprint());
  options.skills = 4;
  EXPECT_NE(fingerprint, make_dataset(options, 10, 0).fingerprint());
}

// Two tasks of b, one of a; each skill has as many windows as the run asks for.
TEST(Dataset, RandomSamplingOfNaturalInstructionsGoesByTheNumberOfTasks) {
  const TempFolder folder;
  for (const std::string name : {"b1", "a1", "b2", "c1"}) {
    std::string instances;
    for (int i = 0; i < 10; ++i) {
      instances +=
          fmt::format(R"({}{{"input": "{}{}", "output": ["x"]}})", i > 0 ? "," : "", name, i);
    }
    write_file_atomically(
        folder / (name + ".json"),
        fmt::format(R"({{"Categories": ["{}"], "Definition": ["Do."], "Instances": [{}]}})",
                    name.front(), instances));
  }
  DataOptions options;
  options.source = "instructions";
  options.path = folder.path().string();
  options.tokenizer = "byte";
  options.validation = 2;
  const Dataset chosen = make_dataset(options, 20, 0, {{"b", "a"}, {"b", "a"}});
  EXPECT_EQ(chosen.natural_sizes, (std::vector<double>{2, 1}));
  EXPECT_EQ(make_selector("random", selector_inputs(Recipe(), chosen, std::nullopt))->next({}),
            Mixture::from_weights(std::vector<double>{2, 1}, "test"));
  EXPECT_TRUE(make_dataset(DataOptions(), 20, 0).natural_sizes.empty());
}

TEST(Dataset, TrainingAndEvaluationSkillsAreChosenByName) {
  DataOptions options;
  options.validation = 5;
  const Dataset all = make_dataset(options, 10, 0);
  const Dataset some = make_dataset(options, 10, 0, {{"lego-3"}, {"lego-2", "lego-1"}});
  EXPECT_EQ(some.train_skills, SkillSet({"lego-3"}));
  ASSERT_EQ(some.train.size(), 1U);
  EXPECT_EQ(some.train[0].fingerprint(), all.train[2].fingerprint());
  ASSERT_EQ(some.validation.size(), 2U);
  EXPECT_EQ(some.validation[0].fingerprint(), all.validation[1].fingerprint());
  EXPECT_EQ(some.validation[1].fingerprint(), all.validation[0].fingerprint());
  EXPECT_EQ(some.all_skills, all.all_skills);
  EXPECT_NE(some.fingerprint(), all.fingerprint());
  EXPECT_THROW((void)make_dataset(options, 10, 0, {{"lego-9"}, {}}), Error);
  EXPECT_THROW((void)make_dataset(options, 10, 0, {{}, {"lego-1", "lego-1"}}), Error);
}

}  // namespace
}  // namespace skillit
