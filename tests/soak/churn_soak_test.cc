// SPDX-License-Identifier: Apache-2.0
// Many readers that come and go, and removals that race with all other processes. The ordinary
// tests run short forms; MAPFERRY_SOAK_SECONDS sets the duration of each test.
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
    // The open descriptors and mapped regions of a process.
    struct Held {
        std::ptrdiff_t descriptors = 0;
        std::ptrdiff_t regions_of_sections = 0;
        friend bool operator==(const Held&, const Held&) = default;
    };
    [[nodiscard]] Result<FrameWriter> camera_with_a_frame() const {
        auto camera =
            FrameWriter::create({.address = section_.address(), .frame_limit_bytes = 4096});
        if (!camera) return camera;
        EXPECT_TRUE(camera->publish_copy(random_bytes(4096), {}, 1s));
        return camera;
    }
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
    auto camera = camera_with_a_frame();
    ASSERT_TRUE(camera) << describe(camera.error());
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

TEST_F(Churn, OfReaderProcessesLeavesNoDescriptorAndNoMappingInTheWriter) {
    auto camera = camera_with_a_frame();
    ASSERT_TRUE(camera) << describe(camera.error());
    const Held before = held_by_this_process();
    Rounds rounds(100);
    while (!HasFailure() && rounds.next())
        EXPECT_TRUE(ended_with(0, run_reader({"--quiet", "--frames", "--null", "--count", "1"})));
    EXPECT_EQ(held_by_this_process(), before);
    EXPECT_EQ(camera->report().readers, 0u);
    print_figure("reader processes against one writer", rounds.done());
}

// ---- removals -----------------------------------------------------------------------------------

// One kind of section, made and read by programs that race with removals of its name.
struct Raced {
    const char* kind;
    Words writer;
    Words reader;
    std::vector<std::string> whole;  // what a reader that ends with 0 may have printed
};

// `rm --force` and `gc` race with writers and readers of one name: each process ends with a
// documented code, a reader that ends with 0 has the whole content, and the next run works.
class Removals : public ProgramTest, public ::testing::WithParamInterface<Raced> {
  protected:
    [[nodiscard]] static bool is_one_of(const Exit& exit, const std::vector<int>& codes) {
        return std::ranges::any_of(codes, [&](int code) { return exit == exited(code); });
    }
    // `words` with this test's name for the word NAME.
    [[nodiscard]] ChildProcess start(const char* program, Words words) const {
        std::ranges::replace(words, std::string("NAME"), section_.name());
        return ChildProcess({.program = program, .arguments = words});
    }
    [[nodiscard]] std::vector<ChildProcess> start_removers() const {
        return start_many(4, [&](int i) {
            return start(MAPFERRY_CONSOLE_PATH,
                         i == 3 ? Words{"gc"} : Words{"rm", "NAME", "--force"});
        });
    }
    static void expect_documented(std::vector<ChildProcess>& processes,
                                  const std::vector<int>& codes) {
        for (ChildProcess& process : processes) {
            const Exit exit = process.wait();
            EXPECT_TRUE(is_one_of(exit, codes)) << exit << process.errors();
        }
    }
};

TEST_P(Removals, HarmNobodyWhoGotTheContent) {
    const Raced& raced = GetParam();
    const std::string video = make_source(100);
    Rounds rounds(15);
    while (!HasFailure() && rounds.next()) {
        std::vector<ChildProcess> removers = start_removers();
        std::vector<ChildProcess> writers = start_many(2, [&](int) {
            Words words = raced.writer;
            if (words.front() == "--frames") words.push_back(video);
            return start(MAPFERRY_WRITER_PATH, words);
        });
        std::vector<ChildProcess> readers =
            start_many(2, [&](int) { return start(MAPFERRY_READER_PATH, raced.reader); });
        expect_documented(removers, {0, kExitNoInput});
        for (ChildProcess& reader : readers) {
            const Exit exit = reader.wait();
            EXPECT_TRUE(is_one_of(exit, {0, kExitTimedOut, kExitPeerGone}))
                << exit << reader.errors();
            EXPECT_TRUE(exit != exited(0) || std::ranges::count(raced.whole, reader.output()) == 1)
                << reader.output();
        }
        expect_documented(writers, {0, kExitCannotCreate, kExitPeerGone, kExitTimedOut});
        if (section_.exists()) section_.remove();
    }
    print_figure(std::string("removals racing, ") + raced.kind, rounds.done(), " x ", 4);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Removals,
    ::testing::Values(Raced{"KeptPayload",
                            {"--name", "NAME", "-q", "--keep", "--text", "whole"},
                            {"--name", "NAME", "-q", "--timeout", "200ms"},
                            {"whole"}},
                      Raced{"Stream",
                            {"--name", "NAME", "-q", "--timeout", "300ms", "--text", "whole"},
                            {"--name", "NAME", "-q", "--timeout", "200ms"},
                            {"whole"}},
                      Raced{"Frames",
                            {"--frames", "--name", "NAME", "-q", "--image", "10x10:GRAY8", "--loop",
                             "--fps", "100", "--count", "30"},
                            {"--frames", "--name", "NAME", "-q", "--null", "--count", "3",
                             "--timeout", "200ms"},
                            {""}},
                      // A reader may have the lock between the creation and the text.
                      Raced{"Buffer",
                            {"--buffer", "NAME", "-q", "--size", "5", "--text", "whole"},
                            {"--buffer", "NAME", "-q", "--timeout", "200ms", "-o", "-"},
                            {"whole", std::string(5, '\0')}}),
    [](const auto& instance) { return std::string(instance.param.kind); });

}  // namespace
}  // namespace mapferry::testing
