// SPDX-License-Identifier: Apache-2.0
// The faults of the classic writer / reader pair over a file mapping, each with the test that
// excludes it. The tests that need no processes are in the unit tests.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>

#include "format/layout.h"
#include "platform/shared_object.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class ClassicFault : public ProgramTest {
  protected:
    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }
};

// The classic reader maps 4096 bytes whatever the size of the payload; behind them it crashes or
// reads garbage.
TEST_F(ClassicFault, ReaderMapsTheWholePayloadNot4096Bytes) {
    const std::string source = make_source(4 * kMiB + 1);
    ASSERT_TRUE(keep({"--slot-size", "4MiB", source}));
    EXPECT_TRUE(ended_with(0, run_tool({"verify", section_.name()})));
    ASSERT_TRUE(ended_with(0, run_reader({"--consume", "-o", target()})));
    EXPECT_TRUE(same_content(source, target()));
}

// The classic writer stores a pointer of its own address space, or adds a byte count to a pointer
// to structs. Both work only where writer and reader happen to agree. Here nothing depends on the
// address of a mapping: many processes with random layouts read the same kept bytes.
TEST_F(ClassicFault, NothingDependsOnTheAddressOfTheMapping) {
    const std::string source = make_source(300'000);
    ASSERT_TRUE(keep({source}));
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(ended_with(0, run_reader({"--force", "-o", target()})));
        EXPECT_TRUE(same_content(source, target()));
    }
    section_.remove();
}

// The classic writer first creates the name at 64 bytes, and then "again" at full size while the
// old section lives. Here every look at the name finds the final size and a finished ident.
TEST_F(ClassicFault, NameIsNeverVisibleAtASmallerSize) {
    const std::string source = make_source(3 * kMiB);
    std::set<std::uint64_t> sizes;
    int looks = 0;
    for (int round = 0; round < 30; ++round) {
        ChildProcess writer = start_writer(Words{"--keep", source});
        for (bool ended = false; !ended && writer.is_running();) {
            const auto object = platform::open_object(section_.address());
            if (!object) continue;
            sizes.insert(object->object_bytes);
            const auto seen = inspect_section(section_.address());
            EXPECT_TRUE(seen || seen.error().code == Code::kNotFound) << describe(seen.error());
            ended = seen && seen->state == SectionState::kEnded;
            ++looks;
        }
        EXPECT_TRUE(has_kept(writer));
        sizes.insert(platform::open_object(section_.address()).value().object_bytes);
        section_.remove();
    }
    EXPECT_EQ(sizes.size(), 1u) << looks << " looks";
}

// The classic reader can't tell "not written yet" from "empty".
TEST_F(ClassicFault, NotWrittenYetDiffersFromEmpty) {
    EXPECT_TRUE(ended_with(kExitNoInput, run_reader({"--timeout", "0", "-o", target()})));
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(
        eventually_reports([](const SectionReport& now) { return now.payloads_begun == 1; }));
    ChildProcess reader = start_reader(Words{"-o", target()});
    EXPECT_TRUE(reader.is_running());
    EXPECT_FALSE(std::filesystem::exists(target()));
    const auto unfinished = report();
    ASSERT_TRUE(unfinished);
    EXPECT_EQ(unfinished->payloads.at(0).state, PayloadState::kUnfinished);
    writer.close_input();
    EXPECT_TRUE(has_kept(writer));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(read_file(target()).empty());
    EXPECT_EQ(report()->payloads.at(0).state, PayloadState::kWhole);
    section_.remove();
}

// The classic writer takes the number of characters for the number of bytes: half of a Unicode text
// arrives.
TEST_F(ClassicFault, UnicodeTextArrivesWhole) {
    // Characters of one, two, three and four bytes in UTF-8.
    const std::string text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\xa2 the end";
    ChildProcess writer = start_writer(Words{"--json", "--text", text});
    const Ended reader = run_reader({});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_EQ(reader.output, text);
    EXPECT_EQ(json_event(writer.output(), "payload").at("bytes"), text.size());
}

// The classic writer passes only the low 32 bits of a size: 4 GiB + 5 bytes become 5.
TEST_F(ClassicFault, SizeKeepsItsHigh32Bits) {
    constexpr std::uint64_t kBytes = 4 * kGiB + 5;
    const std::string source = folder_.file("sparse");
    make_sparse_file(source, kBytes);
    ChildProcess writer = start_writer(Words{"--json", source});
    ChildProcess reader = start_reader(Words{"--json", "--null"});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_EQ(json_event(writer.output(), "payload").at("bytes"), kBytes);
    EXPECT_EQ(json_event(reader.output(), "payload").at("bytes"), kBytes);
}

// In the classic pair a failed lock looks like success, and two writers fill one buffer.
TEST_F(ClassicFault, FailedLockIsAnErrorAndNoSuccess) {
    ChildProcess writer = start_writer(Words{"--text", "from the first"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--text", "from the second"})));
    EXPECT_EQ(run_reader({}).output, "from the first");
    EXPECT_TRUE(ended_with(0, writer));
}

// In the classic pair a lock whose owner died without releasing it blocks all others for ever.
TEST_F(ClassicFault, LockOfADeadOwnerIsFree) {
    for (const char* text : {"one", "two"}) {
        ASSERT_TRUE(leave_dead_section());
        ChildProcess writer = start_writer(Words{"--text", text});
        EXPECT_EQ(run_reader({}).output, text);
        EXPECT_TRUE(ended_with(0, writer));
    }
}

// The classic section is open to all users (a NULL DACL).
TEST_F(ClassicFault, SectionIsForItsOwnerOnly) {
    const UmaskGuard guard(0);
    ASSERT_TRUE(keep({"--text", "x"}));
    EXPECT_TRUE(is_owners_only(platform::open_object(section_.address()).value()));
    if (has_permission_bits()) {
        set_permission_bits(object_file(section_.address()), 0666);
        EXPECT_TRUE(ended_with(77, run_reader({"--timeout", "0", "--null"})));
        set_permission_bits(object_file(section_.address()), 0600);
    }
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "--null"})));
}

}  // namespace
}  // namespace mapferry::testing
