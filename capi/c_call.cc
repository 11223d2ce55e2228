// SPDX-License-Identifier: Apache-2.0
#include "capi/c_call.h"

namespace mapferry::capi {

Result<std::span<const std::byte>> bytes_of(const void* data, std::size_t size) {
    if (data == nullptr && size != 0) return is_null("the data");
    return std::span(static_cast<const std::byte*>(data), size);
}

Result<std::span<std::byte>> place_of(void* data, std::size_t size) {
    if (data == nullptr && size != 0) return is_null("the target");
    return std::span(static_cast<std::byte*>(data), size);
}

Result<std::string> text_of(const char* text, const char* what) {
    if (text == nullptr) return is_null(what);
    return std::string(text);
}

Result<Code> cause_of(std::int32_t code) {
    if (code < MAPFERRY_USAGE || code > MAPFERRY_SYSTEM)
        return fail(Code::kUsage, std::to_string(code) + " is not the code of a failure");
    return Code{static_cast<std::uint8_t>(code)};
}

Result<std::uint32_t> count_of(std::int32_t count) {
    if (count < 0) return fail(Code::kUsage, std::to_string(count) + " is not a number of things");
    return static_cast<std::uint32_t>(count);
}

}  // namespace mapferry::capi
