#include "skillit/data/record_reader.h"

#include "skillit/base/error.h"

namespace skillit {

Record RecordBatch::operator[](std::size_t i) const {
  SKILLIT_ASSERT(i < places_.size());
  const Place& place = places_[i];
  const std::size_t begin = i == 0 ? 0 : places_[i - 1].end;
  const std::string_view bytes(bytes_);
  return {bytes.substr(place.skill_end, place.end - place.skill_end),
          bytes.substr(begin, place.skill_end - begin), place.file, place.line};
}

void RecordBatch::add(const Record& record) {
  bytes_ += record.skill;
  const std::size_t skill_end = bytes_.size();
  bytes_ += record.bytes;
  places_.push_back({skill_end, bytes_.size(), record.file, record.line});
}

RecordReader::RecordReader(const std::vector<DocumentFile>& files, std::size_t max_document_bytes)
    : files_(files), max_document_bytes_(max_document_bytes) {}

std::optional<Record> RecordReader::read() {
  for (;;) {
    if (records_) {
      if (auto record = records_->next()) {
        record->file = next_file_ - 1;
        return record;
      }
      records_.reset();
    }
    if (next_file_ == files_.size()) return std::nullopt;
    records_ = open_file_records(files_[next_file_++], max_document_bytes_);
  }
}

std::optional<RecordBatch> RecordReader::next(std::size_t batch_bytes) {
  RecordBatch batch;
  while (const auto record = read()) {
    batch.add(*record);
    if (batch.num_bytes() >= batch_bytes) break;
  }
  if (batch.size() == 0) return std::nullopt;
  return batch;
}

bool RecordReader::skip(std::uint64_t count) {
  for (; count > 0; --count) {
    if (!read()) return false;
  }
  return true;
}

}  // namespace skillit
