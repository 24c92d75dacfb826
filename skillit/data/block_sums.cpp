#include "skillit/data/block_sums.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"

namespace skillit {
namespace {

constexpr std::size_t kBlockBytes = 4096;
constexpr std::string_view kMagic = "SKSUMS1\n";

/// The byte whose change alone gives the block another checksum, and what it was.
struct Damage {
  std::size_t byte = 0;
  unsigned char was = 0;
};

std::optional<Damage> find_damaged_byte(std::string_view block, std::uint64_t expected) {
  std::string trial(block);
  for (std::size_t byte = 0; byte < trial.size(); ++byte) {
    const char found = trial[byte];
    for (int value = 0; value < 256; ++value) {
      trial[byte] = static_cast<char>(value);
      if (hash64(trial) == expected) return Damage{byte, static_cast<unsigned char>(value)};
    }
    trial[byte] = found;
  }
  return std::nullopt;
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::uint64_t begin,
                         std::string_view block, std::uint64_t expected) {
  if (const auto damage = find_damaged_byte(block, expected)) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: byte {} is damaged: it is 0x{:02x}, but 0x{:02x} was written; pack again "
                     "or fetch another copy",
                     file.string(), begin + damage->byte,
                     static_cast<unsigned char>(block[damage->byte]), damage->was));
  }
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: the {} bytes from byte {} on are damaged: they are not what was written; "
                   "pack again or fetch another copy",
                   file.string(), block.size(), begin));
}

/// As many bytes as fit, fewer only at the end of the file.
std::size_t read_full(FileReader& file, std::span<char> buffer) {
  std::size_t done = 0;
  while (const std::size_t count = file.read(buffer.subspan(done))) done += count;
  return done;
}

}  // namespace

std::string make_block_sums(const std::vector<std::filesystem::path>& files) {
  std::string sums(kMagic);
  std::vector<char> buffer(256 * kBlockBytes);
  for (const auto& path : files) {
    // Read, not mapped, so that a file of any size takes no memory.
    FileReader file = FileReader::open(path);
    ByteWriter blocks;
    std::uint64_t size = 0;
    while (const std::size_t count = read_full(file, buffer)) {
      size += count;
      for (std::string_view rest(buffer.data(), count); !rest.empty();
           rest.remove_prefix(std::min(kBlockBytes, rest.size()))) {
        blocks.put(hash64(rest.substr(0, kBlockBytes)));
      }
    }
    ByteWriter out;
    out.put<std::uint64_t>(size);
    sums += out.bytes();
    sums += blocks.bytes();
  }
  return sums;
}

void check_block_sums(const std::vector<std::filesystem::path>& files, std::string_view sums,
                      const std::string& where) {
  ByteReader in(sums, where);
  if (in.take(kMagic.size()) != kMagic)
    fail(ErrorCode::kBadFormat, where + ": at byte 0: this is no file of checksums (SKSUMS1)");
  for (const auto& path : files) {
    const MappedFile file = MappedFile::open(path);
    const auto size = in.get<std::uint64_t>();
    if (file.bytes().size() != size) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: has {} bytes, but {} were written; it is cut short or was changed",
                       path.string(), file.bytes().size(), size));
    }
    for (std::uint64_t begin = 0; begin < size; begin += kBlockBytes) {
      const std::string_view block = file.bytes().substr(begin, kBlockBytes);
      const auto expected = in.get<std::uint64_t>();
      if (hash64(block) != expected) refuse(path, begin, block, expected);
    }
  }
  in.expect_end();
}

}  // namespace skillit
