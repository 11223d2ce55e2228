// SPDX-License-Identifier: Apache-2.0
#include "mapferry/frame.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/fail.h"
#include "frames/reader/frame_impl.h"
#include "mapferry/detail/hash.h"
#include "section/section_call.h"

namespace mapferry::inline v1 {

namespace {

std::unexpected<Status> damaged(std::uint64_t sequence) {
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

Result<void> Frame::Impl::verify() {
    if (!has_checksum())
        return fail(Code::kUsage, "frame " + std::to_string(sequence()) + " has no checksum",
                    Remedy::kAddChecksums);
    if (xxh3_64(mapped.bytes) == leased.facts.xxh3) return {};
    return damaged(sequence());
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
    return damaged(sequence());
}

}  // namespace mapferry::inline v1
