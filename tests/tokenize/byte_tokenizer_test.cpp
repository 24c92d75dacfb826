#include "skillit/tokenize/byte_tokenizer.h"

#include <gmock/gmock.h>

#include "skillit/base/error.h"

namespace skillit {
namespace {

TEST(ByteTokenizer, AnyBytesComeBackAsTheyWere) {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
  const ByteTokenizer tokenizer;
  const auto tokens = tokenizer.encode(text);
  for (int byte = 0; byte < 256; ++byte) ASSERT_EQ(tokens[static_cast<std::size_t>(byte)], byte);
  EXPECT_EQ(tokenizer.decode(tokens), text);
  EXPECT_THAT(tokenizer.encode(""), testing::IsEmpty());
}

TEST(ByteTokenizer, TheEndOfADocumentIsNoText) {
  const ByteTokenizer tokenizer;
  EXPECT_EQ(tokenizer.end_of_document(), 256);
  EXPECT_EQ(tokenizer.vocabulary_size(), 257U);
  for (const TokenId id : {256, -1}) {
    try {
      (void)tokenizer.decode(std::vector<TokenId>{65, id});
      FAIL() << "decoded " << id;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
      EXPECT_THAT(error.what(), testing::HasSubstr("token 1 is " + std::to_string(id)));
    }
  }
}

}  // namespace
}  // namespace skillit
