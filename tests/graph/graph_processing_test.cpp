#include "skillit/graph/graph_processing.h"

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal_of;
using testing::weights_of;

const SkillSet kTrain({"a", "b"});
const SkillSet kEval({"b", "x"});  // b -> b is the diagonal.

/// a -> b 4, a -> x -2 (inside the noise), b -> b 1, b -> x not measured.
std::vector<double> process(std::string_view options) {
  return weights_of(process_edges(kTrain, kEval,
                                  {{2, 4, 0.1, false}, {2, -2, 3, true}, {2, 1, 0.1, false}, {}},
                                  parse_graph_processing(options))
                        .graph);
}

TEST(GraphProcessing, noise_is_removed_unless_it_is_kept) {
  EXPECT_THAT(process(""), ElementsAre(4, 0, 1, 0));
  EXPECT_THAT(process("keep_noise=true"), ElementsAre(4, -2, 1, 0));
}

TEST(GraphProcessing, each_rule_does_what_it_says) {
  EXPECT_THAT(process("keep_noise=true,threshold=2"), ElementsAre(4, -2, 0, 0));
  EXPECT_THAT(process("keep_noise=true,clip=true"), ElementsAre(4, 0, 1, 0));
  EXPECT_THAT(process("keep_noise=true,scale=max"), ElementsAre(1, -0.5, 0.25, 0));
  EXPECT_THAT(process("keep_noise=true,scale=sum"), ElementsAre(4. / 7, -2. / 7, 1. / 7, 0));
  EXPECT_THAT(process("keep_noise=true,weight=0.5"), ElementsAre(0.5, -2, 0.5, 0));
  EXPECT_THAT(process("diagonal=zero"), ElementsAre(4, 0, 0, 0));
  EXPECT_THAT(process("weight=0.5,diagonal=one"), ElementsAre(0.5, 0, 1, 0));
}

TEST(GraphProcessing, a_graph_without_edges_is_not_divided_by_nothing) {
  const LearnedGraph learned =
      process_edges(kTrain, kTrain, std::vector<EdgeEstimate>(4), {.scale = GraphScale::kMax});
  EXPECT_THAT(weights_of(learned.graph), ElementsAre(0, 0, 0, 0));
}

TEST(GraphProcessing, options_are_checked) {
  EXPECT_THAT(refusal_of([] { (void)parse_graph_processing("threshold=-1"); }),
              AllOf(HasSubstr("threshold"), HasSubstr("-1")));
  EXPECT_THAT(refusal_of([] { (void)parse_graph_processing("scale=mean"); }), HasSubstr("max"));
  EXPECT_THAT(refusal_of([] { (void)parse_graph_processing("symmetrise=true"); }),
              HasSubstr("no option 'symmetrise'"));
}

}  // namespace
}  // namespace skillit
