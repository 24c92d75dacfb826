#include "skillit/tokenize/bpe_tokenizer.h"

#include <fmt/core.h>

#include <limits>
#include <mutex>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/tokenize/tokenizer_json_private.h"
#include "skillit/tokenize/utf8.h"
#include "skillit/tokenize/word_cache.h"

namespace skillit {
namespace {

/// What one thread needs while it encodes.
struct Workspace {
  WordCache cache;
  BpeModel::Scratch scratch;
  std::vector<TextPart> parts;
  std::vector<TextPart> normalized_parts;
};

/// Workspaces that nobody uses now; there are as many as threads ever encoded at once.
class WorkspacePool {
 public:
  std::unique_ptr<Workspace> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto workspace = std::move(idle_.back());
        idle_.pop_back();
        return workspace;
      }
    }
    return std::make_unique<Workspace>();
  }
  void give_back(std::unique_ptr<Workspace> workspace) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(workspace));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> idle_;
};

std::vector<AddedToken> those(const std::vector<AddedToken>& tokens, bool normalized) {
  std::vector<AddedToken> result;
  for (const AddedToken& token : tokens) {
    if (token.normalized == normalized) result.push_back(token);
  }
  return result;
}

/// In the order they are looked for as the end of a document.
constexpr const char* kEnds[] = {"<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>"};

}  // namespace

struct BpeTokenizer::Parts {
  Parts(detail::TokenizerParts file, const std::string& file_name);

  void encode_part(std::string_view text, bool at_start, Workspace& workspace,
                   std::vector<TokenId>& tokens) const;
  void encode_word(std::string_view word, std::size_t readable, Workspace& workspace,
                   std::vector<TokenId>& tokens) const;
  void name_tokens(const std::vector<AddedToken>& added);

  std::string where;
  std::vector<detail::NormalizerStep> normalizer;
  std::vector<detail::SplitStep> pre_tokenizer;
  std::vector<detail::DecoderStep> decoder;
  BpeModel model;
  AddedTokenFinder raw_finder;
  AddedTokenFinder normalized_finder;
  std::vector<std::optional<std::string>> names;  // By id, as the decoder takes them.
  std::vector<std::string> bytes;  // By id, when the decoder is ByteLevel alone; else empty.
  TokenId end_of_document = -1;
  std::string fingerprint;
  WorkspacePool pool;
};

BpeTokenizer::Parts::Parts(detail::TokenizerParts file, const std::string& file_name)
    : where(file_name),
      normalizer(std::move(file.normalizer)),
      pre_tokenizer(std::move(file.pre_tokenizer)),
      decoder(std::move(file.decoder)),
      model(std::move(file.model), file_name) {
  std::vector<AddedToken>& added = file.added_tokens;
  ByteWriter content;
  content.put_string("tokenizer.json 1");
  content.put_string(file.pipeline);
  model.put_content(content);
  for (const AddedToken& token : added) {
    content.put(token.id);
    content.put_string(token.content);
    for (const bool flag : {token.single_word, token.lstrip, token.rstrip, token.normalized}) {
      content.put(static_cast<std::uint8_t>(flag));
    }
  }
  fingerprint = skillit::fingerprint(content.bytes());
  for (const char* end : kEnds) {
    if (const auto id = model.find(end); id && end_of_document < 0) end_of_document = *id;
    for (const AddedToken& token : added) {
      if (token.content == end && end_of_document < 0) end_of_document = token.id;
    }
  }
  for (AddedToken& token : added) {
    if (token.normalized) token.content = detail::normalize(normalizer, token.content);
  }
  raw_finder = AddedTokenFinder(those(added, false), where);
  normalized_finder = AddedTokenFinder(those(added, true), where);
  name_tokens(added);
}

void BpeTokenizer::Parts::name_tokens(const std::vector<AddedToken>& added) {
  const auto name = [&](TokenId id, const std::string& text) {
    const auto place = static_cast<std::size_t>(id);
    if (place >= names.size()) names.resize(place + 1);
    names[place] = text;
  };
  for (const auto& [token, id] : model.parts().vocabulary) name(id, token);
  for (const AddedToken& token : added) name(token.id, token.content);
  if (end_of_document < 0) end_of_document = static_cast<TokenId>(names.size());
  if (decoder.size() != 1 || !std::holds_alternative<detail::DecodeByteLevel>(decoder[0])) return;
  for (const auto& token : names) bytes.push_back(token ? signs_to_bytes(*token) : "");
}

void BpeTokenizer::Parts::encode_word(std::string_view word, std::size_t readable,
                                      Workspace& workspace, std::vector<TokenId>& tokens) const {
  if (word.size() > WordCache::kMaxBytes) return model.encode(word, workspace.scratch, tokens);
  const WordCache::Key key(word, readable);
  const std::size_t place = workspace.cache.place_of(key);
  const auto known = workspace.cache.find(place, key, word.size());
  if (!known.empty()) {
    tokens.insert(tokens.end(), known.begin(), known.end());
    return;
  }
  const std::size_t before = tokens.size();
  model.encode(word, workspace.scratch, tokens);
  workspace.cache.put(place, key, word.size(), std::span(tokens).subspan(before));
}

void BpeTokenizer::Parts::encode_part(std::string_view text, bool at_start, Workspace& workspace,
                                      std::vector<TokenId>& tokens) const {
  std::string normalized;
  if (!normalizer.empty()) {
    normalized = detail::normalize(normalizer, text);
    text = normalized;
  }
  const auto sink = [&](std::string_view word, std::size_t readable) {
    encode_word(word, readable, workspace, tokens);
  };
  workspace.normalized_parts.clear();
  normalized_finder.split(text, workspace.normalized_parts);
  for (const TextPart& part : workspace.normalized_parts) {
    if (part.id >= 0) {
      tokens.push_back(part.id);
    } else {
      detail::split_into_words(pre_tokenizer, part.text,
                               at_start && part.text.data() == text.data(), sink);
    }
  }
}

BpeTokenizer::BpeTokenizer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
BpeTokenizer::BpeTokenizer(BpeTokenizer&&) noexcept = default;
BpeTokenizer& BpeTokenizer::operator=(BpeTokenizer&&) noexcept = default;
BpeTokenizer::~BpeTokenizer() = default;

BpeTokenizer BpeTokenizer::open(const std::filesystem::path& path) {
  return parse(read_file(path, detail::kMaxTokenizerBytes), path.string());
}

BpeTokenizer BpeTokenizer::parse(std::string_view bytes, const std::string& where) {
  return BpeTokenizer(std::make_unique<Parts>(detail::parse_tokenizer_json(bytes, where), where));
}

std::vector<TokenId> BpeTokenizer::encode(std::string_view text) const {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: a text of {} bytes is too long; cut it into documents below 4 GiB",
                     parts_->where, text.size()));
  }
  std::string repaired;
  if (!is_valid_utf8(text)) {
    repaired = replace_invalid_utf8(text);
    text = repaired;
  }
  std::vector<TokenId> tokens;
  tokens.reserve(text.size() / 3);
  auto workspace = parts_->pool.take();
  workspace->parts.clear();
  parts_->raw_finder.split(text, workspace->parts);
  for (const TextPart& part : workspace->parts) {
    if (part.id >= 0) {
      tokens.push_back(part.id);
    } else {
      parts_->encode_part(part.text, part.text.data() == text.data(), *workspace, tokens);
    }
  }
  parts_->pool.give_back(std::move(workspace));
  return tokens;
}

std::string BpeTokenizer::decode(std::span<const TokenId> tokens) const {
  const auto& names = parts_->names;
  std::string text;
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto id = static_cast<std::size_t>(tokens[i]);
    if (tokens[i] < 0 || id >= names.size() || !names[id]) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: token {} is {}, which stands for no text; the ids are below {}",
                       parts_->where, i, tokens[i], names.size()));
    }
    if (parts_->bytes.empty()) {
      chosen.push_back(*names[id]);
    } else {
      text += parts_->bytes[id];
    }
  }
  return parts_->bytes.empty() ? detail::decode_tokens(parts_->decoder, std::move(chosen)) : text;
}

std::size_t BpeTokenizer::vocabulary_size() const {
  return std::max(parts_->names.size(), static_cast<std::size_t>(parts_->end_of_document) + 1);
}
TokenId BpeTokenizer::end_of_document() const {
  return parts_->end_of_document;
}
std::string BpeTokenizer::fingerprint() const {
  return parts_->fingerprint;
}

}  // namespace skillit
