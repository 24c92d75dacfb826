// The state from which a stream goes on.
#include <algorithm>
#include <vector>

#include "fuzz/support.h"
#include "fuzz/targets.h"
#include "skillit/data/mixture_stream.h"

namespace skillit::fuzz {
namespace {

constexpr std::uint64_t kMostSamples = 4096;  // A fair block is a table of its samples.

std::uint64_t tokens_of(const SampleRef& sample) {
  return 1 + sample.index % 7;
}

/// Reads what is left of a block, at most a few samples.
void read_some(MixtureStream& stream, const std::vector<StreamSkill>& skills) {
  std::vector<SampleRef> samples(
      std::min<std::uint64_t>(stream.block_size() - stream.offset(), 64));
  stream.read(samples);
  for (const SampleRef& sample : samples) {
    if (sample.skill >= skills.size() || sample.index >= skills[sample.skill].size)
      throw std::logic_error("a sample that there is not");
  }
  (void)to_json(stream.state());
  (void)stream.asked();
  (void)stream.epochs();
  (void)stream.spent();
}

void go_on(const StreamState& state, std::vector<StreamSkill> skills) {
  MixtureStream stream(skills, state.seed, {state.unit, state.when_spent, state.fair, tokens_of});
  stream.resume(state);
  read_some(stream, skills);
  std::vector<double> weights;
  for (const StreamSkill& skill : skills) weights.push_back(skill.size > 0 ? 1 : 0);
  stream.begin_block(Mixture::from_weights(weights), 100);
  read_some(stream, skills);
}

}  // namespace

void read_stream_state(std::string_view bytes) {
  expect_answer_or_error([&] {
    const StreamState state = parse_stream_state(bytes, "state");
    if (parse_stream_state(to_json(state), "again") != state)
      throw std::logic_error("a state that is written differently");
    if (state.fair && state.block_samples > kMostSamples) return;
    std::vector<StreamSkill> skills;
    for (const auto& skill : state.skills)
      skills.push_back({skill.name, skill.size, skill.max_epochs});
    expect_answer_or_error([&] { go_on(state, skills); });
    skills.back().size += 5;  // Grown, so that all the block is begun anew.
    skills.push_back({"new", 10, 2});
    expect_answer_or_error([&] { go_on(state, skills); });
  });
}

}  // namespace skillit::fuzz
