#include "skillit/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <utility>

#include "skillit/base/error.h"

namespace skillit {
namespace {

/// Closes a file descriptor when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail_errno(name + ": cannot write");
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() >= 0) ::fsync(handle.get());
}

Descriptor open_regular(const std::filesystem::path& path, std::uintmax_t& size) {
  // Without O_NONBLOCK a named pipe would make open() wait for a writer.
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) fail_errno(path.string() + ": cannot open");
  struct stat status {};
  if (::fstat(number, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(number);
    fail(ErrorCode::kIo, path.string() + ": is not a regular file");
  }
  size = static_cast<std::uintmax_t>(status.st_size);
  return Descriptor(number);
}

ssize_t read_some(int descriptor, std::span<char> out, const std::string& name) {
  for (;;) {
    const ssize_t count = ::read(descriptor, out.data(), out.size());
    if (count >= 0) return count;
    if (errno != EINTR) fail_errno(name + ": cannot read");
  }
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uintmax_t limit) {
  std::uintmax_t size = 0;
  const Descriptor file = open_regular(path, size);
  if (size > limit) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: has {} bytes, more than the {} that are read here",
                                            path.string(), size, limit));
  }
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = read_some(file.get(), std::span(bytes).subspan(done), path.string());
    if (count == 0)
      break;  // The file shrank while it was read; the caller's format check will say so.
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    fail(ErrorCode::kIo, folder.string() + ": cannot make this folder: " + problem.message());
  static std::atomic<unsigned> calls = 0;  // Two threads may write the same path.
  const std::string temporary = fmt::format("{}.tmp.{}.{}", path.string(), ::getpid(), calls++);
  try {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) fail_errno(path.string() + ": cannot write");
    write_all(file.get(), bytes, path.string());
    if (::fsync(file.get()) != 0) fail_errno(path.string() + ": cannot write");
    if (::rename(temporary.c_str(), path.c_str()) != 0)
      fail_errno(path.string() + ": cannot replace");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(folder);
}

void append_to_file(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644));
  if (file.get() < 0) fail_errno(path.string() + ": cannot write");
  write_all(file.get(), bytes, path.string());
}

void sync_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0 || ::fsync(file.get()) != 0) fail_errno(path.string() + ": cannot write");
}

FileReader FileReader::open(const std::filesystem::path& path) {
  std::uintmax_t size = 0;
  Descriptor file = open_regular(path, size);
  return {file.release(), path.string()};
}

FileReader::FileReader(FileReader&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}

FileReader::~FileReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t FileReader::read(std::span<char> out) {
  return static_cast<std::size_t>(read_some(descriptor_, out, name_));
}

MappedFile MappedFile::open(const std::filesystem::path& path) {
  std::uintmax_t size = 0;
  const Descriptor file = open_regular(path, size);
  if (size == 0) return {nullptr, 0};
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) fail_errno(path.string() + ": cannot map");
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace skillit
