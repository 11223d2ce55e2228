// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "capi/c_payload_files.h"
#include "capi/c_section_text.h"
#include "mapferry/file_name.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

Result<void> begin_words(WriterWords& words, const char* section, const StopFlag& stop) {
    auto address = parse_section(section);
    if (!address) return std::unexpected(address.error());
    words.options.address = std::move(*address);
    words.options.stop = stop.get();
    return {};
}

// Creates the section, lets `send` put the payload into it, and ends it.
template <typename Send>
Result<void> send_one(WriterWords& words, const PatienceWords& patience, Send&& send) {
    const WriterOptions& options = words.finish();
    auto writer = Writer::create(options);
    if (!writer) return std::unexpected(writer.error());
    auto came = writer->wait_for_readers(options.readers_wanted, patience.timeout);
    if (!came) return came;
    if (auto sent = send(*writer); !sent) return sent;
    const auto report = writer->close();
    if (!report) return std::unexpected(report.error());
    if (options.delivery == StreamDelivery::kStream) return {};
    const auto stayed = writer->linger(patience.linger);
    return stayed ? Result<void>() : std::unexpected(stayed.error());
}

Result<void> put_result(Writer& writer, const PayloadInfo& info, std::span<const std::byte> bytes) {
    if (auto begun = writer.begin(info); !begun) return begun;
    if (auto written = writer.write(bytes); !written) return written;
    const auto summary = writer.end();
    return summary ? Result<void>() : std::unexpected(summary.error());
}

// Tells the section how many bytes the file has, and how many of them it stores.
Result<void> announce(Source& source, WriterWords& words) {
    if (!source.info().payload_bytes) {
        words.unknown_count = 1;
        return {};
    }
    words.known_bytes = {*source.info().payload_bytes};
    words.unknown_count = 0;
    if (!source.may_have_holes() || words.stored_bytes) return {};
    const auto stored = source.stored_bytes();
    if (!stored) return std::unexpected(stored.error());
    words.stored_bytes = *stored;
    return {};
}

// Opens the section, lets `receive` take its next payload, and leaves.
template <typename Receive>
Result<std::int32_t> receive_one(const ReaderOptions& options, Receive&& receive) {
    auto reader = Reader::open(options);
    if (!reader) return std::unexpected(reader.error());
    const auto payload = reader->next();
    if (!payload) return std::unexpected(payload.error());
    if (!*payload) {
        const auto closed = reader->close();
        return closed ? Result<std::int32_t>(MAPFERRY_END) : std::unexpected(closed.error());
    }
    auto done = receive(*reader, **payload);
    if (done) done = reader->acknowledge();
    if (!done) {
        reader->abort(done.error().code);
        return std::unexpected(done.error());
    }
    done = reader->close();
    return done ? Result<std::int32_t>(MAPFERRY_OK) : std::unexpected(done.error());
}

}  // namespace

int32_t mapferry_send_bytes(const char* section, const char* options, mapferry_stop* stop,
                            const char* name, const void* data, size_t size) noexcept {
    return run([&]() -> Result<void> {
        const StopFlag flag = flag_of(stop);
        WriterWords words;
        if (auto begun = begin_words(words, section, flag); !begun) return begun;
        PayloadWords payload;
        PatienceWords patience;
        const OptionList list =
            joined(joined(words.list_for_one(), payload.list()), patience.list());
        if (auto read = read_options(options, list); !read) return read;
        const auto bytes = bytes_of(data, size);
        if (!bytes) return std::unexpected(bytes.error());
        words.known_bytes = {size};
        payload.info.name = name != nullptr ? name : "";
        payload.info.payload_bytes = size;
        payload.info.payload_count = 1;
        return send_one(words, patience,
                        [&](Writer& writer) { return put_result(writer, payload.info, *bytes); });
    });
}

int32_t mapferry_send_file(const char* section, const char* options, mapferry_stop* stop,
                           const char* path) noexcept {
    return run([&]() -> Result<void> {
        const StopFlag flag = flag_of(stop);
        WriterWords words;
        if (auto begun = begin_words(words, section, flag); !begun) return begun;
        SendWords sending;
        PatienceWords patience;
        const OptionList list =
            joined(joined(words.list_for_one(), sending.list()), patience.list());
        if (auto read = read_options(options, list); !read) return read;
        auto source = open_source(path, sending);
        if (!source) return std::unexpected(source.error());
        if (auto announced = announce(*source, words); !announced) return announced;
        sending.options.payload_count = 1;
        return send_one(words, patience, [&](Writer& writer) -> Result<void> {
            const auto summary = send_payload(writer, *source, sending.options);
            return summary ? Result<void>() : std::unexpected(summary.error());
        });
    });
}

int32_t mapferry_receive_bytes(const char* section, const char* options, mapferry_stop* stop,
                               size_t size_limit, mapferry_bytes** bytes) noexcept {
    return run_into(bytes, [&]() -> Result<std::int32_t> {
        const StopFlag flag = flag_of(stop);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        ReaderWords words{{.address = std::move(*address), .stop = flag.get()}};
        if (auto read = read_options(options, words.list()); !read)
            return std::unexpected(read.error());
        auto content = std::make_unique<mapferry_bytes>();
        auto code = receive_one(words.options, [&](Reader& reader, const PayloadInfo&) {
            return receive_into(reader, size_limit, content->content);
        });
        if (code && *code == MAPFERRY_OK) *bytes = content.release();
        return code;
    });
}

int32_t mapferry_receive_file(const char* section, const char* options, mapferry_stop* stop,
                              const char* path) noexcept {
    return run([&]() -> Result<std::int32_t> {
        const StopFlag flag = flag_of(stop);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        const auto file = text_of(path, "the path");
        if (!file) return std::unexpected(file.error());
        ReaderWords words{{.address = std::move(*address), .stop = flag.get()}};
        ReceiveWords receiving;
        if (auto read = read_options(options, joined(words.list(), receiving.list())); !read)
            return std::unexpected(read.error());
        return receive_one(words.options,
                           [&](Reader& reader, const PayloadInfo& info) -> Result<void> {
                               const auto summary = receive_to(reader, info, *file, receiving);
                               return summary ? Result<void>() : std::unexpected(summary.error());
                           });
    });
}

int32_t mapferry_check_file_name(const char* name) noexcept {
    return run([&]() -> Result<void> {
        const auto text = text_of(name, "the name");
        if (!text) return std::unexpected(text.error());
        const auto filtered = filter_file_name(*text);
        return filtered ? Result<void>() : std::unexpected(filtered.error());
    });
}

int32_t mapferry_harmless_file_name(const char* name, mapferry_bytes** harmless) noexcept {
    return run_into(harmless, [&]() -> Result<void> {
        const auto text = text_of(name, "the name");
        if (!text) return std::unexpected(text.error());
        give(harmless_file_name(*text), harmless);
        return {};
    });
}
