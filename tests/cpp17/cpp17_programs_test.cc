// SPDX-License-Identifier: Apache-2.0
// The programs of examples/cpp17 do what their first lines promise.
#include "mapferry/shared_buffer.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class Cpp17Examples : public ProgramTest {
  protected:
    [[nodiscard]] ChildProcess start(const std::string& name, Words more = {}) const {
        return start_example("mapferry-example-cpp17-" + name, std::move(more));
    }
};

TEST_F(Cpp17Examples, ViewerSeesEveryPictureOfTheCamera) {
    ChildProcess viewer = start("viewer");
    ChildProcess camera = start("camera", {"12"});
    EXPECT_TRUE(ended_with(0, camera));
    ASSERT_TRUE(ended_with(0, viewer));
    EXPECT_EQ(plain_lines(viewer.output()), "12 pictures, the last one with a square at 11\n");
}

TEST_F(Cpp17Examples, NoChangeOfTheRecordIsLost) {
    // Keeps the record alive on systems where it would end with its last process.
    const auto held =
        SharedBuffer::open_or_create({.address = section_.address(), .size_bytes = 16});
    ASSERT_TRUE(held) << describe(held.error());
    ChildProcess one = start("record", {"200"});
    ChildProcess other = start("record", {"200"});
    EXPECT_TRUE(ended_with(0, one));
    EXPECT_TRUE(ended_with(0, other));
    ChildProcess last = start("record", {"1"});
    ASSERT_TRUE(ended_with(0, last));
    EXPECT_EQ(plain_lines(last.output()), "change 401, sum 80601\n");
    section_.remove();
}

TEST_F(Cpp17Examples, FileArrivesAndReplacesNothing) {
    const std::string source = make_source(3 * kMiB, "photo.bmp");
    const std::string target = out_ + "/copy.bmp";
    {
        ChildProcess receiver = start("receive-file", {target});
        ChildProcess sender = start("send-file", {source});
        EXPECT_TRUE(ended_with(0, sender));
        ASSERT_TRUE(ended_with(0, receiver));
        EXPECT_EQ(plain_lines(receiver.output()), "3145728 bytes\n");
    }
    EXPECT_TRUE(same_content(source, target));
    ChildProcess receiver = start("receive-file", {target});
    ChildProcess sender = start("send-file", {source});
    EXPECT_TRUE(ended_with(1, receiver));
    EXPECT_TRUE(ended_with(1, sender));
    EXPECT_TRUE(contains(receiver.errors(), "exists")) << receiver.errors();
}

TEST_F(Cpp17Examples, WrongArgumentsAreExplained) {
    for (const char* const name : {"camera", "viewer", "record", "send-file", "receive-file"}) {
        const Ended ended = finish(
            ChildProcess({.program = program_path("mapferry-example-cpp17-" + std::string(name))}));
        EXPECT_TRUE(ended_with(kExitUsage, ended)) << name;
        EXPECT_TRUE(contains(ended.errors, "usage: cpp17-" + std::string(name))) << ended.errors;
    }
}

}  // namespace
}  // namespace mapferry::testing
