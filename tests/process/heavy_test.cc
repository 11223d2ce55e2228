// SPDX-License-Identifier: Apache-2.0
// Payloads larger than any memory: both programs stay small.
#include <algorithm>

#include "process/programs.h"
#include "support/host.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kPayloadBytes = 5 * kGiB;
constexpr std::uint64_t kResidentLimit = 64 * kMiB;
constexpr std::uint64_t kSharedLimit = 32 * kMiB;

class Heavy : public ProgramTest {
  protected:
    void SetUp() override {
        if (kSanitized) GTEST_SKIP() << "a sanitizer's own memory is not the programs'";
        make_reserved_file(source_, kPayloadBytes);
    }

    void look_at_shared_memory() {
        const auto now = report();
        if (now) most_shared_ = std::max(most_shared_, now->used_bytes);
    }

    void expect_small(ChildProcess& child) const {
        EXPECT_LT(child.peak_resident_bytes(), kResidentLimit) << child.command();
        EXPECT_GT(child.peak_resident_bytes(), 0u);
    }

    // Waits for both and checks how much memory they used.
    void expect_both_end_small(ChildProcess& writer, ChildProcess& reader) {
        EXPECT_TRUE(eventually([&] {
            look_at_shared_memory();
            // Asks both each time: Wine forgets the memory of a process that has ended.
            const bool writer_runs = writer.is_running();
            return !reader.is_running() && !writer_runs;
        }));
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_EQ(json_event(reader.output(), "payload").at("bytes"), kPayloadBytes);
        expect_small(writer);
        expect_small(reader);
        EXPECT_GT(most_shared_, 0u);
        EXPECT_LT(most_shared_, kSharedLimit);
    }

    const std::string source_ = folder_.file("large");
    std::uint64_t most_shared_ = 0;
};

TEST_F(Heavy, FileOfFiveGiBTakesLittleMemory) {
    ChildProcess reader = start_reader(Words{"--json", "--null"});
    ChildProcess writer = start_writer(Words{source_});
    expect_both_end_small(writer, reader);
}

TEST_F(Heavy, FileOfFiveGiBOnStandardInputTakesLittleMemory) {
    ChildProcess reader = start_reader(Words{"--json", "--null"});
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = file_stream(source_)});
    expect_both_end_small(writer, reader);
}

TEST_F(Heavy, StreamOfFiveGiBTakesLittleMemory) {
    ChildProcess reader = start_reader(Words{"--json", "--null"});
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = pipe_stream()});
    const Bytes zeros(kMiB);
    for (std::uint64_t sent = 0; sent < kPayloadBytes; sent += zeros.size()) {
        ASSERT_TRUE(writer.write_input(zeros));
        if (sent % (64 * kMiB) != 0) continue;
        look_at_shared_memory();
        ASSERT_TRUE(reader.is_running()) << reader.errors();
    }
    writer.close_input();
    expect_both_end_small(writer, reader);
}

}  // namespace
}  // namespace mapferry::testing
