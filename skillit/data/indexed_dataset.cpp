#include "skillit/data/indexed_dataset.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/data/megatron_header_private.h"

namespace skillit {
namespace {

template <class T>
T value_at(std::string_view bytes, std::uint64_t byte) {
  T value;
  std::memcpy(&value, bytes.data() + byte, sizeof value);
  return value;
}

}  // namespace

IndexedDataset IndexedDataset::open(const std::filesystem::path& prefix) {
  IndexedDataset dataset(prefix.string(), MappedFile::open(prefix.string() + ".idx"),
                         MappedFile::open(prefix.string() + ".bin"));
  dataset.read_header();
  dataset.check_sequences();
  dataset.check_bounds();
  return dataset;
}

IndexedDataset::IndexedDataset(std::string prefix, MappedFile index, MappedFile tokens)
    : prefix_(std::move(prefix)), index_(std::move(index)), tokens_(std::move(tokens)) {}

void IndexedDataset::refuse_index(std::uint64_t byte, const std::string& reason) const {
  fail(ErrorCode::kBadFormat, fmt::format("{}.idx: at byte {}: {}", prefix_, byte, reason));
}

void IndexedDataset::read_header() {
  ByteReader in(index_.bytes(), prefix_ + ".idx");
  if (in.take(megatron::kMagic.size()) != megatron::kMagic)
    refuse_index(0, "this is no Megatron index; it must begin with MMIDIDX");
  if (const auto version = in.get<std::uint64_t>(); version != 1)
    refuse_index(9, fmt::format("the index has version {}; only version 1 is known", version));
  const auto code = in.get<std::uint8_t>();
  if (code == 6 || code == 7)
    refuse_index(17, "it holds floating-point numbers, which are no tokens");
  if (code < 1 || code > 8)
    refuse_index(17,
                 fmt::format("the data type {} is unknown; 1 to 5 and 8 are token types", code));
  type_ = static_cast<TokenType>(code);
  num_sequences_ = in.get<std::uint64_t>();
  num_bounds_ = in.get<std::uint64_t>();
  const std::uint64_t left = in.remaining();
  // A multimodal index ends with one more byte per sequence; nothing in the file says so.
  const bool fits = num_sequences_ <= left / 12 && num_bounds_ >= 1 &&
                    num_bounds_ <= (left - 12 * num_sequences_) / 8;
  const std::uint64_t spare = fits ? left - 12 * num_sequences_ - 8 * num_bounds_ : 0;
  if (!fits || (spare != 0 && spare != num_sequences_)) {
    refuse_index(18, fmt::format("{} sequences and {} document bounds are announced, which do not "
                                 "fit the {} bytes that follow; the file is cut short or damaged",
                                 num_sequences_, num_bounds_, left));
  }
}

std::int32_t IndexedDataset::length(std::uint64_t sequence) const {
  return value_at<std::int32_t>(index_.bytes(), megatron::kHeaderBytes + 4 * sequence);
}

std::int64_t IndexedDataset::offset(std::uint64_t sequence) const {
  return value_at<std::int64_t>(index_.bytes(),
                                megatron::kHeaderBytes + 4 * num_sequences_ + 8 * sequence);
}

std::int64_t IndexedDataset::bound(std::uint64_t document) const {
  return value_at<std::int64_t>(index_.bytes(),
                                megatron::kHeaderBytes + 12 * num_sequences_ + 8 * document);
}

void IndexedDataset::check_sequences() {
  const std::uint64_t size = tokens_.bytes().size();
  for (std::uint64_t i = 0; i < num_sequences_; ++i) {
    if (length(i) < 0)
      refuse_index(megatron::kHeaderBytes + 4 * i,
                   fmt::format("sequence {} has {} tokens", i, length(i)));
    const auto bytes = static_cast<std::uint64_t>(length(i)) * token_width(type_);
    const auto begin = static_cast<std::uint64_t>(offset(i));  // A negative one becomes too large.
    if (begin > size || bytes > size - begin) {
      refuse_index(megatron::kHeaderBytes + 4 * num_sequences_ + 8 * i,
                   fmt::format("sequence {} has {} bytes from byte {} on, but {}.bin has {}; it is "
                               "cut short, or of another index",
                               i, bytes, offset(i), prefix_, size));
    }
    num_tokens_ += static_cast<std::uint64_t>(length(i));
    if (num_tokens_ > size / token_width(type_)) {  // So that all tokens take no more memory.
      refuse_index(megatron::kHeaderBytes + 4 * i,
                   fmt::format("up to sequence {} there are {} tokens, more than the {} bytes of "
                               "{}.bin hold",
                               i, num_tokens_, size, prefix_));
    }
  }
}

void IndexedDataset::check_bounds() const {
  std::int64_t before = 0;
  for (std::uint64_t i = 0; i < num_bounds_; ++i) {
    const std::int64_t here = bound(i);
    const bool last = i + 1 == num_bounds_;
    if (here < before || (i == 0 && here != 0) ||
        static_cast<std::uint64_t>(here) > num_sequences_ ||
        (last && static_cast<std::uint64_t>(here) != num_sequences_)) {
      refuse_index(megatron::kHeaderBytes + 12 * num_sequences_ + 8 * i,
                   fmt::format("document bound {} is {}; bounds rise from 0 to the {} sequences", i,
                               here, num_sequences_));
    }
    before = here;
  }
}

std::uint64_t IndexedDataset::document_length(std::uint64_t index) const {
  SKILLIT_ASSERT(index < num_documents());
  const auto end = static_cast<std::uint64_t>(bound(index + 1));
  std::uint64_t tokens = 0;
  for (auto i = static_cast<std::uint64_t>(bound(index)); i < end; ++i)
    tokens += static_cast<std::uint64_t>(length(i));
  return tokens;
}

void IndexedDataset::read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                               std::vector<TokenId>& tokens) const {
  SKILLIT_ASSERT(index < num_documents());
  const auto end = static_cast<std::uint64_t>(bound(index + 1));
  for (auto i = static_cast<std::uint64_t>(bound(index)); i < end && count > 0; ++i) {
    const auto size = static_cast<std::uint64_t>(length(i));
    if (begin < size) {
      const std::uint64_t taken = std::min(count, size - begin);
      read_sequence(i, begin, taken, tokens);
      count -= taken;
    }
    begin -= std::min(begin, size);
  }
  SKILLIT_ASSERT(count == 0);
}

void IndexedDataset::read_sequence(std::uint64_t sequence, std::uint64_t begin, std::uint64_t count,
                                   std::vector<TokenId>& tokens) const {
  const std::uint64_t width = token_width(type_);
  const std::uint64_t byte = static_cast<std::uint64_t>(offset(sequence)) + begin * width;
  if (const auto bad = append_tokens(tokens_.bytes().substr(byte, count * width), type_, tokens)) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}.bin: at byte {}: the value is outside 0 .. 2147483647, so it is no token",
                     prefix_, byte + *bad * width));
  }
}

}  // namespace skillit
