#include "skillit/data/record_reader.h"

#include <fmt/core.h>

#include <array>

#include "skillit/base/error.h"

namespace skillit {

Record RecordBatch::operator[](std::size_t i) const {
  SKILLIT_ASSERT(i < places_.size());
  const std::size_t begin = i == 0 ? 0 : places_[i - 1].end;
  return {std::string_view(bytes_).substr(begin, places_[i].end - begin), places_[i].file,
          places_[i].line};
}

void RecordBatch::add(std::string_view bytes, std::uint32_t file, std::uint64_t line) {
  bytes_ += bytes;
  places_.push_back({bytes_.size(), file, line});
}

RecordReader::RecordReader(const std::vector<DocumentFile>& files, std::size_t max_document_bytes)
    : files_(files), max_document_bytes_(max_document_bytes) {}

Record RecordReader::read_text_file(std::uint32_t file) {
  const std::string& path = files_[file].path;
  const auto stream = open_byte_stream(path);
  std::array<char, 1 << 16> piece;
  text_.clear();
  while (const std::size_t count = stream->read(piece)) {
    if (count > max_document_bytes_ - text_.size()) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: has more than the {} bytes allowed for one document; split it, or "
                       "raise the limit",
                       path, max_document_bytes_));
    }
    text_.append(piece.data(), count);
  }
  return {text_, file, 0};
}

std::optional<Record> RecordReader::read() {
  for (;;) {
    while (lines_) {
      const auto line = lines_->next();
      if (!line)
        lines_.reset();
      else if (line->find_first_not_of(" \t\r") != std::string_view::npos)
        return Record{*line, next_file_ - 1, lines_->line_number()};
    }
    if (next_file_ == files_.size()) return std::nullopt;
    const DocumentFile& file = files_[next_file_++];
    if (file.kind == DocumentFileKind::kText) return read_text_file(next_file_ - 1);
    lines_.emplace(open_byte_stream(file.path), file.path, max_document_bytes_);
  }
}

std::optional<RecordBatch> RecordReader::next(std::size_t batch_bytes) {
  RecordBatch batch;
  while (const auto record = read()) {
    batch.add(record->bytes, record->file, record->line);
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
