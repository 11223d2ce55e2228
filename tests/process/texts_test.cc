// The classic small exchange: a reader that prints each text of one writer after another.
#include "mapferry/reader.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class Texts : public ProgramTest {
  protected:
    [[nodiscard]] ChildProcess start_follower(Words more = {}) const {
        Words arguments = {"--text", "--follow"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return start_reader(arguments);
    }
    [[nodiscard]] static bool eventually_prints(const ChildProcess& reader,
                                                const std::string& text) {
        return eventually([&] { return contains(reader.output(), text); });
    }
};

TEST_F(Texts, OfManyWritersArriveWholeAndInOrder) {
    constexpr int kWriters = 20;
    ChildProcess reader = start_follower({"--count", std::to_string(3 * kWriters)});
    std::string expected;
    for (int i = 0; i < kWriters; ++i) {
        const std::string number = std::to_string(i);
        const Words texts = {number + " one", number + " tw\u00F6",
                             std::string(5000, 'x') + number};
        ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", texts[0], texts[1], texts[2]})));
        for (const std::string& text : texts)
            expected += text + "\n";
    }
    ASSERT_TRUE(ended_with(0, reader));
    EXPECT_EQ(reader.output(), expected);
}

TEST_F(Texts, ArePrintedBeforeTheWriterEnds) {
    ChildProcess reader = start_follower();
    ChildProcess second = start_reader(Words{"--quiet", "-o", "-"});
    // The writer waits for both, and then for the slower.
    ChildProcess writer = start_writer(Words{"--readers", "2", "--quiet", "--text", "first"});
    EXPECT_TRUE(eventually_prints(reader, "first\n"));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_TRUE(reader.is_running()) << "it waits for the next writer";
    reader.send(Signal::kInterrupt);
    EXPECT_TRUE(ended_with(ended_by(Signal::kInterrupt), reader));
}

TEST_F(Texts, KilledWriterEndsNotTheFollowing) {
    ChildProcess reader = start_follower();
    // Two slots hold the first two texts, and then the writer waits for a reader that takes none.
    ChildProcess writer = start_writer(
        Words{"--readers", "2", "--slots", "2", "--quiet", "--text", "long", "before", "never"});
    const auto idle = Reader::open({.address = section_.address()});
    ASSERT_TRUE(idle) << describe(idle.error());
    ASSERT_TRUE(eventually_prints(reader, "long\nbefore\n"));
    writer.send(Signal::kKill);
    (void)writer.wait();
    ASSERT_TRUE(
        eventually([&] { return contains(reader.errors(), "warning") || !reader.is_running(); }));
    ASSERT_TRUE(reader.is_running()) << reader.errors();
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", "after"})));
    EXPECT_TRUE(eventually_prints(reader, "after\n"));
    EXPECT_EQ(reader.output(), "long\nbefore\nafter\n");
    reader.send(Signal::kTerminate);
    (void)reader.wait();
}

TEST_F(Texts, TimeoutEndsTheFollowingOnlyWhenItIsGiven) {
    EXPECT_TRUE(
        ended_with(kExitTimedOut, run_reader({"--text", "--follow", "--timeout", "100ms"})));
}

TEST_F(Texts, PipeGetsThemRawAndJsonAsEvents) {
    const std::string text = "bell \a, color \x1b[31m, line\nend";
    ChildProcess raw = start_reader(Words{"--text"});
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", text})));
    ASSERT_TRUE(ended_with(0, raw));
    EXPECT_EQ(raw.output(), text + "\n");
    ChildProcess json = start_reader(Words{"--text", "--json"});
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", text, ""})));
    ASSERT_TRUE(ended_with(0, json));
    const auto events = json_lines(json.output());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0]["text"], text);
    EXPECT_EQ(events[0]["bytes"], text.size());
    EXPECT_EQ(events[1]["text"], "");
}

}  // namespace
}  // namespace mapferry::testing
