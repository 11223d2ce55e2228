// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "capi/c_payload_files.h"
#include "capi/c_reader_object.h"
#include "capi/c_section_text.h"
#include "mapferry/wait_any.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

using Clock = std::chrono::steady_clock;

void begin_payload(mapferry_reader& reader, std::optional<PayloadInfo> payload) {
    reader.payload = std::move(payload);
    reader.format.clear();
    reader.tensor_type.clear();
    reader.digest.clear();
    reader.rest = {};
}

// Waits for the next payload until `deadline`.
Result<std::optional<PayloadInfo>> next_within(Reader& reader, std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    while (true) {
        auto payload = reader.try_next();
        if (!payload || *payload || reader.has_ended()) return payload;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return fail(Code::kTimedOut,
                        "no payload came within " + std::to_string(timeout.count()) + " ms");
        const Waitable one[] = {reader};
        const auto waited = wait_any(one, left);
        if (!waited && waited.error().code != Code::kTimedOut)
            return std::unexpected(waited.error());
    }
}

Result<std::optional<PayloadInfo>> next_of(Reader& reader, Timeout timeout) {
    if (!timeout) return reader.next();
    return timeout->count() == 0 ? reader.try_next() : next_within(reader, *timeout);
}

// The next piece, after what is left of the last one. Empty: the payload's end.
Result<Piece> piece_of(mapferry_reader& reader) {
    if (reader.rest.bytes.empty() && reader.rest.hole_bytes == 0) {
        const auto piece = reader.reader.read_piece();
        if (!piece) return piece;
        reader.rest = *piece;
    }
    return reader.rest;
}

}  // namespace

int32_t mapferry_reader_open(const char* section, const char* options, mapferry_stop* stop,
                             mapferry_reader** reader) noexcept {
    return run_into(reader, [&]() -> Result<void> {
        StopFlag flag = flag_of(stop);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        ReaderWords words;
        words.options.address = std::move(*address);
        words.options.stop = flag.get();
        if (auto read = read_options(options, words.list()); !read) return read;
        auto opened = Reader::open(words.options);
        if (!opened) return std::unexpected(opened.error());
        hand_out(reader, std::move(flag), std::move(*opened));
        return {};
    });
}

int32_t mapferry_reader_next(mapferry_reader* reader, int32_t timeout_ms) noexcept {
    return run_on(reader, [&](mapferry_reader& one) -> Result<std::int32_t> {
        const Timeout timeout = timeout_of(timeout_ms);
        auto payload = next_of(one.reader, timeout);
        if (!payload) return std::unexpected(payload.error());
        const bool came = payload->has_value();
        begin_payload(one, std::move(*payload));
        if (came) return MAPFERRY_OK;
        return one.reader.has_ended() ? MAPFERRY_END : MAPFERRY_NOTHING;
    });
}

int32_t mapferry_reader_read(mapferry_reader* reader, void* target, size_t size,
                             size_t* done) noexcept {
    return run_on_into(reader, done, [&](mapferry_reader& one) -> Result<std::int32_t> {
        const auto place = place_of(target, size);
        if (!place) return std::unexpected(place.error());
        const auto piece = piece_of(one);
        if (!piece) return std::unexpected(piece.error());
        if (piece->bytes.empty() && piece->hole_bytes == 0) return MAPFERRY_END;
        const bool is_hole = piece->bytes.empty();
        const std::uint64_t there = is_hole ? piece->hole_bytes : piece->bytes.size();
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(there, size));
        if (is_hole) {
            std::fill_n(place->data(), count, std::byte{0});
            one.rest.hole_bytes -= count;
        } else {
            std::copy_n(piece->bytes.data(), count, place->data());
            one.rest.bytes = piece->bytes.subspan(count);
        }
        *done = count;
        return MAPFERRY_OK;
    });
}

int32_t mapferry_reader_read_piece(mapferry_reader* reader, const void** data,
                                   size_t* size) noexcept {
    if (data != nullptr) *data = nullptr;
    return run_on_into(reader, size, [&](mapferry_reader& one) -> Result<std::int32_t> {
        if (data == nullptr) return is_null("the place for the data");
        const auto piece = piece_of(one);
        if (!piece) return std::unexpected(piece.error());
        if (piece->bytes.empty() && piece->hole_bytes == 0) return MAPFERRY_END;
        one.rest = {};
        *data = piece->bytes.empty() ? nullptr : piece->bytes.data();
        *size = piece->bytes.empty() ? static_cast<std::size_t>(piece->hole_bytes)
                                     : piece->bytes.size();
        return MAPFERRY_OK;
    });
}

int32_t mapferry_reader_receive_bytes(mapferry_reader* reader, size_t size_limit,
                                      mapferry_bytes** bytes) noexcept {
    return run_on_into(reader, bytes, [&](mapferry_reader& one) -> Result<void> {
        std::string content;
        const std::uint64_t announced =
            one.payload ? one.payload->payload_bytes.value_or(0) : std::uint64_t{0};
        if (announced <= size_limit) content.reserve(static_cast<std::size_t>(announced));
        const Piece rest = one.rest;
        if (rest.bytes.size() + rest.hole_bytes > size_limit)
            return fail(Code::kIo,
                        "the payload has more than " + std::to_string(size_limit) + " bytes",
                        "raise size_limit");
        content.append(reinterpret_cast<const char*>(rest.bytes.data()), rest.bytes.size());
        content.append(static_cast<std::size_t>(rest.hole_bytes), '\0');
        one.rest = {};
        if (auto received = receive_into(one.reader, size_limit, content); !received)
            return received;
        give(std::move(content), bytes);
        return {};
    });
}

int32_t mapferry_reader_receive_file(mapferry_reader* reader, const char* path,
                                     const char* options) noexcept {
    return run_on(reader, [&](mapferry_reader& one) -> Result<void> {
        const auto file = text_of(path, "the path");
        if (!file) return std::unexpected(file.error());
        ReceiveWords words;
        if (auto read = read_options(options, words.list()); !read) return read;
        if (!one.payload)
            return fail(Code::kUsage, "no payload is under way", "call mapferry_reader_next()");
        const auto received = receive_to(one.reader, *one.payload, *file, words);
        return received ? Result<void>() : std::unexpected(received.error());
    });
}

int32_t mapferry_reader_view(mapferry_reader* reader, const void** data, size_t* size) noexcept {
    if (data != nullptr) *data = nullptr;
    return run_on_into(reader, size, [&](mapferry_reader& one) -> Result<void> {
        if (data == nullptr) return is_null("the place for the data");
        const auto bytes = one.reader.view();
        if (!bytes) return std::unexpected(bytes.error());
        *data = bytes->data();
        *size = bytes->size();
        return {};
    });
}

int32_t mapferry_reader_acknowledge(mapferry_reader* reader) noexcept {
    return run_on(reader, [](mapferry_reader& one) { return one.reader.acknowledge(); });
}

int32_t mapferry_reader_leave_out(mapferry_reader* reader, int32_t code) noexcept {
    return run_on(reader, [&](mapferry_reader& one) -> Result<void> {
        const auto cause = cause_of(code);
        if (!cause) return std::unexpected(cause.error());
        one.reader.leave_out(*cause);
        return {};
    });
}

int32_t mapferry_reader_notification(mapferry_reader* reader, int64_t* handle) noexcept {
    return run_on_into(reader, handle, [&](mapferry_reader& one) -> Result<void> {
        const auto found = one.reader.notification_handle();
        if (!found) return std::unexpected(found.error());
        *handle = number_of(*found);
        return {};
    });
}

int32_t mapferry_reader_end(mapferry_reader* reader) noexcept {
    return run_on(reader, [](mapferry_reader& one) { return one.reader.close(); });
}

int32_t mapferry_reader_abort(mapferry_reader* reader, int32_t code) noexcept {
    return run_on(reader, [&](mapferry_reader& one) -> Result<void> {
        const auto cause = cause_of(code);
        if (!cause) return std::unexpected(cause.error());
        one.reader.abort(*cause);
        return {};
    });
}

void mapferry_reader_close(mapferry_reader* reader) noexcept {
    delete reader;
}
