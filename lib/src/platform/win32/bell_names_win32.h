// SPDX-License-Identifier: Apache-2.0
// The names of the bells in a mapped view. A bell is known by the address of its word. For other
// processes its name is made from the object and the word's offset in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "platform/shared_object.h"
#include "platform/win32/security_win32.h"

namespace mapferry::inline v1::platform {

// From now on words in the view that begins at `view` have names. `object_offset`: the view's place
// in the object.
void remember_view(const std::byte* view, const SharedObject& object, std::uint64_t object_offset);
void forget_view(const std::byte* view) noexcept;

// The bell whose word has this address and value.
struct Bell {
    std::wstring name = {};  // empty: no remembered view has the word
    AccessList access_list = {};
};
[[nodiscard]] Bell bell_of(const std::uint32_t& word, std::uint32_t value);

}  // namespace mapferry::inline v1::platform
