#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "skillit/record/run_record.h"

namespace skillit {

/// A run as the bytes of a TensorBoard event file: scalars train/loss, train/learning_rate,
/// train/grad_norm; eval/mean_loss, eval/loss/<skill>, eval/accuracy/<skill>; mixture/<skill> at
/// each round's first step. What is not finite is left out. Steps are counted as in the record; the
/// wall time of an event is its step in seconds, since the record keeps no clock for steps.
///
/// The format is TensorFlow's: records of (length: u64, masked CRC-32C of it, bytes, masked CRC-32C
/// of them), each an Event message (tensorflow/core/util/event.proto).
[[nodiscard]] std::string to_tensorboard(const RunRecord& run);

namespace detail {
/// CRC-32C (Castagnoli, RFC 3720).
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);
/// The CRC rotated right by 15 bits plus a constant, as event files have it.
[[nodiscard]] std::uint32_t masked_crc32c(std::string_view bytes);
}  // namespace detail

}  // namespace skillit
