// SPDX-License-Identifier: Apache-2.0
#include "platform/object_io.h"

#include "base/fail.h"

namespace mapferry::inline v1::platform {

bool has_object_io() {
    return false;
}

Result<void> read_object(const SharedObject& object, std::uint64_t, std::span<std::byte>) {
    return fail(Code::kSystem, "Windows can't read " + to_string(object.address));
}

Result<void> write_object(const SharedObject& object, std::uint64_t, std::span<const std::byte>) {
    return fail(Code::kSystem, "Windows can't write to " + to_string(object.address));
}

}  // namespace mapferry::inline v1::platform
