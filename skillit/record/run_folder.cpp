#include "skillit/record/run_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/record/manifest.h"

namespace skillit {
namespace {

/// Who holds the lock, as it wrote into the lock file: "process 123", or "another process" when it
/// did not.
std::string holder(int lock) {
  std::array<char, 32> text{};
  const ssize_t count = ::pread(lock, text.data(), text.size(), 0);
  if (count <= 0) return "another process";
  return "process " + std::string(text.data(), static_cast<std::size_t>(count));
}

/// Leaves our process id for whoever finds the folder locked. Only for the message, so failure does
/// not matter.
void write_holder(int lock) {
  const std::string id = std::to_string(::getpid());
  if (::ftruncate(lock, 0) == 0) [[maybe_unused]]
    const ssize_t written = ::pwrite(lock, id.data(), id.size(), 0);
}

int take_lock(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ".lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) fail_errno(folder.string() + ": cannot write in this run folder");
  int result = 0;
  do {
    result = ::flock(lock, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0) {
    write_holder(lock);
    return lock;
  }
  const int problem = errno;
  const std::string who = holder(lock);
  ::close(lock);
  if (problem == EWOULDBLOCK) {
    fail(ErrorCode::kIo,
         fmt::format("{}: {} is writing this run folder; wait until it ends, or end it first",
                     folder.string(), who));
  }
  errno = problem;
  fail_errno(file.string() + ": cannot lock");
}

void check_same_run(const std::filesystem::path& folder, const Manifest& wanted) {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> lines = difference(read_manifest(folder / kManifestFile), wanted);
  if (lines.empty()) return;
  const std::size_t more = lines.size() > kShown ? lines.size() - kShown : 0;
  lines.resize(lines.size() - more);
  fail(ErrorCode::kMismatch,
       fmt::format(
           "{}: holds another run: {}{}; use another folder, or delete this one to start again",
           folder.string(), fmt::join(lines, "; "),
           more > 0 ? fmt::format("; and {} more", more) : ""));
}

}  // namespace

bool has_trained_model(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / kModelFile);
}

RunFolder RunFolder::open(const std::filesystem::path& path, const Manifest& manifest) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (problem)
    fail(ErrorCode::kIo,
         fmt::format("{}: cannot make this folder: {}", path.string(), problem.message()));
  RunFolder folder(path, take_lock(path));
  if (std::filesystem::exists(path / kManifestFile)) {
    check_same_run(path, manifest);
  } else {
    write_file_atomically(path / kManifestFile, manifest_to_json(manifest));
  }
  return folder;
}

RunFolder::RunFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

RunFolder& RunFolder::operator=(RunFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace skillit
