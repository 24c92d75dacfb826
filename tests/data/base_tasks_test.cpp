#include <fmt/core.h>
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <set>

#include "skillit/base/error.h"
#include "skillit/data/pointer_chasing.h"
#include "skillit/data/recall.h"
#include "tests/data/read_clauses.h"

namespace skillit {
namespace {

using testing::HasSubstr;

std::string text_of(const Sample& sample) {
  return synthetic_tokenizer().decode(sample.tokens);
}

/// The scored tokens as text.
std::string answers_of(const Sample& sample) {
  std::vector<TokenId> tokens;
  for (std::size_t t = 0; t < sample.tokens.size(); ++t) {
    if (sample.scored[t] == 1) tokens.push_back(sample.tokens[t]);
  }
  return synthetic_tokenizer().decode(tokens);
}

/// " b val c d not 1 .." -> its facts " b val c", " d not 1", ..; the first half was said, the rest
/// is asked.
std::pair<std::vector<std::string>, std::vector<std::string>> read_facts(const std::string& text) {
  constexpr std::size_t kFactLength = 8;
  std::vector<std::string> facts;
  for (std::size_t i = 0; i < text.size(); i += kFactLength) {
    facts.push_back(text.substr(i, kFactLength));
  }
  const auto middle = facts.begin() + static_cast<std::ptrdiff_t>(facts.size() / 2);
  return {{facts.begin(), middle}, {middle, facts.end()}};
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
    return error.what();
  }
  return "no error";
}

TEST(Recall, AsksForEveryFactInAnotherOrderAndScoresRelationAndValue) {
  RecallOptions options;
  options.train_samples = 300;
  const SkillData data = make_recall_data(options, 1);
  EXPECT_THAT(data.skills.names(), testing::ElementsAre("recall"));
  bool reordered = false;
  for (std::size_t i = 0; i < data.train[0].size(); ++i) {
    const auto [said, asked] = read_facts(text_of(data.train[0][i]));
    ASSERT_EQ(said.size(), 5U);
    std::set<std::string> keys;
    for (const std::string& fact : said) keys.insert(fact.substr(0, 2));
    ASSERT_EQ(keys.size(), 5U);
    ASSERT_EQ(std::multiset<std::string>(said.begin(), said.end()),
              std::multiset<std::string>(asked.begin(), asked.end()));
    reordered = reordered || said != asked;
    std::string answers;
    for (const std::string& fact : asked) answers += fact.substr(2);
    ASSERT_EQ(answers_of(data.train[0][i]), answers);
  }
  EXPECT_TRUE(reordered);
}

TEST(PointerChasing, EveryVariableIsAskedOnceAndTheAnswerIsItsRoot) {
  for (const int max_depth : {1, 2, 3}) {
    PointerChasingOptions options;
    options.train_samples = 300;
    options.max_depth = max_depth;
    const SkillData data = make_pointer_chasing_data(options, 1);
    int deepest = 0;
    for (std::size_t i = 0; i < data.train[0].size(); ++i) {
      const auto [said, asked] = read_question_and_answer(text_of(data.train[0][i]));
      ASSERT_EQ(said.size(), 5U);
      std::map<char, char> next;
      for (const Clause& clause : said) {
        ASSERT_FALSE(clause.flipped);
        ASSERT_TRUE(next.emplace(clause.variable, clause.value).second);
      }
      std::set<char> variables;
      std::string answers;
      for (const Clause& query : asked) {
        ASSERT_TRUE(variables.insert(query.variable).second);
        char root = query.variable;
        int depth = 0;
        for (; next.count(root) == 1; ++depth) root = next[root];
        ASSERT_LE(depth, max_depth);
        deepest = std::max(deepest, depth);
        ASSERT_EQ(query.value, root);
        answers += {' ', query.value};
      }
      ASSERT_EQ(variables.size(), 5U);
      ASSERT_EQ(answers_of(data.train[0][i]), answers);
    }
    EXPECT_EQ(deepest, max_depth);
  }
}

TEST(BaseTasks, OptionsOutsideTheirRangeAreRefused) {
  RecallOptions recall;
  recall.facts = 27;
  EXPECT_THAT(refusal([&] { (void)make_recall_data(recall, 1); }), HasSubstr("27 facts; 1 to 26"));
  PointerChasingOptions chasing;
  chasing.clauses = 26;
  EXPECT_THAT(refusal([&] { (void)make_pointer_chasing_data(chasing, 1); }),
              HasSubstr("26 clauses; 1 to 25"));
  chasing = {};
  chasing.max_depth = 0;
  EXPECT_THAT(refusal([&] { (void)make_pointer_chasing_data(chasing, 1); }),
              HasSubstr("max_depth is 0"));
}

TEST(BaseTasks, TextsArePinned) {
  Rng rng(1);
  EXPECT_EQ(draw_recall_text({}, rng).text(),
            " z not a l not n k val b n val z g not u z not a g not u k val b l not n n val z");
  EXPECT_EQ(draw_pointer_chasing_text({}, rng).text(),
            "Input:  u = val j , j = val b , w = val 0 ,  p = val r , r = val n. Output: u = val b "
            ", j = val b , w = val 0 , p = val n , r = val n");
}

}  // namespace
}  // namespace skillit
