#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

/// Checksums (xxh3-64) of every 4096 bytes of some files, so that damage can be named by its place:
/// "SKSUMS1\n", then for each file its size and its checksums, 64 bits each, little-endian. Takes a
/// 512th of the files' size in memory. @throws Error kIo.
[[nodiscard]] std::string make_block_sums(const std::vector<std::filesystem::path>& files);

/// Compares the files with their checksums. `where` is the file that held them.
/// @throws Error kBadFormat naming the first file and byte that differ: the very byte when it is
/// the only damaged one of its block, else where the block begins; or that the sums themselves are
/// damaged. kIo.
void check_block_sums(const std::vector<std::filesystem::path>& files, std::string_view sums,
                      const std::string& where);

}  // namespace skillit
