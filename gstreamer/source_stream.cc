// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/source_stream.h"

#include <utility>

#include "gstreamer/capture_time.h"
#include "gstreamer/element_error.h"

namespace mapferry::gstreamer {

namespace {

// A reader may hold four frames, and needs one of them for the next frame. One more is left for a
// moment in which a buffer is just being freed.
constexpr unsigned kLeasesMost = 2;

}  // namespace

bool SourceStream::start() {
    is_first_ = true;
    taken_ = missed_ = copied_ = damaged_ = 0;
    caps_.reset();
    const auto address = section.address();
    if (!address) post_error(GST_ELEMENT_CAST(source_), address.error());
    return address.has_value();
}

void SourceStream::stop() {
    reader_.reset();
}

Result<void> SourceStream::open() {
    if (reader_) return {};
    auto address = section.address();
    if (!address) return std::unexpected(address.error());
    FrameReaderOptions options{.address = std::move(*address), .stop = &stop_};
    {
        const std::scoped_lock lock(options_mutex);
        options.timeout = timeout;
        options.successor_timeout = timeout;
        options.after_end = after_end;
    }
    auto opened = FrameReader::open(options);
    if (!opened) return std::unexpected(opened.error());
    reader_.emplace(std::move(*opened));
    return {};
}

Result<std::optional<Frame>> SourceStream::take_frame() {
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
    Take wanted = Take::kLatest;
    Timeout limit;
    {
        const std::scoped_lock lock(options_mutex);
        wanted = take;
        limit = timeout;
    }
    return wanted == Take::kNext ? reader_->next(limit) : reader_->latest(limit);
}

CapsPtr SourceStream::caps_of_frame(const Frame& frame) const {
    const FrameMetadata metadata = frame.metadata();
    if (metadata.content_type == kCapsContentType) {
        const std::string text(reinterpret_cast<const char*>(metadata.bytes.data()),
                               metadata.bytes.size());
        CapsPtr caps(gst_caps_from_string(text.c_str()));
        if (caps && gst_caps_is_fixed(caps.get()) != FALSE) return caps;
    }
    if (frame.image())
        if (CapsPtr caps = caps_of(*frame.image(), reader_->facts())) return caps;
    return CapsPtr(gst_caps_new_empty_simple("application/octet-stream"));
}

// Tells downstream what the frame is, where it is another thing than the frame before.
bool SourceStream::negotiate(const Frame& frame) {
    CapsPtr caps = caps_of_frame(frame);
    if (caps_ && gst_caps_is_equal(caps.get(), caps_.get()) != FALSE) return true;
    if (gst_base_src_set_caps(source_, caps.get()) == FALSE) return false;
    caps_ = std::move(caps);
    return true;
}

void SourceStream::stamp(GstBuffer* buffer, const Frame& frame) {
    const auto captured = frame.captured();
    const bool is_captured = captured && captured->clock == CaptureClock::kRealtime;
    const std::int64_t unix_ns = is_captured ? captured->ns : frame.timestamp_unix_ns();
    if (unix_ns != 0) GST_BUFFER_PTS(buffer) = running_time_of(GST_ELEMENT_CAST(source_), unix_ns);
    if (captured)
        add_reference_time(buffer, *captured);
    else if (unix_ns != 0)
        add_reference_time(buffer, {.ns = unix_ns, .clock = CaptureClock::kRealtime});
    GST_BUFFER_OFFSET(buffer) = frame.source_number().value_or(frame.sequence());
    const bool is_gap = is_first_ || frame.missed() != 0 || frame.writer_restarted();
    if (is_gap) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    is_first_ = false;
}

// The frame in place while few are held downstream; a queue that holds more gets copies.
Result<GstBuffer*> SourceStream::buffer_of(Frame frame) {
    bool verifies_now = false;
    {
        const std::scoped_lock lock(options_mutex);
        verifies_now = verifies;
    }
    // relaxed: only the number counts
    const bool copies = held_->load(std::memory_order_relaxed) >= kLeasesMost;
    if (!copies && verifies_now && frame.has_checksum())
        if (auto same = frame.verify(); !same) return std::unexpected(same.error());
    const auto image = frame.image();
    GstBuffer* buffer = nullptr;
    if (copies) {
        auto copied = copy_as_buffer(frame);
        if (!copied) return copied;
        buffer = *copied;
        ++copied_;
        stamp(buffer, frame);
    } else {
        // The frame moves into the buffer, so its times are put down before.
        GstBuffer* const notes = gst_buffer_new();
        stamp(notes, frame);
        buffer = lease_as_buffer(std::move(frame), held_);
        gst_buffer_copy_into(
            buffer, notes,
            static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS |
                                            GST_BUFFER_COPY_META),
            0, static_cast<gsize>(-1));
        gst_buffer_unref(notes);
    }
    if (image) add_video_meta(buffer, *image);
    return buffer;
}

GstFlowReturn SourceStream::fail(const Status& failure) {
    if (failure.code == Code::kInterrupted) return GST_FLOW_FLUSHING;
    post_error(GST_ELEMENT_CAST(source_), failure);
    return GST_FLOW_ERROR;
}

GstFlowReturn SourceStream::create(GstBuffer** buffer) {
    while (true) {
        auto frame = take_frame();
        if (!frame) return fail(frame.error());
        if (!*frame) return GST_FLOW_EOS;
        missed_ += (*frame)->missed();
        if (!negotiate(**frame)) return GST_FLOW_NOT_NEGOTIATED;
        auto made = buffer_of(std::move(**frame));
        if (made) {
            ++taken_;
            *buffer = *made;
            return GST_FLOW_OK;
        }
        if (made.error().code != Code::kCorrupt) return fail(made.error());
        ++damaged_;
        is_first_ = true;  // the next buffer does not follow the one before
        post_warning(GST_ELEMENT_CAST(source_), made.error());
    }
}

GstStructure* SourceStream::stats() const {
    return gst_structure_new("mapferry-src-stats", "taken", G_TYPE_UINT64, taken_.load(), "missed",
                             G_TYPE_UINT64, missed_.load(), "copied", G_TYPE_UINT64, copied_.load(),
                             "damaged", G_TYPE_UINT64, damaged_.load(), "held", G_TYPE_UINT,
                             held_->load(), nullptr);
}

}  // namespace mapferry::gstreamer
