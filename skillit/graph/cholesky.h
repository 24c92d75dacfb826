#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace skillit {

/// A symmetric positive definite matrix M = L L^T, for solving with it. Row-major, n x n.
class Cholesky {
 public:
  /// `matrix` must be symmetric and safely positive definite: its maker has checked that.
  Cholesky(std::vector<double> matrix, std::size_t n);

  /// values := L^-1 values.
  void solve_lower(std::span<double> values) const;
  /// values := M^-1 values.
  void solve(std::span<double> values) const;

 private:
  std::size_t n_;
  std::vector<double> lower_;
};

/// How many columns of a `rows` x `columns` matrix (row-major) differ from every combination of
/// those taken before by more than `tolerance`, root mean square over the rows (Gram-Schmidt,
/// largest remainder first). At most min(rows, columns); O(rows columns rank) time.
[[nodiscard]] std::size_t column_rank(std::span<const double> matrix, std::size_t rows,
                                      std::size_t columns, double tolerance);

}  // namespace skillit
