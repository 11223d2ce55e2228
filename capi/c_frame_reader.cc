// SPDX-License-Identifier: Apache-2.0
#include "capi/c_description.h"
#include "capi/c_frame_object.h"
#include "capi/c_frame_words.h"
#include "capi/c_objects.h"
#include "capi/c_section_text.h"

using namespace mapferry;
using namespace mapferry::capi;

static_assert(MAPFERRY_SCAN_PROGRESSIVE == static_cast<int>(Scan::kProgressive));
static_assert(MAPFERRY_SCAN_TOP_FIELD_FIRST == static_cast<int>(Scan::kTopFieldFirst));
static_assert(MAPFERRY_SCAN_BOTTOM_FIELD_FIRST == static_cast<int>(Scan::kBottomFieldFirst));
static_assert(MAPFERRY_SCAN_MIXED == static_cast<int>(Scan::kMixed));

struct mapferry_frame_reader {
    StopFlag stop;
    FrameReader reader;
    FrameObject next = {};  ///< of the next frame: made before that is taken, so none is lost
};

namespace {

// `wait` is next() or latest() of a FrameReader, `look` the same without waiting.
template <auto wait, auto look>
Result<std::int32_t> take(mapferry_frame_reader& reader, std::int32_t timeout_ms,
                          mapferry_frame** frame) {
    if (!reader.next) reader.next = empty_frame();
    const bool only_looks = timeout_ms <= 0 && timeout_ms != MAPFERRY_FOREVER;
    auto taken =
        only_looks ? (reader.reader.*look)() : (reader.reader.*wait)(timeout_of(timeout_ms));
    if (!taken) return std::unexpected(std::move(taken.error()));
    if (!*taken) return only_looks && !reader.reader.has_ended() ? MAPFERRY_NOTHING : MAPFERRY_END;
    reader.next->frame.emplace(std::move(**taken));
    *frame = reader.next.release();
    return MAPFERRY_OK;
}

}  // namespace

int32_t mapferry_frame_reader_open(const char* section, const char* options, mapferry_stop* stop,
                                   mapferry_frame_reader** reader) noexcept {
    return run_into(reader, [&]() -> Result<void> {
        StopFlag flag = flag_of(stop);
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        FrameReaderWords words;
        words.options.address = std::move(*address);
        words.options.stop = flag.get();
        if (auto read = read_options(options, words.list()); !read) return read;
        auto opened = FrameReader::open(words.options);
        if (!opened) return std::unexpected(opened.error());
        hand_out(reader, std::move(flag), std::move(*opened));
        return {};
    });
}

int32_t mapferry_frame_reader_next(mapferry_frame_reader* reader, int32_t timeout_ms,
                                   mapferry_frame** frame) noexcept {
    return run_on_into(reader, frame, [&](mapferry_frame_reader& one) {
        return take<&FrameReader::next, &FrameReader::try_next>(one, timeout_ms, frame);
    });
}

int32_t mapferry_frame_reader_latest(mapferry_frame_reader* reader, int32_t timeout_ms,
                                     mapferry_frame** frame) noexcept {
    return run_on_into(reader, frame, [&](mapferry_frame_reader& one) {
        return take<&FrameReader::latest, &FrameReader::try_latest>(one, timeout_ms, frame);
    });
}

int64_t mapferry_frame_reader_value(const mapferry_frame_reader* reader, int32_t key) noexcept {
    return ask(reader, MAPFERRY_UNKNOWN_KEY,
               [key](const mapferry_frame_reader& one) -> std::int64_t {
                   const FrameReader& from = one.reader;
                   switch (key) {
                       case MAPFERRY_FRAME_READER_EPOCH:
                           return static_cast<std::int64_t>(from.epoch());
                       case MAPFERRY_FRAME_READER_HAS_ENDED:
                           return from.has_ended() ? 1 : 0;
                       case MAPFERRY_FRAME_READER_DESCRIPTION_VERSION:
                           return static_cast<std::int64_t>(from.description_version());
                       case MAPFERRY_FRAME_READER_RATE_NUMERATOR:
                           return from.facts().frame_rate.numerator;
                       case MAPFERRY_FRAME_READER_RATE_DENOMINATOR:
                           return from.facts().frame_rate.denominator;
                       case MAPFERRY_FRAME_READER_ASPECT_NUMERATOR:
                           return from.facts().pixel_aspect.numerator;
                       case MAPFERRY_FRAME_READER_ASPECT_DENOMINATOR:
                           return from.facts().pixel_aspect.denominator;
                       case MAPFERRY_FRAME_READER_SCAN:
                           return static_cast<std::int64_t>(from.facts().scan);
                       default:
                           return section_value(key, from.section_info());
                   }
               });
}

int32_t mapferry_frame_reader_description(const mapferry_frame_reader* reader,
                                          mapferry_bytes** text) noexcept {
    return run_on_into(reader, text, [&](const mapferry_frame_reader& one) -> Result<std::int32_t> {
        auto said = one.reader.description();
        if (!said) return std::unexpected(said.error());
        if (said->version == 0) return MAPFERRY_NOTHING;
        give(std::move(said->text), text);
        return MAPFERRY_OK;
    });
}

int32_t mapferry_frame_reader_notification(mapferry_frame_reader* reader,
                                           int64_t* handle) noexcept {
    return run_on_into(reader, handle, [&](mapferry_frame_reader& one) -> Result<void> {
        const auto found = one.reader.notification_handle();
        if (!found) return std::unexpected(found.error());
        *handle = number_of(*found);
        return {};
    });
}

void mapferry_frame_reader_close(mapferry_frame_reader* reader) noexcept {
    delete reader;
}
