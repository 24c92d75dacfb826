#include <fmt/format.h>

#include <memory>
#include <string>

#include "commands.h"
#include "skillit/tokenize/utf8.h"
#include "skillit/train/text_sampler.h"
#include "training/model_arguments.h"

namespace skillit::cli {
namespace {

struct SampleArguments {
  ModelArguments model;
  SamplingOptions sampling;
  std::string prompt;
  std::int64_t count = 1;
  std::uint64_t seed = 0;
};

void sample(const SampleArguments& arguments) {
  const StoredModel stored = open_model(arguments.model.model);
  const auto tokenizer = stored.tokenizer();
  const Gpt model = arguments.model.load(stored);
  SamplingOptions options = arguments.sampling;
  options.stop = tokenizer->end_of_document();
  options.vocabulary = static_cast<std::int64_t>(tokenizer->vocabulary_size());
  std::vector<TokenId> prompt = tokenizer->encode(arguments.prompt);
  if (prompt.empty()) prompt = {tokenizer->end_of_document()};
  for (std::int64_t i = 0; i < arguments.count; ++i) {
    Rng rng(arguments.seed, "sample", static_cast<std::uint64_t>(i));
    std::vector<TokenId> text = tokenizer->encode(arguments.prompt);
    const auto more = sample_text(model, prompt, options, rng);
    text.insert(text.end(), more.begin(), more.end());
    fmt::print("{}{}\n", i == 0 ? "" : "\n", replace_invalid_utf8(tokenizer->decode(text)));
  }
}

}  // namespace

void add_sample_command(CLI::App& app) {
  auto arguments = std::make_shared<SampleArguments>();
  SamplingOptions& sampling = arguments->sampling;
  CLI::App* command =
      app.add_subcommand("sample", "What a model says after a prompt, for a look at it");
  arguments->model.add_to(*command);
  command->add_option("--prompt", arguments->prompt, "Begins the text; none = a new document")
      ->type_name("TEXT");
  command->add_option("--tokens", sampling.tokens, "Most tokens to add")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--temperature", sampling.temperature, "0 = the likeliest token each time")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str()
      ->type_name("T");
  command->add_option("--top-k", sampling.top_k, "Draw among the k likeliest, 0 = all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("K");
  command->add_option("--count", arguments->count, "Texts")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--seed", arguments->seed, "The same seed draws the same texts")
      ->capture_default_str()
      ->type_name("N");
  command->footer(
      "Examples:\n"
      "  skillit sample gpt2 --prompt 'The skills of a model are' --top-k 40\n"
      "  skillit sample runs/text/random/seed0 --temperature 0 --tokens 200");
  command->callback([arguments] { sample(*arguments); });
}

}  // namespace skillit::cli
