#include "skillit/base/temp_folder.h"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "skillit/base/error.h"

namespace skillit {

TempFolder::TempFolder(const std::filesystem::path& parent) {
  std::string name = (parent / "skillit_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) fail_errno(name + ": cannot make this folder");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace skillit
