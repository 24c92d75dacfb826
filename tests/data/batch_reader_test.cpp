// Whatever the ranks, readers in turn, threads and interruptions: the same samples in the same
// order, in shares that are what was asked.
#include "skillit/data/batch_reader.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "skillit/base/files.h"
#include "skillit/base/rng.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/pack.h"
#include "skillit/data/pack_windows.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using Refs = std::vector<SampleRef>;
using Sizes = std::vector<std::uint64_t>;

std::uint64_t tokens_of(const SampleRef& ref) {
  return 2 + (7 * ref.index + ref.skill) % 30;
}

/// A sample says what it is; the later ones of a batch may be ready first.
class NumberedSource final : public SampleSource {
 public:
  void read(const SampleRef& ref, SampleBuffer& sample) const override {
    if (ref.index % 3 == 0) std::this_thread::yield();
    if (ref.index == broken) fail(ErrorCode::kIo, "sample 5 cannot be read");
    sample.tokens.assign(tokens_of(ref), static_cast<TokenId>(1000 * ref.skill + ref.index));
  }
  std::uint64_t broken = UINT64_MAX;
};

struct Block {
  Mixture mixture;
  std::uint64_t batches;
};

/// A stream, a schedule of mixtures, and a batch size; all random.
struct Case {
  std::vector<std::uint64_t> sizes;
  StreamOptions options;
  std::vector<Block> schedule;
  std::uint64_t batch = 840;  // 1 to 8 ranks divide it.

  explicit Case(std::uint64_t number) {
    Rng rng(number, "reader");
    sizes.resize(1 + rng.below(6));
    for (auto& size : sizes) size = 1 + rng.below(3000);
    options.fair = rng.below(2) == 1;
    options.tokens_of = tokens_of;
    if (options.fair && rng.below(2) == 1) options.unit = StreamUnit::kTokens;
    for (int i = 0; i < 4; ++i) {
      std::vector<double> weights(sizes.size());
      for (double& weight : weights) weight = rng.below(4) == 0 ? 0 : std::exp(rng.normal());
      weights[rng.below(weights.size())] = 1;
      schedule.push_back({Mixture::from_weights(weights), 1 + rng.below(4)});
    }
  }
  [[nodiscard]] MixtureStream stream() const { return MixtureStream(sizes, 3, options); }
};

/// The whole sequence, one sample after the other.
Refs expected_of(const Case& c) {
  MixtureStream stream = c.stream();
  Refs all;
  for (const Block& block : c.schedule) {
    stream.begin_block(block.mixture, block.batches * c.batch);
    Refs refs(stream.block_size());
    stream.read(refs);
    all.insert(all.end(), refs.begin(), refs.end());
  }
  return all;
}

/// The same through readers: `world` ranks of `stride` readers each, put together again.
Refs read_of(const Case& c, std::uint64_t world, std::uint64_t stride, std::uint64_t threads,
             bool interrupted) {
  const NumberedSource source;
  std::vector<std::unique_ptr<BatchReader>> readers;
  for (std::uint64_t i = 0; i < world * stride; ++i) {
    readers.push_back(std::make_unique<BatchReader>(c.stream(), source,
                                                    ReaderOptions{.batch = c.batch,
                                                                  .rank = i % world,
                                                                  .world = world,
                                                                  .first = i / world,
                                                                  .stride = stride,
                                                                  .threads = threads,
                                                                  .ahead = 1 + i % 3}));
  }
  Refs all;
  for (const Block& block : c.schedule) {
    for (auto& reader : readers)
      EXPECT_EQ(reader->begin_block(block.mixture, block.batches), block.batches);
    for (std::uint64_t number = 0; number < block.batches; ++number) {
      Refs batch(c.batch);
      for (std::uint64_t rank = 0; rank < world; ++rank) {
        auto& reader = readers[number % stride * world + rank];
        ReadBatch part;
        EXPECT_TRUE(reader->next(part));
        EXPECT_EQ(part.number, number);
        for (std::uint64_t i = 0; i < part.refs.size(); ++i) {
          batch[rank + i * world] = part.refs[i];
          EXPECT_EQ(part.samples[i].tokens[0], 1000 * part.refs[i].skill + part.refs[i].index);
        }
        if (!interrupted || number % 2 == 1) continue;
        // From its state, with another number of threads; what was ahead is lost and read again.
        const std::string state = to_json(reader->stream().state());
        reader = std::make_unique<BatchReader>(
            c.stream(), source,
            ReaderOptions{.batch = c.batch, .rank = rank, .world = world, .threads = 3});
        reader->resume(parse_stream_state(state, "state"));
      }
      all.insert(all.end(), batch.begin(), batch.end());
    }
  }
  for (auto& reader : readers) {
    ReadBatch rest;
    EXPECT_FALSE(reader->next(rest));
  }
  return all;
}

TEST(BatchReader, RanksReadersThreadsAndInterruptionsChangeNothing) {
  for (std::uint64_t number = 0; number < 6; ++number) {
    const Case c(number);
    const Refs expected = expected_of(c);
    for (std::uint64_t world = 1; world <= 8; ++world) {
      ASSERT_EQ(read_of(c, world, 1, 1 + world % 3, false), expected) << world << " ranks";
      ASSERT_EQ(read_of(c, world, 1, 1, true), expected) << world << " ranks, interrupted";
      ASSERT_EQ(read_of(c, world, 1 + world % 4, 1, false), expected) << world << " ranks, in turn";
    }
  }
}

TEST(BatchReader, DeliversWhatWasAskedAndRepeatsNothingEarly) {
  double worst = 0;
  for (std::uint64_t number = 0; number < 30; ++number) {
    Case c(100 + number);
    c.options.fair = true;
    const NumberedSource source;
    BatchReader reader(c.stream(), source, {.batch = c.batch, .threads = 2});
    std::vector<double> asked(c.sizes.size()), had(c.sizes.size());
    std::vector<std::vector<std::uint64_t>> drawn(c.sizes.size());
    const bool tokens = c.options.unit == StreamUnit::kTokens;
    const double window = tokens ? 31 : 1;  // The largest sample.
    for (const Block& block : c.schedule) {
      (void)reader.begin_block(block.mixture, block.batches);
      for (ReadBatch batch; reader.next(batch);) {
        for (const SampleRef& ref : batch.refs) {
          const double size = tokens ? static_cast<double>(tokens_of(ref)) : 1;
          had[ref.skill] += size;
          drawn[ref.skill].push_back(ref.index);
          for (std::size_t i = 0; i < asked.size(); ++i) {
            asked[i] += block.mixture[i] * size;
            worst = std::max(worst, std::abs(asked[i] - had[i]) / window);
          }
        }
      }
    }
    for (std::size_t skill = 0; skill < drawn.size(); ++skill) {
      for (std::size_t begin = 0; begin < drawn[skill].size(); begin += c.sizes[skill]) {
        const std::size_t end = std::min(begin + c.sizes[skill], drawn[skill].size());
        const std::set<std::uint64_t> epoch(
            drawn[skill].begin() + static_cast<std::ptrdiff_t>(begin),
            drawn[skill].begin() + static_cast<std::ptrdiff_t>(end));
        ASSERT_EQ(epoch.size(), end - begin);
      }
    }
  }
  RecordProperty("worst", std::to_string(worst));
  EXPECT_LT(worst, 1.0) << "samples, or windows of tokens, from what was asked";
}

TEST(BatchReader, AnErrorOfTheSourceComesWhereItsBatchWouldHaveCome) {
  NumberedSource source;
  source.broken = 5;
  BatchReader reader(MixtureStream(Sizes{100}, 1), source, {.batch = 1, .threads = 2});
  (void)reader.begin_block(Mixture::from_weights(std::vector<double>{1}), 100);
  MixtureStream plain(Sizes{100}, 1);
  plain.begin_block(Mixture::from_weights(std::vector<double>{1}), 100);
  ReadBatch batch;
  for (std::uint64_t i = 0; plain.at(i).index != 5; ++i) ASSERT_TRUE(reader.next(batch));
  testing::expect_error(ErrorCode::kIo, {"sample 5"}, [&] { (void)reader.next(batch); });
}

TEST(BatchReader, ABlockMayEndEarlyUnlessReadersTakeTurns) {
  const NumberedSource source;
  const Mixture all = Mixture::from_weights(std::vector<double>{1});
  BatchReader alone(MixtureStream(Sizes{100}, 1), source, {.batch = 2});
  ReadBatch batch;
  EXPECT_FALSE(alone.next(batch));  // Before the first block.
  (void)alone.begin_block(all, 10);
  ASSERT_TRUE(alone.next(batch));
  (void)alone.begin_block(all, 10);
  ASSERT_TRUE(alone.next(batch));
  EXPECT_EQ(alone.stream().delivered()[0], 4U);
  // A block that cannot be leaves the one that is.
  testing::expect_error(ErrorCode::kBadArgument, {"2 shares for 1"}, [&] {
    (void)alone.begin_block(Mixture::from_weights(std::vector<double>{1, 1}), 10);
  });
  testing::expect_error(ErrorCode::kMismatch, {"seed"},
                        [&] { alone.resume(MixtureStream(Sizes{100}, 2).state()); });
  for (int i = 1; i < 10; ++i) ASSERT_TRUE(alone.next(batch));
  EXPECT_FALSE(alone.next(batch));
  EXPECT_EQ(alone.stream().delivered()[0], 22U);
  BatchReader one_of_two(MixtureStream(Sizes{100}, 1), source,
                         {.batch = 2, .first = 1, .stride = 2});
  (void)one_of_two.begin_block(all, 10);
  ASSERT_TRUE(one_of_two.next(batch));
  testing::expect_error(ErrorCode::kBadArgument, {"in turn"},
                        [&] { (void)one_of_two.begin_block(all, 10); });
}

TEST(BatchReader, RefusesOptionsThatCannotBe) {
  const NumberedSource source;
  for (const ReaderOptions& options :
       {ReaderOptions{.batch = 0}, ReaderOptions{.batch = 3, .world = 2},
        ReaderOptions{.batch = 2, .rank = 2, .world = 2}, ReaderOptions{.first = 1},
        ReaderOptions{.threads = 0}, ReaderOptions{.ahead = 0}}) {
    testing::expect_error(ErrorCode::kBadArgument, {"reader"},
                          [&] { BatchReader(MixtureStream(Sizes{9}, 1), source, options); });
  }
  BatchReader reader(MixtureStream(Sizes{9}, 1), source, {.batch = 2});
  MixtureStream inside(Sizes{9}, 1);
  inside.begin_block(Mixture::from_weights(std::vector<double>{1}), 6);
  inside.seek(3);
  testing::expect_error(ErrorCode::kMismatch, {"inside of a batch of 2"},
                        [&] { reader.resume(inside.state()); });
}

TEST(PackWindows, GiveEveryTokenOfAPackFromItsMappedFiles) {
  const TempFolder folder;
  std::string lines;
  for (int i = 0; i < 50; ++i)
    lines += "{\"text\": \"text number " + std::to_string(i * i * i) + "\"}\n";
  write_file_atomically(folder / "a.jsonl", lines);
  PackOptions options;
  options.files = list_document_files({folder.path().string()}, {}, false);
  options.validation_fraction = 0;
  const PackIndex index = make_pack(folder / "pack", options, ByteTokenizer(), "byte");
  const PackWindows windows(folder / "pack", {.window = 40, .packing = Packing::kBestFit});
  ASSERT_EQ(windows.stream_skills().size(), 1U);
  SampleBuffer sample;
  std::uint64_t tokens = 0;
  for (std::uint64_t i = 0; i < windows.size(0); ++i) {
    windows.read({0, i}, sample);
    EXPECT_EQ(sample.tokens.size(), windows.num_tokens({0, i}));
    EXPECT_EQ(sample.tokens.back(), 256);  // Documents are whole.
    tokens += sample.tokens.size();
  }
  EXPECT_EQ(tokens, index.skills[0].train.tokens);
}

}  // namespace
}  // namespace skillit
