#include "skillit/run/dataset.h"

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/addition.h"
#include "skillit/data/instruction_windows.h"
#include "skillit/data/lego.h"
#include "skillit/data/pack_data.h"
#include "skillit/data/pointer_chasing.h"
#include "skillit/data/recall.h"
#include "skillit/data/text_skills.h"
#include "skillit/tokenize/make_tokenizer.h"

namespace skillit {
namespace {

void fill(PoolOptions& pool, const DataOptions& options, std::int64_t train_samples) {
  pool.train_samples =
      static_cast<int>(options.train_samples > 0 ? options.train_samples : train_samples);
  pool.validation_samples = static_cast<int>(options.validation);
  pool.validation_seed = static_cast<std::uint64_t>(options.validation_seed);
  pool.loss = options.loss == "all" ? ScoredTokens::kAll : ScoredTokens::kAnswer;
}

LegoShape lego_shape(const std::string& name) {
  if (name == "chain") return LegoShape::kChain;
  return name == "tree" ? LegoShape::kTree : LegoShape::kTwoChains;
}

SkillData make_synthetic(const DataOptions& options, std::int64_t train_samples, std::uint64_t seed,
                         const Tokenizer& tokenizer) {
  if (options.source == "lego") {
    LegoOptions lego;
    fill(lego, options, train_samples);
    lego.skills = static_cast<int>(options.skills);
    lego.shape = lego_shape(options.shape);
    return make_lego_data(lego, seed, tokenizer);
  }
  if (options.source == "addition") {
    AdditionOptions addition;
    fill(addition, options, train_samples);
    addition.digits = static_cast<int>(options.skills);
    return make_addition_data(addition, seed, tokenizer);
  }
  if (options.source == "recall") {
    RecallOptions recall;
    fill(recall, options, train_samples);
    recall.facts = static_cast<int>(options.length);
    return make_recall_data(recall, seed, tokenizer);
  }
  PointerChasingOptions pointer;
  fill(pointer, options, train_samples);
  pointer.clauses = static_cast<int>(options.length);
  pointer.max_depth = static_cast<int>(options.depth);
  return make_pointer_chasing_data(pointer, seed, tokenizer);
}

/// Samples and the tokenizer they were made with.
struct Source {
  SkillData data;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::vector<double> natural_sizes = {};  ///< As in Dataset.
};

std::string tokenizer_of(const DataOptions& options) {
  if (options.tokenizer != "auto") return options.tokenizer;
  return options.is_read() ? "byte" : "words";
}

PackingOptions packing_of(const DataOptions& options) {
  PackingOptions packing;
  packing.window = static_cast<std::uint64_t>(options.window);
  if (options.packing == kPackingNames[1]) packing.packing = Packing::kBestFit;
  packing.document_mask = options.document_mask;
  return packing;
}

Source make_text(const DataOptions& options) {
  const Corpus corpus =
      read_corpus({options.files, options.path, options.skill_field, options.text_field});
  std::string alphabet;
  if (options.tokenizer == "character") {
    for (const auto& documents : corpus.documents) {
      for (const Document& document : documents) alphabet += document.text;
    }
  }
  std::shared_ptr<const Tokenizer> tokenizer = make_tokenizer(tokenizer_of(options), alphabet);
  TextOptions text;
  text.packing = packing_of(options);
  text.validation_fraction = options.validation_fraction;
  text.max_validation_samples = static_cast<int>(options.validation);
  SkillData data = make_text_data(corpus, text, *tokenizer);
  return {std::move(data), std::move(tokenizer)};
}

Source read_pack(const DataOptions& options) {
  PackData pack =
      read_pack_data(options.path, {packing_of(options), static_cast<int>(options.validation)});
  return {std::move(pack.data), std::move(pack.tokenizer)};
}

/// Of each skill the tasks, or what is in them.
std::vector<double> instruction_sizes(const std::vector<InstructionTask>& tasks,
                                      const SkillSet& skills, bool count_instances) {
  std::vector<double> sizes(skills.size(), 0.0);
  for (const InstructionTask& task : tasks) {
    sizes[skills.index_of(task.skill, task.name)] +=
        count_instances ? static_cast<double>(task.instances.size()) : 1.0;
  }
  return sizes;
}

Source read_instructions(const DataOptions& options, std::int64_t train_samples,
                         std::uint64_t seed) {
  InstructionOptions instructions;
  instructions.context = static_cast<int>(options.window);
  instructions.scored = options.loss == "all" ? ScoredTokens::kAll : ScoredTokens::kAnswer;
  instructions.train_windows =
      static_cast<int>(options.train_samples > 0 ? options.train_samples : train_samples);
  instructions.validation_instances = static_cast<int>(options.validation);
  instructions.validation_seed = static_cast<std::uint64_t>(options.validation_seed);
  const auto tasks = options.source == "alpaca" ? read_alpaca(options.path, kAlpacaRows)
                                                : read_natural_instructions(options.path);
  std::shared_ptr<const Tokenizer> tokenizer = make_tokenizer(tokenizer_of(options));
  SkillData data = make_instruction_data(tasks, instructions, seed, *tokenizer);
  auto sizes = instruction_sizes(tasks, data.skills, options.source == "alpaca");
  return {std::move(data), std::move(tokenizer), std::move(sizes)};
}

Source make_source(const DataOptions& options, std::int64_t train_samples, std::uint64_t seed) {
  if (options.source == "text") return make_text(options);
  if (options.source == "pack") return read_pack(options);
  Source source;
  if (options.is_read()) {
    source = read_instructions(options, train_samples, seed);
  } else {
    source.tokenizer = make_tokenizer(tokenizer_of(options));
    source.data = make_synthetic(options, train_samples, seed, *source.tokenizer);
  }
  const PackingOptions packing = packing_of(options);
  if (packing.packing == Packing::kBestFit) {
    for (SampleStore& store : source.data.train)
      store = pack_samples(store, packing.window, packing.document_mask);
  }
  return source;
}

/// The skills of a choice among those of `data`.
struct ChosenSkills {
  SkillSet train;
  SkillSet eval;
};
ChosenSkills chosen_skills(const Dataset& data, const SkillChoice& choice) {
  std::vector<std::string> train_on = choice.train_on, evaluate_on = choice.evaluate_on;
  if (choice.setting == Setting::kPretrain && evaluate_on.empty()) evaluate_on = train_on;
  if (choice.setting == Setting::kOutOfDomain && train_on.empty()) {
    for (const std::string& name : data.train_skills.names()) {
      if (std::find(evaluate_on.begin(), evaluate_on.end(), name) == evaluate_on.end())
        train_on.push_back(name);
    }
  }
  return {train_on.empty() ? data.train_skills : SkillSet(train_on, "train_on"),
          evaluate_on.empty() ? data.eval_skills : SkillSet(evaluate_on, "skills to evaluate")};
}

/// Puts the chosen skills of `data` into `part`; `take` copies or moves a store.
template <typename Data, typename Take>
void cut(Data& data, const SkillChoice& choice, Dataset& part, const Take& take) {
  ChosenSkills skills = chosen_skills(data, choice);
  for (const std::string& name : skills.train.names()) {
    const std::size_t id = data.train_skills.index_of(name, "train_on");
    part.train.push_back(take(data.train[id]));
    if (!data.natural_sizes.empty()) part.natural_sizes.push_back(data.natural_sizes[id]);
  }
  for (const std::string& name : skills.eval.names()) {
    part.validation.push_back(
        take(data.validation[data.eval_skills.index_of(name, "skills to evaluate")]));
  }
  part.all_skills = data.all_skills;
  part.train_skills = std::move(skills.train);
  part.eval_skills = std::move(skills.eval);
  part.tokenizer = data.tokenizer;
  check_setting(choice.setting, part.train_skills, part.eval_skills, {});
}

}  // namespace

std::vector<std::uint64_t> Dataset::train_sizes() const {
  std::vector<std::uint64_t> sizes;
  for (const SampleStore& store : train) sizes.push_back(store.size());
  return sizes;
}

std::string Dataset::fingerprint() const {
  Fingerprinter sum;
  const auto add = [&sum](const SkillSet& skills, const std::vector<SampleStore>& stores) {
    for (std::size_t i = 0; i < skills.size(); ++i) {
      sum.add(skills[i]);
      sum.add(stores[i].fingerprint());
    }
  };
  add(train_skills, train);
  sum.add("/");
  add(eval_skills, validation);
  return sum.hex();
}

bool Dataset::is_chosen(const SkillChoice& choice) const {
  const ChosenSkills wanted = chosen_skills(*this, choice);
  return wanted.train.names() == train_skills.names() && wanted.eval.names() == eval_skills.names();
}

Dataset Dataset::chosen(const SkillChoice& choice) const {
  Dataset part;
  cut(*this, choice, part, [](const SampleStore& store) { return store; });
  return part;
}

std::shared_ptr<const Tokenizer> data_tokenizer(const DataOptions& options) {
  if (options.source == "pack" || options.tokenizer == "character")
    return make_source(options, 1, 0).tokenizer;
  return make_tokenizer(tokenizer_of(options));
}

Dataset make_dataset(const DataOptions& options, std::int64_t train_samples, std::uint64_t seed,
                     const SkillChoice& choice) {
  Source source = make_source(options, train_samples, seed);
  Dataset all{source.data.skills,
              source.data.skills,
              std::move(source.data.train),
              source.data.skills,
              std::move(source.data.validation),
              std::move(source.tokenizer),
              std::move(source.natural_sizes)};
  Dataset data;  // Nothing is copied: the samples may be most of what the program has in memory.
  cut(all, choice, data, [](SampleStore& store) { return std::move(store); });
  return data;
}

}  // namespace skillit
