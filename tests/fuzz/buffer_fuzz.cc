// SPDX-License-Identifier: Apache-2.0
// A shared buffer whose header another process overwrites: reads and writes stay within its bytes.
#include <array>
#include <chrono>
#include <optional>

#include "format/layout.h"
#include "fuzz/fuzz_input.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "support/object_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kBufferBytes = 1000;

// The buffer is open but has no name any more, so that nothing stays when the fuzzer is killed.
class Nameless {
  public:
    Nameless() {
        const SectionAddress address{.name = unique_name(), .backing_path = {}};
        buffer_.emplace(
            SharedBuffer::open_or_create({.address = address, .size_bytes = kBufferBytes}).value());
        bytes_.emplace(address);
        require(remove_section(address, RemovePolicy::kAnyway).has_value(), "its name goes");
    }
    SharedBuffer& buffer() { return *buffer_; }
    layout::BufferLine& line() {
        return *reinterpret_cast<layout::BufferLine*>(bytes_->bytes().data() +
                                                      layout::kBufferLineOffset);
    }
    // The whole header except the ident, which is not read again.
    std::span<std::byte> header() { return bytes_->bytes().first(layout::kReadersOffset); }

  private:
    std::optional<SharedBuffer> buffer_;
    std::optional<ObjectBytes> bytes_;
};

void read_and_write(SharedBuffer& buffer, FuzzInput& input) {
    std::array<std::byte, 128> bytes{};
    const auto offset = input.take<std::uint64_t>();
    const std::size_t wanted = input.take<std::uint8_t>() % (bytes.size() + 1);
    const auto target = std::span(bytes).first(wanted);
    const auto got = buffer.read_unlocked(offset, target);
    const std::uint64_t room = offset < kBufferBytes ? kBufferBytes - offset : 0;
    require(got && *got == std::min<std::uint64_t>(wanted, room),
            "a read ends at the buffer's end");
    const auto put = buffer.write_unlocked(offset, target);
    require(put && *put == *got, "a write ends at the buffer's end");
}

void run(FuzzInput input) {
    static Nameless nameless;
    SharedBuffer& buffer = nameless.buffer();
    const auto how = input.take<std::uint8_t>();
    nameless.line() = input.take<layout::BufferLine>();
    const auto at = input.take<std::uint16_t>() % nameless.header().size();
    nameless.header()[at] = static_cast<std::byte>(how);
    require(buffer.size_bytes() == kBufferBytes, "its size was taken once");
    read_and_write(buffer, input);
    if (how % 16 == 0) {
        const bool marked = nameless.line().held != 0;
        auto lock = buffer.lock(0ms);
        require(lock && lock->previous_holder_died() == marked, "the kernel has the lock");
    }
    read_and_write(buffer, input);
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
