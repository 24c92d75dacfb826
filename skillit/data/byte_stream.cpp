#include "skillit/data/byte_stream.h"

#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/files.h"

namespace skillit {
namespace {

constexpr std::size_t kBufferBytes = 1 << 18;
/// Windows up to 128 MiB, what `zstd --long=27` makes: the most a frame can ask us to keep.
constexpr int kMaxWindowLog = 27;

/// A file whose first bytes can be looked at before they are read.
class Peeked {
 public:
  explicit Peeked(const std::filesystem::path& path)
      : name_(path.string()), file_(FileReader::open(path)), buffer_(kBufferBytes) {}

  /// The bytes at hand, after reading more when there are none; empty at the end.
  std::span<const char> peek() {
    if (begin_ == end_) {
      begin_ = 0;
      end_ = file_.read(buffer_);
    }
    return std::span<const char>(buffer_).subspan(begin_, end_ - begin_);
  }
  void skip(std::size_t count) { begin_ += count; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  FileReader file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(Peeked source) : source_(std::move(source)) {}
  std::size_t read(std::span<char> out) override {
    const auto bytes = source_.peek();
    const std::size_t count = std::min(bytes.size(), out.size());
    if (count > 0) std::memcpy(out.data(), bytes.data(), count);
    source_.skip(count);
    return count;
  }

 private:
  Peeked source_;
};

[[noreturn]] void refuse(const std::string& name, std::string_view kind, std::string_view reason) {
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: the {} data are damaged: {}; fetch or compress the file again", name, kind,
                   reason));
}

class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(Peeked source) : source_(std::move(source)) {
    // 16: gzip, not bare zlib, with its checksum of the content.
    if (::inflateInit2(&state_, 15 + 16) != Z_OK)
      fail(ErrorCode::kIo, source_.name() + ": cannot start decompression: out of memory");
  }
  ~GzipStream() override { ::inflateEnd(&state_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::size_t read(std::span<char> out) override {
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = static_cast<uInt>(out.size());
    while (state_.avail_out == out.size()) {
      const auto bytes = source_.peek();
      if (bytes.empty()) {
        if (inside_) refuse(source_.name(), "gzip", "they end in the middle");
        return 0;
      }
      inside_ = true;
      state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      state_.avail_in = static_cast<uInt>(bytes.size());
      const int result = ::inflate(&state_, Z_NO_FLUSH);
      source_.skip(bytes.size() - state_.avail_in);
      if (result == Z_STREAM_END) {  // Another member may follow.
        inside_ = false;
        ::inflateReset(&state_);
      } else if (result != Z_OK) {
        refuse(source_.name(), "gzip", state_.msg != nullptr ? state_.msg : "no valid block");
      }
    }
    return out.size() - state_.avail_out;
  }

 private:
  Peeked source_;
  z_stream state_{};
  bool inside_ = false;  ///< A member.
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(Peeked source)
      : source_(std::move(source)), state_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    if (state_ == nullptr)
      fail(ErrorCode::kIo, source_.name() + ": cannot start decompression: out of memory");
    ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  }

  std::size_t read(std::span<char> out) override {
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    while (target.pos == 0) {
      const auto bytes = source_.peek();
      if (bytes.empty()) {
        if (inside_) refuse(source_.name(), "Zstandard", "they end in the middle");
        return 0;
      }
      ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
      const std::size_t result = ZSTD_decompressStream(state_.get(), &target, &input);
      if (ZSTD_isError(result) != 0) refuse(source_.name(), "Zstandard", ZSTD_getErrorName(result));
      source_.skip(input.pos);
      inside_ = result != 0;
    }
    return target.pos;
  }

 private:
  Peeked source_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> state_;
  bool inside_ = false;  ///< A frame.
};

}  // namespace

std::unique_ptr<ByteStream> open_byte_stream(const std::filesystem::path& path) {
  Peeked source(path);
  const auto bytes = source.peek();
  const std::string_view begin(bytes.data(), std::min<std::size_t>(bytes.size(), 4));
  if (begin.starts_with("\x1f\x8b")) return std::make_unique<GzipStream>(std::move(source));
  if (begin == "\x28\xb5\x2f\xfd") return std::make_unique<ZstdStream>(std::move(source));
  return std::make_unique<PlainStream>(std::move(source));
}

}  // namespace skillit
