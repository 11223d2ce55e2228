// SPDX-License-Identifier: Apache-2.0
#include "section/stream_description.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "base/fail.h"
#include "base/try.h"
#include "format/shared_access.h"
#include "mapferry/detail/hash.h"
#include "platform/space.h"

namespace mapferry::inline v1 {

static_assert(kDescriptionBytesMax == layout::kDescriptionBytesMax);
static_assert(std::to_underlying(Scan::kMixed) == layout::kScanMixed &&
              std::to_underlying(Scan::kTopFieldFirst) == layout::kScanTopFirst);

namespace {

// A description may be replaced while it is copied. Each look after a wrong checksum needs another
// replacement.
constexpr int kLooks = 100;

constexpr std::uint64_t kHalfBits = 32;

std::uint64_t word_of(const Ratio& ratio) {
    return std::uint64_t{ratio.numerator} << kHalfBits | ratio.denominator;
}

Ratio ratio_of(std::uint64_t word) {
    return {.numerator = static_cast<std::uint32_t>(word >> kHalfBits),
            .denominator = static_cast<std::uint32_t>(word)};
}

Result<void> check_description_present(const MappedSection& section, std::uint64_t version) {
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t begin = description_offset(geometry, version);
    const std::uint64_t end = begin + layout::kDescriptionAreaBytes;
    TRY_ASSIGN(const auto found,
               platform::present_bytes(section.object, {.begin = begin, .end = end},
                                       platform::Unwritten::kIsThere));
    if (found.end >= end) return {};
    return fail(Code::kCorrupt,
                to_string(section.object.address) + " announces a description where it has holes");
}

}  // namespace

Result<void> put_description(const MappedSection& section, std::string_view text) {
    if (text.size() > kDescriptionBytesMax)
        return fail(Code::kUsage,
                    "a description has at most 65536 bytes, not " + std::to_string(text.size()));
    const SectionView& view = section.view;
    // not slept for; relaxed: the writer's own word
    const std::uint64_t version =
        shared::load(view.frame_line().description, std::memory_order_relaxed) + 1;
    const std::uint64_t area = description_offset(view.geometry(), version);
    TRY(platform::reserve(section.object, area, layout::kDescriptionAreaBytes));
    std::memcpy(view.description_text(version).data(), text.data(), text.size());
    shared::put(view.description_header(version),
                layout::DescriptionHeader{
                    .version = version,
                    .text_bytes = text.size(),
                    .xxh3 = xxh3_64(std::as_bytes(std::span(text)), view.epoch() + version),
                    .reserved = {}});
    // release: the area comes with it; partner: the load in read_description
    shared::store(view.frame_line().description, version, std::memory_order_release);
    return require_intact(section, Result<void>());
}

Result<StreamDescription> read_description(const MappedSection& section) {
    const SectionView& view = section.view;
    for (int look = 0; look < kLooks; ++look) {
        // acquire: partner is the store in put_description
        const std::uint64_t version =
            shared::load(view.frame_line().description, std::memory_order_acquire);
        if (version == 0) return StreamDescription{};
        TRY(check_description_present(section, version));
        const auto header = shared::snapshot(view.description_header(version));
        if (header.version != version || header.text_bytes > kDescriptionBytesMax) continue;
        StreamDescription description{.version = version, .text = {}};
        description.text.resize(static_cast<std::size_t>(header.text_bytes));
        std::memcpy(description.text.data(), view.description_text(version).data(),
                    description.text.size());
        const auto hash = xxh3_64(std::as_bytes(std::span(std::as_const(description.text))),
                                  view.epoch() + version);
        if (hash == header.xxh3)
            return require_intact(section, Result<StreamDescription>(std::move(description)));
    }
    TRY(require_intact(section, Result<void>()));
    return fail(Code::kCorrupt,
                "the description of " + to_string(section.object.address) + " is damaged");
}

void put_stream_facts(const SectionView& view, const StreamFacts& facts) {
    layout::FrameLine& line = view.frame_line();
    // not slept for; relaxed: each word is a whole; partners: the loads in read_stream_facts
    shared::store(line.frame_rate, word_of(facts.frame_rate), std::memory_order_relaxed);
    shared::store(line.pixel_aspect, word_of(facts.pixel_aspect), std::memory_order_relaxed);
    shared::store(line.scan, std::uint64_t{std::to_underlying(facts.scan)},
                  std::memory_order_relaxed);
}

StreamFacts read_stream_facts(const SectionView& view) {
    const layout::FrameLine& line = view.frame_line();
    // relaxed: partners are the stores in put_stream_facts
    const std::uint64_t scan = shared::load(line.scan, std::memory_order_relaxed);
    return {.frame_rate = ratio_of(shared::load(line.frame_rate, std::memory_order_relaxed)),
            .pixel_aspect = ratio_of(shared::load(line.pixel_aspect, std::memory_order_relaxed)),
            .scan = scan <= layout::kScanMixed ? static_cast<Scan>(scan) : Scan::kUnknown};
}

}  // namespace mapferry::inline v1
