// Instruction tasks -> windows.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/instruction_windows.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using testing::expect_error;

std::string text_of(const Sample& sample) {
  return ByteTokenizer().decode(sample.tokens);
}

/// The scored bytes of a sample; '|' between runs.
std::string scored_of(const Sample& sample) {
  std::string text;
  for (std::size_t i = 0; i < sample.tokens.size(); ++i) {
    if (sample.scored[i] == 0) continue;
    if (!text.empty() && sample.scored[i - 1] == 0) text += '|';
    text += static_cast<char>(sample.tokens[i]);
  }
  return text;
}

/// Instances "in 0" -> "<out 0>", ..
InstructionTask numbered(const std::string& name, int count) {
  InstructionTask task{.name = name, .skill = "skill", .definitions = {}, .instances = {}};
  for (int i = 0; i < count; ++i)
    task.instances.push_back({fmt::format("in {}.", i), {fmt::format("<out {}>", i)}});
  return task;
}

TEST(InstructionWindows, AValidationWindowIsWrittenAsDescribed) {
  InstructionTask task = numbered("t", 10);
  task.instances.resize(5);
  InstructionOptions options;
  options.train_windows = 1;
  const SkillData data = make_instruction_data({task}, options, 1, ByteTokenizer());
  ASSERT_EQ(data.validation[0].size(), 1U);
  // Five different outputs: a classification, so half of the windows list the labels.
  std::string text = text_of(data.validation[0][0]);
  const std::string labels =
      "Possible labels:\n1. <out 0>\n2. <out 1>\n3. <out 2>\n4. <out 3>\n5. <out 4>\n\n\n";
  if (text.starts_with("Possible")) {
    ASSERT_TRUE(text.starts_with(labels)) << text;
    text = text.substr(labels.size());
  }
  const std::string held_out = text.substr(10, 1);
  EXPECT_EQ(text, fmt::format("Input: in {0}.\nOutput: <out {0}>", held_out));
  EXPECT_EQ(scored_of(data.validation[0][0]), fmt::format("<out {}>", held_out));
}

TEST(InstructionWindows, EveryHeldOutInstanceIsScoredOnceAndNoneIsTrainedOn) {
  InstructionOptions options;
  options.context = 100;
  options.train_windows = 300;
  const SkillData data = make_instruction_data({numbered("t", 200)}, options, 1, ByteTokenizer());
  const auto answers = [](const SampleStore& store) {
    std::multiset<std::string> found;
    for (std::size_t i = 0; i < store.size(); ++i) {
      EXPECT_LE(store[i].tokens.size(), 100U);
      std::string rest = scored_of(store[i]);
      for (std::size_t end = rest.find('>'); end != std::string::npos; end = rest.find('>')) {
        found.insert(rest.substr(rest.find('<'), end - rest.find('<') + 1));
        rest = rest.substr(end + 1);
      }
    }
    return found;
  };
  const auto held_out = answers(data.validation[0]);
  EXPECT_EQ(held_out.size(), 40U);  // A fifth.
  EXPECT_EQ((std::set<std::string>(held_out.begin(), held_out.end()).size()), 40U);
  const auto train = answers(data.train[0]);
  EXPECT_EQ((std::set<std::string>(train.begin(), train.end()).size()), 160U);
  for (const std::string& answer : held_out) EXPECT_EQ(train.count(answer), 0U) << answer;
  // Without replacement: all come equally often, but for the pass under way.
  std::size_t least = train.size();
  std::size_t most = 0;
  for (const std::string& answer : train) {
    least = std::min(least, train.count(answer));
    most = std::max(most, train.count(answer));
  }
  EXPECT_LE(most - least, 1U);
}

TEST(InstructionWindows, ValidationDoesNotDependOnTheTrainingSeed) {
  const InstructionTask task = numbered("t", 200);
  const auto first = make_instruction_data({task}, {}, 1, ByteTokenizer());
  const auto second = make_instruction_data({task}, {}, 2, ByteTokenizer());
  EXPECT_EQ(first.validation[0].fingerprint(), second.validation[0].fingerprint());
  EXPECT_NE(first.train[0].fingerprint(), second.train[0].fingerprint());
}

TEST(InstructionWindows, AnInstanceTooLongForAWindowKeepsItsAnswer) {
  InstructionTask task = numbered("t", 10);
  for (auto& instance : task.instances) instance.input = std::string(500, 'x') + instance.input;
  InstructionOptions options;
  options.context = 50;
  options.train_windows = 20;
  const SkillData data = make_instruction_data({task}, options, 1, ByteTokenizer());
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(data.train[0][i].tokens.size(), 50U);
    EXPECT_THAT(scored_of(data.train[0][i]), ::testing::MatchesRegex("<out [0-9]>"));
  }
}

TEST(InstructionWindows, OneSamplePerWindowAndAllTokensWhenAskedFor) {
  InstructionOptions options;
  options.one_sample_per_window = true;
  options.scored = ScoredTokens::kAll;
  options.train_windows = 40;
  const SkillData data = make_instruction_data({numbered("t", 100)}, options, 1, ByteTokenizer());
  EXPECT_EQ(data.validation[0].size(), 20U);
  for (std::size_t i = 0; i < 40; ++i) {
    const std::string text = text_of(data.train[0][i]);
    EXPECT_EQ(std::count(text.begin(), text.end(), '<'), 1) << text;
    EXPECT_EQ(scored_of(data.train[0][i]), text.substr(1));
  }
}

TEST(InstructionWindows, DefinitionsComeTwoTimesInThreeAndLabelsHalfTheTime) {
  InstructionTask task = numbered("t", 100);
  task.definitions = {"  Define. "};
  for (std::size_t i = 0; i < 100; ++i) task.instances[i].outputs = {i % 2 == 0 ? "yes" : "no"};
  InstructionOptions options;
  options.train_windows = 3000;
  options.one_sample_per_window = true;
  const SkillData data = make_instruction_data({task}, options, 1, ByteTokenizer());
  int defined = 0;
  int labelled = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string text = text_of(data.train[0][i]);
    defined += text.starts_with("Define.") ? 1 : 0;
    labelled += text.find("Possible labels:\n1. no\n2. yes\n") != std::string::npos ? 1 : 0;
  }
  EXPECT_NEAR(defined, 2000, 100);  // 4 standard deviations.
  EXPECT_NEAR(labelled, 1500, 110);
}

TEST(InstructionTasks, ReadsTheFormOfNaturalInstructions) {
  const TempFolder folder;
  write_file_atomically(
      folder / "task1_x.json",
      R"({"Categories": ["Question Answering", "Other"], "Definition": ["Say it."],
                            "Instances": [{"id": "1", "input": "a", "output": ["b", ""]},
                                          {"id": "2", "input": "c", "output": [""]}]})");
  const auto tasks = read_natural_instructions(folder.path());
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].name, "task1_x");
  EXPECT_EQ(tasks[0].skill, "question_answering");
  ASSERT_EQ(tasks[0].instances.size(), 1U);
  EXPECT_EQ(tasks[0].instances[0].outputs, std::vector<std::string>{"b"});
  write_file_atomically(folder / "task2.json", R"({"Categories": ["A"], "Definition": ["B"],
                                                   "Instances": [{"input": 3, "output": ["b"]}]})");
  expect_error(ErrorCode::kBadFormat, {"task2.json", "Instances[0]", "'input' is no text"},
               [&] { (void)read_natural_instructions(folder.path()); });
}

// As some files of the original have it: Python writes it, JSON does not know it.
TEST(InstructionTasks, NaNOutsideTextsIsNothing) {
  const TempFolder folder;
  const auto file = folder / "task.json";
  write_file_atomically(file, R"({"URL": [NaN], "Categories": ["A"], "Definition": ["say \"NaN\""],
                                  "Instances": [{"input": "NaN \\", "output": ["NaN"]}]})");
  const InstructionTask task = read_instruction_task(file);
  EXPECT_EQ(task.definitions, std::vector<std::string>{"say \"NaN\""});
  EXPECT_EQ(task.instances[0].input, "NaN \\");
  EXPECT_EQ(task.instances[0].outputs, std::vector<std::string>{"NaN"});
  write_file_atomically(file, R"({"Categories": ["A"], "Definition": ["B"],
                                  "Instances": [{"input": NaN, "output": ["b"]}]})");
  expect_error(ErrorCode::kBadFormat, {"'input' is no text"},
               [&] { (void)read_instruction_task(file); });
}

TEST(InstructionTasks, ALanguageOtherThanEnglishMakesASkillOfItsOwn) {
  const TempFolder folder;
  const auto skill = [&](const std::string& languages) {
    const auto file = folder / "task.json";
    write_file_atomically(file, R"({"Categories": ["Question Generation"], "Definition": ["B"], )" +
                                    languages +
                                    R"("Instances": [{"input": "a", "output": ["b"]}]})");
    return read_instruction_task(file).skill;
  };
  EXPECT_EQ(skill(""), "question_generation");
  EXPECT_EQ(skill(R"("Input_language": ["English"], "Output_language": ["English"],)"),
            "question_generation");
  EXPECT_EQ(skill(R"("Input_language": ["Spanish"], "Output_language": ["Spanish"],)"),
            "question_generation_spanish");
  EXPECT_EQ(skill(R"("Input_language": ["English"], "Output_language": ["Haitian Creole"],)"),
            "question_generation_english_haitian_creole");
  expect_error(ErrorCode::kBadFormat, {"task.json"},
               [&] { (void)skill(R"("Input_language": 3,)"); });
}

TEST(InstructionTasks, ATaskListChoosesFromTheFolderOfTasksAboveIt) {
  const TempFolder folder;
  const std::string task = R"({"Categories": ["A"], "Definition": ["B"],
                               "Instances": [{"input": "c", "output": ["d"]}]})";
  for (const char* name : {"task1.json", "task2.json", "task3.json"})
    write_file_atomically(folder / "tasks" / name, task);
  const fs::path list = folder / "splits" / "default" / "train_tasks.txt";
  write_file_atomically(list, "task3\r\n\ntask1");
  const auto tasks = read_natural_instructions(list);
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].name, "task1");
  EXPECT_EQ(tasks[1].name, "task3");
  write_file_atomically(list, "task9\n");
  expect_error(ErrorCode::kNotFound, {"task9.json", "no such task"},
               [&] { (void)read_natural_instructions(list); });
  write_file_atomically(list, "");
  expect_error(ErrorCode::kNotFound, {"train_tasks.txt", "no task"},
               [&] { (void)read_natural_instructions(list); });
}

TEST(InstructionTasks, AlpacaIsDividedByTheVerbsThatAreFrequent) {
  const TempFolder folder;
  write_file_atomically(folder / "a.json",
                        R"([{"instruction": "Rewrite: this", "input": "x", "output": "y"},
                            {"instruction": " rewrite that", "input": "", "output": "z"},
                            {"instruction": "Sing", "input": "", "output": "la"},
                            {"instruction": "Rewrite it", "input": "", "output": ""}])");
  const auto tasks = read_alpaca(folder / "a.json", 2);
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].skill, "rewrite");
  EXPECT_EQ(tasks[0].instances[0].input, "Rewrite: this\nx");
  EXPECT_EQ(tasks[0].instances[1].input, " rewrite that");
  expect_error(ErrorCode::kBadArgument, {"no verb begins 3"},
               [&] { (void)read_alpaca(folder / "a.json", 3); });
}

/// The large data, where they are at hand.
fs::path shared(const std::string& name) {
  const char* folder = std::getenv("SKILLIT_SHARED");
  return fs::path(folder != nullptr ? folder : SKILLIT_SOURCE_DIR "/../shared") / "data" / name;
}

TEST(InstructionTasks, TheStagedTasksOfThePaperBecomeItsTwentyThreeSkills) {
  const fs::path folder = shared("natural_instructions");
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here; set SKILLIT_SHARED";
  const auto tasks = read_natural_instructions(folder / "splits/staged/top23_train_tasks.txt");
  std::set<std::string> skills;
  for (const InstructionTask& task : tasks) skills.insert(task.skill);
  EXPECT_EQ(skills.size(), 23U);
  EXPECT_TRUE(skills.contains("question_answering"));
  InstructionOptions options;
  options.train_windows = 5;
  const SkillData data = make_instruction_data(tasks, options, 1, ByteTokenizer());
  EXPECT_EQ(data.skills.size(), 23U);
  for (std::size_t skill = 0; skill < 23; ++skill) {
    EXPECT_EQ(data.train[skill].size(), 5U);
    EXPECT_GE(data.validation[skill].size(), 1U);
  }
}

TEST(InstructionTasks, TheStagedAlpacaRowsHaveFrequentVerbs) {
  const fs::path path = shared("alpaca/alpaca_data_8k.json");
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not here; set SKILLIT_SHARED";
  const auto tasks = read_alpaca(path, 100);
  std::set<std::string> skills;
  for (const InstructionTask& task : tasks) skills.insert(task.skill);
  EXPECT_GE(skills.size(), 10U);
  EXPECT_TRUE(skills.contains("generate"));
}

}  // namespace
}  // namespace skillit
