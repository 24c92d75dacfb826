// Readers of tensors: one file of safetensors, and a folder of shards with its index.
#include "fuzz/support.h"
#include "fuzz/targets.h"
#include "skillit/base/safetensors.h"
#include "skillit/base/safetensors_folder.h"

namespace skillit::fuzz {

void read_safetensors(std::string_view bytes) {
  expect_answer_or_error([&] {
    const Safetensors file = Safetensors::parse(bytes, "model.safetensors");
    const std::string written = file.serialize();
    const Safetensors again = Safetensors::parse(written, "again");
    if (again.tensors.size() != file.tensors.size() || again.metadata != file.metadata)
      throw std::logic_error("tensors change when they are written and read");
  });
}

void read_tensor_shards(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put("model.safetensors.index.json", take_until(bytes, kSecondFile));
  scratch.put("a.safetensors", take_until(bytes, kSecondFile));
  scratch.put("b.safetensors", bytes);
  expect_answer_or_error([] {
    const SafetensorsFolder files = SafetensorsFolder::open(scratch.folder());
    if (files.tensors().empty()) throw std::logic_error("an index without tensors was read");
  });
}

}  // namespace skillit::fuzz
