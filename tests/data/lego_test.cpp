#include "skillit/data/lego.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <set>

#include "skillit/base/error.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/data/read_clauses.h"

namespace skillit {
namespace {

using testing::HasSubstr;

LegoOptions lego(int skills, LegoShape shape = LegoShape::kChain) {
  LegoOptions options;
  options.skills = skills;
  options.shape = shape;
  options.train_samples = 50;
  options.validation_samples = 20;
  return options;
}

std::vector<std::string> texts(const SampleStore& store) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < store.size(); ++i)
    result.push_back(synthetic_tokenizer().decode(store[i].tokens));
  return result;
}

/// A LEGO text read back without the generator: who depends on whom, who is asked, and what follows
/// from the clauses.
struct Parsed {
  std::map<char, char> parents;  ///< A root's is its value, '0' or '1'.
  std::map<char, bool> flips;
  char asked = ' ';
  char answer = ' ';

  explicit Parsed(const std::string& text) {
    const auto [said, asked_for] = read_question_and_answer(text);
    for (const Clause& clause : said) {
      EXPECT_TRUE(parents.emplace(clause.variable, clause.value).second) << text;
      flips[clause.variable] = clause.flipped;
    }
    EXPECT_EQ(asked_for.size(), 1U) << text;
    asked = asked_for[0].variable;
    answer = asked_for[0].value;
  }

  [[nodiscard]] bool root(char name) const {
    return parents.at(name) == '0' || parents.at(name) == '1';
  }
  [[nodiscard]] std::size_t depth(char name) const {
    return root(name) ? 0 : 1 + depth(parents.at(name));
  }
  [[nodiscard]] bool value(char name) const {
    return root(name) ? parents.at(name) == '1' : value(parents.at(name)) != flips.at(name);
  }
  [[nodiscard]] std::multiset<std::size_t> depths() const {
    std::multiset<std::size_t> result;
    for (const auto& [name, parent] : parents) result.insert(depth(name));
    return result;
  }
};

TEST(Lego, TextHasThePublishedFormToTheLastSpace) {
  // Wherever it stands, a root has one space before it, and a clause that depends on another has
  // two.
  const std::string root = "[a-z] = val [01]";
  const std::string other = " [a-z] = (val|not) [a-z]";
  const auto form = [](const std::string& a, const std::string& b, const std::string& c) {
    return "Input: " + a + " , " + b + " , " + c + "\\. Output: [a-z] = val [01], ";
  };
  const std::vector<std::string> forms = {form(root, other, other), form(other, root, other),
                                          form(other, other, root)};
  std::vector<int> counts(forms.size(), 0);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed);
    const std::string text = draw_lego_text(lego(3), rng, 1).text();
    int matches = 0;
    for (std::size_t i = 0; i < forms.size(); ++i) {
      const bool match = testing::Matches(testing::MatchesRegex(forms[i]))(text);
      counts[i] += match;
      matches += match;
    }
    ASSERT_EQ(matches, 1) << text;
  }
  EXPECT_THAT(counts, testing::Each(testing::Gt(5)));
}

TEST(Lego, HasAsManyTokensAsPublishedAndTheAnswerAtItsPlace) {
  const std::vector<std::array<std::size_t, 3>> published = {{3, 27, 24}, {4, 33, 30}, {5, 39, 36}};
  for (const auto& [skills, num_tokens, answer] : published) {
    const SkillData data = make_lego_data(lego(static_cast<int>(skills)), 1);
    ASSERT_EQ(data.skills.size(), skills);
    for (std::size_t skill = 0; skill < skills; ++skill) {
      for (std::size_t i = 0; i < data.train[skill].size(); ++i) {
        const Sample sample = data.train[skill][i];
        ASSERT_EQ(sample.tokens.size(), num_tokens);
        for (std::size_t t = 0; t < num_tokens; ++t)
          ASSERT_EQ(sample.scored[t], t == answer ? 1 : 0);
        const std::string word = synthetic_words()[static_cast<std::size_t>(sample.tokens[answer])];
        ASSERT_THAT(word, testing::AnyOf(" 0", " 1"));
      }
    }
  }
}

TEST(Lego, ChainTextsAreRightAndSkillIAsksAtDepthI) {
  for (const int skills : {1, 2, 5, 26}) {
    const SkillData data = make_lego_data(lego(skills), 1);
    for (std::size_t skill = 0; skill < data.skills.size(); ++skill) {
      EXPECT_EQ(data.skills[skill], "lego-" + std::to_string(skill + 1));
      for (const std::string& text : texts(data.train[skill])) {
        const Parsed parsed(text);
        ASSERT_EQ(parsed.depth(parsed.asked), skill) << text;
        ASSERT_EQ(parsed.answer, parsed.value(parsed.asked) ? '1' : '0') << text;
        std::multiset<std::size_t> chain;
        for (std::size_t i = 0; i < data.skills.size(); ++i) chain.insert(i);
        ASSERT_EQ(parsed.depths(), chain) << text;
      }
    }
  }
}

TEST(Lego, TreeHasTwoChildrenANodeAndTwoChainsShareNothing) {
  const std::multiset<std::size_t> tree_depths = {0, 1, 1,
                                                  2, 2, 2};  // Parents 0 0 1 1 2 of variables 1..5.
  const SkillData tree = make_lego_data(lego(6, LegoShape::kTree), 1);
  const std::vector<std::size_t> depth_of_skill = {0, 1, 1, 2, 2, 2};
  for (std::size_t skill = 0; skill < 6; ++skill) {
    for (const std::string& text : texts(tree.train[skill])) {
      const Parsed parsed(text);
      ASSERT_EQ(parsed.depths(), tree_depths);
      ASSERT_EQ(parsed.depth(parsed.asked), depth_of_skill[skill]);
      ASSERT_EQ(parsed.answer, parsed.value(parsed.asked) ? '1' : '0') << text;
      std::map<char, int> children;
      for (const auto& [name, parent] : parsed.parents) ASSERT_LE(++children[parent], 2) << text;
    }
  }
  const SkillData chains = make_lego_data(lego(5, LegoShape::kTwoChains), 1);
  const std::vector<std::size_t> depth_in_chain = {0, 1, 2, 0, 1};
  for (std::size_t skill = 0; skill < 5; ++skill) {
    for (const std::string& text : texts(chains.train[skill])) {
      const Parsed parsed(text);
      ASSERT_EQ(parsed.depths(), (std::multiset<std::size_t>{0, 0, 1, 1, 2}));
      ASSERT_EQ(parsed.depth(parsed.asked), depth_in_chain[skill]);
      ASSERT_EQ(parsed.answer, parsed.value(parsed.asked) ? '1' : '0') << text;
    }
  }
}

TEST(Lego, NoTextIsTwiceInAPoolOrInBothTrainingAndValidation) {
  for (const LegoShape shape : {LegoShape::kChain, LegoShape::kTree, LegoShape::kTwoChains}) {
    LegoOptions options = lego(2, shape);
    options.train_samples = 3000;  // Of 5,200 texts a skill: without a check most would meet again.
    options.validation_samples = 500;
    const SkillData data = make_lego_data(options, 1);
    std::set<std::string> held_out;
    for (const SampleStore& store : data.validation) {
      const auto all = texts(store);
      ASSERT_EQ(all.size(), 500U);
      ASSERT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
      held_out.insert(all.begin(), all.end());
    }
    for (const SampleStore& store : data.train) {
      const auto all = texts(store);
      ASSERT_EQ(all.size(), 3000U);
      ASSERT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
      for (const std::string& text : all) ASSERT_EQ(held_out.count(text), 0U) << text;
    }
  }
}

TEST(Lego, WhereTextsRunOutThePoolsHoldThemAllAndValidationAFifth) {
  LegoOptions options = lego(1);  // 26 letters x 2 values.
  options.train_samples = 1000;
  const SkillData data = make_lego_data(options, 1);
  EXPECT_EQ(data.validation[0].size(), 10U);
  EXPECT_EQ(data.train[0].size(), 42U);
}

TEST(Lego, ValidationDependsOnItsSeedAloneAndTrainingOnTheRuns) {
  const SkillData one = make_lego_data(lego(3), 1);
  const SkillData again = make_lego_data(lego(3), 1);
  const SkillData two = make_lego_data(lego(3), 2);
  LegoOptions options = lego(3);
  options.validation_seed = 43;
  const SkillData other = make_lego_data(options, 1);
  for (std::size_t skill = 0; skill < 3; ++skill) {
    EXPECT_EQ(one.train[skill].fingerprint(), again.train[skill].fingerprint());
    EXPECT_NE(one.train[skill].fingerprint(), two.train[skill].fingerprint());
    EXPECT_EQ(one.validation[skill].fingerprint(), two.validation[skill].fingerprint());
    EXPECT_NE(one.validation[skill].fingerprint(), other.validation[skill].fingerprint());
  }
}

TEST(Lego, AskingForMoreSamplesOnlyAppends) {
  LegoOptions more = lego(3);
  more.train_samples = 200;
  const auto few = texts(make_lego_data(lego(3), 1).train[1]);
  auto many = texts(make_lego_data(more, 1).train[1]);
  ASSERT_EQ(many.size(), 200U);
  many.resize(few.size());
  EXPECT_EQ(few, many);
}

TEST(Lego, LossOnAllTokensIsForTrainingOnly) {
  LegoOptions options = lego(3);
  options.loss = ScoredTokens::kAll;
  const SkillData data = make_lego_data(options, 1);
  const Sample train = data.train[0][0];
  EXPECT_EQ(std::count(train.scored.begin(), train.scored.end(), 1), 26);
  EXPECT_EQ(train.scored[0], 0);
  const Sample validation = data.validation[0][0];
  EXPECT_EQ(std::count(validation.scored.begin(), validation.scored.end(), 1), 1);
}

TEST(Lego, AnyTokenizerScoresTheAnswerAndNotTheSpaceBeforeIt) {
  const SkillData data = make_lego_data(lego(3), 1, ByteTokenizer());
  const Sample sample = data.train[2][0];
  const std::size_t answer = sample.tokens.size() - 3;  // Before ", ".
  for (std::size_t t = 0; t < sample.tokens.size(); ++t)
    ASSERT_EQ(sample.scored[t], t == answer ? 1 : 0);
}

TEST(Lego, OptionsOutsideTheirRangeAreRefused) {
  const auto refuse = [](const LegoOptions& options) -> std::string {
    try {
      (void)make_lego_data(options, 1);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(refuse(lego(0)), HasSubstr("0 skills; 1 to 26"));
  EXPECT_THAT(refuse(lego(27)), HasSubstr("27 skills"));
  EXPECT_THAT(refuse(lego(1, LegoShape::kTwoChains)), HasSubstr("2 to 26"));
  LegoOptions options = lego(3);
  options.train_samples = 0;
  EXPECT_THAT(refuse(options), HasSubstr("train_samples is 0"));
  options = lego(3);
  options.validation_samples = -1;
  EXPECT_THAT(refuse(options), HasSubstr("validation_samples is -1"));
}

// Published runs stand on these texts.
TEST(Lego, TextsArePinned) {
  const SkillData data = make_lego_data(lego(3), 1);
  EXPECT_EQ(texts(data.validation[1])[0],
            "Input:  d = not m , w = val 1 ,  m = not w. Output: m = val 0, ");
  EXPECT_EQ(texts(data.train[2])[0],
            "Input:  p = val w , k = val 0 ,  w = val k. Output: p = val 0, ");
}

}  // namespace
}  // namespace skillit
