// Readers of tokens: tokenizer.json, packs, and what other programs write.
#include <algorithm>

#include "fuzz/support.h"
#include "fuzz/targets.h"
#include "skillit/data/indexed_dataset.h"
#include "skillit/data/mds_tokens.h"
#include "skillit/data/open_token_store.h"
#include "skillit/data/pack_reader.h"
#include "skillit/data/pack_stats.h"
#include "skillit/tokenize/bpe_tokenizer.h"
#include "skillit/tokenize/byte_tokenizer.h"

namespace skillit::fuzz {
namespace {

void read_documents(const TokenStore& store) {
  std::uint64_t found = 0;
  std::vector<TokenId> tokens;
  for (std::uint64_t i = 0; i < store.num_documents(); ++i) {
    tokens.clear();
    store.read_document(i, tokens);
    found += tokens.size();
  }
  if (found != store.num_tokens()) throw std::logic_error("documents have other tokens than all");
}

}  // namespace

void read_indexed_dataset(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put("a.idx", take_until(bytes, kSecondFile));
  scratch.put("a.bin", bytes);
  expect_answer_or_error([] { read_documents(IndexedDataset::open(scratch.folder() / "a")); });
}

void read_mds(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put("index.json", take_until(bytes, kSecondFile));
  scratch.put("shard.00000.mds", bytes);
  expect_answer_or_error([] { read_documents(MdsTokens::open(scratch.folder())); });
}

void read_token_file(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put("a.ds.index", take_until(bytes, kSecondFile));
  scratch.put("a.ds", bytes);
  for (const std::string_view format : {"datatrove", "raw-u16", "raw-u32"}) {
    expect_answer_or_error(
        [&] { read_documents(*open_token_store(scratch.folder() / "a.ds", format, 7)); });
  }
}

void read_pack_json(std::string_view bytes) {
  static const Scratch scratch;
  scratch.put(PackIndex::kFileName, bytes);
  expect_answer_or_error([] { (void)read_pack_index(scratch.folder()); });
}

void read_pack_files(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 1024;  // The search for a damaged byte takes their square.
  static const Scratch scratch;
  scratch.put(PackIndex::kFileName, take_until(bytes, kSecondFile));
  scratch.put("a.train.idx", take_until(bytes, kSecondFile).substr(0, kMostBytes));
  scratch.put("a.train.sums", take_until(bytes, kSecondFile));
  scratch.put("a.train.bin", bytes.substr(0, kMostBytes));
  const auto& folder = scratch.folder();
  expect_answer_or_error([&] { (void)verify_pack(folder); });
  expect_answer_or_error([&] {
    const PackIndex index = read_pack_index(folder);
    for (const PackedSkill& skill : index.skills) {
      expect_answer_or_error(
          [&] { (void)read_pack_examples(folder, index, skill.train, 3, ByteTokenizer()); });
    }
    (void)compute_pack_stats(folder, index, 1 << 20);
  });
}

void read_tokenizer_json(std::string_view bytes) {
  const std::string_view json = take_until(bytes, kSecondFile);
  expect_answer_or_error([&] {
    const BpeTokenizer tokenizer = BpeTokenizer::parse(json, "tokenizer.json");
    for (const std::string_view text : {bytes, std::string_view("It's 12 <|a|>  \xc3\xa9\xff\n")}) {
      expect_answer_or_error([&] {
        const auto tokens = tokenizer.encode(text);
        for (const TokenId token : tokens) {
          if (token < 0 || static_cast<std::size_t>(token) >= tokenizer.vocabulary_size())
            throw std::logic_error("a token outside the vocabulary");
        }
        (void)tokenizer.decode(tokens);
      });
    }
  });
}

}  // namespace skillit::fuzz
