#include "skillit/data/pack.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <set>

#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/base/temp_folder.h"
#include "skillit/data/held_out.h"
#include "skillit/data/pack_data.h"
#include "skillit/data/pack_outputs.h"
#include "skillit/data/pack_reader.h"
#include "skillit/data/pack_stats.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;
using testing::expect_error;

/// A byte tokenizer that fails at the text it is given, as a full disk or a kill would.
class StoppingTokenizer final : public Tokenizer {
 public:
  explicit StoppingTokenizer(std::string stop_at) : stop_at_(std::move(stop_at)) {}
  std::vector<TokenId> encode(std::string_view text) const override {
    if (text == stop_at_) fail(ErrorCode::kIo, "stopped");
    return bytes_.encode(text);
  }
  std::string decode(std::span<const TokenId> tokens) const override {
    return bytes_.decode(tokens);
  }
  std::size_t vocabulary_size() const override { return bytes_.vocabulary_size(); }
  TokenId end_of_document() const override { return bytes_.end_of_document(); }
  std::string fingerprint() const override { return bytes_.fingerprint(); }

 private:
  ByteTokenizer bytes_;
  std::string stop_at_;
};

/// A JSON lines file of a skill with texts "<skill> 0", "<skill> 1", ..
void write_lines(const TempFolder& folder, const std::string& skill, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += fmt::format("{{\"text\": \"{} {}\"}}\n", skill, i);
  write_file_atomically(folder / (skill + ".jsonl"), lines);
}

PackOptions options_for(const TempFolder& folder) {
  PackOptions options;
  options.files = list_document_files({folder.path().string()}, {}, false);
  options.threads = 2;
  options.memory_bytes = 1 << 20;
  return options;
}

std::multiset<std::string> texts_of(const fs::path& folder, const PackIndex& index,
                                    const PackPart& part) {
  std::multiset<std::string> texts;
  for (const auto& example :
       read_pack_examples(folder, index, part, SIZE_MAX, *make_pack_tokenizer(index, folder)))
    texts.insert(example.text);
  return texts;
}

std::map<std::string, std::string> contents_of(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::directory_iterator(folder))
    contents[entry.path().filename().string()] = read_file(entry.path());
  return contents;
}

TEST(Pack, HoldsEveryDocumentOnceOnTheSideItsHashSays) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 300);
  write_lines(folder, "b", 50);
  PackOptions options = options_for(folder);
  options.validation_fraction = 0.2;
  const PackIndex made = make_pack(out / "pack", options, ByteTokenizer(), "byte");
  const PackIndex index = read_pack_index(out / "pack");
  ASSERT_EQ(index.skills.size(), 2U);
  EXPECT_EQ(index.skills[0].name, "a");
  EXPECT_EQ(index.type, TokenType::kU16);
  const auto train = texts_of(out / "pack", index, index.skills[0].train);
  const auto validation = texts_of(out / "pack", index, index.skills[0].validation);
  EXPECT_EQ(train.size() + validation.size(), 300U);
  const HeldOut held_out(0.2);
  for (const std::string& text : train) EXPECT_FALSE(held_out.contains(hash64(text))) << text;
  for (int i = 0; i < 300; ++i) {
    const std::string text = fmt::format("a {}", i);
    EXPECT_EQ(train.count(text) + validation.count(text), 1U) << text;
  }
  EXPECT_EQ(index.skills[0].train.fingerprint, made.skills[0].train.fingerprint);
  EXPECT_EQ(verify_pack(out / "pack").documents, 350U);
}

TEST(Pack, ASkillAlwaysHasSomethingToTrainOnAndIfItCanToValidate) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "book", 1);
  write_lines(folder, "few", 3);
  write_file_atomically(folder / "same.jsonl", "{\"text\": \"x\"}\n{\"text\": \"x\"}\n");
  PackOptions options = options_for(folder);
  // By hash alone nothing is held out, something, and everything.
  for (const double fraction : {1e-9, 0.5, 0.999999}) {
    options.validation_fraction = fraction;
    const PackIndex index =
        make_pack(out / fmt::format("{}", fraction), options, ByteTokenizer(), "byte");
    ASSERT_EQ(index.skills.size(), 3U);
    const auto documents = [&](std::size_t skill) {
      return std::pair(index.skills[skill].train.documents,
                       index.skills[skill].validation.documents);
    };
    EXPECT_EQ(documents(0), std::pair(std::uint64_t{1}, std::uint64_t{0})) << fraction;
    EXPECT_GE(documents(1).first, 1U) << fraction;
    EXPECT_GE(documents(1).second, 1U) << fraction;
    EXPECT_EQ(documents(2), std::pair(std::uint64_t{2}, std::uint64_t{0})) << fraction;
  }
}

TEST(Pack, FilesWithoutADocumentAreNamed) {
  const TempFolder folder;
  write_file_atomically(folder / "a.jsonl", "\n\n");
  write_file_atomically(folder / "b.jsonl", "");
  const PackOptions options = options_for(folder);
  expect_error(ErrorCode::kBadArgument, {"no document in", "a.jsonl and 1 more"},
               [&] { (void)make_pack(folder / "pack", options, ByteTokenizer(), "byte"); });
}

TEST(Pack, TheBytesDependNeitherOnThreadsNorOnTheMemory) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 4000);
  write_lines(folder, "b", 1000);
  PackOptions options = options_for(folder);
  options.drop_duplicates = options.count_near_duplicates = true;
  options.threads = 1;
  options.memory_bytes = 64 << 20;
  make_pack(out / "one", options, ByteTokenizer(), "byte");
  options.threads = 5;
  options.memory_bytes = 1 << 20;  // Keys go to files.
  make_pack(out / "five", options, ByteTokenizer(), "byte");
  EXPECT_EQ(contents_of(out / "one"), contents_of(out / "five"));
}

TEST(Pack, InterruptedItGoesOnFromACheckpointToTheSameBytes) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 9000);
  PackOptions options = options_for(folder);
  options.checkpoint_bytes = 20000;
  make_pack(out / "whole", options, ByteTokenizer(), "byte");
  const auto pack = [&](const Tokenizer& tokenizer) {
    make_pack(out / "pack", options, tokenizer, "byte");
  };
  expect_error(ErrorCode::kIo, {"a.jsonl:8500", "stopped"},
               [&] { pack(StoppingTokenizer("a 8499")); });
  EXPECT_FALSE(fs::exists(out / "pack"));
  ASSERT_TRUE(PackOutputs::can_go_on(out / "pack.partial"));
  EXPECT_GT(PackOutputs(out / "pack.partial", TokenType::kU16,
                        settings_fingerprint(options, ByteTokenizer().fingerprint()), 1 << 20)
                .num_records(),
            0U);
  expect_error(ErrorCode::kNotFound, {"not finished"},
               [&] { (void)read_pack_index(out / "pack"); });
  pack(StoppingTokenizer("a 0"));  // Done before the checkpoint: never asked for again.
  EXPECT_FALSE(fs::exists(out / "pack.partial"));
  EXPECT_EQ(contents_of(out / "pack"), contents_of(out / "whole"));
}

TEST(Pack, GoesOnOnlyWithTheSameFilesAndSettings) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 9000);
  PackOptions options = options_for(folder);
  options.checkpoint_bytes = 1000;
  expect_error(ErrorCode::kIo, {"stopped"},
               [&] { make_pack(out / "pack", options, StoppingTokenizer("a 8999"), "byte"); });
  options.validation_fraction = 0.3;
  expect_error(ErrorCode::kMismatch, {"pack.partial", "other files or settings"},
               [&] { make_pack(out / "pack", options, ByteTokenizer(), "byte"); });
}

TEST(Pack, LeavesNothingBehindWhenALineIsBad) {
  const TempFolder folder;
  const TempFolder out;
  write_file_atomically(folder / "a.jsonl", "{\"text\": \"x\"}\n{\"text\": 3}\n");
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:2", "'text' is no string"},
               [&] { make_pack(out / "pack", options_for(folder), ByteTokenizer(), "byte"); });
  EXPECT_TRUE(fs::is_empty(out.path()));
}

TEST(Pack, AFileThatVanishesOrChangesBetweenThePassesLeavesNoPack) {
  const auto pack_while = [](const std::function<void(const fs::path&)>& happens, ErrorCode code,
                             std::initializer_list<std::string_view> words) {
    const TempFolder folder;
    const TempFolder out;
    write_lines(folder, "a", 50);
    write_lines(folder, "b", 50);
    PackOptions options = options_for(folder);
    options.progress = [&](const PackProgress& progress) {
      if (progress.scanning && progress.documents == 100) happens(folder / "b.jsonl");
    };
    expect_error(code, words, [&] { make_pack(out / "pack", options, ByteTokenizer(), "byte"); });
    EXPECT_FALSE(fs::exists(out / "pack"));
  };
  pack_while([](const fs::path& file) { fs::remove(file); }, ErrorCode::kIo, {"b.jsonl"});
  pack_while([](const fs::path& file) { write_file_atomically(file, "{\"text\": \"b 0\"}\n"); },
             ErrorCode::kMismatch, {"changed while it was packed"});
  pack_while([](const fs::path& file) { append_to_file(file, "{\"text\": \"new\"}\n"); },
             ErrorCode::kMismatch, {"changed while it was packed"});
}

TEST(Pack, RefusesAFolderThatExistsAndDocumentsOverTheLimit) {
  const TempFolder folder;
  const TempFolder out;
  write_file_atomically(folder / "a.jsonl", "{\"text\": \"0123456789\"}\n");
  PackOptions options = options_for(folder);
  expect_error(ErrorCode::kBadArgument, {"exists already"},
               [&] { make_pack(out.path(), options, ByteTokenizer(), "byte"); });
  options.max_document_bytes = 15;
  expect_error(ErrorCode::kBadFormat, {"a.jsonl:1", "more than the 15 bytes"},
               [&] { make_pack(out / "pack", options, ByteTokenizer(), "byte"); });
}

TEST(Pack, DropsEqualTextsOfASkillButKeepsThoseOfAnother) {
  const TempFolder folder;
  const TempFolder out;
  const std::string lines =
      "{\"text\": \"same\"}\n{\"text\": \"other\"}\n{\"text\": \"same\"}\n{\"text\": \"same\"}\n";
  write_file_atomically(folder / "a.jsonl", lines);
  write_file_atomically(folder / "b.jsonl", lines);
  PackOptions options = options_for(folder);
  options.validation_fraction = 0;
  options.drop_duplicates = true;
  const PackIndex index = make_pack(out / "pack", options, ByteTokenizer(), "byte");
  for (const PackedSkill& skill : index.skills) {
    EXPECT_EQ(skill.duplicates_dropped, 2U);
    EXPECT_EQ(texts_of(out / "pack", index, skill.train),
              (std::multiset<std::string>{"other", "same"}));
  }
  const PackStats stats = compute_pack_stats(out / "pack", index, 1 << 20);
  ASSERT_EQ(stats.overlaps.size(), 1U);
  EXPECT_EQ(stats.overlaps[0].texts, 2U);
}

TEST(Pack, StatsCountLengthsDuplicatesAndOverlapByHand) {
  const TempFolder folder;
  const TempFolder out;
  write_file_atomically(folder / "a.jsonl",
                        "{\"text\": \"abc\"}\n{\"text\": \"abc\"}\n{\"text\": \"abcd\"}\n");
  write_file_atomically(folder / "b.jsonl", "{\"text\": \"abcd\"}\n{\"text\": \"\"}\n");
  PackOptions options = options_for(folder);
  options.validation_fraction = 0;
  const PackIndex index = make_pack(out / "pack", options, ByteTokenizer(), "byte");
  EXPECT_EQ(index.empty, 1U);
  EXPECT_EQ(index.skills[0].train.tokens, 4U + 4U + 5U);  // With the ends.
  EXPECT_EQ(index.skills[0].train.text_bytes, 10U);
  const PackStats stats = compute_pack_stats(out / "pack", index, 1);
  EXPECT_EQ(stats.train[0].lengths[3], 3U);  // 4 to 7 tokens.
  EXPECT_EQ(stats.train[0].longest, 5U);
  EXPECT_EQ(stats.train[0].duplicates, 1U);
  EXPECT_EQ(stats.train[1].duplicates, 0U);
  ASSERT_EQ(stats.overlaps.size(), 1U);
  EXPECT_EQ(stats.overlaps[0].texts, 1U);
}

TEST(Pack, NearDuplicatesAreCountedOnceEachAndNotWhenDropped) {
  const TempFolder folder;
  const TempFolder out;
  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("word{} ", i);
  const auto line = [](const std::string& of) { return fmt::format("{{\"text\": \"{}\"}}\n", of); };
  write_file_atomically(folder / "a.jsonl", line(text) + line(text + "end") + line(text) +
                                                line("something else entirely, not alike at all"));
  PackOptions options = options_for(folder);
  options.validation_fraction = 0;
  options.count_near_duplicates = options.drop_duplicates = true;
  const PackIndex index = make_pack(out / "pack", options, ByteTokenizer(), "byte");
  EXPECT_EQ(index.skills[0].duplicates_dropped, 1U);
  EXPECT_EQ(index.skills[0].near_duplicates, 1U);
}

TEST(Pack, VerifyNamesTheOneDamagedByteAndWhatItWas) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 2000);
  PackOptions options = options_for(folder);
  options.validation_fraction = 0;
  make_pack(out / "pack", options, ByteTokenizer(), "byte");
  const fs::path tokens = out / "pack" / "a.train.bin";
  const std::string whole = read_file(tokens);
  std::string damaged = whole;
  damaged[9000] = static_cast<char>(damaged[9000] ^ 0x10);
  write_file_atomically(tokens, damaged);
  expect_error(ErrorCode::kBadFormat,
               {"a.train.bin: byte 9000 is damaged",
                fmt::format("0x{:02x} was written", static_cast<unsigned char>(whole[9000]))},
               [&] { (void)verify_pack(out / "pack"); });
  damaged[8193] = '\x7f';
  damaged[8194] = '\x7f';
  write_file_atomically(tokens, damaged);
  expect_error(ErrorCode::kBadFormat, {"a.train.bin", "from byte 8192 on"},
               [&] { (void)verify_pack(out / "pack"); });
  write_file_atomically(tokens, whole.substr(0, whole.size() - 2));
  expect_error(ErrorCode::kBadFormat, {"a.train.bin", "cut short"},
               [&] { (void)verify_pack(out / "pack"); });
  fs::remove(tokens);
  expect_error(ErrorCode::kIo, {"a.train.bin"}, [&] { (void)verify_pack(out / "pack"); });
}

TEST(Pack, AnIndexCannotNameFilesOutsideItsFolder) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 20);
  make_pack(out / "pack", options_for(folder), ByteTokenizer(), "byte");
  std::string text = read_file(out / "pack" / "pack.json");
  text.replace(text.find("a.train"), 7, "../a.tr");
  write_file_atomically(out / "pack" / "pack.json", text);
  expect_error(ErrorCode::kBadFormat, {"pack.json", "'file' is '../a.tr'"},
               [&] { (void)read_pack_index(out / "pack"); });
}

TEST(Pack, TheFirstVersionIsReadForever) {
  const fs::path folder = fs::path(SKILLIT_TESTS_DIR) / "golden" / "pack_v1";
  EXPECT_EQ(verify_pack(folder).documents, 6U);
  const PackIndex index = read_pack_index(folder);
  ASSERT_EQ(index.skills.size(), 2U);
  EXPECT_EQ(index.note, "written for this test");
  EXPECT_EQ(texts_of(folder, index, index.skills[0].train),
            (std::multiset<std::string>{"one plus one is two", "two plus two is four"}));
  EXPECT_EQ(texts_of(folder, index, index.skills[0].validation),
            (std::multiset<std::string>{"three plus one is four"}));
  EXPECT_EQ(index.skills[1].name, "c++ & more");
}

TEST(PackData, CutsEachSideIntoWindowsOfTheContext) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 100);
  PackOptions options = options_for(folder);
  options.validation_fraction = 0.3;
  const PackIndex index = make_pack(out / "pack", options, ByteTokenizer(), "byte");
  const PackData pack =
      read_pack_data(out / "pack", {.packing = {.window = 16}, .max_validation_samples = 3});
  EXPECT_EQ(pack.data.skills.names(), std::vector<std::string>{"a"});
  EXPECT_EQ(pack.data.validation[0].size(), 3U);
  const std::uint64_t tokens = index.skills[0].train.tokens;
  EXPECT_EQ(pack.data.train[0].size(), tokens / 16 + (tokens % 16 >= 2 ? 1 : 0));
  const Sample first = pack.data.train[0][0];
  EXPECT_EQ(first.scored[0], 0);
  EXPECT_EQ(std::count(first.scored.begin(), first.scored.end(), 1), 15);
  EXPECT_EQ(pack.tokenizer->fingerprint(), ByteTokenizer().fingerprint());
}

TEST(PackData, ASideWithoutTokensIsRefusedByName) {
  const TempFolder folder;
  const TempFolder out;
  write_lines(folder, "a", 10);
  PackOptions options = options_for(folder);
  options.validation_fraction = 0;
  make_pack(out / "pack", options, ByteTokenizer(), "byte");
  expect_error(ErrorCode::kBadArgument, {"'a' has 0 tokens for validation"},
               [&] { (void)read_pack_data(out / "pack", {}); });
}

TEST(PackFileName, KeepsPlainNamesAndEscapesTheRestWithoutCollision) {
  EXPECT_EQ(pack_file_name("books-2.v1"), "books-2.v1");
  EXPECT_EQ(pack_file_name("../a b"), "%2E.%2Fa%20b");
  EXPECT_NE(pack_file_name("a%20b"), pack_file_name("a b"));
  expect_error(ErrorCode::kBadArgument, {"too long for a file"},
               [] { (void)pack_file_name(std::string(201, 'x')); });
}

}  // namespace
}  // namespace skillit
