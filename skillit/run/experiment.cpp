#include "skillit/run/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/config/dump.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/record/repeat.h"
#include "skillit/record/run_folder.h"
#include "skillit/record/run_writer.h"
#include "skillit/run/dataset.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/run_manifest.h"
#include "skillit/run/sample_feed.h"
#include "skillit/run/start_model.h"
#include "skillit/select/selector.h"
#include "skillit/train/checkpoint.h"
#include "skillit/train/evaluator.h"
#include "skillit/train/sample_losses.h"
#include "skillit/train/trainer.h"

namespace skillit {
namespace {

/// Adds the seconds it lives to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum), start_(Clock::now()) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  double& sum_;
  Clock::time_point start_;
};

const std::string& label_of(const RunPlan& plan) {
  return plan.label.empty() ? plan.method : plan.label;
}

std::uint64_t own_seed(const RunPlan& plan) {
  return repeat_seed(static_cast<std::uint64_t>(plan.seed),
                     parse_method_repeat(plan.method).repeat);
}

/// The loop of the method: feed -> trainer -> evaluator -> selector -> feed. Everything it
/// changes is in the members that save() writes.
class Experiment {
 public:
  /// The arguments must outlive it.
  Experiment(const RunPlan& plan, const Dataset& dataset, StudyObserver& observer)
      : plan_(plan),
        recipe_(plan.recipe),
        dataset_(dataset),
        observer_(observer),
        start_(start_model(recipe_, *dataset_.tokenizer, plan.base, own_seed(plan), plan.runtime)),
        model_(start_.model),
        trainer_(model_, recipe_.optimizer, recipe_.steps, plan.runtime.recompute),
        evaluator_(dataset_.validation, dataset_.eval_skills,
                   evaluation_limit(model_.architecture()), plan.runtime.device),
        selector_(make_selector(parse_method_repeat(plan.method).spec,
                                selector_inputs(recipe_, dataset_, plan.graph))),
        feed_(make_sample_feed(
            recipe_, dataset_, own_seed(plan), draws_from_pool(recipe_, dataset_, *selector_),
            [this](const auto& samples) { return measure_samples(samples); },
            [this](const Mixture& part) { return selector_->round_shares(part); })),
        skill_tokens_(dataset_.train.size(), 0),
        last_step_(recipe_.steps) {}

  /// Takes up the last checkpoint, if there is one, and opens the record behind it.
  void start(RunFolder folder) {
    RunPosition from;
    if (std::filesystem::exists(checkpoint_file())) {
      from = load();
      observer_.on_message(fmt::format("{}: goes on at step {}",
                                       run_folder_name(plan_.method, plan_.seed).string(), step()));
    }
    writer_.emplace(std::move(folder), from);
  }

  /// The whole method. @return false when stopped before the end.
  bool run() {
    if (history_.evaluations.empty()) evaluate();
    while (step() < last_step_) {
      if (observer_.stop_requested()) return false;
      if (step() == first_step(round_)) begin_round();
      if (step() < last_step_) {  // Else nothing is left for this round.
        train_step();
        if (step() % recipe_.eval_every == 0 || step() == round_end()) evaluate();
      }
      if (step() == round_end()) end_round();
      if (checkpoint_due()) save();
    }
    return true;
  }

  void save() {
    ByteWriter state;
    state.put(round_);
    state.put(tokens_);
    state.put_doubles(mixture_);
    state.put<std::uint64_t>(history_.evaluations.size());
    for (const SkillLosses& losses : history_.evaluations) state.put_doubles(losses.values);
    for (const std::size_t start : history_.round_starts) state.put<std::uint64_t>(start);
    const RunPosition position = writer_->position();
    for (const std::uint64_t size : {position.steps, position.evaluations, position.rounds})
      state.put(size);
    feed_->save(state);
    for (const std::uint64_t tokens : skill_tokens_) state.put(tokens);
    selector_->save(state);
    save_checkpoint(checkpoint_file(), model_, trainer_.optimizer(), state.bytes());
  }

  /// @return where the record stood.
  RunPosition load() {
    const std::string bytes = load_checkpoint(checkpoint_file(), model_, trainer_.optimizer());
    ByteReader state(bytes, checkpoint_file().string());
    round_ = state.get<std::int64_t>();
    tokens_ = state.get<std::int64_t>();
    mixture_ = state.get_doubles();
    const auto evaluations = state.get<std::uint64_t>();
    for (std::uint64_t e = 0; e < evaluations; ++e)
      history_.evaluations.push_back({state.get_doubles()});
    const std::int64_t rounds_begun = round_ + (step() > first_step(round_) ? 1 : 0);
    for (std::int64_t r = 0; r < rounds_begun; ++r)
      history_.round_starts.push_back(state.get<std::uint64_t>());
    RunPosition position;
    for (std::uint64_t* size : {&position.steps, &position.evaluations, &position.rounds})
      *size = state.get<std::uint64_t>();
    feed_->load(state, checkpoint_file().string());
    for (std::uint64_t& tokens : skill_tokens_) tokens = state.get<std::uint64_t>();
    if (rounds_begun > round_) limit_steps();
    selector_->load(state);
    state.expect_end();
    return position;
  }

  void finish() {
    save_model(plan_.folder / kModelFile, model_,
               {{"config", start_.config},
                {"recipe", config::dump_yaml(recipe_)},
                {"method", plan_.method},
                {"seed", std::to_string(plan_.seed)}});
    std::filesystem::remove(checkpoint_file());
    report(true);
  }

 private:
  [[nodiscard]] std::int64_t step() const { return trainer_.steps_done(); }
  [[nodiscard]] std::filesystem::path checkpoint_file() const {
    return plan_.folder / "checkpoint.safetensors";
  }
  [[nodiscard]] std::int64_t first_step(std::int64_t round) const {
    return round * recipe_.steps / recipe_.rounds;
  }
  [[nodiscard]] std::int64_t round_end() const {
    return std::min(first_step(round_ + 1), last_step_);
  }
  [[nodiscard]] bool ended_early() const { return last_step_ < recipe_.steps; }

  [[nodiscard]] RoundInputs round_inputs() const {
    RoundInputs inputs;
    // The first mixture is the method's own start, as in the paper's Algorithm 1: no loss has been
    // used yet.
    if (round_ > 0) inputs.history = history_;
    inputs.initial = history_.evaluations.front();
    inputs.begin = static_cast<std::uint64_t>(step() * recipe_.batch);
    inputs.size = static_cast<std::uint64_t>((first_step(round_ + 1) - step()) * recipe_.batch);
    inputs.total = static_cast<std::uint64_t>(recipe_.steps * recipe_.batch);
    inputs.left = feed_->left();
    return inputs;
  }

  void begin_round() {
    const auto [mixture, part] = choose();
    history_.round_starts.push_back(round_ == 0 ? 0 : history_.evaluations.size());
    feed_->begin_round(
        mixture, part,
        static_cast<std::uint64_t>((first_step(round_ + 1) - step()) * recipe_.batch));
    mixture_ = feed_->mixture();
    limit_steps();
  }

  std::pair<Mixture, std::optional<PoolPart>> choose() {
    const Stopwatch watch(timing_.select_seconds);
    const RoundInputs inputs = round_inputs();
    return {selector_->next(inputs), selector_->pool_part(inputs)};
  }

  std::vector<double> measure_samples(const std::vector<SampleRef>& refs) {
    const Stopwatch watch(timing_.evaluate_seconds);
    std::vector<Sample> samples;
    for (const SampleRef& ref : refs) samples.push_back(dataset_.train[ref.skill][ref.index]);
    return sample_losses(model_, samples, evaluation_limit(model_.architecture()));
  }

  /// The run ends in this round when the data do.
  void limit_steps() {
    const auto steps = static_cast<std::int64_t>(feed_->round_size()) / recipe_.batch;
    const std::int64_t end = first_step(round_) + steps;
    last_step_ = end < first_step(round_ + 1) ? end : recipe_.steps;
    if (last_step_ > 0) return;
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: the skills have no {} samples for one step; give them more data or more "
                     "stream.max_epochs",
                     run_folder_name(plan_.method, plan_.seed).string(), recipe_.batch));
  }

  void train_step() {
    const Stopwatch watch(timing_.train_seconds);
    std::vector<SampleRef> refs(static_cast<std::size_t>(recipe_.batch));
    feed_->read(refs);
    std::vector<Sample> samples;
    for (const SampleRef& ref : refs) {
      samples.push_back(dataset_.train[ref.skill][ref.index]);
      skill_tokens_[ref.skill] += samples.back().tokens.size();
    }
    const StepResult result =
        step_on(make_batches(samples, recipe_.micro_batch, plan_.runtime.device));
    tokens_ += result.num_tokens;
    tokens_here_ += result.num_tokens;
    writer_->append(StepRecord{static_cast<std::uint64_t>(step()), result.loss,
                               result.learning_rate, result.gradient_norm,
                               static_cast<std::uint64_t>(result.num_scored),
                               static_cast<std::uint64_t>(result.num_tokens)});
    report(false);
  }

  /// @throws Error naming the run, one of several side by side, when the loss is no number.
  StepResult step_on(const std::vector<Batch>& pieces) {
    try {
      return trainer_.step(pieces);
    } catch (const Error& error) {
      fail(error.code(),
           fmt::format("{}, seed {}: {}", plan_.label.empty() ? plan_.method : plan_.label,
                       plan_.seed, error.what()));
    }
  }

  void evaluate() {
    const Stopwatch watch(timing_.evaluate_seconds);
    const Evaluation evaluation = evaluator_.measure(model_);
    history_.evaluations.push_back(evaluation.losses);
    writer_->append(EvaluationRecord{static_cast<std::uint64_t>(step()), evaluation.losses,
                                     evaluation.accuracies});
  }

  void end_round() {
    const auto spent = feed_->spent();
    writer_->append(RoundRecord{static_cast<std::uint64_t>(round_),
                                static_cast<std::uint64_t>(first_step(round_)),
                                mixture_,
                                feed_->asked(),
                                feed_->delivered(),
                                static_cast<std::uint64_t>(tokens_),
                                skill_tokens_,
                                feed_->epochs(),
                                {spent.begin(), spent.end()},
                                recipe_.stream.unit == "tokens",
                                ended_early()});
    if (ended_early()) {
      observer_.on_message(fmt::format("{}: ends at step {} of {}, because its data are spent",
                                       run_folder_name(plan_.method, plan_.seed).string(), step(),
                                       recipe_.steps));
    }
    timing_.round = static_cast<std::uint64_t>(round_);
    writer_->append(timing_);
    timing_ = {};
    ++round_;
  }

  [[nodiscard]] bool checkpoint_due() const {
    if (ended_early() && step() == last_step_) return false;
    if (step() == first_step(round_)) return true;
    const std::int64_t every = plan_.runtime.checkpoint_every;
    return every > 0 && (step() - first_step(round_)) % every == 0;
  }

  void report(bool finished) {
    observer_.on_status({label_of(plan_), plan_.seed, step(), recipe_.steps,
                         std::min(round_, recipe_.rounds - 1), recipe_.rounds, tokens_here_,
                         history_.evaluations.back().mean(), finished});
  }

  const RunPlan& plan_;
  const Recipe& recipe_;
  const Dataset& dataset_;
  std::optional<RunWriter> writer_;
  StudyObserver& observer_;
  StartModel start_;
  Gpt& model_;
  Trainer trainer_;
  Evaluator evaluator_;
  std::unique_ptr<Selector> selector_;
  std::unique_ptr<SampleFeed> feed_;
  LossHistory history_;
  std::vector<double> mixture_;              ///< Of this round, as it is delivered.
  std::vector<std::uint64_t> skill_tokens_;  ///< Trained on, by training skill.
  std::int64_t last_step_;                   ///< Fewer than planned when the data are spent.
  std::int64_t round_ = 0;
  std::int64_t tokens_ = 0;
  std::int64_t tokens_here_ = 0;  ///< In this process, for the tokens per second.
  TimingRecord timing_;
};

std::shared_ptr<const Dataset> dataset_of(const RunPlan& plan) {
  const SkillChoice choice = skill_choice(plan.recipe);
  if (!plan.source) {
    return std::make_shared<const Dataset>(
        make_dataset(plan.recipe.data, plan.recipe.steps * plan.recipe.batch,
                     static_cast<std::uint64_t>(plan.seed), choice));
  }
  if (plan.source->is_chosen(choice)) return plan.source;
  return std::make_shared<const Dataset>(plan.source->chosen(choice));
}

}  // namespace

bool run_experiment(const RunPlan& plan, StudyObserver& observer) {
  const gpu::OwnStream stream(plan.runtime.device);
  const std::shared_ptr<const Dataset> dataset = dataset_of(plan);
  RunFolder folder = RunFolder::open(plan.folder, make_manifest(plan, *dataset));
  if (has_trained_model(plan.folder)) {
    observer.on_status({label_of(plan), plan.seed, plan.recipe.steps, plan.recipe.steps,
                        plan.recipe.rounds - 1, plan.recipe.rounds, 0,
                        std::numeric_limits<double>::quiet_NaN(), true});
    return true;
  }
  Experiment experiment(plan, *dataset, observer);
  experiment.start(std::move(folder));
  if (!experiment.run()) return false;
  experiment.finish();
  return true;
}

std::filesystem::path run_folder_name(const std::string& method, std::int64_t seed) {
  std::string name = method;
  for (char& c : name) {
    if (c == ':') c = '-';
    if (c == '/') c = '_';
    if (c == '|') c = '+';
  }
  return std::filesystem::path(name) / fmt::format("seed{}", seed);
}

}  // namespace skillit
