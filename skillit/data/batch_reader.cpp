#include "skillit/data/batch_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {

BatchReader::BatchReader(MixtureStream stream, const SampleSource& source,
                         const ReaderOptions& options)
    : stream_(std::move(stream)), source_(source), options_(options) {
  const auto& o = options_;
  if (o.batch < 1 || o.world < 1 || o.batch % o.world != 0 || o.rank >= o.world || o.stride < 1 ||
      o.first >= o.stride || o.threads < 1 || o.ahead < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("reader: batches of {} for rank {} of {}, reader {} of {}, {} threads, {} "
                     "batches ahead; the ranks must divide the batch, and all numbers but rank and "
                     "reader, which count from 0, be at least 1",
                     o.batch, o.rank, o.world, o.first, o.stride, o.threads, o.ahead));
  }
  slots_.resize(options_.ahead);
}

BatchReader::~BatchReader() {
  stop();
}

std::uint64_t BatchReader::begin_block(const Mixture& mixture, std::uint64_t num_batches_asked) {
  if (options_.stride > 1 && handed_out_ < turns_) {
    fail(ErrorCode::kBadArgument,
         "reader: one of several readers in turn cannot end a block early, because it does not "
         "know what the others handed out");
  }
  if (num_batches_asked > kFixedOne / options_.batch) {
    fail(ErrorCode::kBadArgument, fmt::format("reader: a block of {} batches of {} is too long",
                                              num_batches_asked, options_.batch));
  }
  (void)stream();
  stop();
  try {
    stream_.begin_block(mixture, num_batches_asked * options_.batch);
  } catch (...) {
    start();  // On with the old block.
    throw;
  }
  start();
  return num_batches();
}

bool BatchReader::next(ReadBatch& batch) {
  std::unique_lock lock(mutex_);
  if (handed_out_ == turns_) return false;
  Slot& slot = slots_[handed_out_ % slots_.size()];
  changed_.wait(lock, [&] { return slot.ready; });
  if (slot.problem) std::rethrow_exception(slot.problem);
  std::swap(batch, slot.batch);
  slot.ready = false;
  ++handed_out_;
  stream_.seek((number_of(handed_out_ - 1) + 1) * options_.batch);
  changed_.notify_all();
  return true;
}

const MixtureStream& BatchReader::stream() {
  // Readers in turn: at the end of a block the others have handed out theirs too.
  if (handed_out_ == turns_ && stream_.block_size() > 0)
    stream_.seek(num_batches() * options_.batch);
  return stream_;
}

void BatchReader::skip_to(std::uint64_t batches) {
  SKILLIT_ASSERT(batches <= num_batches());
  stop();
  stream_.seek(batches * options_.batch);
  start();
}

void BatchReader::resume(const StreamState& state) {
  stop();
  try {
    stream_.resume(state);
  } catch (...) {
    start();
    throw;
  }
  if (stream_.offset() % options_.batch != 0) {
    turns_ = handed_out_ = 0;  // Nothing to hand out.
    fail(ErrorCode::kMismatch,
         fmt::format("reader: the state stands at sample {} of its block, inside of a batch of {}; "
                     "resume with the batch size it was made with",
                     stream_.offset(), options_.batch));
  }
  start();
}

void BatchReader::start() {
  const auto turns_before = [&](std::uint64_t batches) {
    return batches <= options_.first
               ? 0
               : (batches - options_.first + options_.stride - 1) / options_.stride;
  };
  turns_ = turns_before(num_batches());
  handed_out_ = claimed_ = turns_before(stream_.offset() / options_.batch);
  for (Slot& slot : slots_) slot.ready = false;
  stopping_ = false;
  for (std::uint64_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

void BatchReader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

void BatchReader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] {
      return stopping_ || claimed_ == turns_ || claimed_ < handed_out_ + slots_.size();
    });
    if (stopping_ || claimed_ == turns_) return;
    const std::uint64_t turn = claimed_++;
    Slot& slot = slots_[turn % slots_.size()];  // Nobody else's until it is ready.
    lock.unlock();
    slot.problem = nullptr;
    try {
      read(number_of(turn), slot.batch);
    } catch (...) {
      slot.problem = std::current_exception();
    }
    lock.lock();
    slot.ready = true;
    changed_.notify_all();
  }
}

void BatchReader::read(std::uint64_t number, ReadBatch& batch) const {
  const std::uint64_t count = options_.batch / options_.world;
  batch.number = number;
  batch.refs.resize(count);
  batch.samples.resize(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    batch.refs[i] = stream_.at(number * options_.batch + options_.rank + i * options_.world);
    source_.read(batch.refs[i], batch.samples[i]);
  }
}

}  // namespace skillit
