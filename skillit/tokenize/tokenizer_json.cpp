#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "skillit/base/error.h"
#include "skillit/tokenize/json_steps_private.h"
#include "skillit/tokenize/tokenizer_json_private.h"

namespace skillit::detail {
namespace {

constexpr int kMaxDepth = 32;

[[noreturn]] void refuse(const std::string& where, std::string_view what) {
  fail(ErrorCode::kBadFormat, fmt::format("{}: {}", where, what));
}

/// Before the parser sees it: what it would build of a few bytes is not bounded otherwise.
void check_size_and_depth(std::string_view bytes, const std::string& where) {
  if (bytes.size() > kMaxTokenizerBytes) {
    refuse(where, fmt::format("has {} bytes; a tokenizer.json has at most {}", bytes.size(),
                              kMaxTokenizerBytes));
  }
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      if (++depth > kMaxDepth) refuse(where, fmt::format("is nested deeper than {}", kMaxDepth));
    } else if (!quoted && (c == '}' || c == ']')) {
      --depth;
    }
  }
}

std::unordered_map<std::string, TokenId> read_vocabulary(const Json& json,
                                                         const std::string& where) {
  if (!json.is_object() || json.empty()) refuse(where, "model.vocab must be an object with tokens");
  std::unordered_map<std::string, TokenId> vocabulary;
  std::unordered_set<TokenId> ids;
  vocabulary.reserve(json.size());
  for (const auto& [token, id] : json.items()) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMaxTokenId) {
      refuse(where, fmt::format("model.vocab: the id of {} must be a whole number below {}",
                                json_quoted(token), kMaxTokenId));
    }
    if (!ids.insert(id.get<TokenId>()).second) {
      refuse(where, fmt::format("model.vocab: the id {} is given to two tokens, one of them {}",
                                id.get<TokenId>(), json_quoted(token)));
    }
    vocabulary.emplace(token, id.get<TokenId>());
  }
  return vocabulary;
}

/// "a b" or ["a", "b"]
std::pair<std::string, std::string> read_merge(const Json& json, std::size_t index,
                                               const std::string& where) {
  if (json.is_array() && json.size() == 2 && json[0].is_string() && json[1].is_string()) {
    return {json[0].get<std::string>(), json[1].get<std::string>()};
  }
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    const auto space = text.find(' ');
    if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos) {
      return {text.substr(0, space), text.substr(space + 1)};
    }
  }
  refuse(where, fmt::format("model.merges[{}] is {}; two tokens were expected, as \"a b\" or "
                            "[\"a\", \"b\"]",
                            index, json.dump().substr(0, 100)));
}

std::vector<std::pair<std::string, std::string>> read_merges(const Json& json,
                                                             const std::string& where) {
  std::vector<std::pair<std::string, std::string>> merges;
  merges.reserve(json_array(json, where + ": model.merges").size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const bool is_remark =
        json[i].is_string() && json[i].get_ref<const std::string&>().starts_with("#version");
    if (!is_remark) merges.push_back(read_merge(json[i], i, where));
  }
  return merges;
}

BpeParts read_model(const Json& json, const std::string& where) {
  if (json.is_object() && json.contains("type") && json["type"] != "BPE") {
    refuse(where,
           fmt::format("the model {} is not supported; supported is BPE", json["type"].dump()));
  }
  expect_keys(json, where + ": model", {"vocab", "merges"},
              {"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
               "fuse_unk", "byte_fallback", "ignore_merges"});
  if (json.contains("dropout") && !json["dropout"].is_null() && json["dropout"] != 0.0) {
    refuse(where, "model.dropout is not supported, as it makes ids random; set it to null");
  }
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!json.contains(key) || json[key].is_null()) continue;
    if (!json_text(json, key, where).empty())
      refuse(where, fmt::format("model.{} is not supported", key));
  }
  BpeParts parts;
  parts.vocabulary = read_vocabulary(json["vocab"], where);
  parts.merges = read_merges(json["merges"], where);
  if (json.contains("unk_token") && !json["unk_token"].is_null()) {
    parts.unknown = json_text(json, "unk_token", where);
  }
  parts.fuse_unknown = json_flag(json, "fuse_unk", false, where);
  parts.byte_fallback = json_flag(json, "byte_fallback", false, where);
  parts.ignore_merges = json_flag(json, "ignore_merges", false, where);
  return parts;
}

std::vector<AddedToken> read_added_tokens(const Json& json, const BpeParts& model,
                                          const std::string& where) {
  std::vector<AddedToken> tokens;
  // The Python package numbers what is not in the vocabulary itself, whatever the file says.
  auto next = static_cast<std::int64_t>(model.vocabulary.size());
  for (const Json& one : json_array(json, where + ": added_tokens")) {
    const std::string place = fmt::format("{}: added_tokens[{}]", where, tokens.size());
    expect_keys(one, place, {"id", "content"},
                {"single_word", "lstrip", "rstrip", "normalized", "special"});
    AddedToken token;
    token.id = static_cast<TokenId>(json_count(one, "id", kMaxTokenId, place));
    token.content = json_text(one, "content", place);
    token.single_word = json_flag(one, "single_word", false, place);
    token.lstrip = json_flag(one, "lstrip", false, place);
    token.rstrip = json_flag(one, "rstrip", false, place);
    token.normalized = json_flag(one, "normalized", true, place);
    token.special = json_flag(one, "special", false, place);
    const auto known = model.vocabulary.find(token.content);
    const std::int64_t expected = known != model.vocabulary.end() ? known->second : next++;
    if (token.id != expected) {
      refuse(place,
             fmt::format("{} has the id {}, but by the vocabulary of {} tokens it is {}",
                         json_quoted(token.content), token.id, model.vocabulary.size(), expected));
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

/// It adds tokens around a text, or nothing; encode() gives the ids of the text alone.
void check_post_processor(const Json& json, const std::string& where) {
  if (json.is_null()) return;
  const std::string type = json.is_object() ? json_text(json, "type", where) : "";
  constexpr std::array<std::string_view, 5> kKnown{
      "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence"};
  if (std::find(kKnown.begin(), kKnown.end(), type) == kKnown.end()) {
    refuse(where, fmt::format("the post-processor '{}' is not supported", type));
  }
}

}  // namespace

TokenizerParts parse_tokenizer_json(std::string_view bytes, const std::string& where) {
  check_size_and_depth(bytes, where);
  const Json json = parse_strict_json(bytes, where);
  expect_keys(json, where, {"model"},
              {"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
               "post_processor", "decoder"});
  const auto part = [&](const char* key) { return json.contains(key) ? json[key] : Json(); };
  if (json.contains("version") && json["version"] != "1.0") {
    refuse(where, fmt::format("has version {}; \"1.0\" was expected", json["version"].dump()));
  }
  for (const char* key : {"truncation", "padding"}) {
    if (!part(key).is_null())
      refuse(where, fmt::format("'{}' is not supported; set it to null", key));
  }
  check_post_processor(part("post_processor"), where);
  TokenizerParts parts;
  PreTokenizer pre_tokenizer = read_pre_tokenizer(part("pre_tokenizer"), where + ": pre_tokenizer");
  parts.normalizer = read_normalizer(part("normalizer"), where + ": normalizer");
  parts.pre_tokenizer = std::move(pre_tokenizer.steps);
  parts.model = read_model(json["model"], where);
  parts.model.byte_level = pre_tokenizer.byte_level;
  parts.decoder = read_decoder(part("decoder"), where + ": decoder");
  if (json.contains("added_tokens")) {
    parts.added_tokens = read_added_tokens(json["added_tokens"], parts.model, where);
  }
  parts.pipeline = part("normalizer").dump() + part("pre_tokenizer").dump();
  return parts;
}

}  // namespace skillit::detail
