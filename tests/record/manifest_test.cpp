#include "skillit/record/manifest.h"

#include <gmock/gmock.h>

#include "run_fixture.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::small_manifest;

TEST(Manifest, ReadsBackUnchanged) {
  Manifest manifest = small_manifest();
  manifest.seed = ~std::uint64_t{0};
  manifest.recipe = "text: \"a\\nb\"\nname: zwölf\n";
  manifest.versions = {{"skillit", "0.1.0"}};
  manifest.machine = {{"cpu", "x"}};
  EXPECT_EQ(parse_manifest(manifest_to_json(manifest), "m"), manifest);
  manifest.train_samples = {10, ~std::uint64_t{0}};
  manifest.costs = UnitCosts{1e9 / 3, 2.5, 1e300, std::nullopt};
  EXPECT_EQ(parse_manifest(manifest_to_json(manifest), "m"), manifest);
  manifest.costs->graph_flops = 0;
  manifest.costs->sample_losses_flops = 1.5e9;
  EXPECT_EQ(parse_manifest(manifest_to_json(manifest), "m"), manifest);
}

TEST(Manifest, TheSameRunHasNoDifference) {
  Manifest other = small_manifest();
  other.machine["cpu"] = "another";
  other.versions["skillit"] = "9.9.9";
  other.train_samples = {1, 2};
  other.costs = UnitCosts{};
  EXPECT_THAT(difference(small_manifest(), other), IsEmpty());
}

TEST(Manifest, ADifferenceInTheRecipeNamesTheKeyAndBothValues) {
  Manifest other = small_manifest();
  other.recipe = "train:\n  steps: 40\n  rate: 0.001\nmethods: [skillit, random]\n";
  other.fingerprints["recipe"] = "cc";
  EXPECT_THAT(difference(small_manifest(), other),
              ElementsAre("recipe methods[0] was not set, is now skillit",
                          "recipe methods[1] was not set, is now random",
                          "recipe train.steps was 20, is now 40"));
}

TEST(Manifest, EveryOtherDifferenceIsNamed) {
  Manifest other = small_manifest();
  other.format_version = 2;
  other.study = "addition";
  other.method = "random";
  other.seed = 8;
  other.steps = 30;
  other.rounds = 3;
  other.train_skills = {"s1"};
  other.eval_skills = {"s2", "s1"};
  other.fingerprints = {{"recipe", "cc"}, {"base", "dd"}};
  EXPECT_THAT(
      difference(small_manifest(), other),
      ElementsAre("format version was 1, is now 2", "study was lego, is now addition",
                  "method was skillit, is now random", "seed was 7, is now 8",
                  "steps was 20, is now 30", "rounds was 2, is now 3",
                  HasSubstr("training skills was [\"s1\", \"s2\"], is now [\"s1\"]"),
                  HasSubstr("evaluation skills was"), "fingerprint of base was not set, is now dd",
                  "fingerprint of data was bb, is now not set",
                  "fingerprint of recipe was aa, is now cc"));
}

TEST(Manifest, AnotherFormatVersionIsRefusedByItsNumber) {
  const Error error =
      error_of([] { (void)parse_manifest("{\"format_version\": 2}", "run/manifest.json"); });
  EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  EXPECT_THAT(error.what(), HasSubstr("run/manifest.json: this run folder has format version 2"));
}

TEST(Manifest, DamageIsRefused) {
  const std::string whole = manifest_to_json(small_manifest());
  for (const std::string& text :
       {std::string(), std::string("[]"), whole.substr(0, whole.size() / 2),
        std::string("{\"format_version\": 1, \"study\": 3}")}) {
    const Error error = error_of([&] { (void)parse_manifest(text, "run/manifest.json"); });
    EXPECT_EQ(error.code(), ErrorCode::kBadFormat);
    EXPECT_THAT(error.what(), HasSubstr("run/manifest.json: is not the manifest of a run"));
  }
}

}  // namespace
}  // namespace skillit
