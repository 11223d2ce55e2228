// SPDX-License-Identifier: Apache-2.0
#include "mapferry/frame.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/fail.h"
#include "base/try.h"
#include "frames/reader/frame_impl.h"
#include "mapferry/detail/hash.h"
#include "section/section_call.h"

namespace mapferry::inline v1 {

namespace {

std::unexpected<Status> damaged_frame(std::uint64_t sequence) {
    return fail(Code::kCorrupt,
                "frame " + std::to_string(sequence) + " is damaged: its checksum is wrong");
}

}  // namespace

Frame::Frame(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Frame::Frame(Frame&&) noexcept = default;
Frame& Frame::operator=(Frame&&) noexcept = default;
Frame::~Frame() = default;

std::span<const std::byte> Frame::bytes() const {
    return impl_ ? impl_->mapped.bytes : std::span<std::byte>();
}

const std::optional<ImageDescription>& Frame::image() const {
    static const std::optional<ImageDescription> none;
    return impl_ ? impl_->image : none;
}

const std::optional<TensorDescription>& Frame::tensor() const {
    static const std::optional<TensorDescription> none;
    return impl_ && impl_->notes ? impl_->notes->tensor : none;
}

FrameMetadata Frame::metadata() const {
    return ask(impl_.get(), [](const Impl& impl) {
        if (!impl.notes) return FrameMetadata{};
        const NotesFound& notes = *impl.notes;
        return FrameMetadata{.content_type = {notes.content_type.data(), notes.content_type_bytes},
                             .bytes = notes.metadata};
    });
}

std::optional<CaptureTime> Frame::captured() const {
    return ask(impl_.get(), [](const Impl& impl) -> std::optional<CaptureTime> {
        const layout::FrameSlot& facts = impl.leased.facts;
        if (facts.capture_ns == 0) return std::nullopt;
        return CaptureTime{.ns = facts.capture_ns,
                           .clock = static_cast<CaptureClock>(facts.capture_clock)};
    });
}

std::optional<std::uint64_t> Frame::source_number() const {
    return ask(impl_.get(), [](const Impl& impl) -> std::optional<std::uint64_t> {
        const layout::FrameSlot& facts = impl.leased.facts;
        if ((facts.flags & layout::kSlotSourceNumber) == 0) return std::nullopt;
        return facts.source_number;
    });
}

std::optional<std::uint64_t> Frame::latency_ns() const {
    return ask(impl_.get(), [](const Impl& impl) { return impl.latency_ns; });
}

std::uint64_t Frame::sequence() const {
    return ask(impl_.get(), &Impl::sequence);
}

std::uint64_t Frame::missed() const {
    return ask(impl_.get(), &Impl::missed);
}

std::int64_t Frame::timestamp_unix_ns() const {
    return ask(impl_.get(), [](const Impl& impl) { return impl.leased.facts.timestamp_unix_ns; });
}

std::uint64_t Frame::epoch() const {
    return ask(impl_.get(), [](const Impl& impl) { return impl.connection->section.ident.epoch; });
}

bool Frame::writer_restarted() const {
    return ask(impl_.get(), &Impl::restarted);
}

bool Frame::has_checksum() const {
    return ask(impl_.get(), &Impl::has_checksum);
}

Result<void> Frame::verify() const {
    return call(impl_.get(), &Impl::verify);
}

Result<void> Frame::copy_to(std::span<std::byte> target) const {
    return call(impl_.get(), &Impl::copy_to, target);
}

namespace {

// kCorrupt: the writer described more than the frame has.
Result<void> check_tensor(const NotesFound* notes, std::uint64_t bytes) {
    if (notes == nullptr || !notes->tensor) return {};
    TRY_ASSIGN(const std::uint64_t needed, tensor_bytes(*notes->tensor));
    if (needed <= bytes) return {};
    return fail(Code::kCorrupt, "a tensor of " + to_string(*notes->tensor) +
                                    " is larger than its frame of " + std::to_string(bytes) +
                                    " bytes");
}

}  // namespace

Result<void> Frame::Impl::take_in() {
    const layout::FrameSlot& facts = leased.facts;
    MappedSection& section = connection->section;
    const std::uint64_t notes_begin = layout::notes_offset(facts.bytes);
    const std::uint64_t bytes =
        facts.notes_bytes == 0 ? facts.bytes : notes_begin + facts.notes_bytes;
    TRY(connection->present.check(leased.slot, bytes));
    TRY_ASSIGN(mapped, section.slots->bytes_of(section.object, leased.slot, bytes));
    if (facts.notes_bytes != 0) {
        const auto block = mapped.bytes.subspan(static_cast<std::size_t>(notes_begin));
        TRY_ASSIGN(auto found, read_frame_notes(block, section.ident.epoch + facts.sequence));
        notes = std::make_unique<const NotesFound>(std::move(found));
        mapped.bytes = mapped.bytes.first(static_cast<std::size_t>(facts.bytes));
    }
    std::span<const ImagePlane> planes;
    if (notes) planes = std::span(notes->planes).first(notes->plane_count);
    TRY_ASSIGN(image, connection->known_image.of(facts.image, planes, facts.bytes));
    return check_tensor(notes.get(), facts.bytes);
}

Result<void> Frame::Impl::verify() {
    if (!has_checksum())
        return fail(Code::kUsage, "frame " + std::to_string(sequence()) + " has no checksum",
                    Remedy::kAddChecksums);
    if (xxh3_64(mapped.bytes) == leased.facts.xxh3) return {};
    return damaged_frame(sequence());
}

Result<void> Frame::Impl::copy_to(std::span<std::byte> target) {
    constexpr std::size_t kBlockBytes = std::size_t{256} << 10;  // stays in the cache
    std::span<const std::byte> rest = mapped.bytes;
    if (target.size() < rest.size())
        return fail(Code::kUsage, "a frame of " + std::to_string(rest.size()) +
                                      " bytes does not fit into " + std::to_string(target.size()));
    Digest128 digest;
    while (!rest.empty()) {
        const std::size_t count = std::min(rest.size(), kBlockBytes);
        std::memcpy(target.data(), rest.data(), count);
        if (has_checksum()) digest.update(target.first(count));
        rest = rest.subspan(count);
        target = target.subspan(count);
    }
    if (!has_checksum()) return require_intact(connection->section, Result<void>());
    if (digest.value64() == leased.facts.xxh3) return {};
    return damaged_frame(sequence());
}

}  // namespace mapferry::inline v1
