// tokenize TOKENIZER.json THREADS REPEATS < texts: each a 64-bit size and that many bytes. Prints
// the seconds of the fastest round over all texts, then the ids of every text on a line. Run by
// tokenizers_speed.py.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "skillit/base/bytes.h"
#include "skillit/tokenize/bpe_tokenizer.h"
#include "skillit/tokenize/encode_batch.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string input{std::istreambuf_iterator<char>(std::cin),
                          std::istreambuf_iterator<char>()};
  std::vector<std::string> texts;
  for (skillit::ByteReader reader(input, "standard input"); reader.remaining() > 0;) {
    texts.push_back(reader.get_string());
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto tokenizer = skillit::BpeTokenizer::open(argv[1]);
  std::vector<std::vector<skillit::TokenId>> tokens;
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < std::atoi(argv[3]); ++round) {
    const auto start = std::chrono::steady_clock::now();
    tokens = encode_batch(tokenizer, views, std::atoi(argv[2]));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::min(best, seconds.count());
  }
  fmt::print("{}\n", best);
  for (const auto& ids : tokens) fmt::print("{}\n", fmt::join(ids, " "));
}
