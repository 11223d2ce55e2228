// SPDX-License-Identifier: Apache-2.0
#include "mapferry/source.h"

#include <algorithm>
#include <cstring>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "platform/input_file.h"
#include "transfer/own_file.h"

namespace mapferry::inline v1 {

namespace {

// How long one read() waits to learn whether the end of the pipe is the end of the source.
constexpr std::chrono::milliseconds kEndLook{100};

}  // namespace

Source::Source() = default;
Source::Source(Source&&) noexcept = default;
Source& Source::operator=(Source&&) noexcept = default;
Source::~Source() = default;

Result<Source> Source::open_file(const std::string& path) {
    return guarded([&]() -> Result<Source> {
        Source source;
        TRY_ASSIGN(source.file_, platform::InputFile::open(path, source.info_));
        return source;
    });
}

Result<Source> Source::standard_input(EndCall at_end) {
    return guarded([&]() -> Result<Source> {
        Source source;
        TRY_ASSIGN(source.file_, platform::InputFile::standard_input(source.info_));
        source.at_end_ = std::move(at_end);
        return source;
    });
}

Source Source::from_text(std::string text) {
    Source source;
    source.text_ = std::move(text);
    source.info_.is_text = true;
    source.info_.payload_bytes = source.text_.size();
    return source;
}

Result<std::size_t> Source::peek(std::span<std::byte> target) {
    return use_own(file_, "the source", [&]() -> Result<std::size_t> {
        if (file_) return file_->peek(target);
        const std::size_t count = std::min(target.size(), text_.size() - text_position_);
        if (count != 0) std::memcpy(target.data(), text_.data() + text_position_, count);
        return count;
    });
}

Result<std::size_t> Source::read(std::span<std::byte> target) {
    return use_own(file_, "the source", [&]() -> Result<std::size_t> {
        if (file_) {
            auto got = file_->read(target);
            if (!at_end_ || target.empty() || !got || *got != 0) return got;
            TRY_ASSIGN(auto ended, at_end_(kEndLook));
            if (!ended) return fail(Code::kInterrupted, "the end of the source is not known yet");
            return got;
        }
        auto count = peek(target);
        if (count) text_position_ += *count;
        return count;
    });
}

Result<std::size_t> Source::read_at(std::span<std::byte> target, std::uint64_t offset) {
    return use_own(file_, "the source", [&]() -> Result<std::size_t> {
        if (!can_read_at())
            return fail(Code::kUsage, "only a regular file can be read at an offset");
        return file_->read_at(target, offset);
    });
}

Result<void> Source::skip(std::uint64_t bytes) {
    return use_own(file_, "the source", [&]() -> Result<void> {
        if (!can_read_at()) return fail(Code::kUsage, "only a regular file can be moved on in");
        return file_->skip(bytes);
    });
}

Result<StoredRange> Source::next_stored(std::uint64_t offset) {
    return use_own(file_, "the source", [&]() -> Result<StoredRange> {
        if (!can_read_at()) return fail(Code::kUsage, "only a regular file can have holes");
        TRY_ASSIGN(auto found, file_->next_stored(offset));
        const std::uint64_t end = *info_.payload_bytes;
        return StoredRange{.begin = std::min(found.begin, end), .end = std::min(found.end, end)};
    });
}

bool Source::may_have_holes() const {
    return can_read_at() && file_->may_have_holes();
}

Result<std::uint64_t> Source::stored_bytes() {
    return guarded([&]() -> Result<std::uint64_t> {
        const std::uint64_t all = info_.payload_bytes.value_or(0);
        if (!may_have_holes()) return all;
        std::uint64_t stored = 0;
        for (std::uint64_t at = 0; at < all;) {
            TRY_ASSIGN(auto range, next_stored(at));
            stored += range.end - range.begin;
            at = range.end;
        }
        TRY(skip(0));
        return stored;
    });
}

bool Source::can_read_at() const {
    return file_ && !file_->may_block() && info_.payload_bytes;
}

Result<bool> Source::changed() const {
    return use_own(file_, "the source", [&]() -> Result<bool> {
        if (!file_) return false;
        return file_->changed();
    });
}

Result<bool> Source::wait_ready(Timeout timeout) {
    return use_own(file_, "the source", [&]() -> Result<bool> {
        if (!file_) return true;
        return file_->wait_ready(to_ms(timeout));
    });
}

Result<bool> Source::has_producer() {
    return use_own(file_, "the source", [&]() -> Result<bool> {
        return file_ ? file_->has_producer() : Result<bool>(true);
    });
}

bool Source::may_block() const {
    return file_ && file_->may_block();
}

}  // namespace mapferry::inline v1
