#include "skillit/data/mixture_stream.h"

#include <gmock/gmock.h>

#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "tests/data/stream_helpers.h"

namespace skillit {
namespace {

using namespace stream_tests;  // NOLINT: all of it is for these tests.
using testing::HasSubstr;

std::string message_of(const std::function<void()>& action, ErrorCode code) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

TEST(MixtureStream, NoSampleRepeatsBeforeItsSkillIsSpentAcrossReweighting) {
  const std::vector<std::uint64_t> sizes = {1, 2, 17, 100, 400};
  Rng rng(3, "schedule");
  MixtureStream stream(sizes, 9);
  std::vector<std::vector<std::uint64_t>> drawn(sizes.size());
  for (int block = 0; block < 60; ++block) {
    stream.begin_block(random_mixture(sizes.size(), rng), 1 + rng.below(400));
    std::vector<SampleRef> samples(rng.below(stream.block_size() + 1));
    stream.read(samples);
    for (const SampleRef& sample : samples) drawn[sample.skill].push_back(sample.index);
  }
  bool orders_differ = false;
  for (std::size_t skill = 0; skill < sizes.size(); ++skill) {
    ASSERT_GT(drawn[skill].size(), sizes[skill]) << "the schedule must spend every skill";
    for (std::size_t begin = 0; begin < drawn[skill].size(); begin += sizes[skill]) {
      const std::size_t end = std::min(begin + sizes[skill], drawn[skill].size());
      const std::set<std::uint64_t> epoch(drawn[skill].begin() + begin, drawn[skill].begin() + end);
      ASSERT_EQ(epoch.size(), end - begin);
      ASSERT_LT(*epoch.rbegin(), sizes[skill]);
      orders_differ = orders_differ || drawn[skill][begin] != drawn[skill][0];
    }
  }
  EXPECT_TRUE(orders_differ) << "each epoch has an order of its own";
}

TEST(MixtureStream, ReadingSeekingAndRandomAccessAgree) {
  MixtureStream stream({50, 60, 70}, 4);
  stream.begin_block(mix({1, 2, 5}), 33);
  stream.seek(20);
  stream.begin_block(mix({3, 1, 1}), 500);
  const std::vector<SampleRef> all = read_rest(stream);
  for (std::uint64_t offset = 0; offset < 500; ++offset) ASSERT_EQ(stream.at(offset), all[offset]);
  stream.seek(123);
  const std::vector<SampleRef> rest = read_rest(stream);
  EXPECT_TRUE(std::equal(rest.begin(), rest.end(), all.begin() + 123, all.end()));
}

TEST(MixtureStream, AnyNumberOfRanksReadsTheSameSamplesInTheSameOrder) {
  MixtureStream one({40, 50, 60, 70}, 4);
  one.begin_block(mix({1, 2, 3, 4}), 240);
  const std::vector<SampleRef> all = read_rest(one);
  for (std::uint64_t world = 1; world <= 8; ++world) {
    std::vector<SampleRef> merged(240);
    for (std::uint64_t rank = 0; rank < world; ++rank) {
      MixtureStream mine({40, 50, 60, 70}, 4);
      mine.begin_block(mix({1, 2, 3, 4}), 240);
      for (std::uint64_t i = rank; i < 240; i += world) merged[i] = mine.at(i);
    }
    ASSERT_EQ(merged, all) << world << " ranks";
  }
}

TEST(MixtureStream, ManyThreadsMayReadOneStream) {
  MixtureStream stream({400, 500, 600}, 4);
  stream.begin_block(mix({1, 2, 3}), 4000);
  std::vector<SampleRef> merged(4000);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t rank = 0; rank < 4; ++rank) {
      threads.emplace_back([&, rank] {
        for (std::uint64_t i = rank; i < 4000; i += 4) merged[i] = stream.at(i);
      });
    }
  }
  EXPECT_EQ(merged, read_rest(stream));
}

TEST(MixtureStream, SavedAnywhereItGoesOnAsIfItHadNotStopped) {
  const std::vector<std::uint64_t> sizes = {10, 200, 3000};
  for (std::uint64_t stop = 0; stop < 40; ++stop) {
    Rng rng(5, "schedule");
    Rng where(5, "stop", stop);
    MixtureStream straight(sizes, 6);
    std::optional<MixtureStream> resumed;
    for (std::uint64_t block = 0; block < 40; ++block) {
      const Mixture mixture = random_mixture(3, rng);
      const std::uint64_t size = 1 + rng.below(60);
      const std::uint64_t end = rng.below(4) == 0 ? rng.below(size + 1) : size;
      straight.begin_block(mixture, size);
      if (resumed) resumed->begin_block(mixture, size);
      if (block == stop) {
        straight.seek(where.below(end + 1));
        const std::string saved = to_json(straight.state());
        resumed.emplace(sizes, 6);
        resumed->resume(parse_stream_state(saved, "state"));
        ASSERT_EQ(to_json(resumed->state()), saved);
      }
      std::vector<SampleRef> expected(end - straight.offset());
      straight.read(expected);
      if (!resumed) continue;
      std::vector<SampleRef> actual(end - resumed->offset());
      resumed->read(actual);
      ASSERT_EQ(actual, expected);
      ASSERT_EQ(resumed->delivered(), straight.delivered());
      ASSERT_EQ(resumed->asked(), straight.asked());
    }
  }
}

TEST(MixtureStream, AStreamThatHasNotBegunIsSavedToo) {
  const MixtureStream fresh({5, 6}, 1);
  MixtureStream other({5, 6}, 1);
  other.begin_block(mix({1, 1}), 4);
  other.seek(3);
  other.resume(parse_stream_state(to_json(fresh.state()), "state"));
  EXPECT_EQ(other.block_size(), 0U);
  EXPECT_THAT(other.delivered(), testing::Each(0U));
}

TEST(MixtureStream, ARefusedBlockLeavesTheStreamAsItWas) {
  MixtureStream stream({5, 0}, 1);
  stream.begin_block(mix({1, 0}), 8);
  stream.seek(3);
  const auto refuse = [&](const Mixture& mixture, std::uint64_t size) {
    return message_of([&] { stream.begin_block(mixture, size); }, ErrorCode::kBadArgument);
  };
  EXPECT_THAT(refuse(mix({1, 1}), 8), HasSubstr("skill '1' has no samples but a share of 0.5"));
  EXPECT_THAT(refuse(mix({1, 1, 1}), 8), HasSubstr("3 shares for 2 skills"));
  EXPECT_THAT(refuse(mix({1, 0}), 0), HasSubstr("block of 0 samples"));
  EXPECT_EQ(stream.block_size(), 8U);
  EXPECT_EQ(stream.offset(), 3U);
  EXPECT_THAT(
      message_of([] { MixtureStream(std::vector<std::uint64_t>{}, 1); }, ErrorCode::kBadArgument),
      HasSubstr("no skills"));
}

TEST(MixtureStream, ASkillAddedAtTheEndLeavesTheOrderOfTheOthers) {
  MixtureStream two({30, 40}, 8);
  two.begin_block(mix({1, 1}), 60);
  MixtureStream three({30, 40, 50}, 8);
  three.begin_block(mix({1, 1, 1}), 90);
  std::map<std::uint32_t, std::vector<std::uint64_t>> of_two;
  std::map<std::uint32_t, std::vector<std::uint64_t>> of_three;
  for (const SampleRef& sample : read_rest(two)) of_two[sample.skill].push_back(sample.index);
  for (const SampleRef& sample : read_rest(three)) of_three[sample.skill].push_back(sample.index);
  EXPECT_EQ(of_two[0], of_three[0]);
  EXPECT_EQ(of_two[1], of_three[1]);
}

TEST(MixtureStream, AMillionMillionSamplesNeedNoMemoryAndNoTime) {
  const std::uint64_t size = 1'000'000'000'000;
  MixtureStream stream({size, 3 * size, 7}, 8);
  stream.begin_block(mix({1, 3, 1e-9}), size);
  stream.seek(size - 5);
  std::vector<SampleRef> samples(5);
  stream.read(samples);
  for (const SampleRef& sample : samples) EXPECT_LT(sample.skill, 2U);
  stream.begin_block(mix({1, 3, 1e-9}), size);
  stream.seek(size);
  EXPECT_LT(worst_distance(stream), 1.0);
  EXPECT_EQ(stream.delivered()[2], 500U);  // 2e12 x 2.5e-10.
}

// A change of these numbers changes what every resumed run reads: raise kCheckpointVersion with
// them.
TEST(MixtureStream, OrderIsPinned) {
  MixtureStream stream({10, 20, 30}, 7);
  stream.begin_block(mix({1, 2, 3}), 12);
  std::string text;
  for (const SampleRef& sample : read_rest(stream)) {
    text += std::to_string(sample.skill) + ":" + std::to_string(sample.index) + " ";
  }
  EXPECT_EQ(text, "2:6 1:8 2:16 0:8 2:14 1:16 2:7 1:17 2:0 0:2 2:8 1:1 ");
}

/// One run over a random schedule: what every rank of `world` reads, merged, with the process
/// killed and resumed from JSON at random places.
std::vector<SampleRef> read_schedule(std::uint64_t schedule, const StreamOptions& options,
                                     std::uint64_t world, bool threads, std::uint64_t kills) {
  const std::vector<StreamSkill> skills = {
      {"a", 30, 2}, {"b", 200, 1}, {"c", 1000, 3}, {"d", 7, 4}};
  Rng rng(schedule, "schedule");
  Rng killer(schedule, "kills", kills);
  std::optional<MixtureStream> stream(std::in_place, skills, 5, options);
  std::vector<SampleRef> all;
  for (int block = 0; block < 12; ++block) {
    const Mixture mixture = random_mixture(skills.size(), rng);
    const std::uint64_t asked = 1 + rng.below(90);
    const bool early = rng.below(3) == 0;
    const double part = rng.uniform();
    stream->begin_block(mixture, asked);
    const auto end =
        early ? static_cast<std::uint64_t>(part * static_cast<double>(stream->block_size()))
              : stream->block_size();
    while (stream->offset() < end) {
      const std::uint64_t stop = std::min(end, stream->offset() + 1 + killer.below(60));
      std::vector<SampleRef> merged(stop - stream->offset());
      const auto rank_reads = [&](std::uint64_t rank) {
        for (std::uint64_t i = rank; i < merged.size(); i += world)
          merged[i] = stream->at(stream->offset() + i);
      };
      if (threads) {
        std::vector<std::jthread> workers;
        for (std::uint64_t rank = 0; rank < world; ++rank) workers.emplace_back(rank_reads, rank);
      } else {
        for (std::uint64_t rank = 0; rank < world; ++rank) rank_reads(rank);
      }
      all.insert(all.end(), merged.begin(), merged.end());
      stream->seek(stop);
      if (kills > 0 && killer.below(2) == 0) {
        const std::string saved = to_json(stream->state());
        stream.emplace(skills, 5, options);
        stream->resume(parse_stream_state(saved, "state"));
        EXPECT_EQ(to_json(stream->state()), saved);
      }
    }
  }
  return all;
}

TEST(MixtureStream, RanksThreadsAndInterruptionsChangeNothingWhateverTheOptions) {
  for (const bool is_fair : {false, true}) {
    for (const auto when_spent : {WhenSpent::kRepeat, WhenSpent::kDrop, WhenSpent::kStop}) {
      for (std::uint64_t schedule = 0; schedule < 6; ++schedule) {
        StreamOptions options = fair(
            is_fair && schedule % 2 == 0 ? StreamUnit::kTokens : StreamUnit::kSamples, when_spent);
        options.fair = is_fair;
        const auto straight = read_schedule(schedule, options, 1, false, 0);
        for (std::uint64_t world = 1; world <= 8; ++world) {
          ASSERT_EQ(read_schedule(schedule, options, world, world % 3 == 0, world), straight)
              << world << " ranks, fair " << is_fair << ", schedule " << schedule;
        }
      }
    }
  }
}

TEST(MixtureStream, NoSkillIsDrawnMoreOftenThanItMayAndNothingIsLostWhenAllAreSpent) {
  for (const bool is_fair : {false, true}) {
    Rng rng(21, "schedule", is_fair);
    StreamOptions options{.when_spent = WhenSpent::kDrop, .fair = is_fair};
    MixtureStream stream({{"a", 10, 2}, {"b", 100, 1}, {"c", 33, 3}}, 5, options);
    std::map<std::pair<std::uint32_t, std::uint64_t>, int> times;
    std::uint64_t total = 0;
    for (int block = 0; block < 60; ++block) {
      const auto spent = stream.spent();
      stream.begin_block(mix({1 + rng.uniform(), 1 + rng.uniform(), 1 + rng.uniform()}),
                         1 + rng.below(40));
      ASSERT_EQ(stream.block_size() == 0, spent.size() == 3);
      for (const SampleRef& ref : read_rest(stream)) {
        ++times[{ref.skill, ref.index}];
        ++total;
      }
    }
    EXPECT_EQ(total, 20U + 100U + 99U);
    constexpr std::array kEpochs = {2, 1, 3};
    for (const auto& [sample, count] : times) EXPECT_EQ(count, kEpochs[sample.first]);
    EXPECT_THAT(stream.spent(), testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(stream.epochs(), testing::ElementsAre(2.0, 1.0, 3.0));
  }
}

TEST(MixtureStream, ASpentSkillsPartGoesToTheOthersInProportion) {
  // 10 of skill 0 against 50 asked: the 90 others divide as 1 : 2.
  StreamOptions options{.when_spent = WhenSpent::kDrop};
  MixtureStream stream({{"a", 10}, {"b", 1000}, {"c", 1000}}, 5, options);
  stream.begin_block(mix({3, 1, 2}), 100);
  stream.seek(100);
  EXPECT_THAT(stream.delivered(), testing::ElementsAre(10, 30, 60));
  EXPECT_THAT(stream.asked(),
              testing::Pointwise(testing::DoubleNear(1e-9), {50.0, 100 / 6.0, 200 / 6.0}));
  // What it could not give is not owed to it; the others go on as if it had not been there.
  stream.begin_block(mix({3, 1, 2}), 100);
  stream.seek(100);
  EXPECT_THAT(stream.delivered(), testing::ElementsAre(10, 63, 127));
}

TEST(MixtureStream, ItStopsBeforeASpentSkillWouldRepeat) {
  for (const bool is_fair : {false, true}) {
    StreamOptions options{.when_spent = WhenSpent::kStop, .fair = is_fair};
    MixtureStream stream({{"a", 10}, {"b", 1000}}, 5, options);
    stream.begin_block(mix({1, 3}), 30);
    EXPECT_EQ(stream.block_size(), 30U);
    stream.seek(30);
    stream.begin_block(mix({1, 3}), 30);
    EXPECT_GE(stream.block_size(), 10U);  // The 11th of `a` would be the 41st or so.
    EXPECT_LE(stream.block_size(), 13U);
    stream.seek(stream.block_size());
    EXPECT_EQ(stream.delivered()[0], 10U);
    stream.begin_block(mix({0, 1}), 30);
    EXPECT_EQ(stream.block_size(), 30U) << "without a share it holds nobody up";
  }
}

TEST(MixtureStream, ResumedWithOtherSkillsItExcludesWhatWasConsumed) {
  for (const bool is_fair : {false, true}) {
    StreamOptions options{.when_spent = WhenSpent::kDrop, .fair = is_fair};
    MixtureStream first({{"web", 60}, {"code", 40}, {"books", 30}}, 5, options);
    std::map<std::string, std::set<std::uint64_t>> had;
    const auto take = [&had](MixtureStream& stream, const std::vector<std::string>& names,
                             std::uint64_t count) {
      for (std::uint64_t i = 0; i < count; ++i) {
        const SampleRef ref = stream.at(i);
        ASSERT_TRUE(had[names[ref.skill]].insert(ref.index).second) << "came twice";
      }
      stream.seek(count);
    };
    first.begin_block(mix({1, 1, 1}), 60);
    take(first, {"web", "code", "books"}, 40);
    // `books` goes, `maths` comes, `code` has 25 more samples, the order of names is another.
    MixtureStream second({{"maths", 20}, {"code", 65}, {"web", 60}}, 5, options);
    second.resume(parse_stream_state(to_json(first.state()), "state"));
    EXPECT_EQ(second.block_size(), 0U);
    EXPECT_EQ(second.delivered()[0], 0U);
    second.begin_block(mix({1, 2, 2}), 50);
    take(second, {"maths", "code", "web"}, 35);
    // `books` comes back and all are read to their end.
    MixtureStream third({{"maths", 20}, {"code", 65}, {"web", 60}, {"books", 30}}, 5, options);
    third.resume(parse_stream_state(to_json(second.state()), "state"));
    third.begin_block(mix({1, 1, 1, 1}), 1000);
    take(third, {"maths", "code", "web", "books"}, third.block_size());
    EXPECT_EQ(had["maths"].size(), 20U);
    EXPECT_EQ(had["code"].size(), 65U);
    EXPECT_EQ(had["web"].size(), 60U);
    EXPECT_EQ(had["books"].size(), 30U);
  }
}

TEST(MixtureStream, ResumingRefusesOtherSeedsUnitsAndFewerSamples) {
  MixtureStream stream({{"a", 5}, {"b", 6}}, 1);
  stream.begin_block(mix({1, 3}), 8);
  stream.seek(3);
  const StreamState state = stream.state();
  const auto resume = [&](MixtureStream other) {
    return message_of([&] { other.resume(state); }, ErrorCode::kMismatch);
  };
  EXPECT_THAT(resume(MixtureStream({{"a", 5}, {"b", 6}}, 2)), HasSubstr("the seed was 1"));
  EXPECT_THAT(resume(MixtureStream({{"a", 5}, {"b", 6}}, 1, fair(StreamUnit::kTokens))),
              HasSubstr("another unit"));
  EXPECT_THAT(resume(MixtureStream({{"a", 5}, {"b", 4}}, 1)),
              HasSubstr("skill 'b' had 6 samples when it was saved and has 4 now"));
}

TEST(MixtureStream, RefusesOptionsThatCannotBe) {
  const auto make = [](std::vector<StreamSkill> skills, const StreamOptions& options) {
    return message_of([&] { MixtureStream(skills, 1, options); }, ErrorCode::kBadArgument);
  };
  EXPECT_THAT(make({{"a", 5}, {"a", 6}}, {}), HasSubstr("two skills are called 'a'"));
  EXPECT_THAT(make({{"a", 5, 0}}, {}), HasSubstr("0 epochs"));
  EXPECT_THAT(make({{"a", 5}}, {.unit = StreamUnit::kTokens}), HasSubstr("tokens need"));
}

}  // namespace
}  // namespace skillit
