// SPDX-License-Identifier: Apache-2.0
#include "reader/read_buffer_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "cli/short_names.h"
#include "cli/terminal.h"
#include "mapferry/output.h"
#include "mapferry/printable_text.h"
#include "mapferry/shared_buffer.h"
#include "reader/target.h"

namespace mapferry::cli {

namespace {

Result<void> check_buffer_options(const ReaderCommand& command) {
    if (command.discard || command.consume || command.preserve || command.count != 0)
        return fail(Code::kUsage,
                    "--buffer goes with none of --null, --consume, --preserve and --count");
    return {};
}

// The bytes that were read, and facts about their buffer.
struct Part {
    std::vector<std::byte> bytes;
    std::uint64_t buffer_bytes = 0;
    bool previous_holder_died = false;
};

// Copies the part, so that no process waits for the lock while the output is slow.
Result<Part> copy_part(const ReaderCommand& command, const Messages& messages,
                       SharedBuffer& buffer) {
    const std::uint64_t at = command.buffer.at;
    const std::uint64_t size = buffer.size_bytes();
    const std::uint64_t there = at < size ? size - at : 0;
    const std::uint64_t wanted = command.bytes != 0 ? command.bytes : there;
    Part part{.bytes = std::vector<std::byte>(static_cast<std::size_t>(std::min(wanted, there))),
              .buffer_bytes = size};
    std::vector<std::byte>& bytes = part.bytes;
    auto lock = buffer.lock(command.common.timeout);
    if (!lock) return std::unexpected(lock.error());
    auto got = lock->read_at(at, bytes);
    if (!got) return std::unexpected(got.error());
    bytes.resize(*got);
    if (auto whole = buffer.check(); !whole) return std::unexpected(whole.error());
    lock->release();
    const std::string what = to_string(command.common.address);
    part.previous_holder_died = lock->previous_holder_died();
    if (part.previous_holder_died)
        messages.warning("the previous holder of the lock of " + what + " died with it");
    if (at > size)
        messages.warning(fmt::format("{} ends at {}: nothing is at {}", what, size, at));
    else if (bytes.size() < wanted)
        messages.warning(
            fmt::format("{} ends at {}: {} bytes instead of {}", what, size, bytes.size(), wanted));
    return part;
}

Result<void> report(const ReaderCommand& command, const Messages& messages, const Part& part) {
    const std::uint64_t at = command.buffer.at;
    if (messages.json())
        return messages.event({{"event", "buffer"},
                               {"name", command.common.address.name},
                               {"at", at},
                               {"bytes", part.bytes.size()},
                               {"buffer_bytes", part.buffer_bytes},
                               {"previous_holder_died", part.previous_holder_died}});
    messages.note(fmt::format("{} bytes at {} of {}, a buffer of {} bytes  read", part.bytes.size(),
                              at, to_string(command.common.address), part.buffer_bytes));
    return {};
}

// The bytes as text that cannot control a terminal. Used when no -o was given.
std::vector<std::byte> for_terminal(const std::vector<std::byte>& bytes) {
    const std::string text =
        escape_for_terminal({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    std::vector<std::byte> shown(text.size() + 1, std::byte{'\n'});
    std::ranges::copy(std::as_bytes(std::span(text)), shown.begin());
    return shown;
}

Result<void> read_buffer(const ReaderCommand& command, Messages& messages,
                         const std::atomic<int>& stop) {
    if (auto checked = check_buffer_options(command); !checked) return checked;
    const bool to_stdout = command.output.empty() || command.output == "-";
    if (to_stdout && command.durable) return std::unexpected(durable_needs_a_file());
    if (to_stdout) messages.leave_stdout_to_payload();
    auto buffer = SharedBuffer::open({.address = command.common.address,
                                      .access = BufferAccess::kReadOnly,
                                      .timeout = command.common.timeout,
                                      .stop = &stop});
    if (!buffer) return std::unexpected(buffer.error());
    // The buffer is open already, so that an output to its own section file is refused.
    auto output = to_stdout ? Output::to_standard_output(std::nullopt, &stop)
                            : Output::to_file(command.output, command.overwrite(), std::nullopt);
    if (!output) return std::unexpected(output.error());
    const auto part = copy_part(command, messages, *buffer);
    if (!part) return std::unexpected(part.error());
    const bool shown = command.output.empty() && stdout_is_terminal();
    const std::vector<std::byte> bytes = shown ? for_terminal(part->bytes) : part->bytes;
    if (auto written = output->write(bytes); !written) return written;
    if (auto committed = output->commit({}, command.durability()); !committed) return committed;
    return report(command, messages, *part);
}

}  // namespace

int run_read_buffer(const ReaderCommand& command, const std::atomic<int>& stop) {
    Messages messages = command.common.messages();
    return messages.ended(read_buffer(command, messages, stop));
}

}  // namespace mapferry::cli
