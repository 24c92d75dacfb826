#include "skillit/data/pack_tokens.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/data/held_out.h"
#include "skillit/data/open_token_store.h"
#include "skillit/data/pack_outputs.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBufferBytes = std::uint64_t{256} << 20;

/// The documents of all stores, one after the other, ready to be packed.
class Copier {
 public:
  Copier(const TokenPackOptions& options, const Tokenizer& tokenizer)
      : options_(options), tokenizer_(tokenizer) {
    for (const auto& [skill, path] : options.stores) {
      stores_.push_back(open_token_store(path, options.format, tokenizer.end_of_document()));
      if (stores_.back()->num_tokens() == 0)
        fail(ErrorCode::kBadFormat, path + ": holds no tokens; leave it out");
    }
  }

  [[nodiscard]] HeldOut choose_held_out() const {
    if (options_.validation_fraction == 0) return HeldOut(0);
    std::map<std::string, HashRange> of_skills;
    for_each([&](const std::string& skill, std::span<const TokenId> tokens) {
      of_skills[skill].add(hash_of(tokens));
    });
    std::vector<HashRange> hashes;
    for (const auto& [skill, of_skill] : of_skills) hashes.push_back(of_skill);
    return HeldOut(options_.validation_fraction, hashes);
  }

  void copy(PackOutputs& outputs) const {
    const HeldOut held_out = choose_held_out();
    for_each([&](const std::string& skill, std::span<const TokenId> tokens) {
      outputs.add(skill, held_out.contains(hash_of(tokens)), tokens, text_bytes(tokens));
    });
  }

 private:
  static std::uint64_t hash_of(std::span<const TokenId> tokens) {
    return hash64({reinterpret_cast<const char*>(tokens.data()), tokens.size_bytes()});
  }

  /// Of what stands between the ends, which are no text.
  std::uint64_t text_bytes(std::span<const TokenId> tokens) const {
    std::uint64_t bytes = 0;
    for (auto begin = tokens.begin(); begin != tokens.end();) {
      const auto end = std::find(begin, tokens.end(), tokenizer_.end_of_document());
      bytes += tokenizer_.decode({begin, end}).size();
      begin = end == tokens.end() ? end : end + 1;
    }
    return bytes;
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    std::vector<TokenId> tokens;
    for (std::size_t i = 0; i < stores_.size(); ++i) {
      const auto& [skill, path] = options_.stores[i];
      for (std::uint64_t document = 0; document < stores_[i]->num_documents(); ++document) {
        tokens.clear();
        stores_[i]->read_document(document, tokens);
        const TokenId end = tokenizer_.end_of_document();
        if (tokens.empty() || tokens.back() != end) tokens.push_back(end);
        if (tokens.size() == 1) continue;  // An empty document.
        check(tokens, path, document);
        visit(skill, tokens);
      }
    }
  }

  void check(std::span<const TokenId> tokens, const std::string& path,
             std::uint64_t document) const {
    const auto outside = std::find_if(tokens.begin(), tokens.end(), [&](TokenId token) {
      return static_cast<std::size_t>(token) >= tokenizer_.vocabulary_size();
    });
    if (outside == tokens.end()) return;
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: token {} of document {} is {}, outside the tokenizer's vocabulary of {}; "
                     "name the tokenizer and format they were written with",
                     path, outside - tokens.begin(), document, *outside,
                     tokenizer_.vocabulary_size()));
  }

  const TokenPackOptions& options_;
  const Tokenizer& tokenizer_;
  std::vector<std::unique_ptr<TokenStore>> stores_;
};

PackIndex describe(const TokenPackOptions& options, const Tokenizer& tokenizer,
                   const std::string& tokenizer_name) {
  PackIndex index;
  index.type = megatron_token_type(tokenizer.vocabulary_size());
  index.tokenizer = {tokenizer_name, tokenizer.fingerprint(), tokenizer.vocabulary_size(),
                     tokenizer.end_of_document()};
  index.validation_fraction = options.validation_fraction;
  index.note = options.note;
  std::map<std::string, PackedSkill> skills;
  for (const auto& [skill, path] : options.stores) skills[skill].name = skill;
  for (auto& [name, skill] : skills) index.skills.push_back(std::move(skill));
  return index;
}

}  // namespace

PackIndex make_pack_of_tokens(const fs::path& folder, const TokenPackOptions& options,
                              const Tokenizer& tokenizer, const std::string& tokenizer_name) {
  std::error_code problem;
  if (fs::symlink_status(folder, problem).type() != fs::file_type::not_found) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: exists already; name another folder, or remove it", folder.string()));
  }
  if (options.stores.empty() ||
      !(options.validation_fraction >= 0 && options.validation_fraction < 1)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("tokens: {} stores and a validation fraction of {}; at least one is needed, "
                     "and a fraction of at least 0 and below 1",
                     options.stores.size(), options.validation_fraction));
  }
  const Copier copier(options, tokenizer);
  const fs::path partial = folder.string() + ".partial";
  fs::remove_all(partial, problem);
  try {
    if (!fs::create_directories(partial, problem))
      fail(ErrorCode::kIo, fmt::format("{}: cannot make: {}", partial.string(), problem.message()));
    PackIndex index = describe(options, tokenizer, tokenizer_name);
    PackOutputs outputs(partial, index.type, "", kBufferBytes);
    copier.copy(outputs);
    outputs.finish(index);
    PackOutputs::remove_leftovers(partial);
    write_pack_index(partial, index);
    fs::rename(partial, folder, problem);
    if (problem)
      fail(ErrorCode::kIo, fmt::format("{}: cannot rename to {}: {}", partial.string(),
                                       folder.string(), problem.message()));
    return index;
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(partial, ignored);
    throw;
  }
}

}  // namespace skillit
