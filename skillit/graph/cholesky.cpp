#include "skillit/graph/cholesky.h"

#include <algorithm>
#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

double dot(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

Cholesky::Cholesky(std::vector<double> matrix, std::size_t n) : n_(n), lower_(std::move(matrix)) {
  SKILLIT_ASSERT(lower_.size() == n * n);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &lower_[i * n];
    for (std::size_t j = 0; j < i; ++j)
      row[j] = (row[j] - dot(row, &lower_[j * n], j)) / lower_[j * n + j];
    const double pivot = row[i] - dot(row, row, i);
    SKILLIT_ASSERT(pivot > 0);
    row[i] = std::sqrt(pivot);
  }
}

void Cholesky::solve_lower(std::span<double> values) const {
  for (std::size_t i = 0; i < n_; ++i)
    values[i] = (values[i] - dot(&lower_[i * n_], values.data(), i)) / lower_[i * n_ + i];
}

void Cholesky::solve(std::span<double> values) const {
  solve_lower(values);
  for (std::size_t i = n_; i-- > 0;) {
    values[i] /= lower_[i * n_ + i];
    for (std::size_t j = 0; j < i; ++j) values[j] -= lower_[i * n_ + j] * values[i];
  }
}

std::size_t column_rank(std::span<const double> matrix, std::size_t rows, std::size_t columns,
                        double tolerance) {
  // Modified Gram-Schmidt on the columns, the largest remainder first.
  std::vector<std::vector<double>> rest(columns, std::vector<double>(rows));
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) rest[c][r] = matrix[r * columns + c];
  }
  const double least = tolerance * tolerance * static_cast<double>(rows);
  const auto square = [rows](const std::vector<double>& v) {
    return dot(v.data(), v.data(), rows);
  };
  std::size_t rank = 0;
  for (; rank < std::min(rows, columns); ++rank) {
    const auto pivot =
        std::max_element(rest.begin() + static_cast<std::ptrdiff_t>(rank), rest.end(),
                         [&](const auto& a, const auto& b) { return square(a) < square(b); });
    if (square(*pivot) <= least) break;
    std::swap(rest[rank], *pivot);
    const std::vector<double>& taken = rest[rank];
    const double norm = square(taken);
    for (std::size_t c = rank + 1; c < columns; ++c) {
      const double factor = dot(taken.data(), rest[c].data(), rows) / norm;
      for (std::size_t r = 0; r < rows; ++r) rest[c][r] -= factor * taken[r];
    }
  }
  return rank;
}

}  // namespace skillit
