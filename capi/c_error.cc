// SPDX-License-Identifier: Apache-2.0
// The last failure of each thread, in plain arrays: a thread that ends after the library was
// unloaded must have nothing to destroy.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "capi/c_call.h"
#include "capi/c_remedy.h"

namespace mapferry::capi {

namespace {

constexpr std::size_t kTextBytes = 512;

struct LastError {
    std::int32_t code = MAPFERRY_OK;
    std::int32_t os_error = 0;
    std::int32_t remedy = 0;
    std::array<char, kTextBytes> message = {};
    std::array<char, kTextBytes> hint = {};
};

constinit thread_local LastError last_error;

// Copies as many whole characters as there is room for behind the text that is there.
void append(std::array<char, kTextBytes>& target, std::string_view text) {
    const std::size_t used = std::strlen(target.data());
    std::size_t bytes = std::min(text.size(), target.size() - 1 - used);
    const auto is_inner = [text](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    };
    while (bytes != 0 && is_inner(bytes))
        --bytes;
    text.copy(target.data() + used, bytes);
    target[used + bytes] = '\0';
}

void begin(Code code) {
    last_error.code = static_cast<std::int32_t>(code);
    last_error.os_error = 0;
    last_error.remedy = 0;
    last_error.message[0] = '\0';
    last_error.hint[0] = '\0';
}

}  // namespace

int32_t failed(const Status& status) noexcept {
    begin(status.code);
    last_error.os_error = status.os_error;
    last_error.remedy = static_cast<std::int32_t>(status.remedy);
    append(last_error.message, status.message);
    append(last_error.hint, status.hint);
    const std::string_view remedy = remedy_text(status.remedy);
    if (!status.hint.empty() && !remedy.empty()) append(last_error.hint, ", or ");
    append(last_error.hint, remedy);
    return last_error.code;
}

int32_t failed_without_memory() noexcept {
    begin(Code::kOutOfMemory);
    append(last_error.message, "out of memory");
    return last_error.code;
}

int32_t failed_by_exception() noexcept {
    begin(Code::kSystem);
    append(last_error.message, "an exception that nobody expected");
    return last_error.code;
}

}  // namespace mapferry::capi

int32_t mapferry_error_code(void) noexcept {
    return mapferry::capi::last_error.code;
}

const char* mapferry_error_message(void) noexcept {
    return mapferry::capi::last_error.message.data();
}

const char* mapferry_error_hint(void) noexcept {
    return mapferry::capi::last_error.hint.data();
}

int32_t mapferry_error_os(void) noexcept {
    return mapferry::capi::last_error.os_error;
}

int32_t mapferry_error_remedy(void) noexcept {
    return mapferry::capi::last_error.remedy;
}
