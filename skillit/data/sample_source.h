#pragma once

#include <cstdint>

#include "skillit/data/mixture_stream.h"
#include "skillit/data/sample_store.h"

namespace skillit {

/// Samples by place. Reading is thread-safe.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  /// Replaces `sample` by the one at `ref`, which must exist.
  virtual void read(const SampleRef& ref, SampleBuffer& sample) const = 0;
};

}  // namespace skillit
