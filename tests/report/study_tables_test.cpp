#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "skillit/report/study_csv.h"
#include "skillit/report/tensorboard.h"
#include "study_fixture.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::small_run;
using ::testing::StartsWith;

TEST(StudyCsv, ResultsAreOneValueARow) {
  const std::vector<RunRecord> runs = {small_run("random", 0, {{1, 1}, {0.5, 0.5}, {0.25, 0.5}}),
                                       small_run("a,\"b\"", 0, {{1, 1}, {1, 1}, {NAN, 1}})};
  const std::string csv = results_to_csv(runs, summarize(runs, {.threshold = 0.4}));
  EXPECT_THAT(csv, StartsWith("study,method,seed,measure,skill,value\r\n"
                              "small,random,0,final_loss,,0.375\r\n"
                              "small,random,0,loss_area,,0.59375\r\n"
                              "small,random,0,steps_to_threshold,,20\r\n"
                              "small,random,0,final_loss,a,0.25\r\n"
                              "small,random,0,final_loss,b,0.5\r\n"
                              "small,random,0,final_accuracy,a,\r\n"));
  EXPECT_THAT(csv, HasSubstr("small,\"a,\"\"b\"\"\",0,final_loss,,\r\n"));
}

TEST(StudyCsv, CurvesHoldStepsEvaluationsAndRoundsOfUnfinishedRunsToo) {
  RunRecord run = small_run("random", 3, {{1, 0.5}});
  run.finished = false;
  run.steps = {{.step = 1, .loss = 0.75, .learning_rate = 0.001, .grad_norm = 2, .tokens = 40}};
  run.rounds[0].asked = {1.5, 2.5};
  run.rounds[0].delivered = {2, 2};
  run.rounds.resize(1);
  EXPECT_EQ(curves_to_csv(std::vector<RunRecord>{run}),
            "method,seed,step,measure,skill,value\r\n"
            "random,3,1,train_loss,,0.75\r\n"
            "random,3,1,learning_rate,,0.001\r\n"
            "random,3,1,grad_norm,,2\r\n"
            "random,3,1,tokens,,40\r\n"
            "random,3,0,loss,a,1\r\n"
            "random,3,0,loss,b,0.5\r\n"
            "random,3,0,accuracy,a,\r\n"
            "random,3,0,accuracy,b,\r\n"
            "random,3,0,share,a,0.5\r\n"
            "random,3,0,share,b,0.5\r\n"
            "random,3,0,asked,a,1.5\r\n"
            "random,3,0,asked,b,2.5\r\n"
            "random,3,0,delivered,a,2\r\n"
            "random,3,0,delivered,b,2\r\n");
}

TEST(TensorBoard, TheChecksumIsThatOfRfc3720) {
  EXPECT_EQ(detail::crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(detail::crc32c(std::string(32, '\0')), 0x8a9136aau);  // Appendix B.4
  EXPECT_EQ(detail::crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(detail::crc32c(""), 0u);
}

TEST(TensorBoard, AScalarByHand) {
  RunRecord run = small_run("random", 0, {{0.5, NAN}});
  run.rounds.clear();
  const std::string file = to_tensorboard(run);
  // The first record: 9 bytes of wall time, 2 + 13 of the version.
  ASSERT_GE(file.size(), 8u + 4 + 24 + 4);
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  EXPECT_EQ(length, 24u);
  EXPECT_EQ(file.substr(12, 24), std::string("\x09\0\0\0\0\0\0\0\0\x1a\x0d", 11) + "brain.Event:2");
  // The second: wall time 0, step 0, summary { value { tag "eval/loss/a", simple_value 0.5 } }.
  const std::string event = std::string("\x09\0\0\0\0\0\0\0\0\x10\0\x2a\x14\x0a\x12\x0a\x0b", 17) +
                            "eval/loss/a" + std::string("\x15\0\0\0\x3f", 5);
  EXPECT_EQ(file.substr(40 + 12, event.size()), event);
  EXPECT_EQ(file.size(), 40 + 12 + event.size() + 4) << "what is not measured is left out";
}

}  // namespace
}  // namespace skillit
