// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_download.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_values.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kRangesOfPart = 4;
constexpr std::uint64_t kRangeBytesLeast = std::uint64_t{1} << 20;
constexpr std::size_t kPartsAtOnce = 2;
constexpr int kPollMs = 50;
constexpr long kWhole = 200;
constexpr long kRange = 206;

}  // namespace

S3Download::S3Download(S3Client& client, std::string key, const StoredObject& object)
    : client_(&client), key_(std::move(key)), object_(object), multi_(curl_multi_init()) {}

S3Download::~S3Download() {
    for (Part& part : parts_)
        for (S3Range& range : part.ranges)
            leave(range);
    free_.clear();
    curl_multi_cleanup(multi_);
}

std::uint64_t S3Download::bytes_of_part(std::uint64_t index) const {
    return std::min(object_.part_bytes, object_.bytes - index * object_.part_bytes);
}

S3Download::Part S3Download::cut(std::uint64_t index) const {
    Part part = {.index = index};
    const std::uint64_t bytes = bytes_of_part(index);
    const std::uint64_t step =
        std::max(kRangeBytesLeast, (bytes + kRangesOfPart - 1) / kRangesOfPart);
    for (std::uint64_t at = 0; at < bytes; at += step)
        part.ranges.push_back(
            {.offset = index * object_.part_bytes + at, .bytes = std::min(step, bytes - at)});
    return part;
}

std::unique_ptr<S3Transfer> S3Download::take_transfer() {
    if (free_.empty()) return std::make_unique<S3Transfer>(client_->access(), client_->stop());
    auto transfer = std::move(free_.back());
    free_.pop_back();
    return transfer;
}

// Ends the range's transfer, if there is one.
void S3Download::leave(S3Range& range) {
    if (!range.transfer) return;
    curl_multi_remove_handle(multi_, range.transfer->handle());
    free_.push_back(std::move(range.transfer));
}

Result<void> S3Download::start(S3Range& range) {
    const std::uint64_t first = range.offset + range.done_bytes;
    S3Request request = {
        .key = key_,
        .headers = {{"if-match", s3_etag_text(object_.version)},
                    {"range", fmt::format("bytes={}-{}", first, range.offset + range.bytes - 1)}},
        .silence_s = client_->silence_s(),
        .fresh = range.failures != 0};
    if (object_.version.empty()) request.headers.erase(request.headers.begin());
    auto transfer = take_transfer();
    if (auto prepared = transfer->prepare(request); !prepared) return prepared;
    if (range.target.empty())
        transfer->await_target();
    else
        transfer->give_target(range.target.subspan(static_cast<std::size_t>(range.done_bytes)));
    if (curl_multi_add_handle(multi_, transfer->handle()) != CURLM_OK)
        return fail(Code::kOutOfMemory, "libcurl takes no more transfers");
    range.transfer = std::move(transfer);
    return {};
}

// Those whose time has come.
Result<void> S3Download::start_all(Part& part) {
    const auto now = S3Range::Clock::now();
    for (S3Range& range : part.ranges) {
        if (range.transfer || range.is_done() || range.not_before > now) continue;
        if (auto started = start(range); !started) return started;
    }
    return {};
}

S3Range* S3Download::range_of(const CURL* handle) {
    for (Part& part : parts_)
        for (S3Range& range : part.ranges)
            if (range.transfer && range.transfer->handle() == handle) return &range;
    return nullptr;
}

Result<void> S3Download::take_answer(S3Range& range, CURLcode result) {
    const S3Answer answer = range.transfer->finish(result);
    if (!range.target.empty()) range.done_bytes += range.transfer->filled_bytes();
    leave(range);
    const bool covers = answer.http == kRange || (answer.http == kWhole && range.offset == 0 &&
                                                  range.bytes == object_.bytes);
    if (answer.curl == CURLE_OK && covers && range.is_done()) {
        client_->note_answer();
        if (is_lost_) client_->resumed(range.offset + range.bytes, object_.bytes);
        is_lost_ = false;
        return {};
    }
    if (answer.curl == CURLE_OK && answer.http == kHttpPreconditionFailed)
        return fail(Code::kCorrupt, in_quotes(key_) + " was replaced since it was stored");
    if (answer.curl == CURLE_OK && answer.http == kHttpNotFound)
        return fail(Code::kNotFound, in_quotes(key_) + " was removed meanwhile");
    if (answer.curl == CURLE_OK && (covers || answer.http == 416))
        return fail(Code::kCorrupt, in_quotes(key_) + " is shorter than it was");
    if (answer.curl == CURLE_OK && answer.http == kWhole)
        return fail(Code::kIo, client_->server() + " knows no ranges");
    if (!is_s3_trouble(answer))
        return std::unexpected(client_->failure(answer, "read " + in_quotes(key_)));
    range.not_before = S3Range::Clock::now() + client_->note_trouble(answer, range.failures);
    ++range.failures;
    is_lost_ = true;
    return {};
}

Result<void> S3Download::take_ended() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        S3Range* const range = range_of(message->easy_handle);
        if (range == nullptr) continue;
        if (auto taken = take_answer(*range, message->data.result); !taken) return taken;
    }
    return {};
}

Result<void> S3Download::run_until_done(Part& part) {
    const auto is_done = [&part] {
        return std::ranges::all_of(
            part.ranges, [](const S3Range& range) { return range.is_done() && !range.transfer; });
    };
    while (!is_done()) {
        for (Part& other : parts_)
            if (auto started = start_all(other); !started) return started;
        int running = 0;
        if (curl_multi_perform(multi_, &running) != CURLM_OK)
            return fail(Code::kSystem, "libcurl fails to go on");
        if (auto taken = take_ended(); !taken) return taken;
        if (is_done()) break;
        if (auto going = client_->look(); !going) return going;
        curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
    }
    return {};
}

Result<void> S3Download::read_part(std::uint64_t index) {
    if (multi_ == nullptr) return fail(Code::kOutOfMemory, "no memory for libcurl");
    if (!parts_.empty() && parts_.front().index != index)
        return fail(Code::kUsage, "an object is read in order");
    if (!block_)
        block_.reset(new std::byte[static_cast<std::size_t>(bytes_of_part(0))]);  // not zeroed
    block_index_ = UINT64_MAX;
    const auto block = std::span(block_.get(), static_cast<std::size_t>(bytes_of_part(index)));
    std::uint64_t next = parts_.empty() ? index : parts_.back().index + 1;
    for (; parts_.size() < kPartsAtOnce && next < object_.parts; ++next)
        parts_.push_back(cut(next));
    Part& part = parts_.front();
    for (S3Range& range : part.ranges) {
        range.target =
            block.subspan(static_cast<std::size_t>(range.offset - index * object_.part_bytes),
                          static_cast<std::size_t>(range.bytes));
        if (!range.transfer) continue;
        range.transfer->give_target(range.target);
        // May hand over bytes at once. Its failure is that of the transfer.
        curl_easy_pause(range.transfer->handle(), CURLPAUSE_CONT);
    }
    if (auto done = run_until_done(part); !done) return done;
    parts_.erase(parts_.begin());
    if (index < object_.part_xxh3.size() && xxh3_64(block) != object_.part_xxh3[index])
        return fail(Code::kCorrupt, fmt::format("the object {} is damaged: part {} has another "
                                                "checksum",
                                                in_quotes(object_.name), index));
    block_index_ = index;
    return {};
}

Result<void> S3Download::read(std::span<std::byte> target, std::uint64_t offset) {
    while (!target.empty()) {
        const std::uint64_t index = offset / object_.part_bytes;
        if (block_index_ != index) {
            if (auto read = read_part(index); !read) return read;
        }
        const auto inside = static_cast<std::size_t>(offset % object_.part_bytes);
        const std::size_t count =
            std::min(target.size(), static_cast<std::size_t>(bytes_of_part(index)) - inside);
        std::memcpy(target.data(), block_.get() + inside, count);
        target = target.subspan(count);
        offset += count;
    }
    return {};
}

}  // namespace mapferry::cli
