// SPDX-License-Identifier: Apache-2.0
// The programs that docs/porting.md prints behave as it describes.
#include <optional>

#include "mapferry/shared_buffer.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class Porting : public ProgramTest {
  protected:
    [[nodiscard]] ChildProcess start(const std::string& name, Words more = {}) const {
        return start_example("mapferry-porting-" + name, std::move(more));
    }
    [[nodiscard]] Ended run(const std::string& name, Words more = {}) const {
        return finish(start(name, std::move(more)));
    }
    // Keeps the programs' buffer alive on systems where it would end with its last process.
    [[nodiscard]] SharedBuffer hold_buffer(std::uint64_t size_bytes) const {
        return SharedBuffer::open_or_create(
                   {.address = section_.address(), .size_bytes = size_bytes})
            .value();
    }
};

TEST_F(Porting, MessagePassesWholeWhoeverStartsFirst) {
    const std::string text(10'000, 'm');
    ChildProcess in = start("message-in");
    EXPECT_TRUE(ended_with(0, run("message-out", {text})));
    ASSERT_TRUE(ended_with(0, in));
    EXPECT_EQ(plain_lines(in.output()), text + "\n");
}

TEST_F(Porting, NotesArriveEachOnceAndInOrder) {
    ChildProcess receiver = start("notes-receiver");
    EXPECT_TRUE(ended_with(0, run("notes-sender", {"one", "", "tw\u00F6"})));
    ASSERT_TRUE(ended_with(0, receiver));
    EXPECT_EQ(plain_lines(receiver.output()), "3 bytes: one\n0 bytes: \n4 bytes: tw\u00F6\n");
}

TEST_F(Porting, RecordIsKeptInAStream) {
    const SharedBuffer held = hold_buffer(256);
    EXPECT_EQ(plain_lines(run("shared-record", {"Ada"}).output), "1, after nobody\n");
    EXPECT_EQ(plain_lines(run("shared-record", {"Grace"}).output), "2, after Ada\n");
    EXPECT_TRUE(ended_with(1, run("shared-record", {std::string(256, 'x')})));
    EXPECT_EQ(plain_lines(run("shared-record", {"Alan"}).output), "3, after Grace\n");
    section_.remove();
}

TEST_F(Porting, CounterAddsUpWhenManyAddAtOnce) {
    const SharedBuffer held = hold_buffer(1024);
    std::vector<ChildProcess> adders =
        start_many(16, [&](int) { return start("shared-counter", {"16", "3"}); });
    for (ChildProcess& adder : adders)
        EXPECT_TRUE(ended_with(0, adder));
    EXPECT_EQ(plain_lines(run("shared-counter", {"16", "0"}).output), "48\n");
    EXPECT_TRUE(ended_with(1, run("shared-counter", {"1020", "1"})));
    section_.remove();
}

TEST_F(Porting, PictureIsStoredAsItWas) {
    const std::string picture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    const std::string copy = folder_.file("copy.bmp");
    ChildProcess in = start("picture-in", {copy});
    EXPECT_TRUE(ended_with(0, run("picture-out", {picture})));
    ASSERT_TRUE(ended_with(0, in));
    EXPECT_TRUE(contains(in.output(), "149x83")) << in.output();
    EXPECT_TRUE(same_content(picture, copy));
}

}  // namespace
}  // namespace mapferry::testing
