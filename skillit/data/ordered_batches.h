#pragma once

#include <cstdint>
#include <deque>
#include <future>
#include <optional>
#include <utility>

#include "skillit/data/record_reader.h"

namespace skillit {

/// Reads batches of records, works on several at once, and hands the results over in the order of
/// the records, at most `2 x threads` of them under way. `work(batch, first
/// record's number)` runs on other threads; `take(first record's number, number of records,
/// result)` on the caller's. What either throws ends it.
template <class Work, class Take>
void for_ordered_batches(RecordReader& reader, std::uint64_t first_record, std::size_t batch_bytes,
                         std::size_t threads, const Work& work, const Take& take) {
  using Result = decltype(work(std::declval<const RecordBatch&>(), first_record));
  struct Job {
    std::uint64_t first;
    std::uint64_t count;
    std::future<Result> result;
  };
  std::deque<Job> jobs;  // A future waits for its work when it is destroyed.
  bool at_end = false;
  while (!at_end || !jobs.empty()) {
    if (!at_end && jobs.size() < 2 * threads) {
      std::optional<RecordBatch> batch = reader.next(batch_bytes);
      at_end = !batch;
      if (at_end) continue;
      const std::uint64_t count = batch->size();
      jobs.push_back(
          {first_record, count,
           std::async(std::launch::async, [&work, first_record, records = std::move(*batch)] {
             return work(records, first_record);
           })});
      first_record += count;
      continue;
    }
    Job job = std::move(jobs.front());
    jobs.pop_front();
    take(job.first, job.count, job.result.get());
  }
}

}  // namespace skillit
