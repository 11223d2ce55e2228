// SPDX-License-Identifier: Apache-2.0
#include "mapferry/reader.h"

#include <utility>

#include "base/try.h"
#include "ring/patience.h"
#include "section/section_call.h"
#include "stream/reader/await_section.h"
#include "stream/reader/reader_impl.h"
#include "stream/reader/reader_steps.h"

namespace mapferry::inline v1 {

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;

Reader& Reader::operator=(Reader&& other) noexcept {
    if (this != &other) {
        abort(Code::kInterrupted);
        impl_ = std::move(other.impl_);
    }
    return *this;
}

Reader::~Reader() {
    abort(Code::kInterrupted);
}

Result<Reader> Reader::open(const ReaderOptions& options) {
    return guarded([&]() -> Result<Reader> {
        TRY(check_stall_timeout(options.stall_timeout));
        TRY_ASSIGN(auto arrival, await_section(options));
        auto impl = std::make_unique<Impl>(options, std::move(arrival.section));
        if (!impl->keeps()) impl->ring.ask_for_place(arrival.line, platform::process_id());
        return Reader(std::move(impl));
    });
}

Result<std::optional<PayloadInfo>> Reader::next() {
    return call(impl_.get(), showing(&Impl::next));
}

Result<std::span<const std::byte>> Reader::read() {
    return call(impl_.get(), showing(&Impl::read));
}

Result<Piece> Reader::read_piece() {
    return call(impl_.get(), showing(&Impl::read_at_most), kHoleRunMax);
}

Result<void> Reader::acknowledge() {
    return call(impl_.get(), &Impl::acknowledge);
}

const std::optional<PayloadSummary>& Reader::summary() const {
    static constexpr std::optional<PayloadSummary> kNone;
    return impl_ ? impl_->summary() : kNone;
}

Result<void> ReaderSteps::keep_blocks(Reader& reader, std::size_t count) {
    return call(reader.impl_.get(), &Reader::Impl::keep_blocks, count);
}

Result<std::size_t> ReaderSteps::verify(Reader& reader) {
    return call(reader.impl_.get(), showing(&Reader::Impl::verify));
}

Result<std::span<const std::byte>> Reader::view() {
    return call(impl_.get(), showing(&Impl::view));
}

Result<void> Reader::close() {
    return call(impl_.get(), &Impl::close);
}

void Reader::abort(Code cause) noexcept {
    if (impl_ && impl_->open && !impl_->section.inherited()) impl_->abort(cause);
}

void Reader::leave_out(Code cause) noexcept {
    if (impl_ && impl_->open && !impl_->section.inherited()) impl_->leave_out(cause);
}

Result<NativeHandle> Reader::notification_handle() {
    return call(impl_.get(), &Impl::notification_handle);
}

Result<std::optional<PayloadInfo>> Reader::try_next() {
    return call(impl_.get(), showing(&Impl::try_next));
}

bool Reader::has_ended() const {
    return impl_ && impl_->has_ended;
}

SectionInfo Reader::section_info() const {
    return ask(impl_.get(),
               [](const Impl& impl) { return section_info_of(impl.section.view.geometry()); });
}

}  // namespace mapferry::inline v1
