// SPDX-License-Identifier: Apache-2.0
// The programs as tests use them: a section for each test, a scratch folder, and helpers that
// start, watch and check the processes.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mapferry/inspect.h"
#include "support/child_process.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

// The exit codes that the programs document.
inline constexpr int kExitUsage = 64;
inline constexpr int kExitCorrupt = 65;
inline constexpr int kExitNoInput = 66;
inline constexpr int kExitPeerGone = 69;
inline constexpr int kExitCannotCreate = 73;
inline constexpr int kExitIo = 74;
inline constexpr int kExitTimedOut = 75;
inline constexpr int kExitVersion = 76;
inline constexpr int kExitPermission = 77;
inline constexpr int kExitFaultFound = 78;  // doctor

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

using Words = std::vector<std::string>;

// A program that ran to its end.
struct Ended {
    Exit exit;
    std::string output;
    std::string errors;
    std::string command;
};

// Whether the exit code is `code`; a failure prints all output of the program.
[[nodiscard]] ::testing::AssertionResult ended_with(const Exit& expected, const Ended& ended);
[[nodiscard]] ::testing::AssertionResult ended_with(const Exit& expected, ChildProcess& child);
[[nodiscard]] ::testing::AssertionResult ended_with(int code, const Ended& ended);
[[nodiscard]] ::testing::AssertionResult ended_with(int code, ChildProcess& child);

// Parses one JSON object a line; a line that is not one fails the test.
[[nodiscard]] std::vector<nlohmann::json> json_lines(const std::string& text);
// The first object whose "event" is `event`; null when there is none.
[[nodiscard]] nlohmann::json json_event(const std::string& text, const std::string& event);

[[nodiscard]] bool contains(const std::string& text, const std::string& part);

// Removes the carriage returns that Windows adds to the output of a program of examples/.
[[nodiscard]] std::string plain_lines(std::string output);

// The path of a program of the build, by its file name.
[[nodiscard]] std::string program_path(const std::string& name);

class ProgramTest : public ::testing::Test {
  public:
    // Checks that a writer which keep() left running has ended with 0 if its section was removed.
    ~ProgramTest() override;

  protected:
    ProgramTest();

    // Starts a program of examples/ with the name of this test's section before the arguments.
    [[nodiscard]] ChildProcess start_example(const std::string& program, Words arguments) const;

    // These start and run the programs with --name of this test's section before the arguments of
    // `launch`.
    [[nodiscard]] ChildProcess start_writer(Launch launch) const;
    [[nodiscard]] ChildProcess start_reader(Launch launch) const;
    [[nodiscard]] ChildProcess start_writer(Words arguments) const;
    [[nodiscard]] ChildProcess start_reader(Words arguments) const;
    [[nodiscard]] Ended run_writer(Words arguments) const;
    [[nodiscard]] Ended run_reader(Words arguments) const;
    // Runs mapferry-writer --keep with these arguments until it has put everything and nothing
    // fills the section any more. Where a section in memory needs its writer, the writer runs on
    // until the section is consumed or removed, or the test ends.
    [[nodiscard]] ::testing::AssertionResult keep(Words arguments);
    // The same for a writer that was started with --keep: it has ended with 0, or stays.
    [[nodiscard]] ::testing::AssertionResult has_kept(ChildProcess& writer) const;
    // Leaves the section of a writer that was killed before any reader came.
    [[nodiscard]] ::testing::AssertionResult leave_dead_section() const;

    // Runs mapferry with only these arguments: a command first.
    [[nodiscard]] static Ended run_tool(Words arguments);
    [[nodiscard]] static Ended finish(ChildProcess child);
    // Calls start(0), start(1), ... start(count - 1); none waits for another.
    [[nodiscard]] static std::vector<ChildProcess> start_many(
        int count, const std::function<ChildProcess(int)>& start);

    // A report on the section now, as `ls` and `info` see it.
    [[nodiscard]] std::optional<SectionReport> report() const;
    [[nodiscard]] bool eventually_reports(
        const std::function<bool(const SectionReport&)>& condition) const;
    // Waits until the stream has `count` readers, admitted to the current payload or not.
    [[nodiscard]] bool eventually_has_readers(std::size_t count) const;
    [[nodiscard]] bool eventually_admits_readers(std::size_t count) const;
    // Waits until `payload_bytes` bytes of payload were handed over.
    [[nodiscard]] bool eventually_holds(std::uint64_t payload_bytes) const;

    // Makes a file of random bytes in the scratch folder.
    [[nodiscard]] std::string make_source(std::uint64_t bytes,
                                          const std::string& name = "source.bin") const;

    const ScratchFolder folder_;
    // Declared before the section's guard, so that the guard finds what a test forgot to remove.
    std::vector<ChildProcess> keepers_ = {};
    const UniqueSection section_;
    const std::string out_;  // an empty folder in folder_
};

}  // namespace mapferry::testing
