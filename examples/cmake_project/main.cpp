// What a trainer of your own asks of skillit: given the graph and the losses so far, what to train
// on next?
#include <cstdio>

#include "skillit/base/error.h"
#include "skillit/select/selector.h"

int main() try {
  const skillit::SkillSet skills({"copy", "add", "carry"});
  // Row = trained on, column = measured on: copying helps adding, and adding helps carrying.
  const skillit::SkillGraph graph(skills, skills,
                                  {1, 0.5, 0,  //
                                   0, 1, 0.5,  //
                                   0, 0, 1});
  const auto selector = skillit::make_selector(
      "skillit:eta=0.5,window=3", {.train_skills = skills, .eval_skills = skills, .graph = graph});

  skillit::LossHistory history;
  history.round_starts.push_back(0);
  history.evaluations.push_back({{2.0, 3.0, 4.0}});  // Before any training.
  const skillit::Mixture mixture = selector->next(history);

  for (std::size_t id = 0; id < skills.size(); ++id) {
    std::printf("%-6s %.4f\n", skills[id].c_str(), mixture[id]);
  }
} catch (const skillit::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
