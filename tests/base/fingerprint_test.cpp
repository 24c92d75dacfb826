#include "skillit/base/fingerprint.h"

#include <gtest/gtest.h>

#include <string>

namespace skillit {
namespace {

// The xxh3 test vectors (seed 0) that other implementations publish.
TEST(Fingerprint, AgreesWithKnownVectors) {
  EXPECT_EQ(hash64(""), 0x2d06800538d394c2u);
  EXPECT_EQ(hash64("a"), 0xe6c632b61e964e1fu);
  EXPECT_EQ(hash64("abc"), 0x78af5f94892f3950u);
  EXPECT_EQ(fingerprint(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(fingerprint("a"), "a96faf705af16834e6c632b61e964e1f");
  EXPECT_EQ(fingerprint("abc"), "06b05ab6733a618578af5f94892f3950");
}

TEST(Fingerprint, OfPiecesIsTheFingerprintOfTheWhole) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i);
  for (const std::size_t piece : {1u, 7u, 64u, 1000u}) {
    Fingerprinter pieces;
    for (std::size_t at = 0; at < text.size(); at += piece) pieces.add(text.substr(at, piece));
    EXPECT_EQ(pieces.hex(), fingerprint(text)) << piece;
  }
}

TEST(Fingerprint, CanBeReadBeforeTheEnd) {
  Fingerprinter pieces;
  EXPECT_EQ(pieces.hex(), fingerprint(""));
  pieces.add("a");
  EXPECT_EQ(pieces.hex(), fingerprint("a"));
  pieces.add("bc");
  EXPECT_EQ(pieces.hex(), fingerprint("abc"));
}

}  // namespace
}  // namespace skillit
