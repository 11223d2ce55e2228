// SPDX-License-Identifier: Apache-2.0
#include "writer/source_bytes.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "writer/source_check.h"

namespace mapferry::cli {

Result<std::size_t> SourceBytes::read_source(FrameWriter& writer, std::span<std::byte> target) {
    while (true) {
        auto ready = source_.wait_ready(kSourceLook);
        if (!ready) return std::unexpected(ready.error());
        if (auto wanted = writer.check(); !wanted) return std::unexpected(wanted.error());
        if (!*ready) continue;
        auto got = source_.read(target);
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (got && kept_ != nullptr)
            kept_->append(reinterpret_cast<const char*>(target.data()), *got);
        return got;
    }
}

Result<std::size_t> SourceBytes::read(FrameWriter& writer, std::span<std::byte> target) {
    if (ahead_.empty()) return read_source(writer, target);
    const std::size_t count = std::min(ahead_.size(), target.size());
    std::memcpy(target.data(), ahead_.data(), count);
    ahead_.erase(0, count);
    return count;
}

Result<std::size_t> SourceBytes::fill(FrameWriter& writer, std::span<std::byte> target) {
    std::size_t filled = 0;
    while (filled < target.size()) {
        auto got = read(writer, target.subspan(filled));
        if (!got) return got;
        if (*got == 0) break;
        filled += *got;
    }
    return filled;
}

Result<std::string_view> SourceBytes::look_ahead(FrameWriter& writer, std::size_t count) {
    while (ahead_.size() < count) {
        const std::size_t before = ahead_.size();
        ahead_.resize(count);
        auto got = read_source(writer, std::as_writable_bytes(std::span(ahead_).subspan(before)));
        ahead_.resize(before + got.value_or(0));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
    }
    return std::string_view(ahead_).substr(0, count);
}

}  // namespace mapferry::cli
