#include "skillit/data/instruction_windows.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

constexpr std::size_t kMaxLabels = 10;

// Repeated entries are drawn that much more often.
constexpr std::array<std::string_view, 10> kInputPrefixes{
    "Input: ", "Given: ", "Context: ", "Example: ", "Question: ", "", "", "", "", ""};
constexpr std::array<std::string_view, 7> kOutputPrefixes{
    "Output: ", "Output: ", "Ans: ", "A: ", "Answer: ", "Label: ", "Label: "};
constexpr std::array<std::string_view, 6> kSplitters{"\n\n",   "\n\n",    "\n",
                                                     "\n\n\n", "\n###\n", "\n---\n"};
constexpr std::array<std::string_view, 3> kAnswerSplitters{"\n", "\n", "\n\n"};

template <class List>
const auto& draw(const List& list, Rng& rng) {
  return list[rng.below(std::size(list))];
}

/// What stands around the instances of a window.
struct Style {
  std::string_view splitter = "\n\n";
  std::string_view input_prefix = "Input: ";
  std::string_view answer_splitter = "\n";
  std::string_view output_prefix = "Output: ";
};

Style draw_style(Rng& rng) {
  return {draw(kSplitters, rng), draw(kInputPrefixes, rng), draw(kAnswerSplitters, rng),
          draw(kOutputPrefixes, rng)};
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// A task divided into what is trained on and what is held out.
struct DividedTask {
  const InstructionTask* task = nullptr;
  std::vector<std::size_t> train;
  std::vector<std::size_t> held_out;
  std::vector<std::string> labels;  ///< Sorted; empty when it is no classification.
};

std::vector<std::string> labels_of(const InstructionTask& task) {
  std::set<std::string> labels;
  for (const Instruction& instance : task.instances) {
    labels.insert(instance.outputs[0]);
    if (labels.size() > kMaxLabels) return {};
  }
  return {labels.begin(), labels.end()};
}

DividedTask divide(const InstructionTask& task, const InstructionOptions& options) {
  std::vector<std::size_t> order(task.instances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng(options.validation_seed, "held-out instructions of " + task.name);
  rng.shuffle(std::span(order));
  const std::size_t count = std::min(static_cast<std::size_t>(options.validation_instances),
                                     std::max<std::size_t>(order.size() / 5, 1));
  DividedTask divided{.task = &task, .train = {}, .held_out = {}, .labels = labels_of(task)};
  std::set<std::string_view> inputs;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string_view input = task.instances[order[i]].input;
    if (i < count) {
      divided.held_out.push_back(order[i]);
      inputs.insert(input);
    } else if (!inputs.contains(input)) {
      divided.train.push_back(order[i]);
    }
  }
  std::sort(divided.train.begin(), divided.train.end());
  std::sort(divided.held_out.begin(), divided.held_out.end());
  return divided;
}

/// The definition and the labels, or what was drawn of them.
std::string draw_head(const DividedTask& task, Rng& rng) {
  const auto& definitions = task.task->definitions;
  // Twice the definitions and once nothing.
  const std::uint64_t choice = rng.below(2 * definitions.size() + 1);
  std::string head;
  if (choice < 2 * definitions.size()) head = stripped(definitions[choice % definitions.size()]);
  if (!task.labels.empty() && rng.below(2) == 0) {
    head += "\nPossible labels:";
    for (std::size_t i = 0; i < task.labels.size(); ++i)
      head += fmt::format("\n{}. {}", i + 1, task.labels[i]);
    head += "\n";
  }
  return head;
}

/// Takes the instances of a task in turn and makes windows of them.
class WindowMaker {
 public:
  WindowMaker(const InstructionOptions& options, const Tokenizer& tokenizer)
      : options_(options), tokenizer_(tokenizer) {}

  /// One window from the instances `order[begin ..]`; returns where the next begins. At least one
  /// is taken, and no more than fit.
  std::size_t add(const DividedTask& task, std::span<const std::size_t> order, std::size_t begin,
                  const Style& style, Rng& rng, SampleStore& store) const {
    const auto context = static_cast<std::size_t>(options_.context);
    AnsweredText window;
    const std::string head = draw_head(task, rng);
    std::size_t used = 0;
    std::size_t next = begin;
    for (; next < order.size(); ++next) {
      const Instruction& instance = task.task->instances[order[next]];
      const std::string& output = draw(instance.outputs, rng);
      std::string prompt = fmt::format("{}{}{}{}{}", style.splitter, style.input_prefix,
                                       instance.input, style.answer_splitter, style.output_prefix);
      if (next == begin) {  // Nothing before a window's text is white space.
        prompt.insert(0, head);
        prompt = prompt.substr(std::min(prompt.find_first_not_of(" \t\n\r\f\v"), prompt.size()));
      }
      used += tokenizer_.encode(prompt + output).size();
      if (next > begin && used > context) break;
      window.add(prompt);
      window.add_answer(output);
      if (options_.one_sample_per_window) {
        ++next;
        break;
      }
    }
    add_end(window, context, store);
    return next;
  }

 private:
  /// The last `context` tokens, so that a window too long keeps its answer.
  void add_end(const AnsweredText& window, std::size_t context, SampleStore& store) const {
    const MarkedTokens marked = mark_answers(window, tokenizer_, options_.scored);
    const std::size_t size = std::min(context, marked.tokens.size());
    std::vector<std::uint8_t> scored(marked.scored.end() - static_cast<std::ptrdiff_t>(size),
                                     marked.scored.end());
    scored[0] = 0;
    store.add(std::span(marked.tokens).last(size), scored);
  }

  const InstructionOptions& options_;
  const Tokenizer& tokenizer_;
};

/// A task's training instances in a random order, then in another.
struct Supply {
  std::vector<std::size_t> order;
  std::size_t next = 0;
  std::uint64_t epoch = 0;
};

SampleStore make_training(const std::vector<DividedTask>& tasks, const InstructionOptions& options,
                          std::uint64_t seed, const WindowMaker& maker) {
  const std::string& skill = tasks[0].task->skill;
  Rng rng(seed, "instruction windows of " + skill);
  std::vector<Supply> supplies(tasks.size());
  SampleStore store;
  for (int window = 0; window < options.train_windows; ++window) {
    const std::size_t chosen = rng.below(tasks.size());
    Supply& supply = supplies[chosen];
    if (supply.next == supply.order.size()) {
      supply.order = tasks[chosen].train;
      Rng shuffler(seed, "instructions of " + tasks[chosen].task->name, supply.epoch++);
      shuffler.shuffle(std::span(supply.order));
      supply.next = 0;
    }
    const Style style = draw_style(rng);
    supply.next = maker.add(tasks[chosen], supply.order, supply.next, style, rng, store);
  }
  return store;
}

SampleStore make_validation(const std::vector<DividedTask>& tasks,
                            const InstructionOptions& options, const WindowMaker& maker) {
  SampleStore store;
  for (const DividedTask& task : tasks) {
    Rng rng(options.validation_seed, "validation windows of " + task.task->name);
    for (std::size_t next = 0; next < task.held_out.size();)
      next = maker.add(task, task.held_out, next, Style{}, rng, store);
  }
  return store;
}

void check(const InstructionOptions& options) {
  if (options.context >= 2 && options.train_windows >= 1 && options.validation_instances >= 1)
    return;
  fail(ErrorCode::kBadArgument,
       fmt::format("instructions: context is {}, training windows {}, validation instances {}; at "
                   "least 2, 1 and 1 are needed",
                   options.context, options.train_windows, options.validation_instances));
}

}  // namespace

SkillData make_instruction_data(const std::vector<InstructionTask>& tasks,
                                const InstructionOptions& options, std::uint64_t seed,
                                const Tokenizer& tokenizer) {
  check(options);
  std::map<std::string, std::vector<DividedTask>> by_skill;
  for (const InstructionTask& task : tasks) {
    DividedTask divided = divide(task, options);
    if (divided.train.empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("instructions: the task '{}' has {} instances, none of which is left to "
                       "train on; leave it out",
                       task.name, task.instances.size()));
    }
    by_skill[task.skill].push_back(std::move(divided));
  }
  if (by_skill.empty()) fail(ErrorCode::kBadArgument, "instructions: there are no tasks");
  const WindowMaker maker(options, tokenizer);
  SkillData data;
  std::vector<std::string> names;
  for (const auto& [skill, divided] : by_skill) {
    names.push_back(skill);
    data.train.push_back(make_training(divided, options, seed, maker));
    data.validation.push_back(make_validation(divided, options, maker));
  }
  data.skills = SkillSet(std::move(names), "instructions");
  return data;
}

}  // namespace skillit
