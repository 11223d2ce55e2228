// SPDX-License-Identifier: Apache-2.0
// The other process of the conformance tests. It does one small task with a section's object, on
// the platform layer, on a buffer or on a frame.
//
//     peer hold-role NAME BACKING ROLE   takes the role, prints "held", keeps it until input ends
//     peer hold-buffer NAME BACKING      the same with a buffer's lock
//     peer answer-bell NAME BACKING      waits for the first bell, then rings the second
//     peer collect-own NAME BACKING      makes an object and an output in the folder of BACKING;
//                                        prints how many of them a cleaner takes meanwhile
//     peer look-at-frame NAME BACKING    prints which page of memory is behind each page of the
//                                        next frame, a line each; keeps it until input ends
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "format/layout.h"
#include "mapferry/frame_reader.h"
#include "mapferry/shared_buffer.h"
#include "platform/clock.h"
#include "platform/output_file.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/wake.h"
#include "support/physical_page.h"

namespace {

using namespace mapferry;

constexpr int kFailed = 1;
constexpr std::int64_t kPatienceMs = 60'000;

int complain(const Status& status) {
    std::cerr << describe(status) << "\n";
    return kFailed;
}

// Prints "held" and waits for the end of the input.
void say_held_and_wait() {
    std::cout << "held\n" << std::flush;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
}

int hold_buffer(const SectionAddress& address) {
    auto buffer = SharedBuffer::open({.address = address});
    if (!buffer) return complain(buffer.error());
    auto lock = buffer->lock(std::chrono::milliseconds(kPatienceMs));
    if (!lock) return complain(lock.error());
    say_held_and_wait();
    return 0;
}

int hold_role(const platform::SharedObject& object, std::uint32_t role) {
    auto lock = platform::try_lock_role(object, role);
    if (!lock) return complain(lock.error());
    say_held_and_wait();
    return 0;
}

int collect_own(const SectionAddress& address) {
    auto object = platform::create_object(address, 4096);
    if (!object) return complain(object.error());
    auto output = platform::OutputFile::create(address.backing_path, Overwrite::kRefuse, {});
    if (!output) return complain(output.error());
    int left = 0;
    int taken = 0;
    const std::filesystem::path folder = std::filesystem::path(address.backing_path).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        ++left;
        taken += platform::remove_leftover(entry.path().string()).value_or(false) ? 1 : 0;
    }
    std::cout << taken << " of " << left << "\n" << std::flush;
    return 0;
}

int look_at_frame(const SectionAddress& address) {
    auto reader =
        FrameReader::open({.address = address, .timeout = std::chrono::milliseconds(kPatienceMs)});
    if (!reader) return complain(reader.error());
    auto frame = reader->next(std::chrono::milliseconds(kPatienceMs));
    if (!frame) return complain(frame.error());
    if (!*frame) return kFailed;
    const auto bytes = (*frame)->bytes();
    for (std::size_t at = 0; at < bytes.size(); at += layout::kPageBytes) {
        // A page has no memory before it is touched.
        [[maybe_unused]] const auto touched = static_cast<volatile const std::byte&>(bytes[at]);
        std::cout << mapferry::testing::physical_page(&bytes[at]) << "\n";
    }
    std::cout << std::flush;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
    return 0;
}

int answer_bell(const platform::SharedObject& object) {
    auto mapping = platform::map(object, 0, object.object_bytes, platform::Access::kReadWrite);
    if (!mapping) return complain(mapping.error());
    auto* const words = reinterpret_cast<std::uint32_t*>(mapping->data());
    const std::int64_t began_ns = platform::monotonic_ns();
    // acquire and release: each bell publishes the bytes that were written before it
    while (std::atomic_ref(words[0]).load(std::memory_order_acquire) == 0) {
        if (platform::monotonic_ns() - began_ns > kPatienceMs * 1'000'000) return kFailed;
        platform::sleep_on(words[0], 0, kPatienceMs);
    }
    std::atomic_ref(words[1]).store(1, std::memory_order_release);
    platform::ring(words[1], 0);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 3) return kFailed;
    if (words[0] == "look-at-frame")
        return look_at_frame({.name = words[1], .backing_path = words[2]});
    if (words[0] == "collect-own") return collect_own({.name = words[1], .backing_path = words[2]});
    if (words[0] == "hold-buffer") return hold_buffer({.name = words[1], .backing_path = words[2]});
    auto object = platform::open_object({.name = words[1], .backing_path = words[2]});
    if (!object) return complain(object.error());
    if (words[0] == "hold-role" && words.size() == 4)
        return hold_role(*object, static_cast<std::uint32_t>(std::stoul(words[3])));
    if (words[0] == "answer-bell") return answer_bell(*object);
    return kFailed;
}
