// SPDX-License-Identifier: Apache-2.0
// Crowds: many processes that want one name, and many readers that come and go. The ordinary tests
// run short forms; MAPFERRY_SOAK_SECONDS sets the duration of each test.
#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/sanitizer.h"
#include "support/soak_time.h"

namespace mapferry::testing {
namespace {

constexpr int kCrowd = 64;

// A program under a sanitizer takes many times as long to start and to end.
constexpr int few_if_sanitized(int rounds) {
    return kSanitized ? rounds / 20 : rounds;
}

class Crowd : public ProgramTest {
  protected:
    static std::size_t count_running(std::vector<ChildProcess>& processes) {
        return static_cast<std::size_t>(std::ranges::count_if(
            processes, [](ChildProcess& process) { return process.is_running(); }));
    }
    // A text of one writer only, so long that a mixture of two texts is noticed.
    static std::string text_of(int writer) {
        std::string text;
        while (text.size() < 5000)
            text += "writer " + std::to_string(writer) + "; ";
        return text;
    }
};

TEST_F(Crowd, OfWritersForOneNameHasOneWinnerAndNothingIsMixed) {
    Rounds rounds(few_if_sanitized(20));
    while (!HasFailure() && rounds.next()) {
        std::vector<ChildProcess> writers = start_many(
            kCrowd, [&](int i) { return start_writer(Words{"--quiet", "--text", text_of(i)}); });
        // The losers end, the winner waits for a reader.
        ASSERT_TRUE(eventually([&] { return count_running(writers) == 1; }));
        const Ended reader = run_reader({"--quiet"});
        ASSERT_TRUE(ended_with(0, reader));
        int winners = 0;
        for (int i = 0; i < kCrowd; ++i) {
            const bool won = reader.output == text_of(i);
            winners += won ? 1 : 0;
            EXPECT_TRUE(
                ended_with(won ? 0 : kExitCannotCreate, writers[static_cast<std::size_t>(i)]));
        }
        ASSERT_EQ(winners, 1) << reader.output;
        ASSERT_FALSE(section_.exists());
    }
    print_figure("writers racing for one name", rounds.done(), " x ", kCrowd);
}

// Collectors and the next writer meet at a dead writer's section: the collectors never remove the
// new section.
TEST_F(Crowd, OfCleanersNeverTakesTheNextSection) {
    Rounds rounds(few_if_sanitized(20));
    while (!HasFailure() && rounds.next()) {
        ASSERT_TRUE(leave_dead_section());
        std::vector<ChildProcess> cleaners = start_many(6, [&](int) {
            return ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = {"gc"}});
        });
        ASSERT_TRUE(keep({"--text", "alive"}));
        std::vector<ChildProcess> later = start_many(2, [&](int) {
            return ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = {"gc"}});
        });
        for (ChildProcess& cleaner : cleaners)
            EXPECT_TRUE(ended_with(0, cleaner));
        // Two consumers want the payload and one gets it. The other finds nothing, or finds that
        // the payload is being consumed.
        std::vector<ChildProcess> consumers = start_many(
            2, [&](int) { return start_reader(Words{"--quiet", "--timeout", "0", "--consume"}); });
        int consumed = 0;
        for (ChildProcess& consumer : consumers)
            consumed += consumer.wait() == exited(0) && consumer.output() == "alive" ? 1 : 0;
        EXPECT_EQ(consumed, 1);
        for (ChildProcess& cleaner : later)
            EXPECT_TRUE(ended_with(0, cleaner));
        ASSERT_FALSE(section_.exists());
    }
    print_figure("sections created among cleaners", rounds.done());
}

// ---- readers that come, and leave or die --------------------------------------------------------

// Puts payloads until stop() is called.
class EndlessWriter {
  public:
    explicit EndlessWriter(Writer writer)
        : writer_(std::move(writer)), thread_([this] { run(); }) {}

    ~EndlessWriter() { stopping_ = true; }
    EndlessWriter(const EndlessWriter&) = delete;
    EndlessWriter& operator=(const EndlessWriter&) = delete;

    [[nodiscard]] std::uint64_t payloads() const { return payloads_.load(); }
    // Returns how the writer ended.
    Result<WriterReport> stop() {
        stopping_ = true;
        thread_.join();
        return result_;
    }

  private:
    void run() {
        const Bytes bytes = random_bytes(100'000);
        Result<void> good = writer_.wait_for_readers(1);
        while (good && !stopping_.load()) {
            good = writer_.begin({.name = "payload", .payload_bytes = bytes.size()});
            if (good) good = writer_.write(bytes);
            if (!good) break;
            auto ended = writer_.end();
            if (!ended) good = std::unexpected(ended.error());
            payloads_.fetch_add(1);
        }
        result_ = good ? writer_.close() : Result<WriterReport>(std::unexpected(good.error()));
    }

    Writer writer_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> payloads_ = 0;
    Result<WriterReport> result_;
    std::jthread thread_;
};

TEST_F(Crowd, OfReadersThatComeAndDieLeavesEveryPlaceFree) {
    auto created = Writer::create({.address = section_.address()});
    ASSERT_TRUE(created) << describe(created.error());
    EndlessWriter writer(std::move(*created));
    ChildProcess steady = start_reader(Words{"--quiet", "--null"});
    std::mt19937 chance(1);
    Rounds rounds(few_if_sanitized(40));
    int deaths = 0;
    while (!HasFailure() && rounds.next()) {
        std::vector<ChildProcess> readers =
            start_many(8, [&](int) { return start_reader(Words{"--quiet", "--null"}); });
        // Some readers die before they have a place, others in the middle of a payload.
        const std::uint64_t until = writer.payloads() + chance() % 40;
        ASSERT_TRUE(eventually([&] { return writer.payloads() >= until; }));
        for (ChildProcess& reader : readers) {
            reader.send(Signal::kKill);
            (void)reader.wait();
            ++deaths;
        }
    }
    // New readers can take all places of the dead ones at once.
    const auto limit = report()->section.reader_limit;
    std::vector<ChildProcess> all = start_many(
        static_cast<int>(limit) - 1, [&](int) { return start_reader(Words{"--quiet", "--null"}); });
    EXPECT_TRUE(eventually_admits_readers(limit));
    const auto ended = writer.stop();
    EXPECT_TRUE(ended) << describe(ended.error());
    EXPECT_TRUE(ended_with(0, steady));
    for (ChildProcess& reader : all)
        EXPECT_TRUE(ended_with(0, reader));
    print_figure("readers of a stream killed", deaths);
}

}  // namespace
}  // namespace mapferry::testing
