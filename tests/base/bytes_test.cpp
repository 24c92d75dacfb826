#include "skillit/base/bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

const std::vector<double> kDoubles = {0.0, -1.5, std::numeric_limits<double>::infinity(), 1e-310};

std::string everything() {
  ByteWriter out;
  out.put<std::uint8_t>(7);
  out.put<std::int32_t>(-2);
  out.put(true);
  out.put(2.5F);
  out.put_string("skill");
  out.put_doubles(kDoubles);
  out.put_string("");
  out.put_doubles({});
  return out.bytes();
}

void read_everything(ByteReader& in) {
  EXPECT_EQ(in.get<std::uint8_t>(), 7);
  EXPECT_EQ(in.get<std::int32_t>(), -2);
  EXPECT_TRUE(in.get<bool>());
  EXPECT_EQ(in.get<float>(), 2.5F);
  EXPECT_EQ(in.get_string(), "skill");
  EXPECT_EQ(in.get_doubles(), kDoubles);
  EXPECT_EQ(in.get_string(), "");
  EXPECT_EQ(in.get_doubles(), std::vector<double>{});
}

TEST(Bytes, ComeBackAsTheyWereWritten) {
  const std::string bytes = everything();
  ByteReader in(bytes, "state");
  read_everything(in);
  EXPECT_EQ(in.remaining(), 0u);
  EXPECT_NO_THROW(in.expect_end());
}

TEST(Bytes, AreLittleEndianWith64BitLengths) {
  ByteWriter out;
  out.put<std::uint32_t>(0x01020304);
  out.put_string("ab");
  EXPECT_EQ(out.bytes(), std::string("\x04\x03\x02\x01\x02\0\0\0\0\0\0\0ab", 14));
}

TEST(Bytes, EveryTruncationIsRefusedByName) {
  const std::string bytes = everything();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    SCOPED_TRACE(length);
    expect_error(ErrorCode::kBadFormat, {"state: ", "cut short"}, [&] {
      ByteReader in(std::string_view(bytes).substr(0, length), "state");
      read_everything(in);
    });
  }
}

TEST(Bytes, AHugeLengthIsRefusedBeforeAnythingIsAllocated) {
  ByteWriter out;
  out.put<std::uint64_t>(std::numeric_limits<std::uint64_t>::max());
  expect_error(ErrorCode::kBadFormat, {"state: needs 18446744073709551615 bytes at byte 8"},
               [&] { (void)ByteReader(out.bytes(), "state").get_string(); });
  // 2^61 doubles are 2^64 bytes, which a product would wrap to 0.
  ByteWriter wrapping;
  wrapping.put<std::uint64_t>(1ULL << 61);
  expect_error(ErrorCode::kBadFormat, {"state: 2305843009213693952 numbers announced"},
               [&] { (void)ByteReader(wrapping.bytes(), "state").get_doubles(); });
}

TEST(Bytes, LeftOversAreRefused) {
  expect_error(ErrorCode::kBadFormat, {"state: 3 unexpected bytes"}, [] {
    ByteReader in("abcd", "state");
    (void)in.get<char>();
    in.expect_end();
  });
}

TEST(Bytes, ADamagedBoolIsStillTrueOrFalse) {
  ByteReader in(std::string_view("\x02\x00", 2), "state");
  EXPECT_TRUE(in.get<bool>());
  EXPECT_FALSE(in.get<bool>());
}

}  // namespace
}  // namespace skillit
