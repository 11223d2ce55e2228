// SPDX-License-Identifier: Apache-2.0
#include "mapferry/npy.h"

#include <gtest/gtest.h>

#include <string>

#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

// A file of version 1.0 with this header's text, as NumPy pads it, and then `rest`.
Bytes file_of(std::string text, const std::string& rest = {}) {
    text.resize(117, ' ');
    text += '\n';
    return bytes_of(std::string("\x93NUMPY\x01\x00v\x00", 10) + text + rest);
}

Bytes file_with(const std::string& descr, const std::string& shape,
                const std::string& order = "False") {
    return file_of("{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape +
                   ", }");
}

std::string text_of(const Bytes& file) {
    const auto header = read_npy_header(file);
    return header ? to_string(header->tensor) : header.error().message;
}

Code npy_code(const Bytes& file) {
    const auto header = read_npy_header(file);
    EXPECT_FALSE(header);
    return header ? Code::kSystem : header.error().code;
}

// ---- what NumPy writes -------------------------------------------------------------------------

TEST(Npy, HeadersOfNumPyAreRead) {
    const Bytes file = file_with("<f4", "(2, 3)");
    ASSERT_EQ(npy_header_bytes(file).value(), 128u);
    EXPECT_EQ(read_npy_header(file).value().header_bytes, 128u);
    EXPECT_EQ(text_of(file), "float32 [2, 3]");
    EXPECT_EQ(text_of(file_with("<i8", "()")), "int64 []");
    EXPECT_EQ(text_of(file_with("|u1", "(5,)")), "uint8 [5]");
    EXPECT_EQ(text_of(file_with("|b1", "(0, 7)")), "bool [0, 7]");
    EXPECT_EQ(text_of(file_with("<c16", "(1, 3, 224, 224)")), "complex128 [1, 3, 224, 224]");
    EXPECT_EQ(text_of(file_with("<f8", "(7,)", "True")), "float64 [7]") << "both orders are one";
}

TEST(Npy, EveryTypeIsReadAndWritten) {
    for (const char* const descr : {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8",
                                    "<f2", "<f4", "<f8", "<c8", "<c16"}) {
        const auto header = read_npy_header(file_with(descr, "(2, 3)"));
        ASSERT_TRUE(header) << descr;
        const auto made = make_npy_header(header->tensor);
        ASSERT_TRUE(made) << descr;
        EXPECT_EQ(*made, file_with(descr, "(2, 3)"));
    }
}

TEST(Npy, VersionsTwoAndThreeHaveALongerLength) {
    for (const char version : {'\x02', '\x03'}) {
        const std::string text = "{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }\n";
        const std::string beginning = std::string("\x93NUMPY") + version + '\0' +
                                      static_cast<char>(text.size()) + std::string(3, '\0');
        const auto header = read_npy_header(bytes_of(beginning + text + "abcdef"));
        ASSERT_TRUE(header);
        EXPECT_EQ(to_string(header->tensor), "float16 [3]");
        EXPECT_EQ(header->header_bytes, beginning.size() + text.size());
    }
}

TEST(Npy, OtherProgramsMaySpellTheDictionaryOtherwise) {
    EXPECT_EQ(text_of(file_of("{\"shape\":(2L,3L),\"fortran_order\":False,\"descr\":\"<u2\"}")),
              "uint16 [2, 3]");
    EXPECT_EQ(text_of(file_of("{ 'descr' : '|i1' , 'shape' : ( 4 , ) , 'fortran_order' : False }")),
              "int8 [4]");
}

TEST(Npy, MadeHeaderOfAnyShapeIsReadAgain) {
    for (const std::vector<std::uint64_t>& shape :
         {std::vector<std::uint64_t>{}, {0}, {5}, {1, 1}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
        const auto tensor = describe_tensor("uint16", shape);
        ASSERT_TRUE(tensor);
        const auto made = make_npy_header(*tensor);
        ASSERT_TRUE(made);
        EXPECT_EQ(made->size() % 64, 0u);
        const auto read = read_npy_header(*made);
        ASSERT_TRUE(read) << to_string(*tensor);
        EXPECT_EQ(read->tensor, *tensor);
        EXPECT_EQ(read->header_bytes, made->size());
    }
}

TEST(Npy, TypesThatNumPyLacksAreNotMade) {
    for (const char* const type : {"bfloat16", "float32x4", "opaque8", "int128"}) {
        const auto made = make_npy_header(describe_tensor(type, {}).value());
        ASSERT_FALSE(made) << type;
        EXPECT_EQ(made.error().code, Code::kUsage);
    }
}

// ---- what a tensor can't describe --------------------------------------------------------------

TEST(Npy, ArraysThatNoTensorDescribesAreRefusedWithTheWayOut) {
    const std::string records =
        "{'descr': [('f0', '<i4'), ('f1', '<f4')], 'fortran_order': False, 'shape': (2,), }";
    for (const auto& [file, hint] :
         {std::pair{file_with(">f4", "(2, 3)"), "newbyteorder"},
          {file_with("<f8", "(2, 3)", "True"), "np.ascontiguousarray"},
          {file_of(records), "one field"},
          {file_with("<U3", "(2,)"), "astype"},
          {file_with("|O", "(2,)"), "astype"},
          {file_with("<f16", "(2,)"), "astype"},
          {file_with("|f4", "(2,)"), "astype"},
          {file_with("", "(2,)"), "astype"},
          {file_with("<u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), "reshape"}}) {
        const auto header = read_npy_header(file);
        ASSERT_FALSE(header) << hint;
        EXPECT_EQ(header.error().code, Code::kUsage) << header.error().message;
        EXPECT_NE(header.error().hint.find(hint), std::string::npos) << header.error().hint;
    }
    Bytes later = file_with("<f4", "()");
    later[6] = std::byte{4};
    EXPECT_EQ(npy_code(later), Code::kUsage);
}

// ---- hostile headers ---------------------------------------------------------------------------

TEST(Npy, DamagedDictionariesAreRefused) {
    for (const char* const text :
         {"",
          "{",
          "{}",
          "{'descr'",
          "{'descr':",
          "{'descr': '<f4",
          "{'descr': '<f4'",
          "{'descr': '<f4', 'fortran_order': False}",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551616,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': ()} + {}",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'shape': ()}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}",
          "{'descr': 4, 'fortran_order': False, 'shape': ()}"})
        EXPECT_EQ(npy_code(file_of(text)), Code::kCorrupt) << text;
}

TEST(Npy, HeaderThatIsCutOrTooLongIsRefused) {
    const Bytes file = file_with("<f4", "(2, 3)");
    for (std::size_t bytes = 0; bytes < file.size(); ++bytes)
        EXPECT_EQ(npy_code({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(bytes)}),
                  Code::kCorrupt)
            << bytes;
    const std::string long_one("\x93NUMPY\x02\x00\x00\x00\x01\x00", 12);
    const auto bytes = npy_header_bytes(bytes_of(long_one));
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, Code::kCorrupt);
}

// ---- probing -----------------------------------------------------------------------------------

TEST(Npy, ProbeDescribesOnlyAWholeArray) {
    const Bytes header = file_with("<f4", "(2, 3)");
    EXPECT_EQ(probe_npy(header, header.size() + 24)->dimensions, 2u);
    EXPECT_TRUE(probe_npy(header, header.size() + 25)) << "another array may follow";
    EXPECT_FALSE(probe_npy(header, header.size() + 23));
    EXPECT_FALSE(probe_npy(header, 100));
    EXPECT_FALSE(probe_npy(file_with(">f4", "(2, 3)"), 1000));
    EXPECT_FALSE(probe_npy(bytes_of("no array"), 8));
    EXPECT_FALSE(probe_npy({}, 0));
}

}  // namespace
}  // namespace mapferry::testing
