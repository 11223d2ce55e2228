// SPDX-License-Identifier: Apache-2.0
// Section files: a file in use is not accepted as an output, and a dead writer's file can be
// removed.
#include <filesystem>

#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class SectionFile : public ProgramTest {
  protected:
    // Reads from the section file.
    [[nodiscard]] Ended read_file_section(Words arguments) const {
        arguments.insert(arguments.begin(), {"--backing", file_});
        return run_reader(std::move(arguments));
    }
    void leave_dead_file() const {
        ChildProcess writer = start_writer(Words{"--backing", file_, "--text", "dead"});
        ASSERT_TRUE(eventually([this] { return std::filesystem::exists(file_); }));
        writer.send(Signal::kKill);
        (void)writer.wait();
    }
    // The section is neither changed nor replaced.
    void expect_kept(const std::string& text) const {
        const Ended taken = read_file_section({"-o", "-"});
        EXPECT_TRUE(ended_with(0, taken));
        EXPECT_EQ(taken.output, text);
    }

    const std::string file_ = folder_.file("section.file");
};

TEST_F(SectionFile, BeingReadIsNoOutputByAnyOfItsNames) {
    ASSERT_TRUE(ended_with(0, run_writer({"--backing", file_, "--keep", "--text", "precious"})));
    const std::string linked = folder_.file("hard-link");
    std::filesystem::create_hard_link(file_, linked);
    for (const std::string& path : {file_, linked}) {
        for (const char* how : {"--in-place", "--force"}) {
            const Ended refused = read_file_section({how, "-o", path});
            EXPECT_TRUE(ended_with(kExitCannotCreate, refused)) << how << path;
            EXPECT_TRUE(contains(refused.errors, "hint:")) << refused.errors;
            expect_kept("precious");
        }
    }
}

TEST_F(SectionFile, OfALivingWriterIsNoOutputOfAnotherReader) {
    ChildProcess writer = start_writer(Words{"--backing", file_, "--text", "precious"});
    ASSERT_TRUE(eventually([this] { return std::filesystem::exists(file_); }));
    const UniqueSection other;
    for (const char* how : {"--in-place", "--force"}) {
        ChildProcess sending({.program = MAPFERRY_WRITER_PATH,
                              .arguments = {"--name", other.name(), "--text", "something else"}});
        ChildProcess taking({.program = MAPFERRY_READER_PATH,
                             .arguments = {"--name", other.name(), how, "-o", file_}});
        EXPECT_TRUE(ended_with(kExitCannotCreate, taking)) << how;
        EXPECT_TRUE(ended_with(kExitPeerGone, sending));
    }
    expect_kept("precious");
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(SectionFile, OfABufferIsNoOutputOfItsPart) {
    ASSERT_TRUE(
        ended_with(0, finish(ChildProcess({.program = MAPFERRY_WRITER_PATH,
                                           .arguments = {"--buffer", "state", "--backing", file_,
                                                         "--size", "64", "--text", "precious"}}))));
    const Bytes before = read_file(file_);
    for (const char* how : {"--in-place", "--force"})
        EXPECT_TRUE(ended_with(kExitCannotCreate, run_tool({"receive", "--buffer", "state",
                                                            "--backing", file_, how, "-o", file_})))
            << how;
    EXPECT_TRUE(read_file(file_) == before);
    EXPECT_TRUE(ended_with(0, run_tool({"rm", "--backing", file_})));
}

TEST_F(SectionFile, InMemoryIsNoOutputEither) {
    if (!has_object_files()) GTEST_SKIP() << "sections in memory are no files here";
    ASSERT_TRUE(keep({"--text", "precious"}));
    const std::string object = object_file(section_.address());
    for (const char* how : {"--in-place", "--force"})
        EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({how, "-o", object}))) << how;
    EXPECT_EQ(run_reader({"--consume"}).output, "precious");
}

// A section file that no process uses is a file like any other.
TEST_F(SectionFile, ThatNobodyUsesMayBeReplaced) {
    ASSERT_TRUE(ended_with(0, run_writer({"--backing", file_, "--keep", "--text", "old"})));
    ASSERT_TRUE(keep({"--text", "new"}));
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "--force", "-o", file_})));
    EXPECT_EQ(read_text(file_), "new");
}

TEST_F(SectionFile, OfADeadWriterIsCollected) {
    ASSERT_NO_FATAL_FAILURE(leave_dead_file());
    const Ended collected = run_tool({"gc", "--backing", file_, "--json"});
    EXPECT_TRUE(ended_with(0, collected));
    EXPECT_EQ(json_event(collected.output, "removed").value("name", ""), file_);
    EXPECT_FALSE(std::filesystem::exists(file_));
    EXPECT_TRUE(ended_with(kExitNoInput, run_tool({"gc", "--backing", file_})));
}

TEST_F(SectionFile, OfADeadWriterMakesWayForTheNext) {
    ASSERT_NO_FATAL_FAILURE(leave_dead_file());
    ASSERT_TRUE(ended_with(0, run_writer({"--backing", file_, "--keep", "--text", "next"})));
    expect_kept("next");
}

TEST_F(SectionFile, ThatIsNotDeadIsNotCollected) {
    ASSERT_TRUE(ended_with(0, run_writer({"--backing", file_, "--keep", "--text", "precious"})));
    EXPECT_TRUE(ended_with(0, run_tool({"gc", "--backing", file_})));
    expect_kept("precious");
    write_file(file_, std::string("somebody's text"));
    EXPECT_TRUE(ended_with(kExitCorrupt, run_tool({"gc", "--backing", file_})));
    EXPECT_EQ(read_text(file_), "somebody's text");
}

}  // namespace
}  // namespace mapferry::testing
