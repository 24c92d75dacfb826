#include "skillit/tokenize/encode_batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "skillit/base/error.h"

namespace skillit {

std::vector<std::vector<TokenId>> encode_batch(const Tokenizer& tokenizer,
                                               std::span<const std::string_view> texts,
                                               int threads) {
  if (threads < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("encode_batch: {} threads; at least 1 is needed", threads));
  }
  std::vector<std::vector<TokenId>> tokens(texts.size());
  std::vector<std::exception_ptr> problems(texts.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < texts.size(); i = next++) {
      try {
        tokens[i] = tokenizer.encode(texts[i]);
      } catch (...) {
        problems[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t useful = std::min(static_cast<std::size_t>(threads), texts.size());
    for (std::size_t i = 1; i < useful; ++i) others.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& problem : problems) {
    if (problem) std::rethrow_exception(problem);
  }
  return tokens;
}

}  // namespace skillit
