// Against what megatron-core 0.16.1 and NumPy 2.4.6 gave; tests/cli/test_megatron.py compares more.
#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "skillit/data/legacy_shuffle.h"
#include "skillit/data/megatron_blend.h"
#include "skillit/data/megatron_samples.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using Row = std::pair<std::uint64_t, std::uint64_t>;

TEST(LegacyShuffle, IsThatOfNumPy) {
  // rs = RandomState(7); x = arange(10); rs.shuffle(x), twice; y = arange(1000); rs.shuffle(y).
  LegacyShuffle shuffle(7);
  std::vector<int> x(10);
  std::iota(x.begin(), x.end(), 0);
  shuffle.shuffle(std::span(x));
  EXPECT_THAT(x, ElementsAre(8, 5, 0, 2, 1, 9, 7, 3, 6, 4));
  shuffle.shuffle(std::span(x));
  EXPECT_THAT(x, ElementsAre(5, 2, 0, 9, 4, 8, 1, 7, 3, 6));
  std::vector<std::uint64_t> y(1000);
  std::iota(y.begin(), y.end(), std::uint64_t{0});
  shuffle.shuffle(std::span(y));
  EXPECT_THAT(std::span(y).first(5), ElementsAre(418, 615, 662, 321, 179));
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < y.size(); ++i) sum += y[i] * (i + 1);
  EXPECT_EQ(sum, 250147514U);
}

TEST(MegatronBlend, IsThatOfItsHelper) {
  // Weights 5 : 3 : 2, 20 samples.
  MegatronBlend blend(megatron_normalize(std::vector<double>{5, 3, 2}));
  std::vector<std::uint32_t> datasets;
  std::vector<std::uint64_t> samples;
  for (int i = 0; i < 20; ++i) {
    const auto [dataset, sample] = blend.next();
    datasets.push_back(dataset);
    samples.push_back(sample);
  }
  EXPECT_THAT(datasets, ElementsAre(0, 1, 2, 0, 1, 0, 2, 0, 1, 0, 0, 1, 2, 0, 1, 0, 2, 0, 1, 0));
  EXPECT_THAT(samples, ElementsAre(0, 0, 0, 1, 1, 2, 1, 3, 2, 4, 5, 3, 2, 6, 4, 7, 3, 8, 5, 9));
  EXPECT_EQ(blend.size(), 20U);
}

TEST(MegatronBlend, AsksForHalfAPercentMoreOfEach) {
  // ceil(1000 x .7) = 700, x 1.005 = 703.5; ceil(300 x 1.005) = 302.
  EXPECT_THAT(megatron_requests(std::vector<double>{.7, .3}, 1000), ElementsAre(704, 302));
}

TEST(MegatronBlend, WeightsThatMegatronWouldNotTakeAreRefused) {
  for (const double weight : {0.0, -1.0, std::nan("")}) {
    testing::expect_error(ErrorCode::kBadArgument, {"a weight is", "> 0"}, [&] {
      (void)megatron_normalize(std::vector<double>{1, weight});
    });
  }
  testing::expect_error(ErrorCode::kBadArgument, {"no weights"}, [] { MegatronBlend({}); });
}

MegatronSamples samples_of(std::optional<std::uint64_t> num_samples) {
  const std::vector<std::uint64_t> lengths{7, 0, 3, 12, 5, 1};
  return {{lengths.size(), [lengths](std::uint64_t i) { return lengths[i]; }},
          {.sequence_length = 4, .num_samples = num_samples, .seed = 1234}};
}

std::vector<Row> rows_of(const MegatronSamples& samples) {
  std::vector<Row> rows;
  for (std::uint64_t i = 0; i <= samples.num_windows(); ++i)
    rows.push_back(samples.sample_index(i));
  return rows;
}

TEST(MegatronSamples, AreThoseOfGptDatasetInOneEpoch) {
  const MegatronSamples samples = samples_of(std::nullopt);
  EXPECT_EQ(samples.num_epochs(), 1U);
  EXPECT_THAT(samples.document_index(), ElementsAre(2, 1, 5, 0, 4, 3));
  EXPECT_THAT(rows_of(samples), ElementsAre(Row{0, 0}, Row{3, 0}, Row{3, 4}, Row{4, 1}, Row{5, 0},
                                            Row{5, 4}, Row{5, 8}));
  EXPECT_THAT(samples.shuffle_index(), ElementsAre(0, 4, 3, 2, 5, 1));
}

TEST(MegatronSamples, DrawALastEpochApartThatIsLittleUsed) {
  const MegatronSamples samples = samples_of(8);  // 2 of the 6 samples of the second.
  EXPECT_EQ(samples.num_epochs(), 2U);
  EXPECT_THAT(samples.document_index(), ElementsAre(2, 1, 5, 0, 4, 3, 0, 4, 3, 2, 5, 1));
  EXPECT_THAT(rows_of(samples), ElementsAreArray(std::vector<Row>{{0, 0},
                                                                  {3, 0},
                                                                  {3, 4},
                                                                  {4, 1},
                                                                  {5, 0},
                                                                  {5, 4},
                                                                  {5, 8},
                                                                  {6, 0},
                                                                  {6, 4},
                                                                  {7, 1},
                                                                  {8, 0},
                                                                  {8, 4},
                                                                  {8, 8},
                                                                  {9, 0}}));
  EXPECT_THAT(samples.shuffle_index(), ElementsAre(1, 0, 3, 2, 5, 4, 8, 9, 11, 7, 10, 12, 6));
}

TEST(MegatronSamples, OtherwiseShuffleAllEpochsTogether) {
  const MegatronSamples samples = samples_of(13);
  EXPECT_EQ(samples.num_epochs(), 2U);
  EXPECT_THAT(samples.document_index(), ElementsAre(1, 2, 5, 2, 3, 4, 1, 0, 4, 5, 0, 3));
  EXPECT_THAT(rows_of(samples), ElementsAreArray(std::vector<Row>{{0, 0},
                                                                  {3, 0},
                                                                  {4, 1},
                                                                  {4, 5},
                                                                  {4, 9},
                                                                  {5, 1},
                                                                  {7, 0},
                                                                  {7, 4},
                                                                  {8, 1},
                                                                  {9, 0},
                                                                  {10, 3},
                                                                  {11, 0},
                                                                  {11, 4},
                                                                  {11, 8}}));
  EXPECT_THAT(samples.shuffle_index(), ElementsAre(7, 11, 2, 3, 1, 9, 5, 4, 0, 8, 6, 10, 12));
}

TEST(MegatronSamples, ReadTheTokensBetweenTwoRows) {
  const MegatronSamples samples = samples_of(std::nullopt);
  std::vector<WindowPiece> pieces;
  samples.read(0, pieces);  // Rows 0 to 1: documents 2, 5, and the first token of 0.
  EXPECT_THAT(pieces,
              ElementsAre(WindowPiece{2, 0, 3}, WindowPiece{5, 0, 1}, WindowPiece{0, 0, 1}));
  samples.read(2, pieces);  // Row 3 to 4.
  EXPECT_THAT(pieces, ElementsAre(WindowPiece{4, 1, 4}, WindowPiece{3, 0, 1}));
  EXPECT_EQ(samples.num_tokens(), 30U);
}

TEST(MegatronSamples, ImpossibleOnesAreRefused) {
  const DocumentLengths four{1, [](std::uint64_t) { return 4; }};
  testing::expect_error(ErrorCode::kBadArgument, {"4 tokens hold no sample of 5"},
                        [&] { MegatronSamples(four, {.sequence_length = 4}); });
  testing::expect_error(ErrorCode::kBadArgument, {"sequence length of 0"},
                        [&] { MegatronSamples(four, {.sequence_length = 0}); });
  testing::expect_error(ErrorCode::kBadArgument, {"at most 4294967294"}, [&] {
    MegatronSamples(four, {.sequence_length = 1, .num_samples = std::uint64_t{1} << 33});
  });
}

}  // namespace
}  // namespace skillit
