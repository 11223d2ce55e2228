#include "writer/write_buffer_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/exit_code.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/source.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kLookMs = 100;
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

Result<Source> open_source(const WriterCommand& command) {
    if (command.files.size() + command.texts.size() != 1)
        return fail(Code::kUsage, "a buffer takes one file, or -, or one text at a time");
    if (!command.texts.empty()) return Source::from_text(command.texts.front());
    if (command.files.front() == "-") return Source::standard_input();
    return Source::open_file(command.files.front());
}

std::unexpected<Status> does_not_fit(const WriterCommand& command, std::uint64_t size_bytes) {
    return fail(Code::kIo,
                fmt::format("the bytes do not fit at {} of {}, a buffer of {} bytes",
                            command.buffer.at, to_string(command.common.address), size_bytes),
                "nothing was written");
}

// All of the source, before a byte of the buffer is touched.
Result<std::vector<std::byte>> read_all(const WriterCommand& command, Source& source,
                                        std::uint64_t size_bytes, const std::atomic<int>& stop) {
    const std::uint64_t at = command.buffer.at;
    const std::uint64_t room = at < size_bytes ? size_bytes - at : 0;
    std::vector<std::byte> bytes;
    if (at > size_bytes || source.info().payload_bytes.value_or(0) > room)
        return does_not_fit(command, size_bytes);
    while (true) {
        // relaxed: the flag alone is the message
        if (stop.load(std::memory_order_relaxed) != 0)
            return fail(Code::kInterrupted, "interrupted");
        auto ready = source.wait_ready(kLookMs);
        if (!ready) return pass(ready.error());
        if (!*ready) continue;
        const std::size_t filled = bytes.size();
        bytes.resize(filled + kBlockBytes);
        auto got = source.read(std::span(bytes).subspan(filled));
        bytes.resize(filled + got.value_or(0));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return pass(got.error());
        if (*got == 0) return bytes;
        if (bytes.size() > room) return does_not_fit(command, size_bytes);
    }
}

Result<SharedBuffer> open_buffer(const WriterCommand& command, const std::atomic<int>& stop) {
    return SharedBuffer::open({.address = command.common.address,
                               .size_bytes = command.size_bytes,
                               .timeout_ms = command.common.timeout_ms,
                               .stop = &stop});
}

Result<void> put(const WriterCommand& command, const Messages& messages, SharedBuffer& buffer,
                 std::span<const std::byte> bytes) {
    auto lock = buffer.lock(command.common.timeout_ms);
    if (!lock) return pass(lock.error());
    if (auto written = buffer.write_at(command.buffer.at, bytes); !written)
        return pass(written.error());
    lock->release();
    const std::string what = to_string(command.common.address);
    if (lock->previous_holder_died())
        messages.warning("the previous holder of the lock of " + what + " died with it");
    if (messages.json())
        messages.event({{"event", "buffer"},
                        {"name", command.common.address.name},
                        {"at", command.buffer.at},
                        {"bytes", bytes.size()},
                        {"buffer_bytes", buffer.size_bytes()},
                        {"already_existed", buffer.already_existed()},
                        {"previous_holder_died", lock->previous_holder_died()}});
    else
        messages.note(fmt::format("{} bytes at {} of {}, a buffer of {} bytes  written",
                                  bytes.size(), command.buffer.at, what, buffer.size_bytes()));
    return {};
}

// Where the buffer does not live without a process, the one that made it stays.
Result<void> stay_for_buffer(const WriterCommand& command, const Messages& messages,
                             SharedBuffer& buffer) {
    if (buffer.already_existed() || buffer.outlives_processes()) return {};
    const std::int64_t timeout_ms = command.common.timeout_ms;
    const SectionAddress& address = command.common.address;
    if (messages.json())
        messages.event({{"event", "staying"}, {"timeout_ms", timeout_ms}});
    else
        messages.note(fmt::format(
            "{} lives with this process: staying for {} s, or until mapferry-reader rm {} (with "
            "--backing it would live without)",
            to_string(address), static_cast<double>(timeout_ms) / 1000, address.name));
    auto ended = buffer.stay(timeout_ms);
    if (!ended) return pass(ended.error());
    const char* const words = *ended == BufferStay::kRemoved ? "removed" : "timed out";
    if (messages.json())
        messages.event({{"event", "stayed"}, {"outcome", words}});
    else
        messages.note(to_string(address) + " is gone: " + words);
    return {};
}

Result<void> write_buffer(const WriterCommand& command, const Messages& messages,
                          const std::atomic<int>& stop) {
    auto source = open_source(command);
    if (!source) return pass(source.error());
    // A buffer that is to be made is made only for bytes that fit.
    std::vector<std::byte> bytes;
    if (command.size_bytes != 0) {
        auto all = read_all(command, *source, command.size_bytes, stop);
        if (!all) return pass(all.error());
        bytes = std::move(*all);
    }
    auto buffer = open_buffer(command, stop);
    if (!buffer) return pass(buffer.error());
    if (command.size_bytes == 0) {
        auto all = read_all(command, *source, buffer->size_bytes(), stop);
        if (!all) return pass(all.error());
        bytes = std::move(*all);
    }
    if (auto done = put(command, messages, *buffer, bytes); !done) return done;
    return stay_for_buffer(command, messages, *buffer);
}

}  // namespace

int run_write_buffer(const WriterCommand& command, const std::atomic<int>& stop) {
    const Messages messages = command.common.messages("mapferry-writer");
    auto written = write_buffer(command, messages, stop);
    if (written) return 0;
    return written.error().code == Code::kInterrupted ? exit_code(Code::kInterrupted)
                                                      : messages.error(written.error());
}

}  // namespace mapferry::cli
