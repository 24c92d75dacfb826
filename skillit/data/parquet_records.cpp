#include "skillit/data/parquet_records.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/data/parquet_module.h"

namespace skillit {
namespace {

// Where the module was built, and where it is installed.
constexpr std::array<const char*, 2> kModulePaths{SKILLIT_PARQUET_BUILT, SKILLIT_PARQUET_INSTALLED};

/// The functions of parquet_module.h, from the module. Stays open.
struct Module {
  decltype(&skillit_rows_open) open = nullptr;
  decltype(&skillit_rows_next) next = nullptr;
  decltype(&skillit_rows_close) close = nullptr;
  std::string problem;  ///< Why there is none.

  Module() {
    void* library = nullptr;
    for (const char* path : kModulePaths) {
      if (library == nullptr) library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
      if (library == nullptr && ::access(path, F_OK) == 0) problem = ::dlerror();
    }
    if (library == nullptr) return;
    open = reinterpret_cast<decltype(open)>(::dlsym(library, "skillit_rows_open"));
    next = reinterpret_cast<decltype(next)>(::dlsym(library, "skillit_rows_next"));
    close = reinterpret_cast<decltype(close)>(::dlsym(library, "skillit_rows_close"));
  }
};

const Module& module_for(const std::string& path) {
  static const Module module;
  if (module.close != nullptr) return module;
  fail(ErrorCode::kNotFound,
       fmt::format("{}: this program was built without Arrow, which reads such files{}; run "
                   "scripts/setup.sh parquet and build again, or convert the file to JSON lines",
                   path, module.problem.empty() ? "" : " (" + module.problem + ")"));
}

/// Arrow's reasons may have several lines; ours have one.
[[noreturn]] void refuse(const std::string& path, std::string reason) {
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  fail(ErrorCode::kBadFormat, fmt::format("{}: cannot be read as a table: {}", path, reason));
}

class ParquetRecords final : public FileRecords {
 public:
  ParquetRecords(const DocumentFile& file, std::size_t max_bytes)
      : path_(file.path), max_bytes_(max_bytes), module_(module_for(file.path)) {
    (void)FileReader::open(path_);  // What is no file is refused in our words.
    const char* problem = nullptr;
    const int is_parquet = file.kind == DocumentFileKind::kParquet ? 1 : 0;
    rows_ = module_.open(path_.c_str(), is_parquet, &problem);
    if (rows_ == nullptr) refuse(path_, problem);
  }
  ~ParquetRecords() override { module_.close(rows_); }
  ParquetRecords(const ParquetRecords&) = delete;
  ParquetRecords& operator=(const ParquetRecords&) = delete;

  std::optional<Record> next() override {
    const char* bytes = nullptr;
    const char* problem = nullptr;
    std::size_t size = 0;
    const int result = module_.next(rows_, &bytes, &size, &problem);
    if (result < 0) refuse(path_, fmt::format("{} (row {})", problem, row_ + 1));
    if (result == 0) return std::nullopt;
    ++row_;
    if (size > max_bytes_) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: row {} has more than the {} bytes allowed for one document; split it, "
                       "or raise the limit",
                       path_, row_, max_bytes_));
    }
    return Record{.bytes = {bytes, size}, .line = row_};
  }

 private:
  std::string path_;
  std::size_t max_bytes_;
  const Module& module_;
  SkillitRows* rows_ = nullptr;
  std::uint64_t row_ = 0;
};

}  // namespace

std::unique_ptr<FileRecords> open_parquet_records(const DocumentFile& file,
                                                  std::size_t max_document_bytes) {
  return std::make_unique<ParquetRecords>(file, max_document_bytes);
}

}  // namespace skillit
