// SPDX-License-Identifier: Apache-2.0
#include "writer/write_buffer_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "cli/interrupt.h"
#include "cli/short_names.h"
#include "mapferry/detail/machine.h"
#include "mapferry/detail/units.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/source.h"
#include "writer/section_stay.h"
#include "writer/source_check.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

// Opens the source of the bytes to write. Empty with --size alone, which makes a buffer of zeros.
Result<std::optional<Source>> open_only_source(const WriterCommand& command) {
    const std::size_t count = command.files.size() + command.texts.size();
    if (count == 0 && command.size_bytes == 0)
        return fail(Code::kUsage, "nothing to write",
                    "name a file, or - for standard input, or --text TEXT; or make a buffer of "
                    "zeros with --size SIZE");
    if (count == 0 && command.buffer.at != 0)
        return fail(Code::kUsage, "--at says where to write, and there is nothing to write");
    if (count == 0) return std::nullopt;
    if (count > 1)
        return fail(Code::kUsage, "a buffer takes one file, or -, or one text at a time");
    if (!command.texts.empty()) return Source::from_text(command.texts.front());
    auto source = open_source(command, command.files.front());
    if (!source) return std::unexpected(source.error());
    return std::move(*source);
}

std::unexpected<Status> does_not_fit(const WriterCommand& command, std::uint64_t size_bytes) {
    return fail(Code::kIo,
                fmt::format("the bytes do not fit at {} of {}, a buffer of {} bytes",
                            command.buffer.at, to_string(command.common.address), size_bytes),
                "nothing was written");
}

// Reserves `capacity_bytes` bytes in all. Asks for the available memory first, because under a
// limit of a cgroup the system would end the process.
Result<void> make_room(std::vector<std::byte>& bytes, std::uint64_t capacity_bytes) {
    constexpr std::uint64_t kAskBytes = std::uint64_t{4} << 20;  // less needs no check
    const std::uint64_t available = capacity_bytes < kAskBytes
                                        ? capacity_bytes
                                        : available_memory_bytes().value_or(capacity_bytes);
    if (available < capacity_bytes)
        return fail(Code::kIo,
                    fmt::format("the bytes for the buffer need {} of memory first, {} are free",
                                format_bytes(capacity_bytes), format_bytes(available)),
                    "write it piece by piece with --at, or raise the memory limit");
    bytes.reserve(static_cast<std::size_t>(capacity_bytes));
    return {};
}

// What the source held.
struct SourceBytes {
    std::vector<std::byte> bytes;
    bool changed = false;  // while it was read
};

// Reads all of the source before a byte of the buffer is touched.
Result<SourceBytes> read_all(const WriterCommand& command, Source& source, const Messages& messages,
                             std::uint64_t size_bytes, const std::atomic<int>& stop) {
    const std::uint64_t at = command.buffer.at;
    const std::uint64_t room = at < size_bytes ? size_bytes - at : 0;
    std::vector<std::byte> bytes;
    const std::uint64_t announced = source.info().payload_bytes.value_or(0);
    if (at > size_bytes || announced > room) return does_not_fit(command, size_bytes);
    if (auto made = make_room(bytes, announced + kBlockBytes); !made)
        return std::unexpected(made.error());
    const auto go_on = [&stop]() -> Result<void> {
        if (is_stopped(stop)) return interrupted();
        return {};
    };
    auto produced = await_producer(command, messages, source, display_name(source.info()), go_on);
    if (!produced) return std::unexpected(produced.error());
    while (true) {
        if (auto wanted = go_on(); !wanted) return std::unexpected(wanted.error());
        auto ready = source.wait_ready(kSourceLook);
        if (!ready) return std::unexpected(ready.error());
        if (!*ready) continue;
        const std::size_t filled = bytes.size();
        if (bytes.capacity() - filled < kBlockBytes)
            if (auto made = make_room(bytes, 2 * bytes.capacity()); !made)
                return std::unexpected(made.error());
        bytes.resize(filled + kBlockBytes);
        auto got = source.read(std::span(bytes).subspan(filled));
        bytes.resize(filled + got.value_or(0));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        if (bytes.size() > room) return does_not_fit(command, size_bytes);
    }
    auto changed = check_unchanged(command, messages, source, display_name(source.info()));
    if (!changed) return std::unexpected(changed.error());
    return SourceBytes{.bytes = std::move(bytes), .changed = *changed};
}

Result<SharedBuffer> open_buffer(const WriterCommand& command, const std::atomic<int>& stop) {
    const SharedBufferOptions options{.address = command.common.address,
                                      .size_bytes = command.size_bytes,
                                      .timeout = command.common.timeout,
                                      .stop = &stop};
    return command.size_bytes != 0 ? SharedBuffer::open_or_create(options)
                                   : SharedBuffer::open(options);
}

// The result of a write.
struct Written {
    std::uint64_t bytes = 0;
    bool previous_holder_died = false;
    bool source_changed = false;
};

Result<Written> put(const WriterCommand& command, const Messages& messages, SharedBuffer& buffer,
                    const SourceBytes& source) {
    auto lock = buffer.lock(command.common.timeout);
    if (!lock) return std::unexpected(lock.error());
    if (auto written = lock->write_at(command.buffer.at, source.bytes); !written)
        return std::unexpected(written.error());
    if (auto stored = buffer.check(); !stored) return std::unexpected(stored.error());
    lock->release();
    if (lock->previous_holder_died())
        messages.warning("the previous holder of the lock of " + to_string(command.common.address) +
                         " died with it");
    return Written{.bytes = source.bytes.size(),
                   .previous_holder_died = lock->previous_holder_died(),
                   .source_changed = source.changed};
}

Result<void> report(const WriterCommand& command, const Messages& messages,
                    const SharedBuffer& buffer, const std::optional<Written>& written) {
    const Written what = written.value_or(Written{});
    if (messages.json())
        return messages.event({{"event", "buffer"},
                               {"name", command.common.address.name},
                               {"at", command.buffer.at},
                               {"bytes", what.bytes},
                               {"buffer_bytes", buffer.size_bytes()},
                               {"already_existed", buffer.already_existed()},
                               {"previous_holder_died", what.previous_holder_died},
                               {"source_changed", what.source_changed}});
    const std::string area = fmt::format("{}, a buffer of {} bytes",
                                         to_string(command.common.address), buffer.size_bytes());
    if (written)
        messages.note(fmt::format("{} bytes at {} of {}  written{}", what.bytes, command.buffer.at,
                                  area, what.source_changed ? kChangedMark : ""));
    else
        messages.note(area + (buffer.already_existed() ? "  was there" : ", all zero  made"));
    return {};
}

Result<void> write_buffer(const WriterCommand& command, const Messages& messages,
                          const std::atomic<int>& stop) {
    auto source = open_only_source(command);
    if (!source) return std::unexpected(source.error());
    // With --size the bytes are read first, so that a new buffer is created only for bytes that
    // fit.
    std::optional<SourceBytes> bytes;
    const auto read = [&](std::uint64_t size_bytes) -> Result<void> {
        auto all = read_all(command, **source, messages, size_bytes, stop);
        if (!all) return std::unexpected(all.error());
        bytes = std::move(*all);
        return {};
    };
    if (*source && command.size_bytes != 0)
        if (auto done = read(command.size_bytes); !done) return done;
    auto buffer = open_buffer(command, stop);
    if (!buffer) return std::unexpected(buffer.error());
    if (*source && !bytes)
        if (auto done = read(buffer->size_bytes()); !done) return done;
    std::optional<Written> written;
    if (bytes) {
        auto done = put(command, messages, *buffer, *bytes);
        if (!done) return std::unexpected(done.error());
        written = *done;
    }
    if (auto reported = report(command, messages, *buffer, written); !reported) return reported;
    if (buffer->already_existed() || buffer->section_persists()) return {};
    // Where a buffer ends with its last process, the process that created it stays.
    Printed printed;
    auto stayed = stay_with_section(command.common, "", printed, [&buffer](const Timeout& timeout) {
        return buffer->linger(timeout);
    });
    return stayed ? printed.whole() : stayed;
}

}  // namespace

int run_write_buffer(const WriterCommand& command, const std::atomic<int>& stop) {
    const Messages messages = command.common.messages();
    return messages.ended(write_buffer(command, messages, stop));
}

}  // namespace mapferry::cli
