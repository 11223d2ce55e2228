// SPDX-License-Identifier: Apache-2.0
#include "support/object_bytes.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "format/ident.h"
#include "format/layout.h"
#include "mapferry/status.h"

namespace mapferry::testing {

namespace {

constexpr std::uint64_t kBytesMost =
    sizeof(void*) == 4 ? std::uint64_t{256} << 20 : std::numeric_limits<std::uint64_t>::max();

template <typename T>
T or_die(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

}  // namespace

ObjectBytes::ObjectBytes(const SectionAddress& address)
    : object_(or_die(platform::open_object(address))),
      mapping_(or_die(platform::map(object_, 0, std::min(object_.object_bytes, kBytesMost),
                                    platform::Access::kReadWrite))) {}

Geometry ObjectBytes::geometry() const {
    layout::Ident ident{};
    std::memcpy(&ident, bytes().data(), sizeof ident);
    return or_die(validate(ident, object_.object_bytes));
}

void ObjectBytes::flip_bit(std::uint64_t offset) const {
    if (offset >= mapping_.bytes()) throw std::out_of_range("a byte outside of the section");
    mapping_.data()[offset] ^= std::byte{1};
}

}  // namespace mapferry::testing
