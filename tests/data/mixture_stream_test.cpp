#include "skillit/data/mixture_stream.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

using testing::HasSubstr;

Mixture mix(const std::vector<double>& weights) {
  return Mixture::from_weights(weights);
}

/// Shares over eight orders of magnitude, some of them 1e-4 or 0.
Mixture random_mixture(std::size_t num_skills, Rng& rng) {
  std::vector<double> weights(num_skills);
  for (double& weight : weights) {
    weight = std::exp(3 * rng.normal());
    if (rng.below(4) == 0) weight = 1e-4;
    if (rng.below(4) == 0) weight = 0;
  }
  weights[rng.below(num_skills)] = 1;
  return mix(weights);
}

std::vector<SampleRef> read_rest(MixtureStream& stream) {
  std::vector<SampleRef> samples(stream.block_size() - stream.offset());
  stream.read(samples);
  return samples;
}

double worst_distance(const MixtureStream& stream) {
  const auto delivered = stream.delivered();
  const auto asked = stream.asked();
  double worst = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    worst = std::max(worst, std::abs(asked[i] - static_cast<double>(delivered[i])));
  }
  return worst;
}

std::string message_of(const std::function<void()>& action, ErrorCode code) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

TEST(MixtureStream, QuotasAreByLargestRemainderAndTheRestIsCarried) {
  // 10 x (.55 .25 .2) = 5.5 2.5 2: the floors give 9; skill 0 and 1 are due .5 each, and the first
  // gets it. Skill 1 then carries .5, so 10 more give it 2.5 + .5 = 3 and skill 0 5.5 - .5 = 5.
  MixtureStream stream({100, 100, 100}, 1);
  stream.begin_block(mix({55, 25, 20}), 10);
  stream.seek(10);
  EXPECT_THAT(stream.delivered(), testing::ElementsAre(6, 2, 2));
  EXPECT_THAT(stream.asked(), testing::Pointwise(testing::DoubleNear(1e-9), {5.5, 2.5, 2.0}));
  stream.begin_block(mix({55, 25, 20}), 10);
  stream.seek(10);
  EXPECT_THAT(stream.delivered(), testing::ElementsAre(11, 5, 4));
}

TEST(MixtureStream, AShareOfOneInTenThousandAppearsAtItsTime) {
  MixtureStream stream({1000, 1000}, 1);
  std::vector<int> blocks_with_it;
  for (int block = 1; block <= 2600; ++block) {
    const auto before = stream.delivered()[1];
    stream.begin_block(mix({0.9999, 0.0001}), 10);
    stream.seek(10);
    if (stream.delivered()[1] > before) blocks_with_it.push_back(block);
  }
  // Due .001 a block: 1/2 is reached after 500, but equal claims go to the first skill.
  EXPECT_THAT(blocks_with_it,
              testing::ElementsAre(testing::AnyOf(500, 501), testing::AnyOf(1500, 1501),
                                   testing::AnyOf(2500, 2501)));
}

TEST(MixtureStream, SharesAreExactToOneSampleAfterWholeBlocksOfAnyMixture) {
  for (const std::size_t num_skills : {2, 3, 7, 40, 200}) {
    Rng rng(1, "schedule", num_skills);
    for (int repeat = 0; repeat < 20; ++repeat) {
      MixtureStream stream(std::vector<std::uint64_t>(num_skills, 1000), 1);
      for (int block = 0; block < 50; ++block) {
        const Mixture mixture = random_mixture(num_skills, rng);
        const std::uint64_t size = 1 + rng.below(rng.below(2) == 1 ? 8 : 600);
        const auto before = stream.delivered();
        stream.begin_block(mixture, size);
        stream.seek(size);
        ASSERT_LT(worst_distance(stream), 1.0);
        const auto after = stream.delivered();
        for (std::size_t i = 0; i < num_skills; ++i) {
          ASSERT_TRUE(mixture[i] > 0 || after[i] == before[i]) << "a share of 0 got samples";
        }
      }
    }
  }
}

TEST(MixtureStream, SharesStayCloseInsideBlocksAndWhenBlocksEndEarly) {
  for (const std::size_t num_skills : {2, 5, 30, 200}) {
    Rng rng(2, "schedule", num_skills);
    MixtureStream stream(std::vector<std::uint64_t>(num_skills, 1000), 1);
    std::uint64_t total = 0;
    for (int block = 0; block < 300; ++block) {
      const std::uint64_t size = 1 + rng.below(300);
      stream.begin_block(random_mixture(num_skills, rng), size);
      for (int i = 0; i < 5; ++i) {
        stream.seek(rng.below(size + 1));
        ASSERT_LT(worst_distance(stream), 2.4);
      }
      total += stream.offset();
      const auto delivered = stream.delivered();
      ASSERT_EQ(std::accumulate(delivered.begin(), delivered.end(), std::uint64_t{0}), total);
    }
  }
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
        ByteWriter out;
        straight.save(out);
        ByteReader in(out.bytes(), "checkpoint");
        resumed.emplace(sizes, 6);
        resumed->load(in);
        in.expect_end();
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
  MixtureStream fresh({5, 6}, 1);
  ByteWriter out;
  fresh.save(out);
  MixtureStream other({5, 6}, 1);
  other.begin_block(mix({1, 1}), 4);
  other.seek(3);
  ByteReader in(out.bytes(), "checkpoint");
  other.load(in);
  EXPECT_EQ(other.block_size(), 0U);
  EXPECT_THAT(other.delivered(), testing::Each(0U));
}

TEST(MixtureStream, LoadingRefusesOtherDataSeedsVersionsAndDamage) {
  MixtureStream stream({5, 6}, 1);
  stream.begin_block(mix({1, 3}), 8);
  stream.seek(3);
  ByteWriter out;
  stream.save(out);
  const auto load = [](std::vector<std::uint64_t> sizes, std::uint64_t seed,
                       const std::string& bytes, ErrorCode code) {
    MixtureStream other(std::move(sizes), seed);
    ByteReader in(bytes, "checkpoint");
    return message_of([&] { other.load(in); }, code);
  };
  const std::string& bytes = out.bytes();
  EXPECT_THAT(load({5, 6}, 2, bytes, ErrorCode::kMismatch), HasSubstr("the seed was 1"));
  EXPECT_THAT(load({5, 6, 7}, 1, bytes, ErrorCode::kMismatch), HasSubstr("number of skills was 2"));
  EXPECT_THAT(load({5, 9}, 1, bytes, ErrorCode::kMismatch),
              HasSubstr("number of samples of skill 1 was 6 when it was saved and is 9 now"));
  EXPECT_THAT(load({5, 6}, 1, bytes.substr(0, bytes.size() - 1), ErrorCode::kBadFormat),
              HasSubstr("cut short"));
  std::string damaged = bytes;
  damaged[0] = 9;
  EXPECT_THAT(load({5, 6}, 1, damaged, ErrorCode::kBadFormat), HasSubstr("version 9"));
  damaged = bytes;
  damaged[bytes.size() - 8] = 9;  // The offset, past the block's 8 samples.
  EXPECT_THAT(load({5, 6}, 1, damaged, ErrorCode::kBadFormat), HasSubstr("damaged"));
}

TEST(MixtureStream, ARefusedBlockLeavesTheStreamAsItWas) {
  MixtureStream stream({5, 0}, 1);
  stream.begin_block(mix({1, 0}), 8);
  stream.seek(3);
  const auto refuse = [&](const Mixture& mixture, std::uint64_t size) {
    return message_of([&] { stream.begin_block(mixture, size); }, ErrorCode::kBadArgument);
  };
  EXPECT_THAT(refuse(mix({1, 1}), 8), HasSubstr("skill 1 has no samples but a share of 0.5"));
  EXPECT_THAT(refuse(mix({1, 1, 1}), 8), HasSubstr("3 shares for 2 skills"));
  EXPECT_THAT(refuse(mix({1, 0}), 0), HasSubstr("block of 0 samples"));
  EXPECT_EQ(stream.block_size(), 8U);
  EXPECT_EQ(stream.offset(), 3U);
  EXPECT_THAT(message_of([] { MixtureStream({}, 1); }, ErrorCode::kBadArgument),
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

// A change of these numbers changes what every resumed run reads: raise the version in save() with
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

}  // namespace
}  // namespace skillit
