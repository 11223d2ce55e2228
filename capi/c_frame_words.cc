// SPDX-License-Identifier: Apache-2.0
#include "capi/c_frame_words.h"

namespace mapferry::capi {

namespace {

// "30000/1001" or "25"
Option ratio_option(std::string_view key, Ratio& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                const std::string_view first = value.substr(0, value.find('/'));
                const bool is_whole = first.size() == value.size();
                const auto numerator = number_in(key, first, 0, UINT32_MAX);
                if (!numerator) return malformed(key, value, "a fraction: 30000/1001, or 25");
                const auto denominator =
                    number_in(key, is_whole ? "1" : value.substr(first.size() + 1), 1, UINT32_MAX);
                if (!denominator) return malformed(key, value, "a fraction: 30000/1001, or 25");
                target = {static_cast<std::uint32_t>(*numerator),
                          static_cast<std::uint32_t>(*denominator)};
                return {};
            }};
}

}  // namespace

OptionList FrameWriterWords::list() {
    return {
        word_option<FrameDelivery>(
            "delivery", options.delivery,
            {{"latest", FrameDelivery::kLatest}, {"each", FrameDelivery::kEach}}),
        number_option("frame_limit_bytes", options.frame_limit_bytes),
        number_option("slot_count", options.slot_count),
        number_option("reader_limit", options.reader_limit),
        word_option<Checksum>(
            "checksum", options.checksum,
            {{"copied", Checksum::kCopied}, {"all", Checksum::kAll}, {"none", Checksum::kNone}}),
        time_option("stall_timeout_ms", options.stall_timeout),
        sharing_option(options.address.sharing),
        label_option(options.address)};
}

OptionList FrameReaderWords::list() {
    return {time_option("timeout_ms", options.timeout),
            time_option("successor_timeout_ms", options.successor_timeout),
            word_option<Waiting>("waiting", options.waiting,
                                 {{"sleep", Waiting::kSleep}, {"spin", Waiting::kSpin}}),
            word_option<AfterEnd>("after_end", options.after_end,
                                  {{"stop", AfterEnd::kStop}, {"follow", AfterEnd::kFollow}}),
            sharing_option(options.address.sharing)};
}

OptionList FactWords::list() {
    return {ratio_option("frame_rate", facts.frame_rate),
            ratio_option("pixel_aspect", facts.pixel_aspect),
            word_option<Scan>("scan", facts.scan,
                              {{"unknown", Scan::kUnknown},
                               {"progressive", Scan::kProgressive},
                               {"top_field_first", Scan::kTopFieldFirst},
                               {"bottom_field_first", Scan::kBottomFieldFirst},
                               {"mixed", Scan::kMixed}})};
}

}  // namespace mapferry::capi
