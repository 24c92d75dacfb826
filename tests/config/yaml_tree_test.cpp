#include "skillit/config/yaml_tree.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/config/sample_recipe.h"

namespace skillit::config::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TextNode tree(std::string_view text) {
  Session session("f");
  TextNode node = read_yaml(text, session);
  session.finish();
  return node;
}

std::string problem(std::string_view text) {
  return error_of([&] { static_cast<void>(tree(text)); });
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(YamlTree, KeepsKeysTextQuotesAndLines) {
  const TextNode root = tree("a: 1\nb:\n  - 'x'\n  - {c: ~}\n");
  ASSERT_EQ(root.kind, TextNode::Kind::kMap);
  ASSERT_EQ(root.children.size(), 2u);
  EXPECT_EQ(root.children[0].key, "a");
  EXPECT_EQ(root.children[0].text, "1");
  EXPECT_FALSE(root.children[0].quoted);
  EXPECT_EQ(root.children[0].line, 1);
  const TextNode& list = root.children[1];
  ASSERT_EQ(list.kind, TextNode::Kind::kList);
  ASSERT_EQ(list.children.size(), 2u);
  EXPECT_EQ(list.children[0].text, "x");
  EXPECT_TRUE(list.children[0].quoted);
  EXPECT_EQ(list.children[0].line, 3);
  ASSERT_EQ(list.children[1].children.size(), 1u);
  EXPECT_EQ(list.children[1].children[0].key, "c");
  EXPECT_EQ(list.children[1].children[0].kind, TextNode::Kind::kNothing);
  EXPECT_EQ(list.children[1].children[0].line, 4);
}

TEST(YamlTree, SyntaxErrorsCarryLineAndColumn) {
  EXPECT_EQ(problem("a: 1\nb: [1, 2\n"),
            "f:3: not readable as YAML: end of sequence flow not found (column 1); check the "
            "quotes, brackets and "
            "indentation");
  EXPECT_THAT(problem("a: 1\n b: 2\n"), StartsWith("f:2: not readable as YAML: "));
  EXPECT_THAT(problem("a: b: c\n"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("a:\n\tb: 1\n"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("]\n"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("%YAML 9.9.9\n---\na: 1\n"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("a: \"\\q\"\n"), HasSubstr("not readable as YAML"));
}

TEST(YamlTree, WhatIsOpenedMustBeClosed) {
  for (const char* end : {"", "\n", "\n\n", "\n  ", " ", "\r\n", "\n# c\n"}) {
    for (const char* start : {"a: 'x", "a: \"x", "a: [x", "a: {b: x", "a: [x,", "a: {b:"}) {
      EXPECT_THAT(problem(fmt::format("{}{}", start, end)), HasSubstr("not readable as YAML"))
          << start << end;
    }
  }
}

TEST(YamlTree, ABlockOfTextKeepsItsLineEnds) {
  EXPECT_EQ(tree("a: |\n  x\n  y\n").children[0].text, "x\ny\n");
  EXPECT_EQ(tree("a: |-\n  x\n").children[0].text, "x");
  EXPECT_EQ(tree("a: |+\n  x\n\n").children[0].text, "x\n\n");
  EXPECT_EQ(tree("a: >\n  x\n  y\n").children[0].text, "x y\n");
}

TEST(YamlTree, RefusesWhatWouldMakeATextMeanMoreThanItSays) {
  EXPECT_THAT(problem("a: &x 1\n"), HasSubstr("f:1: anchors, aliases and merge keys"));
  EXPECT_THAT(problem("a: 1\nb: *x\n"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(problem("<<: {a: 1}\n"), HasSubstr("f:1: anchors, aliases and merge keys"));
  EXPECT_EQ(problem("a: &x {b: 1}\nc:\n  <<: *x\n"), R"(2 problems in f:
f:1: anchors, aliases and merge keys (&, *, <<) are not supported; write the value out
f:3: anchors, aliases and merge keys (&, *, <<) are not supported; write the value out)");
  EXPECT_EQ(problem("a: !!str 5\n"),
            "f:1: the tag 'tag:yaml.org,2002:str' is not supported; leave it out");
  EXPECT_THAT(problem("a: !mine [1]\n"), HasSubstr("the tag '!mine'"));
}

TEST(YamlTree, AKeyIsAPlainNameGivenOnce) {
  EXPECT_EQ(problem("a: 1\nb: 2\na: 3\n"),
            "f:3: the key 'a' is given twice, first at line 1; keep one");
  EXPECT_THAT(problem("{a: {b: 1, b: 2}}"), HasSubstr("the key 'b' is given twice"));
  EXPECT_THAT(problem("[a, b]: 1\n"), HasSubstr("a key must be a name"));
  EXPECT_THAT(problem("? {a: 1}\n: 1\n"), HasSubstr("a key must be a name"));
  EXPECT_THAT(problem("~: 1\n"), HasSubstr("a key must be a name"));
  EXPECT_EQ(tree("'': 1\n").children[0].key, "");
}

TEST(YamlTree, ATextIsOneDocument) {
  EXPECT_THAT(problem("a: 1\n---\nb: 2\n"),
              HasSubstr("f:2: there is more text after the end of the document"));
  EXPECT_THAT(problem("a: 1\n...\nb: 2\n"), HasSubstr("f:3: there is more text"));
  EXPECT_EQ(tree("---\na: 1\n...\n").children.size(), 1u);
}

TEST(YamlTree, BytesThatAreNotTextAreRefusedWithTheirLine) {
  EXPECT_THAT(problem("a: 1\nb: \xFF\n"), StartsWith("f:2: not text"));
  EXPECT_THAT(problem(std::string_view("a: 1\0b", 6)), StartsWith("f:1: not text"));
  EXPECT_THAT(problem("a: \x1B[31m\n"), StartsWith("f:1: not text"));
  EXPECT_THAT(problem("a: \x04\n"), StartsWith("f:1: not text"));
  EXPECT_THAT(problem("\xFF\xFE"
                      "a\0"),
              StartsWith("f:1: not text"));
  EXPECT_THAT(problem("a: \xED\xA0\x80\n"), StartsWith("f:1: not text"));
  std::string binary;
  for (int i = 0; i < 100000; ++i) binary += static_cast<char>(i * 167 % 256);
  EXPECT_THAT(problem(binary), HasSubstr("not text"));
}

TEST(YamlTree, NestingIsLimitedInEveryStyle) {
  const std::string too_deep = "nested more than 32 deep";
  EXPECT_EQ(tree(repeated("[", 32) + repeated("]", 32)).kind, TextNode::Kind::kList);
  EXPECT_THAT(problem(repeated("[", 33) + repeated("]", 33)), HasSubstr(too_deep));
  EXPECT_THAT(problem(repeated("[", 20000)), HasSubstr("f:1: "));
  EXPECT_THAT(problem(repeated("{a: ", 20000)), HasSubstr("f:1: "));
  EXPECT_THAT(problem(repeated("- ", 20000)), HasSubstr("f:1: "));
  EXPECT_THAT(problem(repeated("? ", 20000)), HasSubstr("f:1: "));
  std::string stairs;
  for (std::size_t i = 0; i < 500; ++i) stairs += repeated(" ", i) + "a:\n";
  EXPECT_THAT(problem(stairs), HasSubstr("f:33: " + too_deep));
}

TEST(YamlTree, AnAliasBombIsRefusedUnexpanded) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", i, i - 1);
  }
  EXPECT_THAT(problem(bomb), HasSubstr("f:2: anchors, aliases and merge keys"));
}

TEST(YamlTree, ALargeTextIsRefusedAndALargeValueIsNotShownWhole) {
  EXPECT_EQ(problem("a: " + std::string(1 << 20, 'x')),
            "f: 1048579 bytes are too many for a configuration; at most 1048576");
  const std::string value(1000000, 'x');
  EXPECT_EQ(tree("a: " + value + "\n").children[0].text, value);
  EXPECT_LT(problem(value + ": 1\n").size(), 300u);
}

}  // namespace
}  // namespace skillit::config::detail
