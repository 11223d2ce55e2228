// SPDX-License-Identifier: Apache-2.0
// Streams through mapferrysink and mapferrysrc: in place, at their ends, and when a side is killed.
#include <algorithm>
#include <string>
#include <vector>

#include "gstreamer/pipelines.h"
#include "gstreamer/waiting_thread.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/pixel_format.h"

namespace mapferry::testing {
namespace {

constexpr const char* kSmall = "video/x-raw,format=BGRx,width=64,height=36,framerate=60/1";
constexpr const char* kWide = "video/x-raw,format=NV12,width=320,height=180,framerate=60/1";

class Streams : public PipelineTest {
  protected:
    [[nodiscard]] std::string sink_words(const std::string& more = "") const {
        return "mapferrysink name=in sync=false " + section() + " " + more;
    }
    [[nodiscard]] std::string source_words(const std::string& more = "") const {
        return "mapferrysrc name=from " + section() + " " + more;
    }
};

TEST_F(Streams, UpstreamDrawsIntoTheSection) {
    Pipeline sink(std::string("videotestsrc num-buffers=30 ! ") + kSmall + " ! " +
                  sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! fakesink sync=false");
    sink.play();
    from.play();
    EXPECT_TRUE(sink.wait().is_eos);
    EXPECT_TRUE(from.wait().is_eos);
    EXPECT_EQ(sink.stat("in", "published"), 30U);
    EXPECT_EQ(sink.stat("in", "copied"), 0U);
    EXPECT_EQ(from.stat("from", "taken"), 30U);
    EXPECT_EQ(from.stat("from", "missed"), 0U);
    EXPECT_EQ(from.stat("from", "copied"), 0U);
}

TEST_F(Streams, BuffersOfOtherPoolsAreCopied) {
    // videoscale's own output goes through identity, which answers no allocation query.
    Pipeline sink(std::string("videotestsrc num-buffers=10 ! ") + kSmall +
                  " ! identity drop-allocation=true ! " + sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! fakesink sync=false");
    sink.play();
    from.play();
    EXPECT_TRUE(from.wait().is_eos);
    EXPECT_EQ(sink.stat("in", "copied"), 10U);
    EXPECT_EQ(from.stat("from", "taken"), 10U);
}

TEST_F(Streams, SourceGivesFramesInPlaceAndCopiesWhenDownstreamHoldsMany) {
    Pipeline sink(std::string("videotestsrc num-buffers=12 ! ") + kSmall + " ! " +
                  sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! appsink name=out sync=false");
    sink.play();
    from.play();
    std::vector<SamplePtr> held;
    while (SamplePtr sample = from.pull())
        held.push_back(std::move(sample));
    ASSERT_EQ(held.size(), 12U);
    EXPECT_GE(from.stat("from", "copied"), 9U);
    GstMemory* const first = gst_buffer_peek_memory(gst_sample_get_buffer(held[0].get()), 0);
    EXPECT_TRUE(GST_MEMORY_IS_READONLY(first));
    Pipeline direct(std::string("videotestsrc num-buffers=12 ! ") + kSmall +
                    " ! appsink name=out sync=false");
    direct.play();
    for (std::size_t i = 0; i < held.size(); ++i)
        EXPECT_TRUE(pixels_of(held[i].get()) == pixels_of(direct.pull().get())) << i;
    held.clear();
    EXPECT_EQ(from.stat("from", "held"), 0U);
}

TEST_F(Streams, KilledWriterHasASuccessorWithAnotherSizeAndFormat) {
    Pipeline from(source_words() + " ! appsink name=out sync=false max-buffers=1 drop=true");
    from.play();
    for (const char* caps : {kSmall, kWide, kSmall}) {
        ChildProcess writer = launch(std::string("videotestsrc is-live=true ! ") + caps +
                                     " ! mapferrysink " + section());
        const std::string width =
            std::string(caps).contains("width=64") ? "width=(int)64" : "width=(int)320";
        bool has_come = false;
        for (int i = 0; i < 500 && !has_come; ++i) {
            const SamplePtr sample = from.pull();
            ASSERT_TRUE(sample) << writer.errors();
            has_come = caps_text(sample.get()).contains(width);
        }
        EXPECT_TRUE(has_come) << caps;
        writer.send(Signal::kKill);
        (void)writer.wait();
    }
    from.set_state(GST_STATE_NULL);
    remove_section();
}

TEST_F(Streams, SourceThatWaitsForAWriterStopsAtOnce) {
    Pipeline from(source_words() + " ! fakesink");
    from.play();
    // GStreamer calls the thread of a source by the name of its pad.
    ASSERT_TRUE(eventually([] { return thread_waits("from:src"); }));
    // The test program's watchdog sees a hang.
    from.set_state(GST_STATE_NULL);
}

TEST_F(Streams, SourceEndsWithATimeoutWhereNoWriterComes) {
    Pipeline from(source_words("timeout=100") + " ! fakesink");
    from.play();
    const PipelineEnd end = from.wait();
    EXPECT_NE(end.error.find(name()), std::string::npos) << end.error;
    EXPECT_NE(end.error.find("mapferrysink"), std::string::npos) << end.error;
}

TEST_F(Streams, SourceThatFollowsTakesTheNextStreamToo) {
    Pipeline from(source_words("mode=next follow=true") + " ! appsink name=out sync=false");
    from.play();
    for (int stream = 0; stream < 2; ++stream) {
        Pipeline sink(std::string("videotestsrc num-buffers=3 ! ") + kSmall + " ! " +
                      sink_words("readers=1 delivery=each"));
        sink.play();
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(from.pull()) << stream << " " << i;
        EXPECT_TRUE(sink.wait().is_eos);
    }
}

TEST_F(Streams, SecondSinkOfTheSameSectionIsRefused) {
    Pipeline first(std::string("videotestsrc is-live=true ! ") + kSmall + " ! " + sink_words());
    first.play();
    auto reader = FrameReader::open({.address = {.name = name()}});
    ASSERT_TRUE(reader) << describe(reader.error());
    Pipeline second(std::string("videotestsrc is-live=true ! ") + kSmall + " ! " + sink_words());
    second.play();
    EXPECT_NE(second.wait().error.find("section=NAME"), std::string::npos);
}

TEST_F(Streams, SinkWithoutASectionSaysWhatIsMissing) {
    Pipeline sink("videotestsrc num-buffers=1 ! mapferrysink");
    sink.play();
    EXPECT_NE(sink.wait().error.find("section=NAME"), std::string::npos);
}

TEST_F(Streams, FramesThatNoSlotIsFreeForAreDroppedWithAMessage) {
    Pipeline sink(std::string("videotestsrc num-buffers=200 is-live=true ! ") + kSmall + " ! " +
                  sink_words("slots=2 readers=1"));
    sink.play();
    auto reader = FrameReader::open({.address = {.name = name()}});
    ASSERT_TRUE(reader) << describe(reader.error());
    std::vector<Frame> held;
    for (int i = 0; i < 2; ++i) {
        auto frame = reader->next(kDefaultTimeout);
        ASSERT_TRUE(frame && *frame) << i;
        held.push_back(std::move(**frame));
    }
    const PipelineEnd end = sink.wait();
    EXPECT_TRUE(end.is_eos) << end.error;
    EXPECT_GT(end.qos_messages, 0U);
    EXPECT_EQ(sink.stat("in", "dropped"), end.qos_messages);
}

TEST_F(Streams, PausedPipelinePlaysOn) {
    // Paused while the pool waits for a slot, while the sink waits for readers, and in between.
    Pipeline sink(std::string("videotestsrc num-buffers=200 ! ") + kSmall + " ! " +
                  sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! appsink name=out sync=false");
    sink.play();
    from.play();
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(from.pull()) << i;
        if (i % 5 != 0) continue;
        sink.set_state(GST_STATE_PAUSED);
        sink.play();
    }
    EXPECT_FALSE(from.pull());
}

TEST_F(Streams, EncodedBuffersKeepTheirCaps) {
    Pipeline sink(std::string("videotestsrc num-buffers=3 ! ") + kSmall +
                  " ! videoconvert ! jpegenc ! " + sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! jpegdec ! appsink name=out sync=false");
    sink.play();
    from.play();
    for (int i = 0; i < 3; ++i) {
        const SamplePtr sample = from.pull();
        ASSERT_TRUE(sample) << i;
        EXPECT_TRUE(caps_text(sample.get()).contains("width=(int)64")) << caps_text(sample.get());
    }
    EXPECT_TRUE(from.wait().is_eos);
}

TEST_F(Streams, EncoderTakesFramesInPlace) {
    Pipeline sink(std::string("videotestsrc num-buffers=10 ! ") + kWide + " ! " +
                  sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") +
                  " ! videoconvert ! vp8enc deadline=1 ! appsink name=out sync=false");
    sink.play();
    from.play();
    int frames = 0;
    while (from.pull())
        ++frames;
    EXPECT_EQ(frames, 10);
}

TEST_F(Streams, DamagedFrameIsLeftOutWithAWarning) {
    const auto image = describe_raw_image(64, 36, "BGRX32");
    ASSERT_TRUE(image);
    auto writer = FrameWriter::create({.address = {.name = name()}});
    ASSERT_TRUE(writer) << describe(writer.error());
    // The writer uses the slot again that was given back last. Whoever kept it mapped can change
    // the frame that was published there.
    auto loan = writer->loan(*image, kDefaultTimeout);
    ASSERT_TRUE(loan);
    const auto kept = loan->memory();
    const auto slot = loan->bytes();
    {
        const FrameLoan given_back = std::move(*loan);
    }
    const Bytes bytes = random_bytes(slot.size());
    ASSERT_TRUE(writer->publish_copy(bytes, {.image = *image}, kDefaultTimeout));
    ASSERT_TRUE(std::ranges::equal(slot, bytes)) << "the frame is in another slot";
    slot[100] ^= std::byte{1};
    Pipeline from(source_words("mode=next") + " ! appsink name=out sync=false");
    from.play();
    ASSERT_TRUE(eventually([&] { return from.stat("from", "damaged") == 1; }));
    ASSERT_TRUE(writer->publish_copy(bytes, {.image = *image}, kDefaultTimeout));
    ASSERT_TRUE(from.pull());
    ASSERT_TRUE(writer->close());
    EXPECT_FALSE(from.pull());
    const PipelineEnd end = from.wait();
    EXPECT_TRUE(end.is_eos) << end.error;
    EXPECT_EQ(end.warnings.size(), 1U);
}

TEST_F(Streams, CaptureTimeArrivesAsAReferenceTime) {
    Pipeline sink(std::string("videotestsrc num-buffers=5 is-live=true ! ") + kSmall + " ! " +
                  sink_words("readers=1 delivery=each"));
    Pipeline from(source_words("mode=next") + " ! appsink name=out sync=false");
    sink.play();
    from.play();
    const SamplePtr sample = from.pull();
    ASSERT_TRUE(sample);
    GstBuffer* const buffer = gst_sample_get_buffer(sample.get());
    GstCaps* const unix_time = gst_caps_new_empty_simple("timestamp/x-unix");
    const auto* const meta = gst_buffer_get_reference_timestamp_meta(buffer, unix_time);
    gst_caps_unref(unix_time);
    ASSERT_NE(meta, nullptr);
    const auto now_ns = static_cast<GstClockTime>(g_get_real_time()) * 1000;
    EXPECT_LE(meta->timestamp, now_ns);
    EXPECT_GT(meta->timestamp + 60 * GST_SECOND, now_ns);
    EXPECT_TRUE(GST_BUFFER_PTS_IS_VALID(buffer));
}

}  // namespace
}  // namespace mapferry::testing
