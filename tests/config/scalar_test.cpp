#include "skillit/config/scalar.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/config/sample_recipe.h"

namespace skillit::config::detail {
namespace {

using ::testing::HasSubstr;

TextNode plain(std::string text) {
  return {.kind = TextNode::Kind::kScalar, .text = std::move(text)};
}

template <class T>
T read(const std::string& text) {
  T value{};
  EXPECT_EQ(read_scalar(plain(text), {}, value), "") << text;
  return value;
}

template <class T>
std::string refused(const std::string& text, const Limits& limits = {}) {
  T value{};
  const std::string problem = read_scalar(plain(text), limits, value);
  EXPECT_EQ(value, T{}) << text;
  return problem;
}

TEST(Scalar, AnIntegerIsAnyTextForAWholeNumber) {
  EXPECT_EQ(read<std::int64_t>("0"), 0);
  EXPECT_EQ(read<std::int64_t>("-12"), -12);
  EXPECT_EQ(read<std::int64_t>("+12"), 12);
  EXPECT_EQ(read<std::int64_t>("1e6"), 1000000);
  EXPECT_EQ(read<std::int64_t>("1.5e3"), 1500);
  EXPECT_EQ(read<std::int64_t>("2.0"), 2);
  EXPECT_EQ(read<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read<std::int64_t>("9007199254740992.0"), std::int64_t{1} << 53);
}

TEST(Scalar, AnIntegerThatWouldBeRoundedOrWrappedIsRefused) {
  EXPECT_THAT(refused<std::int64_t>("1.5"), HasSubstr("found '1.5' (it has a fraction)"));
  EXPECT_THAT(refused<std::int64_t>("1e-1"), HasSubstr("it has a fraction"));
  EXPECT_THAT(refused<std::int64_t>("9223372036854775808"), HasSubstr("too large"));
  EXPECT_THAT(refused<std::int64_t>("1e18"), HasSubstr("write all its digits"));
  EXPECT_THAT(refused<std::int64_t>("9007199254740994.0"), HasSubstr("write all its digits"));
  EXPECT_THAT(refused<std::int64_t>("1e999"), HasSubstr("too large"));
  EXPECT_THAT(refused<std::int64_t>("inf"), HasSubstr("it must be finite"));
  EXPECT_THAT(refused<std::int64_t>("nan"), HasSubstr("it must be finite"));
  for (const char* text :
       {"", " 1", "1 ", "1x", "0x10", "+-1", "--1", "1_000", "one", "true", "e5", "."}) {
    EXPECT_EQ(refused<std::int64_t>(text), fmt::format("expected an integer, found '{}'", text));
  }
}

TEST(Scalar, ANumberIsFinite) {
  EXPECT_EQ(read<double>("3e-4"), 3e-4);
  EXPECT_EQ(read<double>("-.5"), -0.5);
  EXPECT_EQ(read<double>("5."), 5);
  EXPECT_EQ(read<double>("+1E2"), 100);
  for (const char* text : {"inf", "-inf", "nan", "NaN", "infinity", "nan(1)"}) {
    EXPECT_THAT(refused<double>(text), HasSubstr("it must be finite"));
  }
  EXPECT_THAT(refused<double>("1e400"), HasSubstr("too large or too small for a double"));
  EXPECT_THAT(refused<double>("1e-400"), HasSubstr("too large or too small for a double"));
  for (const char* text : {"", ".inf", ".nan", "1,5", "0x1p3", "1e", "1.2.3"}) {
    EXPECT_EQ(refused<double>(text), fmt::format("expected a number, found '{}'", text));
  }
}

TEST(Scalar, AFlagIsTrueOrFalseAndNothingElse) {
  EXPECT_TRUE(read<bool>("true"));
  EXPECT_FALSE(read<bool>("false"));
  EXPECT_EQ(refused<bool>("yes"), "expected true | false, found 'yes'");
  for (const char* text : {"True", "1", "0", "on", ""})
    EXPECT_THAT(refused<bool>(text), HasSubstr("expected"));
}

TEST(Scalar, LimitsIncludeTheirEndsUnlessTheySayAbove) {
  double value = 0;
  EXPECT_EQ(read_scalar(plain("0"), between(0, 1), value), "");
  EXPECT_EQ(read_scalar(plain("1"), between(0, 1), value), "");
  EXPECT_EQ(read_scalar(plain("1.01"), between(0, 1), value),
            "expected a number in [0, 1], found '1.01'");
  EXPECT_EQ(read_scalar(plain("-1e-9"), between(0, 1), value),
            "expected a number in [0, 1], found '-1e-9'");
  EXPECT_EQ(read_scalar(plain("0"), positive(), value), "expected a number > 0, found '0'");
  EXPECT_EQ(read_scalar(plain("1e-300"), positive(), value), "");
  EXPECT_EQ(read_scalar(plain("2.5"), above(2.5), value), "expected a number > 2.5, found '2.5'");
  EXPECT_EQ(read_scalar(plain("2.5"), at_least(2.5), value), "");
  EXPECT_EQ(value, 2.5);
  EXPECT_EQ(refused<std::int64_t>("-1", at_least(0)), "expected an integer >= 0, found '-1'");
}

TEST(Scalar, AQuotedNumberIsText) {
  TextNode node = plain("5");
  node.quoted = true;
  std::int64_t number = 0;
  EXPECT_EQ(read_scalar(node, {}, number),
            "expected an integer, found '5' in quotes (leave out the quotes)");
  std::string text;
  EXPECT_EQ(read_scalar(node, {}, text), "");
  EXPECT_EQ(text, "5");
}

TEST(Scalar, AMessageShowsLongOrOddTextInOneShortLine) {
  EXPECT_EQ(refused<bool>(std::string(1000, 'x')),
            "expected true | false, found '" + std::string(60, 'x') + "...'");
  EXPECT_EQ(refused<bool>("a\nb\x1B[1m"), "expected true | false, found 'a?b?[1m'");
  EXPECT_EQ(shown(std::string(59, 'x') + "\xC3\xA9\xC3\xA9"), "'" + std::string(59, 'x') + "...'");
  // Bytes that are no UTF-8 have no place to be cut at; found by fuzzing.
  EXPECT_EQ(shown(std::string(100, '\x81')), "'...'");
}

TEST(Scalar, WritesNumbersInTheirShortestExactForm) {
  EXPECT_EQ(write_scalar(0.1, "x"), "0.1");
  EXPECT_EQ(write_scalar(3e-4, "x"), "0.0003");
  EXPECT_EQ(write_scalar(1.0, "x"), "1");
  EXPECT_EQ(write_scalar(-0.0, "x"), "-0");
  EXPECT_EQ(write_scalar(std::numeric_limits<std::int64_t>::min(), "x"), "-9223372036854775808");
  for (const double value :
       {5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1.0 / 3, 123456789012345680.0}) {
    EXPECT_EQ(read<double>(write_scalar(value, "x")), value);
  }
}

TEST(Scalar, QuotesTextThatYamlWouldReadDifferently) {
  EXPECT_EQ(write_scalar(std::string("runs/a-b_1.jsonl"), "x"), "runs/a-b_1.jsonl");
  EXPECT_EQ(write_scalar(std::string("/abs"), "x"), "/abs");
  for (const char* text : {"", "null", "True", "no", "5", "-x", ".5", "~", "a b", "a:b", "#a", "*a",
                           "[a", "skill,b"}) {
    EXPECT_EQ(write_scalar(std::string(text), "x"), fmt::format("\"{}\"", text));
  }
  EXPECT_EQ(write_scalar(std::string("a\"b\\c\n\t\x7F"), "x"), R"("a\"b\\c\x0A\x09\x7F")");
}

TEST(Scalar, RefusesToWriteWhatCannotBeRead) {
  const auto write_nan = [] { static_cast<void>(write_scalar(std::nan(""), "optimizer.lr")); };
  EXPECT_THAT(error_of(write_nan, ErrorCode::kBadArgument), HasSubstr("optimizer.lr is nan"));
  const auto write_bytes = [] { static_cast<void>(write_scalar(std::string("\xFF"), "name")); };
  EXPECT_THAT(error_of(write_bytes, ErrorCode::kBadArgument), HasSubstr("name is not UTF-8"));
}

}  // namespace
}  // namespace skillit::config::detail
