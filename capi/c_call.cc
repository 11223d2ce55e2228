// SPDX-License-Identifier: Apache-2.0
#include "capi/c_call.h"

namespace mapferry::capi {

std::unexpected<Status> is_null(const char* what) {
    return fail(Code::kUsage, std::string(what) + " is NULL");
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
