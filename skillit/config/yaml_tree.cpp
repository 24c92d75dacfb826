#include "skillit/config/yaml_tree.h"

#include <fmt/core.h>
#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace skillit::config::detail {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxDepth = 32;

/// Ends the reading: what follows could not be understood any more.
struct Unreadable {
  int line;
  std::string message;
};

int line_of(const YAML::Mark& mark) {
  return std::max(mark.line, 0) + 1;
}

/// Builds the tree from the parser's events, so that its size and depth are checked before they
/// exist.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Session& session) : session_(session) {}
  [[nodiscard]] TextNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) {
      throw Unreadable{
          line_of(mark),
          "there is more text after the end of the document; check the quotes, brackets "
          "and indentation before it, and put two documents into two files"};
    }
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    deliver(start(TextNode::Kind::kNothing, mark, "?", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse_references(line_of(mark));
    deliver({.kind = TextNode::Kind::kRefused, .line = line_of(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    TextNode node = start(TextNode::Kind::kScalar, mark, tag, anchor);
    node.text = value;
    node.quoted = tag != "?";
    deliver(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(start(TextNode::Kind::kList, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(start(TextNode::Kind::kMap, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    TextNode node;
    std::optional<TextNode> key = std::nullopt;  ///< Read, its value not yet.
    std::map<std::string, int> lines_by_key = {};
  };

  void refuse_references(int line) {
    session_.add(
        line, "",
        "anchors, aliases and merge keys (&, *, <<) are not supported; write the value out");
  }

  TextNode start(TextNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                 YAML::anchor_t anchor) {
    const int line = line_of(mark);
    if (anchor != 0) refuse_references(line);
    // yaml-cpp: "?" for a plain value, "!" for a quoted one, else what was written.
    if (tag != "?" && tag != "!" && !tag.empty()) {
      session_.add(line, "", fmt::format("the tag {} is not supported; leave it out", shown(tag)));
    }
    return {.kind = kind, .line = line};
  }

  void open(TextNode node) {
    if (levels_.size() >= kMaxDepth) {
      throw Unreadable{node.line, fmt::format("nested more than {} deep", kMaxDepth)};
    }
    levels_.push_back({.node = std::move(node)});
  }

  void close() {
    TextNode node = std::move(levels_.back().node);
    levels_.pop_back();
    deliver(std::move(node));
  }

  void deliver(TextNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == TextNode::Kind::kList) {
      level.node.children.push_back(std::move(node));
    } else if (!level.key) {
      level.key = std::move(node);
    } else {
      const TextNode key = *std::move(level.key);
      level.key.reset();
      if (accept_key(level, key)) {
        node.key = key.text;
        level.node.children.push_back(std::move(node));
      }
    }
  }

  bool accept_key(Level& level, const TextNode& key) {
    if (key.kind == TextNode::Kind::kRefused) return false;
    if (key.kind != TextNode::Kind::kScalar) {
      session_.add(key.line, "", "a key must be a name, not a list, a section or nothing");
      return false;
    }
    if (key.text == "<<" && !key.quoted) {
      refuse_references(key.line);
      return false;
    }
    const auto [first, is_new] = level.lines_by_key.emplace(key.text, key.line);
    if (!is_new) {
      session_.add(key.line, "",
                   fmt::format("the key {} is given twice, first at line {}; keep one",
                               shown(key.text), first->second));
    }
    return is_new;
  }

  Session& session_;
  bool started_ = false;
  std::vector<Level> levels_;
  TextNode root_;
};

void check_bytes(std::string_view text) {
  if (text.size() > kMaxBytes) {
    throw Unreadable{0, fmt::format("{} bytes are too many for a configuration; at most {}",
                                    text.size(), kMaxBytes)};
  }
  int line = 1;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!is_text(text.substr(begin, end - begin))) {
      throw Unreadable{
          line,
          "not text: a byte here is a control character or not UTF-8; is this the right file?"};
    }
    begin = end + 1;
  }
}

}  // namespace

bool is_text(std::string_view bytes) {
  const auto control = [](unsigned char c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  };
  return std::none_of(bytes.begin(), bytes.end(), control) &&
         simdjson::validate_utf8(bytes.data(), bytes.size());
}

TextNode read_yaml(std::string_view text, Session& session) {
  try {
    check_bytes(text);
    // yaml-cpp 0.7 takes the end of the text for a missing closing quote when only blanks come
    // before it. A comment at the end makes it look: inside quotes it is no comment.
    std::istringstream stream(std::string(text) + (text.ends_with('\n') ? "#" : "\n#"));
    YAML::Parser parser(stream);
    TreeBuilder builder(session);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
    return builder.take_root();
  } catch (const Unreadable& unreadable) {
    session.add(unreadable.line, "", unreadable.message);
  } catch (const YAML::Exception& error) {
    session.add(
        line_of(error.mark), "",
        fmt::format(
            "not readable as YAML: {} (column {}); check the quotes, brackets and indentation",
            error.msg, std::max(error.mark.column, 0) + 1));
  }
  return {.kind = TextNode::Kind::kRefused};
}

}  // namespace skillit::config::detail
