// SPDX-License-Identifier: Apache-2.0
// The names of the bells in a mapped view. A bell is known by the address of its word. For other
// processes its name is made from the object and the word's offset in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mapferry::inline v1::platform {

// From now on words in the view that begins at `view` have names. `object_offset`: the view's place
// in the object. `id`: the object's SharedObject::id.
void remember_view(const std::byte* view, const std::string& id, std::uint64_t object_offset);
void forget_view(const std::byte* view) noexcept;

// The name of the bell whose word has this address and value; empty if no remembered view has it.
[[nodiscard]] std::wstring bell_name(const std::uint32_t& word, std::uint32_t value);

}  // namespace mapferry::inline v1::platform
