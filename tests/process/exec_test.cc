// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --exec: the output of a command arrives if the command succeeds, otherwise no
// reader gets it.
#include <fmt/format.h>

#include <filesystem>

#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class Exec : public ProgramTest {
  protected:
    // Starts a writer with `options` and the command.
    [[nodiscard]] ChildProcess start_exec(Words options, const Words& command) const {
        options.insert(options.end(), {"--exec", "--"});
        options.insert(options.end(), command.begin(), command.end());
        return start_writer(std::move(options));
    }
    // Starts a writer with a command in the language of the shell.
    [[nodiscard]] ChildProcess start_shell(const std::string& script, Words options = {}) const {
        return start_exec(std::move(options), {"sh", "-c", script});
    }
    // When the command fails, the writer fails with these words, and readers get no file.
    void expect_nobody_gets(const std::string& script, const std::string& words) const {
        ChildProcess reader = start_reader(Words{"-o", folder_.file("out/target")});
        ChildProcess writer = start_shell(script);
        EXPECT_TRUE(ended_with(kExitIo, writer));
        EXPECT_TRUE(contains(writer.errors(), words)) << writer.errors();
        EXPECT_TRUE(ended_with(kExitPeerGone, reader));
        EXPECT_TRUE(contains(reader.errors(), words)) << reader.errors();
        EXPECT_EQ(ScratchFolder::names_in(out_), Words{});
        EXPECT_FALSE(section_.exists());
    }
    // Whether no process of this number runs.
    static bool has_gone(const std::string& process) {
        const std::string path = "/proc/" + process + "/stat";
        if (!std::filesystem::exists(path_of(path))) return true;
        return contains(read_text(path), ") Z ");
    }
};

TEST_F(Exec, OutputOfACommandThatEndsWellArrives) {
    ChildProcess writer = start_exec({}, {program_path("mapferry-reader"), "--version"});
    const Ended reader = run_reader({"-o", "-"});
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(contains(reader.output, "mapferry ")) << reader.output;
}

TEST_F(Exec, FailureOfTheCommandIsTheWritersAndReachesNobody) {
    ChildProcess writer = start_exec({}, {program_path("mapferry-reader"), "--bogus"});
    EXPECT_TRUE(ended_with(kExitPeerGone, run_reader({"-o", folder_.file("out/target")})));
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors(), "ended with status 64")) << writer.errors();
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{});
}

TEST_F(Exec, FailureAfterAllBytesReachesNobody) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    expect_nobody_gets("head -c 1000 /dev/zero; false", "ended with status 1");
}

TEST_F(Exec, FailureAfterAGibibyteReachesNobody) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    ChildProcess reader = start_reader(Words{"--null"});
    ChildProcess writer = start_shell("head -c 1073741824 /dev/zero; exit 3");
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

TEST_F(Exec, CommandThatIsKilledReachesNobody) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    expect_nobody_gets("echo begun; kill -9 $$", "was ended by signal 9");
}

TEST_F(Exec, CommandThatClosesItsOutputAndFailsLaterReachesNobody) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    // The output ends long before the command.
    expect_nobody_gets("echo all; exec >&-; sleep 1; exit 5",  // time itself
                       "ended with status 5");
}

TEST_F(Exec, CommandThatPrintsNothingSendsAnEmptyPayload) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    ChildProcess writer = start_shell(":");
    EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/target")})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(read_text(folder_.file("out/target")), "");
}

TEST_F(Exec, CommandReadsTheWritersStandardInput) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    const std::string source = make_source(3 * kMiB);
    Launch launch{.arguments = {"--exec", "--", "cat"}, .input = file_stream(source)};
    ChildProcess writer = start_writer(launch);
    EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/target")})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(Exec, UnknownCommandIsToldBeforeThereIsASection) {
    ChildProcess writer = start_exec({"--timeout", "1h"}, {"mapferry-no-such-command"});
    EXPECT_TRUE(ended_with(kExitNoInput, writer));
    EXPECT_TRUE(contains(writer.errors(), "mapferry-no-such-command")) << writer.errors();
    EXPECT_FALSE(section_.exists());
}

TEST_F(Exec, FailureKeepsNothing) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    ChildProcess writer = start_shell("echo begun; exit 1", {"--keep"});
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Exec, FailureWritesNothingIntoABuffer) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    const Words buffer = {"--size", "4096", "--buffer", section_.name()};
    Words words = buffer;
    words.insert(words.end(), {"--exec", "--", "sh", "-c", "echo begun; exit 1"});
    ChildProcess writer(Launch{.program = program_path("mapferry-writer"), .arguments = words});
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Exec, VideoOfACommandThatFailsEndsWithItsFailure) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    for (const int status : {0, 7}) {
        ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "1s"});
        ChildProcess writer = start_shell("head -c 64 /dev/zero; exit " + std::to_string(status),
                                          {"--frames", "--lossless", "--image", "4x4:GRAY8"});
        EXPECT_TRUE(ended_with(status == 0 ? 0 : kExitIo, writer));
        EXPECT_TRUE(ended_with(status == 0 ? 0 : kExitPeerGone, reader));
    }
}

TEST_F(Exec, WriterThatIsEndedEndsTheCommandAndWhatThatStarted) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    const std::string number = folder_.file("number");
    for (const Signal signal : {Signal::kInterrupt, Signal::kTerminate, Signal::kHangUp}) {
        std::filesystem::remove(path_of(number));
        ChildProcess writer =
            start_shell(fmt::format("sleep 1000 &"  // until it is killed
                                    " echo $! >{0}.new; mv {0}.new {0}; wait",
                                    number));
        ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path_of(number)); }));
        writer.send(signal);
        EXPECT_TRUE(ended_with(ended_by(signal), writer));
        std::string process = read_text(number);
        process.pop_back();  // the line's end
        EXPECT_TRUE(eventually([&] { return has_gone(process); }));
        EXPECT_FALSE(section_.exists());
    }
}

TEST_F(Exec, CommandGoesWithAWriterThatIsKilled) {
    if (!has_fifos()) GTEST_SKIP() << "no sh";
    const std::string number = folder_.file("number");
    ChildProcess writer = start_shell("echo $$ >" + number + ".new; mv " + number + ".new " +
                                      number + "; exec sleep 1000");  // until it is killed
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path_of(number)); }));
    writer.send(Signal::kKill);
    (void)writer.wait();
    std::string process = read_text(number);
    process.pop_back();  // the line's end
    EXPECT_TRUE(eventually([&] { return has_gone(process); }));
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
}

TEST_F(Exec, WithoutACommandOrBesideOtherSourcesIsUsage) {
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--exec"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--exec", "--"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--exec", "true"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"a.bin", "--exec", "--", "true"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--exec", "--text", "a", "--", "true"})));
}

}  // namespace
}  // namespace mapferry::testing
