// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/sink_stream.h"

#include "gstreamer/capture_time.h"
#include "gstreamer/element_error.h"
#include "gstreamer/loan_pool.h"

namespace mapferry::gstreamer {

namespace {

GstElement* element_of(GstBaseSink* sink) {
    return GST_ELEMENT_CAST(sink);
}

// A buffer's bytes, in one piece, for the time of this object.
class MappedBuffer {
  public:
    explicit MappedBuffer(GstBuffer* buffer)
        : buffer_(buffer), is_mapped_(gst_buffer_map(buffer, &map_, GST_MAP_READ) != FALSE) {}
    ~MappedBuffer() {
        if (is_mapped_) gst_buffer_unmap(buffer_, &map_);
    }
    MappedBuffer(const MappedBuffer&) = delete;
    MappedBuffer& operator=(const MappedBuffer&) = delete;
    [[nodiscard]] bool is_mapped() const { return is_mapped_; }
    [[nodiscard]] std::span<const std::byte> bytes() const {
        return std::as_bytes(std::span(map_.data, map_.size));
    }

  private:
    GstBuffer* buffer_;
    GstMapInfo map_ = {};
    bool is_mapped_;
};

}  // namespace

std::shared_ptr<FrameSender> SinkStream::sender() {
    const std::scoped_lock lock(sender_mutex_);
    return sender_;
}

bool SinkStream::start() {
    has_waited_ = false;
    published_ = copied_ = dropped_ = 0;
    return begin_again();
}

// Makes the section. It is there before the first caps, so that readers can come early.
bool SinkStream::begin_again() {
    auto address = section.address();
    if (!address) {
        post_error(element_of(sink_), address.error());
        return false;
    }
    FrameWriterOptions wanted;
    {
        const std::scoped_lock lock(options_mutex);
        wanted = options;
    }
    wanted.address = std::move(*address);
    auto made = FrameSender::create(wanted);
    if (!made) {
        post_error(element_of(sink_), made.error());
        return false;
    }
    const std::scoped_lock lock(sender_mutex_);
    sender_ = std::move(*made);
    has_ended_ = false;
    return true;
}

void SinkStream::stop() {
    end();
    const std::scoped_lock lock(sender_mutex_);
    sender_.reset();
    shape_.reset();
}

void SinkStream::interrupt(bool is_interrupted) {
    if (const auto current = sender()) current->interrupt(is_interrupted);
}

bool SinkStream::set_caps(const GstCaps* caps) {
    shape_ = shape_of(caps);
    if (!shape_) return false;
    if (const auto current = sender(); current && !has_ended_)
        (void)current->set_facts(shape_->facts);
    return true;
}

bool SinkStream::propose_allocation(GstQuery* query) {
    GstCaps* caps = nullptr;
    gboolean wants_pool = FALSE;
    gst_query_parse_allocation(query, &caps, &wants_pool);
    const auto shape = shape_of(caps);
    if (!shape) return false;
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
    const auto current = sender();
    // Encoded buffers have a size each, and are copied.
    if (shape->bytes == 0 || shape->bytes > std::numeric_limits<guint>::max() || !current)
        return true;
    const auto bytes = static_cast<guint>(shape->bytes);
    GstBufferPool* pool = nullptr;
    if (wants_pool != FALSE) {
        pool = make_loan_pool(current);
        GstStructure* const config = gst_buffer_pool_get_config(pool);
        gst_buffer_pool_config_set_params(config, caps, bytes, 0, 0);
        if (gst_buffer_pool_set_config(pool, config) == FALSE) gst_clear_object(&pool);
    }
    gst_query_add_allocation_pool(query, pool, bytes, 0, 0);
    if (pool != nullptr) gst_object_unref(pool);
    return true;
}

std::uint32_t SinkStream::wanted_readers() {
    const std::scoped_lock lock(options_mutex);
    return readers_wanted;
}

FrameNotes SinkStream::notes_of(GstBuffer* buffer) {
    FrameNotes notes;
    notes.image = shape_->image;
    if (shape_->video) notes.image = image_of(*shape_, gst_buffer_get_video_meta(buffer));
    notes.captured = capture_time_of(element_of(sink_), sink_->segment, buffer);
    if (GST_BUFFER_OFFSET_IS_VALID(buffer)) notes.source_number = GST_BUFFER_OFFSET(buffer);
    if (!shape_->text.empty())
        notes.metadata = {.content_type = kCapsContentType,
                          .bytes = std::as_bytes(std::span(shape_->text))};
    return notes;
}

Result<void> SinkStream::publish(GstBuffer* buffer) {
    const auto current = sender();
    const FrameNotes notes = notes_of(buffer);
    GstMemory* const memory =
        gst_buffer_n_memory(buffer) == 1 ? gst_buffer_peek_memory(buffer, 0) : nullptr;
    if (memory != nullptr && current->has_lent(memory)) return current->publish(memory, notes);
    const MappedBuffer mapped(buffer);
    if (!mapped.is_mapped())
        return std::unexpected(Status{Code::kIo, "a buffer of the pipeline can't be read"});
    auto published = current->publish_copy(mapped.bytes(), notes);
    if (published) ++copied_;
    return published;
}

GstFlowReturn SinkStream::render(GstBuffer* buffer) {
    // After the end of a stream a flushing seek begins another one.
    if (has_ended_) {
        if (!begin_again()) return GST_FLOW_ERROR;
        (void)sender()->set_facts(shape_->facts);
    }
    while (true) {
        Result<void> result;
        if (!has_waited_) result = sender()->wait_for_readers(wanted_readers());
        if (result) {
            has_waited_ = true;
            result = publish(buffer);
        }
        if (result) {
            ++published_;
            return GST_FLOW_OK;
        }
        if (result.error().code == Code::kBusy) {
            drop(buffer);
            return GST_FLOW_OK;
        }
        if (result.error().code != Code::kInterrupted) {
            post_error(element_of(sink_), result.error());
            return GST_FLOW_ERROR;
        }
        // The pipeline pauses, seeks or stops. When it plays on, the buffer is still to be sent.
        if (const GstFlowReturn flow = gst_base_sink_wait_preroll(sink_); flow != GST_FLOW_OK)
            return flow;
    }
}

// Readers hold every slot. The frame counts as missed, and elements upstream can do less work.
void SinkStream::drop(GstBuffer* buffer) {
    ++dropped_;
    sender()->skip();
    GstMessage* const message = gst_message_new_qos(
        GST_OBJECT_CAST(sink_), TRUE,
        gst_segment_to_running_time(&sink_->segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)),
        gst_segment_to_stream_time(&sink_->segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)),
        GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer));
    gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, published_.load(), dropped_.load());
    gst_element_post_message(element_of(sink_), message);
}

void SinkStream::end() {
    const auto current = sender();
    if (!current || has_ended_) return;
    has_ended_ = true;
    // Interrupted: the pipeline stops although readers have not taken every frame. Readers then see
    // that the writer has gone, as they do after other failures.
    if (auto closed = current->close(); !closed) current->abort(closed.error());
}

GstStructure* SinkStream::stats() {
    const auto current = sender();
    const FrameWriterReport report = current ? current->report() : FrameWriterReport{};
    return gst_structure_new("mapferry-sink-stats", "published", G_TYPE_UINT64, published_.load(),
                             "copied", G_TYPE_UINT64, copied_.load(), "dropped", G_TYPE_UINT64,
                             dropped_.load(), "readers", G_TYPE_UINT, report.readers,
                             "readers-lost", G_TYPE_UINT, report.readers_lost, nullptr);
}

}  // namespace mapferry::gstreamer
