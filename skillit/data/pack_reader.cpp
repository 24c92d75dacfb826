#include "skillit/data/pack_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/block_sums.h"
#include "skillit/tokenize/make_tokenizer.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

void expect(std::uint64_t found, std::uint64_t expected, const std::string& prefix,
            std::string_view what) {
  if (found == expected) return;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}.idx: says {} {}, but {} has {}; they are not of the same pack", prefix,
                   found, what, PackIndex::kFileName, expected));
}

/// Every token of a part is in the vocabulary, and every document ends where it should.
void check_tokens(const IndexedDataset& dataset, const PackIndex& index,
                  const std::string& prefix) {
  std::vector<TokenId> tokens;
  std::uint64_t before = 0;  // Tokens of the documents before; ours stand one after the other.
  for (std::uint64_t document = 0; document < dataset.num_documents(); ++document) {
    tokens.clear();
    dataset.read_document(document, tokens);
    const auto outside = std::find_if(tokens.begin(), tokens.end(), [&](TokenId token) {
      return static_cast<std::uint64_t>(token) >= index.tokenizer.vocabulary_size;
    });
    if (outside != tokens.end()) {
      const auto place = before + static_cast<std::uint64_t>(outside - tokens.begin());
      fail(ErrorCode::kBadFormat,
           fmt::format("{}.bin: at byte {}: the token {} of document {} is outside the vocabulary "
                       "of {}",
                       prefix, place * token_width(index.type), *outside, document,
                       index.tokenizer.vocabulary_size));
    }
    if (index.ends_appended &&
        (tokens.empty() || tokens.back() != index.tokenizer.end_of_document)) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}.bin: document {} does not end with the token {}, though {} says that "
                       "all do",
                       prefix, document, index.tokenizer.end_of_document, PackIndex::kFileName));
    }
    before += tokens.size();
  }
}

void verify_part(const fs::path& folder, const PackIndex& index, const PackPart& part,
                 PackCheck& check) {
  if (part.documents == 0) return;
  const std::string prefix = (folder / part.file).string();
  const std::string sums = read_file(prefix + ".sums", UINT64_MAX);
  const std::vector<fs::path> files{prefix + ".bin", prefix + ".idx"};
  check_block_sums(files, sums, prefix + ".sums");
  if (fingerprint(sums) != part.fingerprint) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}.sums: agrees with its files but not with {}; they are of different packs",
                     prefix, PackIndex::kFileName));
  }
  const auto dataset = open_pack_part(folder, part);
  check_tokens(*dataset, index, prefix);
  check.files += 3;
  for (const fs::path& file : files) check.bytes += fs::file_size(file);
  check.documents += part.documents;
  check.tokens += part.tokens;
}

}  // namespace

std::optional<IndexedDataset> open_pack_part(const fs::path& folder, const PackPart& part) {
  if (part.documents == 0) return std::nullopt;
  const std::string prefix = (folder / part.file).string();
  IndexedDataset dataset = IndexedDataset::open(prefix);
  expect(dataset.num_documents(), part.documents, prefix, "documents");
  expect(dataset.num_tokens(), part.tokens, prefix, "tokens");
  return dataset;
}

const PackedSkill& find_packed_skill(const PackIndex& index, std::string_view name,
                                     const fs::path& folder) {
  std::vector<std::string> names;
  for (const PackedSkill& skill : index.skills) {
    if (skill.name == name) return skill;
    names.push_back(skill.name);
  }
  const std::string nearest = nearest_name(std::string(name), names);
  fail(ErrorCode::kMismatch,
       fmt::format("{}: has no skill '{}'{}", folder.string(), name,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

std::unique_ptr<Tokenizer> make_pack_tokenizer(const PackIndex& index, const fs::path& folder) {
  auto tokenizer = make_tokenizer(index.tokenizer.name);
  if (tokenizer->fingerprint() != index.tokenizer.fingerprint) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: was packed with another tokenizer than what '{}' is now ({} then, {} "
                     "now); pack again, or bring the old one back",
                     folder.string(), index.tokenizer.name, index.tokenizer.fingerprint,
                     tokenizer->fingerprint()));
  }
  return tokenizer;
}

std::vector<PackExample> read_pack_examples(const fs::path& folder, const PackIndex& index,
                                            const PackPart& part, std::size_t count,
                                            const Tokenizer& tokenizer) {
  std::vector<PackExample> examples;
  const auto dataset = open_pack_part(folder, part);
  const std::uint64_t most = std::min<std::uint64_t>(count, part.documents);
  for (std::uint64_t i = 0; i < most; ++i) {
    const auto document =
        static_cast<std::uint64_t>(static_cast<unsigned __int128>(i) * part.documents / most);
    std::vector<TokenId> tokens;
    dataset->read_document(document, tokens);
    const std::uint64_t num_tokens = tokens.size();
    if (index.ends_appended && !tokens.empty()) tokens.pop_back();
    examples.push_back({document, num_tokens, tokenizer.decode(tokens)});
  }
  return examples;
}

PackCheck verify_pack(const fs::path& folder) {
  const PackIndex index = read_pack_index(folder);
  PackCheck check;
  for (const PackedSkill& skill : index.skills) {
    verify_part(folder, index, skill.train, check);
    verify_part(folder, index, skill.validation, check);
  }
  return check;
}

}  // namespace skillit
