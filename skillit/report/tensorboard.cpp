#include "skillit/report/tensorboard.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "skillit/base/bytes.h"
#include "skillit/base/statistics.h"

namespace skillit {
namespace {

/// Field numbers with their wire types, as protocol buffers write them.
enum Tag : std::uint8_t {
  kEventWallTime = 0x09,     // 1, 64 bits
  kEventStep = 0x10,         // 2, varint
  kEventFileVersion = 0x1a,  // 3, bytes
  kEventSummary = 0x2a,      // 5, bytes
  kSummaryValue = 0x0a,      // 1, bytes
  kValueTag = 0x0a,          // 1, bytes
  kValueSimple = 0x15,       // 2, 32 bits
};

class Message {
 public:
  void put_varint(Tag tag, std::uint64_t value) {
    out_.put<std::uint8_t>(tag);
    put_varint(value);
  }
  template <class T>
  void put_fixed(Tag tag, T value) {
    out_.put<std::uint8_t>(tag);
    out_.put(value);
  }
  void put_bytes(Tag tag, std::string_view bytes) {
    out_.put<std::uint8_t>(tag);
    put_varint(bytes.size());
    for (const char c : bytes) out_.put(c);
  }
  [[nodiscard]] const std::string& bytes() const { return out_.bytes(); }

 private:
  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.put(static_cast<std::uint8_t>(value | 0x80));
    out_.put(static_cast<std::uint8_t>(value));
  }
  ByteWriter out_;
};

class EventFile {
 public:
  EventFile() {
    Message event;
    event.put_fixed(kEventWallTime, 0.0);
    event.put_bytes(kEventFileVersion, "brain.Event:2");
    append(event.bytes());
  }
  void add(const std::string& tag, std::uint64_t step, double number) {
    const auto single = static_cast<float>(number);
    if (!std::isfinite(single)) return;
    Message value, summary, event;
    value.put_bytes(kValueTag, tag);
    value.put_fixed(kValueSimple, single);
    summary.put_bytes(kSummaryValue, value.bytes());
    event.put_fixed(kEventWallTime, static_cast<double>(step));
    event.put_varint(kEventStep, step);
    event.put_bytes(kEventSummary, summary.bytes());
    append(event.bytes());
  }
  std::string finish() { return std::move(text_); }

 private:
  void append(const std::string& message) {
    ByteWriter length, record;
    length.put<std::uint64_t>(message.size());
    record.put<std::uint64_t>(message.size());
    record.put(detail::masked_crc32c(length.bytes()));
    text_ += record.bytes() + message;
    ByteWriter end;
    end.put(detail::masked_crc32c(message));
    text_ += end.bytes();
  }
  std::string text_;
};

constexpr std::array<std::uint32_t, 256> crc_table() {
  constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReversedPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}

}  // namespace

namespace detail {

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = crc_table();
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xff];
  return ~crc;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
}

}  // namespace detail

std::string to_tensorboard(const RunRecord& run) {
  EventFile file;
  const auto add_by_skill = [&](const std::string& prefix, std::uint64_t step,
                                const std::vector<std::string>& skills,
                                const std::vector<double>& values) {
    for (std::size_t i = 0; i < std::min(skills.size(), values.size()); ++i)
      file.add(prefix + skills[i], step, values[i]);
  };
  for (const StepRecord& step : run.steps) {
    file.add("train/loss", step.step, step.loss);
    file.add("train/learning_rate", step.step, step.learning_rate);
    file.add("train/grad_norm", step.step, step.grad_norm);
  }
  for (const EvaluationRecord& evaluation : run.evaluations) {
    file.add("eval/mean_loss", evaluation.step, mean(evaluation.losses.values));
    add_by_skill("eval/loss/", evaluation.step, run.manifest.eval_skills, evaluation.losses.values);
    add_by_skill("eval/accuracy/", evaluation.step, run.manifest.eval_skills,
                 evaluation.accuracies);
  }
  for (const RoundRecord& round : run.rounds)
    add_by_skill("mixture/", round.first_step, run.manifest.train_skills, round.mixture);
  return file.finish();
}

}  // namespace skillit
