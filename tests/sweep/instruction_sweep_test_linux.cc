// SPDX-License-Identifier: Apache-2.0
// Kills a process at every instruction of the functions that hand over frames and payloads:
// publishing, lending, leasing, releasing, with a payload of 64 bytes. The process is a child of
// this test, which steps it from one trap to the next.
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/traced_registers_linux.h"
#include "sweep/sweep_test.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::size_t kBytes = 64;
// The survivor looks for a stopped or dead peer in steps of this length.
constexpr std::chrono::milliseconds kSoon{10};
constexpr Share kInstructionShare = {.in_short = 15, .in_long = 1'000'000};

Bytes content(unsigned value) {
    return Bytes(kBytes, static_cast<std::byte>(value));
}

// The victim reports its errors by its exit code alone; for the survivor they fail the test.
bool is_victim = false;

[[noreturn]] void give_up(const Status& status) {
    if (is_victim) {
        (void)std::fprintf(stderr, "%s\n", describe(status).c_str());
        ::_exit(9);
    }
    ADD_FAILURE() << describe(status);
    throw std::runtime_error("the survivor can't go on");
}

template <typename T>
T need(Result<T> result) {
    if (!result) give_up(result.error());
    return std::move(*result);
}
void need(const Result<void>& result) {
    if (!result) give_up(result.error());
}

// Both sides of one act; each run uses a new object.
class Act {
  public:
    explicit Act(SectionAddress address) : address_(std::move(address)) {}
    virtual ~Act() = default;
    Act(const Act&) = delete;
    Act& operator=(const Act&) = delete;

    virtual void before() {}  // the survivor, before there is a child
    // The child: prepares, calls trap(), runs the functions to sweep, calls trap().
    virtual void victim() = 0;
    virtual void while_it_runs() {}   // the survivor, until the child's first trap
    virtual void while_it_stops() {}  // the survivor, at the child's first trap
    // The survivor, after the child's death. Counts the frames or payloads that arrived whole.
    virtual void judge() = 0;

    std::uint64_t delivered = 0;
    bool delivers = true;  // when the victim reaches its end

  protected:
    [[nodiscard]] const SectionAddress& address() const { return address_; }
    [[nodiscard]] FrameWriter make_frame_writer() const {
        return need(FrameWriter::create({.address = address_,
                                         .frame_limit_bytes = kBytes,
                                         .slot_count = 4,
                                         .reader_limit = 2,
                                         .checksum = Checksum::kAll}));
    }
    [[nodiscard]] FrameReader open_frame_reader() const {
        return need(
            FrameReader::open({.address = address_, .timeout = kSoon, .successor_timeout = 0ms}));
    }
    static void publish(FrameWriter& writer, unsigned value) {
        (void)need(writer.publish_copy(content(value), {}, 0ms));
    }

  private:
    SectionAddress address_;
};

// ---- frames ------------------------------------------------------------------------------------

// The writer dies; a reader with a lease lives.
class FrameWriterAct : public Act {
  public:
    using Act::Act;

    void while_it_stops() override {
        reader_.emplace(open_frame_reader());
        held_ = need(reader_->next(kSoon));
    }
    void judge() override {
        EXPECT_TRUE(held_->verify());
        EXPECT_TRUE(std::ranges::equal(held_->bytes(), content(1)));
        auto frame = reader_->next(kSoon);
        if (frame && *frame) {
            EXPECT_TRUE((*frame)->verify());
            EXPECT_TRUE(std::ranges::equal((*frame)->bytes(), content(2)));
            ++delivered;
        } else {
            EXPECT_FALSE(frame) << "no writer said that it ended";
            EXPECT_EQ(frame.error().code, Code::kPeerGone) << describe(frame.error());
        }
        // The next writer takes over the name.
        FrameWriter next = make_frame_writer();
        publish(next, 3);
    }

  private:
    std::optional<FrameReader> reader_;
    std::optional<Frame> held_;
};

class FramePublish : public FrameWriterAct {
  public:
    using FrameWriterAct::FrameWriterAct;
    void victim() override {
        FrameWriter writer = make_frame_writer();
        publish(writer, 1);
        FrameLoan loan = need(writer.loan(kBytes, 0ms));
        std::ranges::copy(content(2), loan.bytes().begin());
        stop_for_tracer();
        (void)need(writer.publish(std::move(loan)));
        stop_for_tracer();
        ::_exit(0);
    }
};

class FrameLend : public FrameWriterAct {
  public:
    explicit FrameLend(SectionAddress address) : FrameWriterAct(std::move(address)) {
        delivers = false;
    }
    void victim() override {
        FrameWriter writer = make_frame_writer();
        publish(writer, 1);
        stop_for_tracer();
        const FrameLoan loan = need(writer.loan(kBytes, 0ms));
        std::ranges::copy(content(2), loan.bytes().begin());
        stop_for_tracer();
        ::_exit(0);
    }
};

// A reader dies; the writer and another reader live.
class FrameReaderAct : public Act {
  public:
    using Act::Act;

    void before() override {
        writer_.emplace(make_frame_writer());
        publish(*writer_, 1);
    }
    void judge() override {
        publish(*writer_, 2);
        FrameReader other = open_frame_reader();
        {
            const auto frame = need(other.next(kSoon));
            EXPECT_TRUE(frame && std::ranges::equal(frame->bytes(), content(2)));
        }
        // The dead reader keeps neither a slot nor a place.
        std::vector<FrameLoan> loans;
        loans.reserve(3);
        for (int i = 0; i < 3; ++i)
            loans.push_back(need(writer_->loan(kBytes, 0ms)));
        const FrameReader in_its_place = open_frame_reader();
        ++delivered;
    }

  private:
    std::optional<FrameWriter> writer_;
};

class FrameLease : public FrameReaderAct {
  public:
    using FrameReaderAct::FrameReaderAct;
    void victim() override {
        FrameReader reader = open_frame_reader();
        stop_for_tracer();
        const auto frame = need(reader.next(kSoon));
        stop_for_tracer();
        ::_exit(frame ? 0 : 8);
    }
};

class FrameRelease : public FrameReaderAct {
  public:
    using FrameReaderAct::FrameReaderAct;
    void victim() override {
        FrameReader reader = open_frame_reader();
        auto frame = need(reader.next(kSoon));
        stop_for_tracer();
        frame.reset();
        stop_for_tracer();
        ::_exit(0);
    }
};

// ---- files -------------------------------------------------------------------------------------

// The writer dies between a chunk's first byte and the end of its payload; a reader follows it.
class KeepPublish : public Act {
  public:
    using Act::Act;

    void victim() override {
        Writer writer =
            need(Writer::create({.address = address(), .delivery = StreamDelivery::kKeep}));
        need(writer.begin({.name = "x"}));
        need(writer.write(content(1)));
        stop_for_tracer();
        (void)need(writer.end());
        stop_for_tracer();
        ::_exit(0);
    }
    void while_it_stops() override {
        reader_.emplace(need(Reader::open({.address = address(), .timeout = kSoon})));
        (void)need(reader_->next());
    }
    void judge() override {
        auto bytes = reader_->read();
        if (bytes) {
            EXPECT_TRUE(std::ranges::equal(*bytes, content(1)));
            ++delivered;
            bytes = reader_->read();
            if (bytes) {
                EXPECT_TRUE(bytes->empty());
                EXPECT_TRUE(reader_->summary());
            }
        }
        if (!bytes) {
            EXPECT_EQ(bytes.error().code, Code::kPeerGone) << describe(bytes.error());
        }
        const Writer next = need(Writer::create({.address = address()}));
    }

  private:
    std::optional<Reader> reader_;
};

// A reader dies while it has a message; the writer waits for it and ends.
class StreamRelease : public Act {
  public:
    using Act::Act;

    void before() override { writer_.emplace(need(Writer::create({.address = address()}))); }
    void victim() override {
        Reader reader = need(Reader::open({.address = address()}));
        (void)need(reader.next());
        stop_for_tracer();
        const auto bytes = need(reader.read());
        if (!std::ranges::equal(bytes, content(1))) ::_exit(8);
        (void)need(reader.read());
        need(reader.acknowledge());
        need(reader.close());
        stop_for_tracer();
        ::_exit(0);
    }
    void while_it_runs() override {
        for (int round = 0; round < 1000 && !writer_->wait_for_readers(1, kSoon); ++round)
            continue;
        need(writer_->begin({.name = "x"}));
        need(writer_->write(content(1)));
        (void)need(writer_->end());
        need(writer_->flush());
    }
    void judge() override {
        const auto closed = writer_->close();
        if (closed)
            ++delivered;
        else
            EXPECT_EQ(closed.error().code, Code::kPeerGone) << describe(closed.error());
        writer_.reset();
        const Writer next = need(Writer::create({.address = address()}));
    }

  private:
    std::optional<Writer> writer_;
};

// ---- the sweep ---------------------------------------------------------------------------------

struct ActChoice {
    const char* name;
    std::unique_ptr<Act> (*make)(const SectionAddress&);
};
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const ActChoice& choice, std::ostream* stream) {
    *stream << choice.name;
}

template <typename Made>
std::unique_ptr<Act> make_act(const SectionAddress& address) {
    return std::make_unique<Made>(address);
}

class InstructionSweep : public SweepTest, public ::testing::WithParamInterface<ActChoice> {
  protected:
    // Kills the victim after this number of instructions; returns the number that it ran until then
    // or until its end.
    std::uint64_t kill_after(std::uint64_t instructions);
    std::uint64_t delivered_ = 0;
    bool delivers_ = true;

  private:
    static void become_victim(Act& act);
};

void InstructionSweep::become_victim(Act& act) {
    is_victim = true;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(7);
    act.victim();
    ::_exit(6);
}

std::uint64_t InstructionSweep::kill_after(std::uint64_t instructions) {
    const std::unique_ptr<Act> act = GetParam().make(section_.address());
    act->before();
    const pid_t child = ::fork();
    if (child == 0) become_victim(*act);
    act->while_it_runs();
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) << status;
    act->while_it_stops();
    std::uint64_t done = 0;
    while (WIFSTOPPED(status) && done < instructions) {
        ::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
        ++done;
    }
    if (WIFSTOPPED(status)) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
    } else {
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    }
    act->judge();
    delivered_ += act->delivered;
    delivers_ = act->delivers;
    ++figures.runs;
    return done;
}

TEST_P(InstructionSweep, HarmsNobody) {
    if (!can_trace()) GTEST_SKIP() << "processes can't be traced here";
    if (!can_step_over_atomics()) GTEST_SKIP() << "atomic accesses are loops on this processor";
    const std::uint64_t all = kill_after(~std::uint64_t{0});
    clear_stage();
    ASSERT_GT(all, 50u);
    for (const std::uint64_t instruction : chosen_indices(all, kInstructionShare)) {
        SCOPED_TRACE("killed after instruction " + std::to_string(instruction) + " of " +
                     std::to_string(all));
        (void)kill_after(instruction);
        clear_stage();
        if (HasFailure()) return;
    }
    if (delivers_) {
        EXPECT_GT(delivered_, 0u) << "who died late had delivered";
    }
    print_figures(
        "killed at instructions, " + std::string(GetParam().name) + ", of " + std::to_string(all),
        figures);
}

INSTANTIATE_TEST_SUITE_P(, InstructionSweep,
                         ::testing::Values(ActChoice{"FramePublish", make_act<FramePublish>},
                                           ActChoice{"FrameLend", make_act<FrameLend>},
                                           ActChoice{"FrameLease", make_act<FrameLease>},
                                           ActChoice{"FrameRelease", make_act<FrameRelease>},
                                           ActChoice{"KeepPublish", make_act<KeepPublish>},
                                           ActChoice{"StreamRelease", make_act<StreamRelease>}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace mapferry::testing
