// SPDX-License-Identifier: Apache-2.0
// Readers that come and go in numbers, and removals that race with everybody. Short forms in the
// ordinary tests; with MAPFERRY_SOAK_SECONDS each goes on for that time.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/section.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/soak_time.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class Churn : public ProgramTest {
  protected:
    // What a process holds: open descriptors and mapped regions.
    struct Held {
        std::ptrdiff_t descriptors = 0;
        std::ptrdiff_t regions_of_sections = 0;
        friend bool operator==(const Held&, const Held&) = default;
    };
    static Held held_by_this_process() {
        Held held;
        held.descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);)
            held.regions_of_sections += line.contains("mapferry") && line.contains("/dev/shm");
        return held;
    }
};

TEST_F(Churn, Of64FrameReadersThatDieAtRandomLeavesEveryPlaceFree) {
    auto writer = FrameWriter::create(
        {.address = section_.address(), .frame_limit_bytes = 65536, .reader_limit = 64});
    ASSERT_TRUE(writer) << describe(writer.error());
    const Bytes frame = random_bytes(65536);
    const auto publish = [&] { return writer->publish_copy(frame, {}, 1s); };
    const auto start = [&](int) { return start_reader(Words{"--quiet", "--frames", "--null"}); };
    std::vector<ChildProcess> readers = start_many(64, start);
    std::mt19937 chance(1);
    Rounds rounds(4);
    int deaths = 0;
    while (!HasFailure() && rounds.next()) {
        ASSERT_TRUE(eventually([&] { return publish() && writer->report().readers == 64; }));
        for (ChildProcess& reader : readers) {
            ASSERT_TRUE(publish());
            if (chance() % 2 == 0) continue;
            reader.send(Signal::kKill);
            (void)reader.wait();
            ++deaths;
            reader = start(0);
        }
    }
    ASSERT_TRUE(eventually([&] { return publish() && writer->report().readers == 64; }));
    ASSERT_TRUE(writer->close());
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    print_figure("frame readers of 64 killed", deaths);
}

TEST_F(Churn, OfAThousandReadersLeavesNoDescriptorAndNoMapping) {
    auto camera = FrameWriter::create({.address = section_.address(), .frame_limit_bytes = 4096});
    ASSERT_TRUE(camera) << describe(camera.error());
    ASSERT_TRUE(camera->publish_copy(random_bytes(4096), {}, 1s));
    const Held before = held_by_this_process();
    Rounds rounds(1000);
    while (!HasFailure() && rounds.next()) {
        auto reader = FrameReader::open({.address = section_.address(), .timeout = 5s});
        ASSERT_TRUE(reader) << describe(reader.error());
        auto frame = reader->latest(5s);
        ASSERT_TRUE(frame && *frame);
        EXPECT_TRUE((*frame)->verify());
    }
    EXPECT_EQ(held_by_this_process(), before);
    EXPECT_EQ(camera->report().readers, 0u);
    print_figure("readers opened against one writer", rounds.done());
}

TEST_F(Churn, OfReadersOfAKeptPayloadLeavesNoDescriptorAndNoMapping) {
    ASSERT_TRUE(keep({"--text", "again"}));
    const Held before = held_by_this_process();
    Rounds rounds(1000);
    while (!HasFailure() && rounds.next()) {
        auto reader = Reader::open({.address = section_.address(), .timeout = 5s});
        ASSERT_TRUE(reader) << describe(reader.error());
        ASSERT_TRUE(reader->next());
        auto text = reader->read();
        ASSERT_TRUE(text && text->size() == 5);
    }
    EXPECT_EQ(held_by_this_process(), before);
    section_.remove();
}

// rm --force against writers, readers and collectors of one name: everybody ends with a documented
// code, a reader that ends with 0 has the whole text, and the next run works.
TEST_F(Churn, OfRemovalsHarmsNobodyWhoGotThePayload) {
    Rounds rounds(30);
    while (!HasFailure() && rounds.next()) {
        std::vector<ChildProcess> removers = start_many(3, [&](int) {
            return ChildProcess({.program = MAPFERRY_CONSOLE_PATH,
                                 .arguments = {"rm", section_.name(), "--force"}});
        });
        std::vector<ChildProcess> writers = start_many(
            2, [&](int) { return start_writer(Words{"--quiet", "--keep", "--text", "whole"}); });
        std::vector<ChildProcess> readers = start_many(
            2, [&](int) { return start_reader(Words{"--quiet", "--timeout", "200ms"}); });
        for (ChildProcess& remover : removers) {
            const Exit exit = remover.wait();
            EXPECT_TRUE(exit == exited(0) || exit == exited(kExitNoInput)) << exit;
        }
        for (ChildProcess& writer : writers) {
            const Exit exit = writer.wait();
            EXPECT_TRUE(exit == exited(0) || exit == exited(kExitCannotCreate) ||
                        exit == exited(kExitPeerGone))
                << exit << writer.errors();
        }
        for (ChildProcess& reader : readers) {
            const Exit exit = reader.wait();
            EXPECT_TRUE(exit != exited(0) || reader.output() == "whole") << reader.output();
            EXPECT_TRUE(exit == exited(0) || exit == exited(kExitTimedOut) ||
                        exit == exited(kExitPeerGone))
                << exit << reader.errors();
        }
        if (section_.exists()) section_.remove();
    }
    print_figure("removals racing with writers and readers", rounds.done(), " x ", 3);
}

}  // namespace
}  // namespace mapferry::testing
