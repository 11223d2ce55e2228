// SPDX-License-Identifier: Apache-2.0
// Many processes use one shared buffer: they create it at the same time, and hammer it under its
// lock while holders are killed. Other tests use the programs' options for buffers.
#include <chrono>
#include <cstring>
#include <random>

#include "mapferry/shared_buffer.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/soak_time.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kWordBytes = 8;
constexpr std::uint64_t kHolderOffset = kWordBytes;
constexpr std::uint64_t kFirstOffset = 2 * kWordBytes;

class BufferProcesses : public ProgramTest {
  protected:
    void TearDown() override { section_.remove(); }

    [[nodiscard]] SharedBuffer make_buffer(std::uint64_t size_bytes) const {
        auto buffer =
            SharedBuffer::open_or_create({.address = section_.address(), .size_bytes = size_bytes});
        if (!buffer) throw std::runtime_error(describe(buffer.error()));
        return std::move(*buffer);
    }
    // Starts a process that counts as number `index`, or only takes the lock; see
    // buffer_hammer_program.cc.
    [[nodiscard]] ChildProcess start_hammer(const std::string& index) const {
        return ChildProcess({.program = MAPFERRY_TEST_HAMMER_PATH,
                             .arguments = {section_.name(), "", index},
                             .input = pipe_stream()});
    }
    [[nodiscard]] static std::uint64_t word_at(const SharedBuffer& buffer, std::uint64_t offset) {
        std::uint64_t word = 0;
        EXPECT_EQ(buffer.read_unlocked(offset, std::as_writable_bytes(std::span(&word, 1))),
                  kWordBytes);
        return word;
    }
    // Whether each process has had the lock at least `rounds` times.
    [[nodiscard]] static bool all_have_struck(const SharedBuffer& buffer, std::uint64_t processes,
                                              std::uint64_t rounds) {
        for (std::uint64_t i = 0; i < processes; ++i)
            if (word_at(buffer, kFirstOffset + i * kWordBytes) < rounds) return false;
        return true;
    }
};

struct Hammers {
    std::vector<ChildProcess> running;
    std::vector<std::uint64_t> indices;  // the index of each running process
    std::uint64_t started = 0;
};

// The counters add up in the end, whichever process was killed, and no process waited past the
// timeout.
TEST_F(BufferProcesses, HammeringAddsUpWhileHoldersAreKilled) {
    constexpr std::uint64_t kAtOnce = 16;
    constexpr std::uint64_t kKills = 48;
    constexpr std::uint64_t kRoundsBetween = 20;
    SharedBuffer buffer = make_buffer(kFirstOffset + (kAtOnce + kKills) * kWordBytes);
    Hammers hammers;
    const auto start_one = [&] {
        hammers.running.push_back(start_hammer(std::to_string(hammers.started)));
        hammers.indices.push_back(hammers.started++);
    };
    while (hammers.started < kAtOnce)
        start_one();
    ASSERT_TRUE(eventually([&] { return all_have_struck(buffer, kAtOnce, 1); }));
    std::mt19937 random(20'240'501);
    for (std::uint64_t kill = 0; kill < kKills; ++kill) {
        const std::uint64_t before = word_at(buffer, 0);
        ASSERT_TRUE(eventually([&] { return word_at(buffer, 0) >= before + kRoundsBetween; }));
        // Every fourth victim is chosen at random, the others are the process seen with the lock.
        std::size_t victim = random() % kAtOnce;
        const std::uint64_t holder = word_at(buffer, kHolderOffset);
        const auto seen = std::ranges::find(hammers.indices, holder - 1);
        if (kill % 4 != 0 && seen != hammers.indices.end())
            victim = static_cast<std::size_t>(seen - hammers.indices.begin());
        hammers.running[victim].send(Signal::kKill);
        (void)hammers.running[victim].wait();
        hammers.running.erase(hammers.running.begin() + static_cast<std::ptrdiff_t>(victim));
        hammers.indices.erase(hammers.indices.begin() + static_cast<std::ptrdiff_t>(victim));
        start_one();
    }
    ASSERT_TRUE(eventually([&] { return all_have_struck(buffer, hammers.started, 0); }));
    for (ChildProcess& hammer : hammers.running)
        hammer.close_input();
    std::uint64_t repairs = 0;
    for (std::size_t i = 0; i < hammers.running.size(); ++i) {
        ASSERT_TRUE(ended_with(0, hammers.running[i]));
        const std::string output = hammers.running[i].output();
        const auto tally = nlohmann::json::parse(output.substr(output.find('{')));
        EXPECT_EQ(tally["rounds"], word_at(buffer, kFirstOffset + hammers.indices[i] * kWordBytes));
        EXPECT_LE(tally["longest_wait_ms"], tally["timeout_ms"]);
        repairs += tally["repairs"].get<std::uint64_t>();
    }
    const auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock) << "nobody has it any more";
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < hammers.started; ++i)
        sum += word_at(buffer, kFirstOffset + i * kWordBytes);
    EXPECT_FALSE(lock->previous_holder_died()) << "the last ones released it";
    EXPECT_EQ(word_at(buffer, 0), sum);
    EXPECT_GT(sum, kAtOnce);
    RecordProperty("rounds", std::to_string(sum));
    RecordProperty("repairs", std::to_string(repairs));
}

TEST_F(BufferProcesses, CreatingAtOnceGivesAllTheSame) {
    for (RoundsOfProcesses rounds(10); rounds.next();) {
        const std::uint64_t writers = 8;
        std::vector<ChildProcess> children = start_many(static_cast<int>(writers), [&](int i) {
            return ChildProcess({.program = MAPFERRY_WRITER_PATH,
                                 .arguments = {"--json", "--buffer", section_.name(), "--size",
                                               "64", "--at", std::to_string(i), "--text",
                                               std::string(1, static_cast<char>('a' + i))}});
        });
        std::optional<SharedBuffer> buffer;
        ASSERT_TRUE(eventually([&] {
            auto opened = SharedBuffer::open({.address = section_.address()});
            if (!opened) return false;
            buffer = std::move(*opened);
            std::array<std::byte, 8> seen{};
            (void)buffer->read_unlocked(0, seen);
            return std::memcmp(seen.data(), "abcdefgh", 8) == 0;
        }));
        section_.remove();
        buffer.reset();
        int made = 0;
        for (ChildProcess& child : children) {
            ASSERT_TRUE(ended_with(0, child));
            if (!json_event(child.output(), "buffer")["already_existed"]) ++made;
        }
        EXPECT_EQ(made, 1);
    }
}

TEST_F(BufferProcesses, RemovingAtOnceLeavesEverybodyWithABuffer) {
    std::vector<ChildProcess> removers;
    for (int round = 0; round < 20; ++round) {
        removers.push_back(
            ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = {"rm", section_.name()}}));
        SharedBuffer buffer = make_buffer(16);
        EXPECT_EQ(buffer.size_bytes(), 16u);
        EXPECT_TRUE(buffer.lock(30s));
    }
    for (ChildProcess& remover : removers)
        (void)remover.wait();
}

TEST_F(BufferProcesses, ProgramsWarnOfADeadHolderAndTheWriterClearsIt) {
    SharedBuffer buffer = make_buffer(kFirstOffset + kWordBytes);
    ChildProcess holder = start_hammer("hold");
    ASSERT_TRUE(eventually([&] { return contains(holder.output(), "held"); }));
    holder.send(Signal::kKill);
    (void)holder.wait();
    for (int i = 0; i < 2; ++i) {
        const Ended look = run_tool({"receive", "--buffer", section_.name(), "--bytes", "8"});
        EXPECT_TRUE(ended_with(0, look));
        EXPECT_TRUE(contains(look.errors, "died")) << look.errors;
    }
    const Words put = {"--json", "--buffer", section_.name(), "--text", "x"};
    const Ended first = finish(ChildProcess({.program = MAPFERRY_WRITER_PATH, .arguments = put}));
    EXPECT_TRUE(ended_with(0, first));
    EXPECT_TRUE(json_event(first.output, "buffer")["previous_holder_died"]);
    const Ended second = finish(ChildProcess({.program = MAPFERRY_WRITER_PATH, .arguments = put}));
    EXPECT_FALSE(json_event(second.output, "buffer")["previous_holder_died"]);
}

TEST_F(BufferProcesses, ProgramsWaitForTheLockUntilTheTimeout) {
    SharedBuffer buffer = make_buffer(8);
    const auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_TRUE(ended_with(
        kExitTimedOut, run_tool({"receive", "--buffer", section_.name(), "--timeout", "100ms"})));
    EXPECT_TRUE(ended_with(
        kExitTimedOut, finish(ChildProcess({.program = MAPFERRY_WRITER_PATH,
                                            .arguments = {"--buffer", section_.name(), "--timeout",
                                                          "100ms", "--text", "x"}}))));
    EXPECT_TRUE(ended_with(kExitTimedOut, run_tool({"rm", section_.name()})));
}

}  // namespace
}  // namespace mapferry::testing
