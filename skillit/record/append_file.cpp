#include "skillit/record/append_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {

AppendFile AppendFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_errno(path.string() + ": cannot open for writing");
  AppendFile file(path, descriptor, 0);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_errno(path.string() + ": cannot read its size");
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

AppendFile::AppendFile(std::filesystem::path path, int descriptor, std::uint64_t size)
    : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void AppendFile::append(std::string_view line) {
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      const int problem = errno;
      // Takes the half line back. Should that fail too, readers drop it as a cut last line.
      [[maybe_unused]] const int result = ::ftruncate(descriptor_, static_cast<off_t>(size_));
      errno = problem;
      fail_errno(path_.string() + ": cannot write");
    }
  }
  size_ += line.size();
}

void AppendFile::check_line_end(std::uint64_t size) const {
  if (size > size_) {
    fail(ErrorCode::kMismatch, fmt::format("{}: has {} bytes, but the checkpoint was made when it "
                                           "had {}; it was cut or replaced since; "
                                           "restore it, or delete the run folder to start again",
                                           path_.string(), size_, size));
  }
  if (size > 0 && byte_at(size - 1) != '\n') {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: no line ends at byte {}, where the checkpoint was made; the file was "
                     "changed since; restore it, or delete the run folder to start again",
                     path_.string(), size));
  }
}

void AppendFile::truncate_to(std::uint64_t size) {
  check_line_end(size);
  resize(size);
}

void AppendFile::drop_cut_line() {
  std::uint64_t end = size_;
  while (end > 0 && byte_at(end - 1) != '\n') --end;
  resize(end);
}

void AppendFile::sync() {
  if (::fsync(descriptor_) != 0) fail_errno(path_.string() + ": cannot write");
}

char AppendFile::byte_at(std::uint64_t place) const {
  char byte = 0;
  ssize_t count = 0;
  do {
    count = ::pread(descriptor_, &byte, 1, static_cast<off_t>(place));
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail_errno(path_.string() + ": cannot read");
  if (count == 0) fail(ErrorCode::kIo, path_.string() + ": became shorter while it was read");
  return byte;
}

void AppendFile::resize(std::uint64_t size) {
  if (size == size_) return;
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    fail_errno(path_.string() + ": cannot shorten");
  size_ = size;
}

}  // namespace skillit
