#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace skillit {

/// xxh3 64-bit hash of the bytes; the same on every machine.
[[nodiscard]] std::uint64_t hash64(std::string_view bytes);

/// xxh3 128-bit hash of the bytes as 32 hexadecimal digits.
[[nodiscard]] std::string fingerprint(std::string_view bytes);

/// The same fingerprint over bytes that arrive in pieces: add("ab") + add("c") ==
/// fingerprint("abc").
class Fingerprinter {
 public:
  Fingerprinter();
  ~Fingerprinter();
  Fingerprinter(const Fingerprinter&) = delete;
  Fingerprinter& operator=(const Fingerprinter&) = delete;

  void add(std::string_view bytes);
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skillit
