#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "skillit/data/mixture_stream.h"
#include "skillit/data/sample_source.h"

namespace skillit {

/// Which part of the stream a reader hands out, and how it works ahead.
struct ReaderOptions {
  std::uint64_t batch = 32;   ///< Samples of a batch over all ranks together; >= 1.
  std::uint64_t rank = 0;     ///< Takes the samples rank, rank + world, .. of each batch.
  std::uint64_t world = 1;    ///< Divides `batch`.
  std::uint64_t first = 0;    ///< Takes the batches first, first + stride, ..: for several readers
  std::uint64_t stride = 1;   ///< in turn, such as the workers of a data loader.
  std::uint64_t threads = 1;  ///< >= 1.
  std::uint64_t ahead = 8;    ///< Batches prepared before they are asked for; >= 1.
};

/// A rank's part of a batch.
struct ReadBatch {
  std::uint64_t number = 0;  ///< In its block.
  std::vector<SampleRef> refs;
  std::vector<SampleBuffer> samples;
};

/// Reads the batches of a stream on threads of its own and hands them out in their order. What is
/// handed out is a function of the stream, the batch and this rank alone: not of the number of
/// threads; and all ranks' parts of a batch together, one from each in turn, are the stream's
/// samples whatever the number of ranks. One user at a time.
///
///   BatchReader reader(std::move(stream), windows, {.batch = 64, .threads = 2});
///   reader.begin_block(mixture, /*batches=*/100);
///   for (ReadBatch batch; reader.next(batch);) train(batch);
class BatchReader {
 public:
  /// `source` must outlive it. @throws Error kBadArgument on options outside their range.
  BatchReader(MixtureStream stream, const SampleSource& source, const ReaderOptions& options);
  ~BatchReader();
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;

  /// Ends the current block after the batches that were handed out and begins one of `num_batches`
  /// with this mixture; what was prepared is dropped.
  /// @return how many batches it has, in all turns together: fewer when skills are spent.
  /// @throws Error as MixtureStream::begin_block(); kBadArgument when one of several readers in
  /// turn has not handed out all of its block.
  std::uint64_t begin_block(const Mixture& mixture, std::uint64_t num_batches);

  /// The next batch, in the place of `batch`, whose memory it uses. @return false at the block's
  /// end. @throws what the source threw.
  [[nodiscard]] bool next(ReadBatch& batch);

  /// The stream as it is after the last batch that was handed out: for a checkpoint, and for what
  /// was asked and delivered. Readers that take turns count those of the others before their own.
  [[nodiscard]] const MixtureStream& stream();
  /// Of the current block, in all turns together.
  [[nodiscard]] std::uint64_t num_batches() const { return stream_.block_size() / options_.batch; }
  /// Goes to the place in the current block where `batches` of it, in all turns together, were
  /// handed out; at most as many as it has. What was prepared is dropped.
  void skip_to(std::uint64_t batches);
  /// Goes on where a state of stream() stood. @throws Error as MixtureStream::resume(), and
  /// kMismatch when it stands inside of a batch.
  void resume(const StreamState& state);

 private:
  struct Slot {
    ReadBatch batch;
    std::exception_ptr problem;
    bool ready = false;
  };

  void work();
  void read(std::uint64_t number, ReadBatch& batch) const;
  void start();
  void stop();
  /// The turn-th batch of this reader.
  [[nodiscard]] std::uint64_t number_of(std::uint64_t turn) const {
    return options_.first + turn * options_.stride;
  }

  MixtureStream stream_;
  const SampleSource& source_;
  ReaderOptions options_;

  std::vector<std::jthread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;       ///< Turn t is in slot t % ahead.
  std::uint64_t claimed_ = 0;     ///< Turns that a thread has begun to read.
  std::uint64_t handed_out_ = 0;  ///< Turns.
  std::uint64_t turns_ = 0;       ///< In this block.
  bool stopping_ = false;
};

}  // namespace skillit
