// SPDX-License-Identifier: Apache-2.0
// Programs without standard streams: a section, an output or another file of the library must never
// get the number of a closed stream, or the next message is written into it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "mapferry/detail/machine.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/output.h"
#include "mapferry/reader.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/forked_child.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

// The words of the shell that start a program without these streams.
struct Closed {
    const char* words;
    bool output;  // standard output is among them
};
constexpr std::array kClosed = {
    Closed{"<&-", false},         Closed{">&-", true},      Closed{"2>&-", false},
    Closed{"<&- >&-", true},      Closed{">&- 2>&-", true}, Closed{"<&- 2>&-", false},
    Closed{"<&- >&- 2>&-", true},
};

class ClosedStreams : public ProgramTest {
  protected:
    // Runs a program with this test's section and the streams of `closed` closed.
    [[nodiscard]] Ended run(const Words& program, const std::string& closed,
                            const Words& arguments) const {
        Words words{"-c", "exec \"$@\" " + closed, "sh"};
        words.insert(words.end(), program.begin(), program.end());
        words.insert(words.end(), {"--name", section_.name()});
        words.insert(words.end(), arguments.begin(), arguments.end());
        return finish(ChildProcess({.program = "/bin/sh", .arguments = words}));
    }
    [[nodiscard]] Ended writer(const std::string& closed, const Words& arguments) const {
        return run({MAPFERRY_WRITER_PATH}, closed, arguments);
    }
    [[nodiscard]] Ended reader(const std::string& closed, const Words& arguments) const {
        return run({MAPFERRY_READER_PATH}, closed, arguments);
    }
    void expect_whole() const {
        EXPECT_TRUE(ended_with(0, run_reader({"--timeout", "0", "-q", "--force", "-o", target()})));
        EXPECT_TRUE(same_content(source_, target()));
    }
    [[nodiscard]] std::string target() const { return out_ + "/target"; }

    const std::string source_ = make_source(100 * kKiB);
};

TEST_F(ClosedStreams, OfAKeepingWriterLeaveItsSectionWhole) {
    for (const Closed& closed : kClosed) {
        SCOPED_TRACE(closed.words);
        EXPECT_TRUE(ended_with(0, writer(closed.words, {"--keep", source_})));
        expect_whole();
        section_.remove();
        // Requested output that can't be printed is an error.
        EXPECT_TRUE(ended_with(closed.output ? kExitIo : 0,
                               writer(closed.words, {"--keep", "--json", source_})));
        expect_whole();
        section_.remove();
    }
}

TEST_F(ClosedStreams, OfAReaderLeaveTheSectionWhole) {
    ASSERT_TRUE(keep({source_}));
    const std::string to = target();
    for (const Closed& closed : kClosed) {
        for (const Words& words : {Words{"--force", "-o", to}, Words{"--force", "--json", "-o", to},
                                   Words{"--null"}, Words{"-q", "-o", "-"}}) {
            SCOPED_TRACE(closed.words + (" " + words.back()));
            Words all{"--timeout", "0"};
            all.insert(all.end(), words.begin(), words.end());
            const bool is_said = words.size() > 1 && (words[1] == "--json" || words[0] == "-q");
            EXPECT_TRUE(
                ended_with(closed.output && is_said ? kExitIo : 0, reader(closed.words, all)));
            expect_whole();
        }
    }
    section_.remove();
}

TEST_F(ClosedStreams, OutputThatIsNeededAndClosedIsAnErrorAndConsumesNothing) {
    ASSERT_TRUE(keep({source_}));
    const Ended ended = reader(">&-", {"--timeout", "0", "--consume", "-o", "-"});
    EXPECT_TRUE(ended_with(kExitIo, ended));
    EXPECT_TRUE(contains(ended.errors, "cannot write standard output")) << ended.errors;
    expect_whole();
    EXPECT_TRUE(ended_with(kExitIo, run({MAPFERRY_CONSOLE_PATH, "info"}, ">&-", {})));
    EXPECT_TRUE(ended_with(kExitIo, reader(">&-", {"--help"})));
    section_.remove();
}

// With the payload on standard output, the JSON goes to standard error.
TEST_F(ClosedStreams, JsonBesideAPayloadThatCannotBePrintedIsAnErrorAndConsumesNothing) {
    ASSERT_TRUE(keep({source_}));
    for (const std::string closed : {"2>&-", "2>/dev/full"}) {
        const Ended ended = reader(closed, {"--timeout", "0", "--consume", "--json", "-o", "-"});
        EXPECT_TRUE(ended_with(kExitIo, ended)) << closed;
        expect_whole();
    }
    section_.remove();
}

TEST_F(ClosedStreams, InputThatIsNeededAndClosedIsAnError) {
    const Ended ended = writer("<&-", {"--keep", "-"});
    EXPECT_TRUE(ended_with(kExitIo, ended));
    EXPECT_TRUE(contains(ended.errors, "cannot read standard input")) << ended.errors;
}

TEST_F(ClosedStreams, OfABuffersUsersLeaveItsBytesAlone) {
    for (const Closed& closed : kClosed) {
        SCOPED_TRACE(closed.words);
        EXPECT_TRUE(ended_with(
            0, finish(ChildProcess({.program = "/bin/sh",
                                    .arguments = {"-c",
                                                  std::string("exec \"$0\" --buffer \"$1\" --size 5"
                                                              " --text hello ") +
                                                      closed.words,
                                                  MAPFERRY_WRITER_PATH, section_.name()}}))));
        EXPECT_EQ(run_tool({"receive", "--buffer", section_.name()}).output, "hello");
        section_.remove();
    }
}

// ---- the library in a program that has closed its streams ---------------------------------------

void close_standard_streams() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::close(number);
}

bool none_is_open() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(number, F_GETFD) >= 0) return false;
    return true;
}

class ClosedByTheProgram : public ProgramTest {
  protected:
    [[nodiscard]] SectionAddress address() const { return section_.address(); }
};

TEST_F(ClosedByTheProgram, AreNoSectionsNoFilesAndNoSources) {
    const std::string source = make_source(kKiB);
    // Without streams an expectation can't print what failed: the exit codes are the steps.
    EXPECT_EQ(failure_in_child([&] {
                  close_standard_streams();
                  int step = 0;
                  const auto check = [&step](bool worked) {
                      ++step;
                      if (!worked || !none_is_open()) ::_exit(step + 1);
                  };
                  auto writer = FrameWriter::create({.address = address()});
                  check(writer.has_value());
                  auto reader = FrameReader::open({.address = address(), .timeout = 0ms});
                  check(reader.has_value());
                  check(writer->publish_copy(bytes_of("x"), {}, 0ms).has_value());
                  auto buffer = SharedBuffer::open_or_create(
                      {.address = {.backing_path = folder_.file("b")}, .size_bytes = 10});
                  check(buffer.has_value());
                  auto lock = buffer->lock(0ms);
                  check(lock.has_value());
                  auto output = Output::to_file(out_ + "/o", Overwrite::kRefuse, {});
                  check(output.has_value() && output->write(bytes_of("x")).has_value());
                  auto input = Source::open_file(source);
                  check(input.has_value());
                  check(!Source::standard_input());
                  check(!Output::to_standard_output({}));
                  check(list_sections().has_value());
                  check(!machine_facts().empty());
                  check(output->commit({}).has_value());
                  check(writer->close().has_value());
              }),
              "");
}

// This holds even between the opening of a file and its move to a better number.
TEST_F(ClosedByTheProgram, AndWrittenToAllTheTimeLandNowhere) {
    const std::string source = make_source(kKiB);
    ASSERT_TRUE(keep({source}));
    EXPECT_EQ(failure_in_child([&] {
                  close_standard_streams();
                  std::atomic<bool> done = false;
                  std::atomic<int> landed = 0;
                  std::thread chatter([&] {
                      // Not write(): the thread sanitizer takes two uses of a number for a race,
                      // and they are what this is about.
                      while (!done)
                          for (const int number : {STDOUT_FILENO, STDERR_FILENO})
                              if (::syscall(SYS_write, number, "a log line\n", 11) > 0) ++landed;
                  });
                  for (int i = 0; i < 300; ++i) {
                      auto reader = Reader::open({.address = address(), .timeout = 0ms});
                      if (!reader || !reader->next() || !reader->read()) ::_exit(2);
                      auto output = Output::to_file(out_ + "/o", Overwrite::kReplace, {});
                      if (!output || !output->commit({})) ::_exit(3);
                  }
                  done = true;
                  chatter.join();
                  if (landed != 0) ::_exit(4);
              }),
              "");
    EXPECT_EQ(std::filesystem::file_size(out_ + "/o"), 0u);
    section_.remove();
}

}  // namespace
}  // namespace mapferry::testing
