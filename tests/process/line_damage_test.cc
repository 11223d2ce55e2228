// SPDX-License-Identifier: Apache-2.0
// A reader was killed, and an accident then fills its line with nonsense: the next reader on that
// line works as any other reader.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

#include "format/layout.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/object_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kFrameBytes = 4096;

class LineDamage : public ProgramTest, public ::testing::WithParamInterface<int> {
  protected:
    void fill_first_line() const {
        const ObjectBytes object(section_.address());
        std::memset(object.bytes().data() + layout::kReadersOffset, GetParam(),
                    sizeof(layout::ReaderLine));
    }
    static void kill(ChildProcess& reader) {
        reader.send(Signal::kKill);
        EXPECT_TRUE(ended_with(ended_by(Signal::kKill), reader));
    }
};

INSTANTIATE_TEST_SUITE_P(Each, LineDamage, ::testing::Values(0, 1, 0xFF));

TEST_P(LineDamage, NextReaderOfLosslessFramesKeepsItsLeaseAndMissesNone) {
    auto writer = FrameWriter::create({.address = section_.address(),
                                       .delivery = FrameDelivery::kEach,
                                       .frame_limit_bytes = kFrameBytes,
                                       .reader_limit = 1});
    ASSERT_TRUE(writer) << describe(writer.error());
    const auto publish = [&](int number) {
        const Bytes frame(kFrameBytes, std::byte{static_cast<unsigned char>(number)});
        const auto published = writer->publish_copy(frame, {}, kWatchdog);
        ASSERT_TRUE(published) << describe(published.error());
    };
    ChildProcess dying = start_reader(Words{"--frames", "--null"});
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    kill(dying);
    int number = 0;
    while (writer->report().readers_lost == 0 && number < 200)
        publish(++number);
    ASSERT_EQ(writer->report().readers_lost, 1u);
    fill_first_line();

    auto reader = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(reader) << describe(reader.error());
    auto held = reader->next(kWatchdog);
    ASSERT_TRUE(held && *held);
    const Bytes before((*held)->bytes().begin(), (*held)->bytes().end());
    for (int i = 0; i < 100; ++i) {
        publish(++number);
        const auto frame = reader->next(kWatchdog);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->missed(), 0u);
        ASSERT_TRUE(std::ranges::equal((*held)->bytes(), before)) << "a leased frame changed";
    }
}

TEST_P(LineDamage, NextReaderOfAStreamIsAdmitted) {
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    const auto send = [&] {
        const Bytes payload = random_bytes(10);
        ASSERT_TRUE(writer->begin({.name = "x", .payload_bytes = payload.size()}));
        ASSERT_TRUE(writer->write(payload));
        ASSERT_TRUE(writer->end());
    };
    ChildProcess dying = start_reader(Words{"--null"});
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    send();
    kill(dying);
    fill_first_line();

    ChildProcess reader = start_reader(Words{"--null"});
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    send();
    const auto closed = writer->close();
    ASSERT_TRUE(closed) << describe(closed.error());
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_EQ(closed->readers_served, 1u);
}

}  // namespace
}  // namespace mapferry::testing
