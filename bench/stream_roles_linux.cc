// SPDX-License-Identifier: Apache-2.0
#include "bench/stream_roles.h"

#include <unistd.h>

#include "bench/give_up.h"
#include "bench/spawn.h"

namespace mapferry::bench {

std::size_t read_some(int descriptor, std::span<std::byte> buffer) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0) give_up_for_errno("read");
    return static_cast<std::size_t>(got);
}

void read_all(int descriptor, std::span<std::byte> buffer) {
    while (!buffer.empty()) {
        const std::size_t got = read_some(descriptor, buffer);
        if (got == 0) give_up("the other side has gone");
        buffer = buffer.subspan(got);
    }
}

void write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) give_up_for_errno("write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

}  // namespace mapferry::bench
