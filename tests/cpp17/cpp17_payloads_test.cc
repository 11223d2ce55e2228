// SPDX-License-Identifier: Apache-2.0
// Payloads and sections through the C++17 interface, compiled as C++17.
#include <algorithm>
#include <thread>

#include "cpp17/cpp17_names.h"

namespace mapferry_cpp17_tests {
namespace {

TEST(Cpp17Payloads, TextPassesInOneCall) {
    const OwnName section;
    std::thread sender([&section] { cpp17::send_bytes(section.text(), "hello", 5, "note.txt"); });
    const cpp17::OwnedBytes text = cpp17::receive_bytes(section.text(), 100);
    sender.join();
    EXPECT_TRUE(text);
    EXPECT_EQ(text.text(), "hello");
}

TEST(Cpp17Payloads, PiecesPassWithPairsAndDigest) {
    const OwnName section;
    std::string digest;
    std::thread sender([&section, &digest] {
        cpp17::Writer writer(section.text(), "known_bytes=300000");
        writer.wait_for_readers(1);
        writer.add_pair("lens", "wide angle");
        writer.begin("blocks.raw", 300000);
        const std::string block(100000, 'a');
        writer.write(block);
        writer.write(block);
        std::size_t left = block.size();
        while (left > 0) {
            const cpp17::WritableBytes place = writer.loan();
            const std::size_t now = std::min(left, place.size());
            std::fill(place.begin(), place.begin() + now, std::uint8_t('b'));
            writer.publish(now);
            left -= now;
        }
        writer.end_payload();
        writer.end();
        digest = writer.digest();
    });
    cpp17::Reader reader(section.text());
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.name(), "blocks.raw");
    EXPECT_EQ(reader.payload_bytes(), 300000);
    ASSERT_EQ(reader.pair_count(), 1U);
    EXPECT_EQ(reader.pair_key(0), "lens");
    EXPECT_EQ(reader.pair_value(0), "wide angle");
    std::size_t letters[2] = {};
    cpp17::Bytes piece;
    while (reader.read_piece(piece))
        for (const std::uint8_t letter : piece)
            ++letters[letter == 'a' ? 0 : 1];
    reader.acknowledge();
    const std::string received_digest(reader.digest());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.has_ended());
    reader.end();
    sender.join();
    EXPECT_EQ(letters[0], 200000U);
    EXPECT_EQ(letters[1], 100000U);
    EXPECT_EQ(received_digest, digest);
    EXPECT_EQ(digest.size(), 32U);
}

TEST(Cpp17Payloads, KeptTextIsListedVerifiedAndConsumed) {
    const OwnName section;
    cpp17::Writer writer(section.text(), "delivery=keep known_bytes=4");
    writer.begin({}, 4, "text=yes");
    writer.write("milk");
    writer.end_payload();
    writer.end();
    const std::vector<std::string> names = cpp17::list_sections();
    EXPECT_EQ(std::count(names.begin(), names.end(), section.text()), 1);
    EXPECT_NE(cpp17::section_info(section.text()).find("\"keep\""), std::string::npos);
    EXPECT_NE(cpp17::verify_section(section.text()).find("\"bytes\""), std::string::npos);
    cpp17::Reader reader(section.text(), "consume=yes");
    ASSERT_TRUE(reader.next());
    const cpp17::Bytes view = reader.view();
    EXPECT_EQ(std::string(view.begin(), view.end()), "milk");
    reader.acknowledge();
    EXPECT_FALSE(reader.next());
    reader.end();
}

TEST(Cpp17Payloads, NamesOfForeignFilesAreChecked) {
    EXPECT_TRUE(cpp17::may_name_a_file("photo.bmp"));
    EXPECT_FALSE(cpp17::may_name_a_file("../photo.bmp"));
}

}  // namespace
}  // namespace mapferry_cpp17_tests
