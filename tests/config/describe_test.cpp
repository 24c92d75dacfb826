#include "skillit/config/describe.h"

#include <gtest/gtest.h>

#include "tests/config/sample_recipe.h"

namespace skillit::config {
namespace {

TEST(Describe, HelpIsOneAlignedLinePerKey) {
  EXPECT_EQ(
      help_text<Recipe>(),
      R"(  name                         text                        unnamed                               what the run is called
  steps                        integer >= 1                1500                                  training steps
  methods                      list of text                [random, "skillit:eta=0.5,window=3"]  what is compared
  seeds                        list of integer             [0, 1, 2]                             one run each
  shares                       list of number in [0, 1]    []                                    by skill
  devices                      list of cpu | cuda          []                                    where
  optimizer                    section                                                           how weights change
  optimizer.lr                 number > 0                  0.001                                 peak learning rate
  optimizer.schedule           constant | linear | cosine  linear                                shape after warm-up
  optimizer.warmup             integer >= 0                100                                   steps
  data                         section, or its path                                              what is read
  data.path                    text                        corpus                                folder
  data.held_out                number in [0, 1]            0.1                                   share kept
  data.shuffle                 true | false                true                                  in another order
  stages                       list of sections            []                                    one after the other
  stages.N.steps               integer >= 1                10                                    length
  stages.N.optimizer           section                                                           how
  stages.N.optimizer.lr        number > 0                  0.001                                 peak learning rate
  stages.N.optimizer.schedule  constant | linear | cosine  linear                                shape after warm-up
  stages.N.optimizer.warmup    integer >= 0                100                                   steps
  files                        map to text                 {}                                    by skill
  globs                        map to list of text         {}                                    by skill
  weights                      map to number > 0           {}                                    by skill
  counts                       map to integer >= 0         {}                                    by skill
  flags                        map to true | false         {}                                    by skill
)");
}

TEST(Describe, MarkdownHoldsTheSameRowsAsATable) {
  EXPECT_EQ(markdown<OptimizerOptions>(), R"(| key | value | default | meaning |
|---|---|---|---|
| `lr` | number > 0 | `0.001` | peak learning rate |
| `schedule` | constant \| linear \| cosine | `linear` | shape after warm-up |
| `warmup` | integer >= 0 | `100` | steps |
)");
}

struct WithStages {
  std::vector<StageOptions> stages = {{.steps = 7, .optimizer = {}}, {}};
  static constexpr auto fields() { return std::tuple{field("stages", &WithStages::stages, "é|")}; }
};

TEST(Describe, AnElementOfAListShowsItsOwnDefaultsNotThoseOfTheFirst) {
  EXPECT_EQ(markdown<WithStages>(), R"(| key | value | default | meaning |
|---|---|---|---|
| `stages` | list of sections | `2 of them` | é\| |
| `stages.N.steps` | integer >= 1 | `10` | length |
| `stages.N.optimizer` | section |  | how |
| `stages.N.optimizer.lr` | number > 0 | `0.001` | peak learning rate |
| `stages.N.optimizer.schedule` | constant \| linear \| cosine | `linear` | shape after warm-up |
| `stages.N.optimizer.warmup` | integer >= 0 | `100` | steps |
)");
}

}  // namespace
}  // namespace skillit::config
