#include "skillit/graph/npy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "skillit/base/error.h"
#include "skillit/base/files.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kNiTest =
    std::string(SKILLIT_TESTS_DIR) + "/golden/update_rule/ni_test_graph.npy";

template <class Number>
std::string file_of(const std::string& header, const std::vector<Number>& values,
                    char version = 1) {
  std::string bytes("\x93NUMPY", 6);
  bytes += {version, '\0'};
  const std::uint32_t length = static_cast<std::uint32_t>(header.size());
  bytes.append(reinterpret_cast<const char*>(&length), version == 1 ? 2 : 4);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
  return bytes;
}

std::string refusal(const std::string& bytes) {
  try {
    (void)parse_npy_matrix(bytes, "g.npy");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("g.npy"));
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

TEST(NpyFile, reads_the_published_graph) {
  const NpyMatrix graph = read_npy_matrix(kNiTest);
  EXPECT_EQ(graph.rows, 59u);
  EXPECT_EQ(graph.columns, 12u);
  EXPECT_NEAR(graph.values[0], .0121, 5e-5);
  EXPECT_NEAR(graph.values[12], -.3509, 5e-5);
}

TEST(NpyFile, writes_the_bytes_that_numpy_writes) {
  const NpyMatrix graph = read_npy_matrix(kNiTest);
  EXPECT_EQ(npy_bytes(graph.rows, graph.columns, graph.values), read_file(kNiTest));
}

TEST(NpyFile, reads_fortran_order_single_precision_and_version_2) {
  const std::vector<double> columns_first{1, 4, 2, 5, 3, 6};
  const std::vector<float> single{1, 2, 3, 4, 5, 6};
  const auto fortran = parse_npy_matrix(
      file_of("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }  \n", columns_first),
      "g.npy");
  EXPECT_THAT(fortran.values, ElementsAre(1, 2, 3, 4, 5, 6));
  const auto version_2 = parse_npy_matrix(
      file_of("{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}", single, 2), "g.npy");
  EXPECT_EQ(version_2.rows, 2u);
  EXPECT_THAT(version_2.values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(NpyFile, refuses_other_files_and_versions) {
  EXPECT_THAT(refusal(""), HasSubstr("not a .npy file"));
  EXPECT_THAT(refusal("PK\x03\x04 and so on"), HasSubstr("not a .npy file"));
  EXPECT_THAT(refusal(file_of<double>("{}", {}, 3)), HasSubstr("version 3.0"));
}

TEST(NpyFile, refuses_headers_it_cannot_use) {
  const std::vector<double> one{1};
  EXPECT_THAT(refusal(file_of("{'descr': '>f8', 'fortran_order': False, 'shape': (1, 1)}", one)),
              HasSubstr("'>f8'"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", one)),
              HasSubstr("1 dimensions"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", one)),
              HasSubstr("0 dimensions"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'shape': (1, 1)}", one)), HasSubstr("missing"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'fortran_order': 1, 'shape': (1, 1)}", one)),
              HasSubstr("True or False"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 1)}", one)),
              HasSubstr("whole numbers"));
  EXPECT_THAT(
      refusal(file_of("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1, 1)}", one)),
      HasSubstr("expected"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8", one)), HasSubstr("not closed"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)} x", one)),
              HasSubstr("closing brace"));
  EXPECT_THAT(refusal(file_of("{'size': 1}", one)), HasSubstr("'size'"));
}

TEST(NpyFile, refuses_sizes_that_the_file_does_not_hold) {
  const std::vector<double> six{1, 2, 3, 4, 5, 6};
  const std::string head = "{'descr': '<f8', 'fortran_order': False, 'shape': ";
  EXPECT_THAT(refusal(file_of(head + "(3, 3)}", six)), HasSubstr("48 bytes follow"));
  EXPECT_THAT(refusal(file_of(head + "(2, 2)}", six)), HasSubstr("48 bytes follow"));
  EXPECT_THAT(refusal(file_of(head + "(0, 3)}", six)), HasSubstr("48 bytes follow"));
  EXPECT_THAT(refusal(file_of(head + "(9223372036854775808, 2)}", six)), HasSubstr("announced"));
  EXPECT_THAT(refusal(file_of(head + "(2305843009213693952, 8)}", std::vector<double>{})),
              HasSubstr("announced"));
  std::string cut = file_of(head + "(2, 3)}", six);
  EXPECT_THAT(refusal(cut.substr(0, 30)), HasSubstr("cut short"));
  EXPECT_THAT(refusal(cut.substr(0, 9)), HasSubstr("cut short"));
}

}  // namespace
}  // namespace skillit
