// SPDX-License-Identifier: Apache-2.0
#include "capi/c_description.h"
#include "capi/c_payload_files.h"
#include "capi/c_section_text.h"

using namespace mapferry;
using namespace mapferry::capi;

struct mapferry_writer {
    StopFlag stop;
    Writer writer;
    PayloadInfo next = {};  ///< what was said of the next payload: image, array, pairs
    std::optional<PayloadSummary> summary = {};
    std::string digest = {};
};

namespace {

// Keeps the summary of a payload that has ended.
void keep(mapferry_writer& writer, const PayloadSummary& summary) {
    writer.summary = summary;
    writer.digest = to_hex(summary.digest);
}

// What was said of the next payload counts for this one alone.
void take_over(mapferry_writer& writer, Source& source) {
    if (writer.next.image) source.set_image(*writer.next.image);
    if (writer.next.tensor) source.set_tensor(*writer.next.tensor);
    if (!writer.next.pairs.empty()) source.set_pairs(writer.next.pairs);
}

std::int64_t summary_value(const PayloadSummary& summary, std::int32_t key) {
    switch (key) {
        case MAPFERRY_WRITER_PAYLOAD_BYTES:
            return static_cast<std::int64_t>(summary.payload_bytes);
        case MAPFERRY_WRITER_CHUNK_COUNT:
            return static_cast<std::int64_t>(summary.chunk_count);
        case MAPFERRY_WRITER_DIGEST_OVER_BYTES:
            return summary.digest_kind == DigestKind::kBytes ? 1 : 0;
        case MAPFERRY_WRITER_SOURCE_CHANGED:
            return summary.source_changed ? 1 : 0;
        default:
            return MAPFERRY_UNKNOWN_KEY;
    }
}

std::int64_t writer_value(const mapferry_writer& writer, std::int32_t key) {
    switch (key) {
        case MAPFERRY_WRITER_READERS_SERVED:
            return writer.writer.report().readers_served;
        case MAPFERRY_WRITER_READERS_LOST:
            return writer.writer.report().readers_lost;
        case MAPFERRY_WRITER_NAME_WAS_LOST:
            return writer.writer.report().name_was_lost ? 1 : 0;
        case MAPFERRY_WRITER_PERSISTS:
            return writer.writer.section_persists() ? 1 : 0;
        default:
            break;
    }
    if (key >= MAPFERRY_SECTION_DELIVERY) return section_value(key, writer.writer.section_info());
    const std::int64_t value = summary_value(writer.summary.value_or(PayloadSummary{}), key);
    return writer.summary || value == MAPFERRY_UNKNOWN_KEY ? value : -1;
}

}  // namespace

int32_t mapferry_writer_create(const char* section, const char* options, mapferry_stop* stop,
                               mapferry_writer** writer) noexcept {
    return run_into(writer, [&]() -> Result<void> {
        StopFlag flag = flag_of(stop);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        WriterWords words;
        words.options.address = std::move(*address);
        words.options.stop = flag.get();
        if (auto read = read_options(options, words.list()); !read) return read;
        auto created = Writer::create(words.finish());
        if (!created) return std::unexpected(created.error());
        hand_out(writer, std::move(flag), std::move(*created));
        return {};
    });
}

int32_t mapferry_writer_wait_for_readers(mapferry_writer* writer, int32_t count,
                                         int32_t timeout_ms) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto wanted = count_of(count);
        if (!wanted) return std::unexpected(wanted.error());
        return one.writer.wait_for_readers(*wanted, timeout_of(timeout_ms));
    });
}

int32_t mapferry_writer_set_image(mapferry_writer* writer, uint32_t width, uint32_t height,
                                  const char* format, const char* options) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto image = describe_any_image({width, height, format, options});
        if (!image) return std::unexpected(image.error());
        one.next.image = *image;
        return {};
    });
}

int32_t mapferry_writer_set_tensor(mapferry_writer* writer, const char* type, const int64_t* shape,
                                   int32_t dimensions) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto tensor = describe_any_tensor(type, shape, dimensions);
        if (!tensor) return std::unexpected(tensor.error());
        one.next.tensor = *tensor;
        return {};
    });
}

int32_t mapferry_writer_add_pair(mapferry_writer* writer, const char* key,
                                 const char* value) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        auto first = text_of(key, "the key");
        if (!first) return std::unexpected(first.error());
        auto second = text_of(value, "the value");
        if (!second) return std::unexpected(second.error());
        auto pairs = one.next.pairs;
        pairs.push_back({std::move(*first), std::move(*second)});
        if (auto checked = check_pairs(pairs); !checked) return checked;
        one.next.pairs = std::move(pairs);
        return {};
    });
}

int32_t mapferry_writer_begin(mapferry_writer* writer, const char* name, int64_t size,
                              const char* options) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        if (size < -1) return fail(Code::kUsage, "the size of a payload is not negative");
        PayloadWords words{one.next};
        words.info.name = name != nullptr ? name : "";
        if (size >= 0) words.info.payload_bytes = static_cast<std::uint64_t>(size);
        const OptionList list =
            joined(words.list(), {number_option("payload_count", words.info.payload_count)});
        if (auto read = read_options(options, list); !read) return read;
        if (auto begun = one.writer.begin(words.info); !begun) return begun;
        one.next = {};
        one.summary.reset();
        one.digest.clear();
        return {};
    });
}

int32_t mapferry_writer_write(mapferry_writer* writer, const void* data, size_t size) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto bytes = bytes_of(data, size);
        if (!bytes) return std::unexpected(bytes.error());
        return one.writer.write(*bytes);
    });
}

int32_t mapferry_writer_write_hole(mapferry_writer* writer, uint64_t size) noexcept {
    return run_on(writer, [&](mapferry_writer& one) { return one.writer.write_hole(size); });
}

int32_t mapferry_writer_loan(mapferry_writer* writer, void** data, size_t* size) noexcept {
    if (data != nullptr) *data = nullptr;
    return run_on_into(writer, size, [&](mapferry_writer& one) -> Result<void> {
        if (data == nullptr) return is_null("the place for the data");
        const auto lent = one.writer.loan();
        if (!lent) return std::unexpected(lent.error());
        *data = lent->data();
        *size = lent->size();
        return {};
    });
}

int32_t mapferry_writer_publish(mapferry_writer* writer, size_t size) noexcept {
    return run_on(writer, [&](mapferry_writer& one) { return one.writer.publish(size); });
}

int32_t mapferry_writer_flush(mapferry_writer* writer) noexcept {
    return run_on(writer, [](mapferry_writer& one) { return one.writer.flush(); });
}

int32_t mapferry_writer_end_payload(mapferry_writer* writer, int32_t source_changed) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto summary = one.writer.end(source_changed != 0 ? PayloadSource::kChanged
                                                                : PayloadSource::kUnchanged);
        if (!summary) return std::unexpected(summary.error());
        keep(one, *summary);
        return {};
    });
}

int32_t mapferry_writer_send_file(mapferry_writer* writer, const char* path,
                                  const char* options) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        SendWords words;
        const OptionList list =
            joined(words.list(), {number_option("payload_count", words.options.payload_count)});
        if (auto read = read_options(options, list); !read) return read;
        auto source = open_source(path, words);
        if (!source) return std::unexpected(source.error());
        take_over(one, *source);
        const auto summary = send_payload(one.writer, *source, words.options);
        if (!summary) return std::unexpected(summary.error());
        one.next = {};
        keep(one, *summary);
        return {};
    });
}

int32_t mapferry_writer_check(mapferry_writer* writer) noexcept {
    return run_on(writer, [](mapferry_writer& one) { return one.writer.check(); });
}

int64_t mapferry_writer_value(const mapferry_writer* writer, int32_t key) noexcept {
    return ask(writer, MAPFERRY_UNKNOWN_KEY,
               [key](const mapferry_writer& one) { return writer_value(one, key); });
}

const char* mapferry_writer_digest(const mapferry_writer* writer) noexcept {
    return writer != nullptr ? writer->digest.c_str() : "";
}

int32_t mapferry_writer_end(mapferry_writer* writer) noexcept {
    return run_on(writer, [](mapferry_writer& one) -> Result<void> {
        const auto report = one.writer.close();
        return report ? Result<void>() : std::unexpected(report.error());
    });
}

int32_t mapferry_writer_linger(mapferry_writer* writer, int32_t timeout_ms,
                               int32_t* ended) noexcept {
    if (ended != nullptr) *ended = 0;
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto end = one.writer.linger(timeout_of(timeout_ms));
        if (!end) return std::unexpected(end.error());
        if (ended != nullptr) *ended = static_cast<std::int32_t>(*end);
        return {};
    });
}

int32_t mapferry_writer_abort(mapferry_writer* writer, int32_t code, const char* message) noexcept {
    return run_on(writer, [&](mapferry_writer& one) -> Result<void> {
        const auto cause = cause_of(code);
        if (!cause) return std::unexpected(cause.error());
        one.writer.abort(Status{*cause, message != nullptr ? message : ""});
        return {};
    });
}

void mapferry_writer_close(mapferry_writer* writer) noexcept {
    delete writer;
}
