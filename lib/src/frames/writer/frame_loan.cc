// SPDX-License-Identifier: Apache-2.0
// A loan: the slot that a user fills, and the notes that go behind the frame in the same slot.
#include <cstring>
#include <utility>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/notes.h"
#include "frames/writer/frame_writer_connection.h"
#include "mapferry/frame_writer.h"

namespace mapferry::inline v1 {

FrameLoan::FrameLoan(std::shared_ptr<FrameWriterConnection> connection, std::uint32_t slot,
                     std::uint64_t bytes)
    : connection_(std::move(connection)),
      slot_(slot),
      bytes_(connection_->bytes_of(slot).first(static_cast<std::size_t>(bytes))) {}

FrameLoan::FrameLoan(FrameLoan&& other) noexcept
    : connection_(std::move(other.connection_)),
      slot_(other.slot_),
      bytes_(std::exchange(other.bytes_, {})),
      notes_(std::exchange(other.notes_, {})) {}

FrameLoan& FrameLoan::operator=(FrameLoan&& other) noexcept {
    if (this != &other) {
        give_back();
        connection_ = std::move(other.connection_);
        slot_ = other.slot_;
        bytes_ = std::exchange(other.bytes_, {});
        notes_ = std::exchange(other.notes_, {});
    }
    return *this;
}

FrameLoan::~FrameLoan() {
    give_back();
}

void FrameLoan::give_back() {
    bytes_ = {};
    if (const auto connection = std::move(connection_)) connection->give_back(slot_);
}

std::shared_ptr<const void> FrameLoan::memory() const {
    return connection_ ? connection_->memory_of(slot_) : nullptr;
}

Result<std::span<std::byte>> FrameLoan::add_metadata(std::string_view content_type,
                                                     std::size_t bytes) {
    return guarded([&]() -> Result<std::span<std::byte>> {
        if (!connection_) return is_empty();
        if (connection_->section.inherited()) return opened_before_fork(connection_->section);
        TRY(check_metadata(content_type, bytes));
        const auto begin = static_cast<std::size_t>(metadata_offset(content_type));
        TRY(connection_->grow(slot_, layout::notes_offset(bytes_.size()) +
                                         round_up(begin + bytes, sizeof(std::uint64_t))));
        const std::span<std::byte> place = connection_->notes_place(slot_, bytes_.size());
        // The type goes to its place at once, so that notes_ refers to memory that stays.
        std::byte* const type =
            place.data() + begin - round_up(content_type.size(), sizeof(std::uint64_t));
        std::memmove(type, content_type.data(), content_type.size());
        const std::span<std::byte> metadata = place.subspan(begin, bytes);
        notes_.metadata = {
            .content_type = {reinterpret_cast<const char*>(type), content_type.size()},
            .bytes = metadata};
        return metadata;
    });
}

Result<void> FrameLoan::set_metadata(const FrameMetadata& metadata) {
    return guarded([&]() -> Result<void> {
        TRY_ASSIGN(const auto place, add_metadata(metadata.content_type, metadata.bytes.size()));
        if (!place.empty()) std::memcpy(place.data(), metadata.bytes.data(), place.size());
        return {};
    });
}

}  // namespace mapferry::inline v1
