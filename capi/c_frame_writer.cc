// SPDX-License-Identifier: Apache-2.0
#include "capi/c_description.h"
#include "capi/c_frame_words.h"
#include "capi/c_frame_writer_object.h"
#include "capi/c_section_text.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

// What a frame says beside its image and array is for that frame alone.
void forget_notes_of_one(FrameNotes& notes) {
    notes.captured.reset();
    notes.source_number.reset();
    notes.metadata = {};
}

Result<std::uint64_t> bytes_to_lend(const mapferry_frame_writer& writer, std::size_t size) {
    if (size != 0) return size;
    std::uint64_t bytes = 0;
    if (writer.notes.image) {
        const auto planes = planes_of(*writer.notes.image);
        if (!planes) return std::unexpected(planes.error());
        if (planes->planes[0].row_bytes == 0)
            return fail(Code::kUsage, "nothing says how long the image's rows are",
                        "give the loan's size");
        bytes = planes->image_bytes;
    }
    if (writer.notes.tensor) {
        const auto needed = tensor_bytes(*writer.notes.tensor);
        if (!needed) return needed;
        bytes = std::max(bytes, *needed);
    }
    if (bytes == 0)
        return fail(Code::kUsage, "a loan of 0 bytes, and neither an image nor an array",
                    "give its size, or say before what the frames are");
    return bytes;
}

}  // namespace

namespace mapferry::capi {

Result<CaptureTime> capture_time(std::int64_t ns, std::int32_t clock) {
    if (clock < MAPFERRY_CLOCK_UNKNOWN || clock > MAPFERRY_CLOCK_TAI)
        return fail(Code::kUsage, "there is no clock " + std::to_string(clock));
    return CaptureTime{.ns = ns, .clock = static_cast<CaptureClock>(clock)};
}

Result<FrameMetadata> metadata_of(const char* content_type, const void* data, std::size_t size) {
    const auto bytes = bytes_of(data, size);
    if (!bytes) return std::unexpected(bytes.error());
    return FrameMetadata{.content_type = content_type != nullptr ? content_type : "",
                         .bytes = *bytes};
}

}  // namespace mapferry::capi

int32_t mapferry_frame_writer_create(const char* section, const char* options, mapferry_stop* stop,
                                     mapferry_frame_writer** writer) noexcept {
    return run_into(writer, [&]() -> Result<void> {
        auto state = std::make_shared<FrameWriterState>(flag_of(stop), std::nullopt);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        FrameWriterWords words;
        words.options.address = std::move(*address);
        words.options.stop = state->stop.get();
        if (auto read = read_options(options, words.list()); !read) return read;
        auto handle = std::make_unique<mapferry_frame_writer>(state);
        auto created = FrameWriter::create(words.options);
        if (!created) return std::unexpected(created.error());
        state->writer.emplace(std::move(*created));
        *writer = handle.release();
        return {};
    });
}

int32_t mapferry_frame_writer_wait_for_readers(mapferry_frame_writer* writer, int32_t count,
                                               int32_t timeout_ms) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto wanted = count_of(count);
        if (!wanted) return std::unexpected(wanted.error());
        return one.state->writer->wait_for_readers(*wanted, timeout_of(timeout_ms));
    });
}

int32_t mapferry_frame_writer_set_image(mapferry_frame_writer* writer, uint32_t width,
                                        uint32_t height, const char* format,
                                        const char* options) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto image = describe_any_image({width, height, format, options});
        if (!image) return std::unexpected(image.error());
        one.notes.image = *image;
        return {};
    });
}

int32_t mapferry_frame_writer_set_tensor(mapferry_frame_writer* writer, const char* type,
                                         const int64_t* shape, int32_t dimensions) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto tensor = describe_any_tensor(type, shape, dimensions);
        if (!tensor) return std::unexpected(tensor.error());
        one.notes.tensor = *tensor;
        return {};
    });
}

int32_t mapferry_frame_writer_set_captured(mapferry_frame_writer* writer, int64_t ns,
                                           int32_t clock) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto time = capture_time(ns, clock);
        if (!time) return std::unexpected(time.error());
        one.notes.captured = *time;
        return {};
    });
}

int32_t mapferry_frame_writer_set_source_number(mapferry_frame_writer* writer,
                                                uint64_t number) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        one.notes.source_number = number;
        return {};
    });
}

int32_t mapferry_frame_writer_set_metadata(mapferry_frame_writer* writer, const char* content_type,
                                           const void* data, size_t size) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto metadata = metadata_of(content_type, data, size);
        if (!metadata) return std::unexpected(metadata.error());
        std::string type(metadata->content_type);
        std::string copy(reinterpret_cast<const char*>(metadata->bytes.data()), size);
        one.content_type = std::move(type);
        one.metadata = std::move(copy);
        one.notes.metadata = {.content_type = one.content_type,
                              .bytes = std::as_bytes(std::span(one.metadata))};
        return {};
    });
}

int32_t mapferry_frame_writer_publish_copy(mapferry_frame_writer* writer, const void* data,
                                           size_t size, int32_t timeout_ms,
                                           uint64_t* sequence) noexcept {
    if (sequence != nullptr) *sequence = 0;
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto bytes = bytes_of(data, size);
        if (!bytes) return std::unexpected(bytes.error());
        const auto number =
            one.state->writer->publish_copy(*bytes, one.notes, timeout_of(timeout_ms));
        forget_notes_of_one(one.notes);
        if (!number) return std::unexpected(number.error());
        if (sequence != nullptr) *sequence = *number;
        return {};
    });
}

int32_t mapferry_frame_writer_loan(mapferry_frame_writer* writer, size_t size, int32_t timeout_ms,
                                   mapferry_loan** loan, void** data) noexcept {
    if (data != nullptr) *data = nullptr;
    return run_on_into(writer, loan, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto bytes = bytes_to_lend(one, size);
        if (!bytes) return std::unexpected(bytes.error());
        auto handle = std::make_unique<mapferry_loan>(one.state);
        auto lent = one.state->writer->loan(*bytes, timeout_of(timeout_ms));
        if (!lent) return std::unexpected(lent.error());
        lent->set_image(one.notes.image);
        lent->set_tensor(one.notes.tensor);
        if (data != nullptr) *data = lent->bytes().data();
        handle->loan.emplace(std::move(*lent));
        *loan = handle.release();
        return {};
    });
}

int32_t mapferry_frame_writer_skip(mapferry_frame_writer* writer, uint64_t frames) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        one.state->writer->skip(frames);
        return {};
    });
}

int32_t mapferry_frame_writer_describe(mapferry_frame_writer* writer, const char* text) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto said = text_of(text, "the description");
        if (!said) return std::unexpected(said.error());
        return one.state->writer->describe(*said);
    });
}

int32_t mapferry_frame_writer_set_facts(mapferry_frame_writer* writer,
                                        const char* options) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        FactWords words;
        if (auto read = read_options(options, words.list()); !read) return read;
        return one.state->writer->set_facts(words.facts);
    });
}

int32_t mapferry_frame_writer_check(mapferry_frame_writer* writer) noexcept {
    return run_on(writer, [](mapferry_frame_writer& one) { return one.state->writer->check(); });
}

int64_t mapferry_frame_writer_value(mapferry_frame_writer* writer, int32_t key) noexcept {
    return ask(writer, MAPFERRY_UNKNOWN_KEY, [key](mapferry_frame_writer& one) -> std::int64_t {
        if (key >= MAPFERRY_SECTION_DELIVERY)
            return section_value(key, one.state->writer->section_info());
        const FrameWriterReport report = one.state->writer->report();
        switch (key) {
            case MAPFERRY_FRAME_WRITER_FRAMES:
                return static_cast<std::int64_t>(report.frames);
            case MAPFERRY_FRAME_WRITER_READERS:
                return report.readers;
            case MAPFERRY_FRAME_WRITER_READERS_LOST:
                return report.readers_lost;
            case MAPFERRY_FRAME_WRITER_RENEWALS:
                return report.renewals;
            case MAPFERRY_FRAME_WRITER_NAME_WAS_LOST:
                return report.name_was_lost ? 1 : 0;
            default:
                return MAPFERRY_UNKNOWN_KEY;
        }
    });
}

int32_t mapferry_frame_writer_end(mapferry_frame_writer* writer) noexcept {
    return run_on(writer, [](mapferry_frame_writer& one) -> Result<void> {
        const auto report = one.state->writer->close();
        return report ? Result<void>() : std::unexpected(report.error());
    });
}

int32_t mapferry_frame_writer_abort(mapferry_frame_writer* writer, int32_t code,
                                    const char* message) noexcept {
    return run_on(writer, [&](mapferry_frame_writer& one) -> Result<void> {
        const auto cause = cause_of(code);
        if (!cause) return std::unexpected(cause.error());
        one.state->writer->abort(Status{*cause, message != nullptr ? message : ""});
        return {};
    });
}

void mapferry_frame_writer_close(mapferry_frame_writer* writer) noexcept {
    if (writer == nullptr) return;
    writer->state->writer.reset();
    delete writer;
}
