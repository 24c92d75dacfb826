// Documents and short samples packed into windows: the plans against their definition, and what is
// read by them against the documents.
#include "skillit/data/packed_windows.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "skillit/base/rng.h"
#include "skillit/data/best_fit.h"
#include "skillit/data/memory_tokens.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Bins = std::vector<std::vector<std::uint32_t>>;
using Pieces = std::vector<WindowPiece>;

DocumentLengths lengths_of(const std::vector<std::uint64_t>& lengths) {
  return {lengths.size(), [lengths](std::uint64_t i) { return lengths[i]; }};
}

std::vector<Pieces> all_windows(const WindowPlan& plan) {
  std::vector<Pieces> windows(plan.num_windows());
  for (std::size_t i = 0; i < windows.size(); ++i) plan.read(i, windows[i]);
  return windows;
}

/// Documents of these lengths; document d holds 1000 d, 1000 d + 1, ..
MemoryTokens documents(const std::vector<std::uint64_t>& lengths) {
  MemoryTokens store;
  for (std::size_t d = 0; d < lengths.size(); ++d) {
    std::vector<TokenId> tokens(lengths[d]);
    std::iota(tokens.begin(), tokens.end(), static_cast<TokenId>(1000 * d));
    store.add(tokens);
  }
  return store;
}

TEST(BestFit, FillsTheFullestBinThatHasRoom) {
  // 7 opens a bin (room 3), 6 one (4), 5 one (5); 4 leaves none in the second, 3 none in the first,
  // 3 goes to the third (2), 2 fills it.
  EXPECT_EQ(best_fit_decreasing(std::vector<std::uint64_t>{3, 7, 4, 6, 2, 5, 3}, 10),
            (Bins{{0, 1}, {2, 3}, {4, 5, 6}}));
  EXPECT_THAT(best_fit_decreasing({}, 10), IsEmpty());
  EXPECT_EQ(best_fit_decreasing(std::vector<std::uint64_t>{10, 10}, 10), (Bins{{0}, {1}}));
}

TEST(BestFit, UsesNoMoreBinsThanItsBoundAndLosesNothing) {
  Rng rng(1, "best fit");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const std::uint64_t capacity = 1 + rng.below(100);
    std::vector<std::uint64_t> sizes(rng.below(300));
    for (auto& size : sizes) size = 1 + rng.below(capacity);
    std::vector<int> seen(sizes.size());
    const Bins bins = best_fit_decreasing(sizes, capacity);
    for (const auto& bin : bins) {
      std::uint64_t used = 0;
      for (const std::uint32_t item : bin) {
        used += sizes[item];
        ++seen[item];
      }
      EXPECT_LE(used, capacity);
      EXPECT_TRUE(std::is_sorted(bin.begin(), bin.end()));
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), std::ssize(seen));
    // Johnson 1974: at most 11/9 of the least possible number, and 4 more.
    const std::uint64_t total = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
    const std::uint64_t least = (total + capacity - 1) / capacity;
    EXPECT_LE(9 * bins.size(), 11 * least + 36 +
                                   9 * static_cast<std::uint64_t>(std::count_if(
                                           sizes.begin(), sizes.end(),
                                           [&](auto size) { return 2 * size > capacity; })));
  }
}

TEST(WindowPlan, GreedyCutsDocumentsWhereAWindowEnds) {
  const auto plan = plan_windows(lengths_of({3, 0, 6, 4}), 5, Packing::kGreedy);
  EXPECT_EQ(all_windows(*plan),
            (std::vector<Pieces>{{{0, 0, 3}, {2, 0, 2}}, {{2, 2, 4}, {3, 0, 1}}, {{3, 1, 3}}}));
  EXPECT_EQ(plan->num_tokens(), 13U);
}

TEST(WindowPlan, ALastWindowOfOneTokenIsLeftOut) {
  const auto greedy = plan_windows(lengths_of({6}), 5, Packing::kGreedy);
  EXPECT_EQ(all_windows(*greedy), (std::vector<Pieces>{{{0, 0, 5}}}));
  EXPECT_EQ(greedy->num_tokens(), 5U);
  const auto best_fit = plan_windows(lengths_of({6}), 5, Packing::kBestFit);
  EXPECT_EQ(all_windows(*best_fit), (std::vector<Pieces>{{{0, 0, 5}}}));
  EXPECT_EQ(best_fit->num_tokens(), 5U);
  EXPECT_EQ(plan_windows(lengths_of({}), 5, Packing::kGreedy)->num_windows(), 0U);
  EXPECT_EQ(plan_windows(lengths_of({0, 1}), 5, Packing::kBestFit)->num_windows(), 0U);
}

TEST(WindowPlan, BestFitKeepsDocumentsWholeThatFit) {
  // 12 fills a window and leaves 7, which goes with the 3; the 4 and the 6 go together.
  const auto plan = plan_windows(lengths_of({4, 17, 3, 6, 10}), 10, Packing::kBestFit);
  EXPECT_EQ(all_windows(*plan),
            (std::vector<Pieces>{
                {{1, 0, 10}}, {{4, 0, 10}}, {{1, 10, 7}, {2, 0, 3}}, {{0, 0, 4}, {3, 0, 6}}}));
}

/// Checks what both packings promise for any lengths; returns the number of documents cut although
/// they fit a window.
std::uint64_t check_plan(const std::vector<std::uint64_t>& lengths, std::uint64_t window,
                         Packing packing) {
  const auto plan = plan_windows(lengths_of(lengths), window, packing);
  std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>> parts(lengths.size());
  std::uint64_t tokens = 0;
  for (const Pieces& pieces : all_windows(*plan)) {
    std::uint64_t used = 0;
    for (const WindowPiece& piece : pieces) {
      EXPECT_GE(piece.count, 1U);
      parts[piece.document].emplace_back(piece.begin, piece.count);
      used += piece.count;
    }
    EXPECT_GE(used, 2U);
    EXPECT_LE(used, window);
    tokens += used;
  }
  EXPECT_EQ(tokens, plan->num_tokens());
  std::uint64_t missing = 0;
  std::uint64_t cut = 0;
  for (std::size_t d = 0; d < parts.size(); ++d) {
    std::sort(parts[d].begin(), parts[d].end());
    std::uint64_t end = 0;
    for (const auto& [begin, count] : parts[d]) {
      EXPECT_EQ(begin, end);
      end = begin + count;
    }
    missing += lengths[d] - end;
    if (lengths[d] <= window && parts[d].size() > 1) ++cut;
  }
  EXPECT_LE(missing, 1U);
  return cut;
}

TEST(WindowPlan, EveryTokenStandsInOneWindow) {
  Rng rng(1, "window plan");
  std::uint64_t cut_greedily = 0;
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::uint64_t window = 2 + rng.below(60);
    std::vector<std::uint64_t> lengths(rng.below(200));
    for (auto& length : lengths) length = rng.below(1 + rng.below(2 * window));
    cut_greedily += check_plan(lengths, window, Packing::kGreedy);
    EXPECT_EQ(check_plan(lengths, window, Packing::kBestFit), 0U);
  }
  EXPECT_GT(cut_greedily, 1000U);
}

TEST(WindowPlan, ImpossibleOnesAreRefused) {
  for (const auto packing : {Packing::kGreedy, Packing::kBestFit}) {
    testing::expect_error(ErrorCode::kBadArgument, {"windows of 1 tokens"},
                          [&] { (void)plan_windows(lengths_of({5}), 1, packing); });
  }
  testing::expect_error(ErrorCode::kBadArgument, {"document 1", "longer windows"}, [&] {
    (void)plan_windows(lengths_of({5, std::uint64_t{1} << 30}), 2, Packing::kBestFit);
  });
}

TEST(PackedWindows, ReadWhatThePlanSays) {
  const MemoryTokens store = documents({3, 6, 4});
  const PackedWindows windows(store, {.window = 5});
  SampleBuffer sample;
  windows.read(1, sample);
  EXPECT_THAT(sample.tokens, ElementsAre(1002, 1003, 1004, 1005, 2000));
  EXPECT_THAT(sample.scored, ElementsAre(0, 1, 1, 1, 1));
  EXPECT_THAT(sample.starts, IsEmpty());
  windows.read(2, sample);
  EXPECT_THAT(sample.tokens, ElementsAre(2001, 2002, 2003));
}

TEST(PackedWindows, WithAMaskSayWhereDocumentsBeginAndDoNotScoreThat) {
  const MemoryTokens store = documents({3, 6, 4});
  const PackedWindows windows(store,
                              {.window = 10, .packing = Packing::kBestFit, .document_mask = true});
  SampleBuffer sample;
  windows.read(0, sample);
  EXPECT_THAT(sample.tokens,
              ElementsAre(1000, 1001, 1002, 1003, 1004, 1005, 2000, 2001, 2002, 2003));
  EXPECT_THAT(sample.scored, ElementsAre(0, 1, 1, 1, 1, 1, 0, 1, 1, 1));
  EXPECT_THAT(sample.starts, ElementsAre(6));
}

TEST(PackedWindows, InMemoryAreThinnedOutEvenlyAndScoreSomething) {
  const MemoryTokens store = documents({5, 5, 5, 5, 5, 5});
  const PackedWindows windows(store, {.window = 5});
  const SampleStore two = read_windows(windows, 2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].tokens[0], 0);
  EXPECT_EQ(two[1].tokens[0], 3000);
  EXPECT_EQ(read_windows(windows, 100).size(), 6U);
  const MemoryTokens single = documents({1, 1, 1, 3});  // Alone they score nothing.
  EXPECT_EQ(read_windows({single, {.window = 3, .document_mask = true}}, 100).size(), 1U);
  EXPECT_EQ(read_windows({single, {.window = 3}}, 100).size(), 2U);
}

SampleStore short_samples() {
  SampleStore samples;
  samples.add(std::vector<TokenId>{1, 2}, std::vector<std::uint8_t>{0, 1});
  samples.add(std::vector<TokenId>{3, 4, 5, 6}, std::vector<std::uint8_t>{0, 0, 1, 1});
  samples.add(std::vector<TokenId>{7, 8, 9}, std::vector<std::uint8_t>{0, 1, 0});
  return samples;
}

TEST(PackSamples, KeepsSamplesWholeWithTheirMarks) {
  const SampleStore packed = pack_samples(short_samples(), 7, true);
  ASSERT_EQ(packed.size(), 2U);
  EXPECT_THAT(packed[0].tokens, ElementsAre(3, 4, 5, 6, 7, 8, 9));
  EXPECT_THAT(packed[0].scored, ElementsAre(0, 0, 1, 1, 0, 1, 0));
  EXPECT_THAT(packed[0].starts, ElementsAre(4));
  EXPECT_THAT(packed[1].tokens, ElementsAre(1, 2));
  EXPECT_THAT(packed[1].starts, IsEmpty());
  EXPECT_EQ(packed.num_tokens(), 9U);
  EXPECT_THAT(pack_samples(short_samples(), 7, false)[0].starts, IsEmpty());
}

TEST(PackSamples, PackedAgainKeepWhatTheyMayNotSee) {
  const SampleStore packed = pack_samples(pack_samples(short_samples(), 7, true), 9, true);
  ASSERT_EQ(packed.size(), 1U);
  EXPECT_THAT(packed[0].starts, ElementsAre(4, 7));
}

TEST(PackSamples, OneThatFitsNoWindowIsAnError) {
  testing::expect_error(ErrorCode::kBadArgument, {"sample 1 has 4 tokens", "window of 3"},
                        [] { (void)pack_samples(short_samples(), 3, true); });
}

}  // namespace
}  // namespace skillit
