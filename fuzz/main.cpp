// libFuzzer's entry. SKILLIT_FUZZ_TARGET is the reader of this program.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  skillit::fuzz::SKILLIT_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
