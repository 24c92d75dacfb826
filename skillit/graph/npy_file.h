#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

/// A matrix of a NumPy .npy file, row-major whatever its order in the file.
struct NpyMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
};

/// Reads format versions 1.0 and 2.0, '<f8' and '<f4', C and Fortran order, two dimensions. Every
/// size is checked against the file's before anything is allocated. @throws Error kBadFormat (what
/// was found and expected), kIo.
[[nodiscard]] NpyMatrix read_npy_matrix(const std::filesystem::path& path);
/// The same from bytes in memory; `where` begins the messages.
[[nodiscard]] NpyMatrix parse_npy_matrix(std::string_view bytes, const std::string& where);

/// Bytes of a version 1.0 file, '<f8', C order: those that NumPy itself writes. `values` row-major.
[[nodiscard]] std::string npy_bytes(std::size_t rows, std::size_t columns,
                                    std::span<const double> values);

}  // namespace skillit
