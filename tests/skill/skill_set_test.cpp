#include "skillit/skill/skill_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using testing::expect_error;

TEST(SkillSet, KeepsTheOrderGivenAndFindsByName) {
  const SkillSet skills({"zebra", "apple", "mango"});
  EXPECT_EQ(skills.size(), 3u);
  EXPECT_THAT(skills.names(), ElementsAre("zebra", "apple", "mango"));
  EXPECT_EQ(skills[0], "zebra");
  EXPECT_EQ(skills.find("zebra"), 0u);
  EXPECT_EQ(skills.find("apple"), 1u);
  EXPECT_EQ(skills.find("mango"), 2u);
  EXPECT_EQ(skills.index_of("mango", "here"), 2u);
}

TEST(SkillSet, DoesNotFindWhatIsOnlySimilar) {
  const SkillSet skills({"b", "a"});
  for (const char* name : {"", "A", "aa", "c"}) EXPECT_EQ(skills.find(name), std::nullopt) << name;
  EXPECT_EQ(SkillSet().find("a"), std::nullopt);
}

TEST(SkillSet, MayBeEmptyAndIsComparedByNamesInOrder) {
  EXPECT_EQ(SkillSet().size(), 0u);
  EXPECT_EQ(SkillSet({"a", "b"}), SkillSet({"a", "b"}));
  EXPECT_NE(SkillSet({"a", "b"}), SkillSet({"b", "a"}));
}

TEST(SkillSet, RefusesEmptyAndRepeatedNames) {
  expect_error(ErrorCode::kBadArgument, {"graph.json", "skill 1", "empty name"}, [] {
    SkillSet({"a", ""}, "graph.json");
  });
  expect_error(ErrorCode::kBadArgument, {"graph.json", "'b' is named twice"}, [] {
    SkillSet({"b", "a", "b"}, "graph.json");
  });
}

TEST(SkillSet, NamesTheNearestSkillWhenOneIsUnknown) {
  const SkillSet skills({"addition", "copying"});
  expect_error(ErrorCode::kMismatch,
               {"--targets", "no skill 'adition'", "did you mean 'addition'?", "addition, copying"},
               [&] { (void)skills.index_of("adition", "--targets"); });
  expect_error(ErrorCode::kMismatch, {"no skill 'x'", "the skills are: addition, copying"},
               [&] { (void)skills.index_of("x", "--targets"); });
}

TEST(MatchNames, GivesThePlaceOfEachWantedName) {
  EXPECT_THAT(match_names(SkillSet({"c", "a", "b"}), SkillSet({"a", "b", "c"}), "run", "graph"),
              ElementsAre(2, 0, 1));
  EXPECT_THAT(match_names(SkillSet(), SkillSet(), "run", "graph"), ElementsAre());
}

TEST(MatchNames, ListsEveryMissingAndEveryUnexpectedName) {
  expect_error(ErrorCode::kMismatch,
               {"the losses and the graph name different skills", "only the losses has x, y;",
                "only the graph has b, c;"},
               [] {
                 (void)match_names(SkillSet({"x", "a", "y"}), SkillSet({"a", "b", "c"}),
                                   "the losses", "the graph");
               });
}

TEST(MatchNames, ASubsetIsAMismatchToo) {
  expect_error(ErrorCode::kMismatch, {"only the graph has b;"}, [] {
    (void)match_names(SkillSet({"a"}), SkillSet({"a", "b"}), "the losses", "the graph");
  });
  expect_error(ErrorCode::kMismatch, {"only the losses has b;"}, [] {
    (void)match_names(SkillSet({"a", "b"}), SkillSet({"a"}), "the losses", "the graph");
  });
}

}  // namespace
}  // namespace skillit
