// SPDX-License-Identifier: Apache-2.0
#include "capi/c_payload_words.h"

#include <charconv>

namespace mapferry::capi {

namespace {

Option optional_number(std::string_view key, std::optional<std::uint64_t>& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                const auto number = number_in(key, value, 0, INT64_MAX);
                if (!number) return std::unexpected(number.error());
                target = static_cast<std::uint64_t>(*number);
                return {};
            }};
}

Option digest_option(DigestKind& target) {
    return word_option<DigestKind>(
        "digest", target, {{"chunks", DigestKind::kChunks}, {"bytes", DigestKind::kBytes}});
}

// "420", or octal "0o644"
Option permission_option(std::optional<std::uint32_t>& target) {
    static constexpr std::string_view kKey = "permission_bits";
    return {kKey, [&target](std::string_view value) -> Result<void> {
                const bool is_octal = value.starts_with("0o");
                const std::string_view digits = value.substr(is_octal ? 2 : 0);
                std::uint32_t bits = 0;
                const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(),
                                                    bits, is_octal ? 8 : 10);
                const bool is_whole = parsed.ptr == digits.data() + digits.size();
                if (parsed.ec != std::errc() || !is_whole || bits > 0777)
                    return malformed(kKey, value, "a number up to 511, or octal up to 0o777");
                target = bits;
                return {};
            }};
}

Option mtime_option(std::optional<std::int64_t>& target) {
    static constexpr std::string_view kKey = "mtime_unix_ns";
    return {kKey, [&target](std::string_view value) -> Result<void> {
                const auto number = number_in(kKey, value, INT64_MIN, INT64_MAX);
                if (!number) return std::unexpected(number.error());
                target = *number;
                return {};
            }};
}

}  // namespace

OptionList WriterWords::list_for_one() {
    return {word_option<StreamDelivery>(
                "delivery", options.delivery,
                {{"stream", StreamDelivery::kStream}, {"keep", StreamDelivery::kKeep}}),
            number_option("space_bytes", options.workload.space_bytes),
            optional_number("stored_bytes", stored_bytes),
            number_option("slot_count", options.slot_count),
            number_option("slot_bytes", options.slot_capacity_bytes),
            number_option("readers_wanted", options.readers_wanted),
            time_option("stall_timeout_ms", options.stall_timeout),
            sharing_option(options.address.sharing),
            label_option(options.address)};
}

OptionList WriterWords::list() {
    return joined({numbers_option("known_bytes", known_bytes),
                   optional_number("unknown_count", unknown_count)},
                  list_for_one());
}

const WriterOptions& WriterWords::finish() {
    options.workload.known_bytes = known_bytes;
    options.workload.unknown_count = unknown_count.value_or(known_bytes.empty() ? 1 : 0);
    options.workload.stored_bytes = stored_bytes;
    return options;
}

OptionList PayloadWords::list() {
    return {yes_no_option("text", info.is_text), digest_option(info.digest),
            mtime_option(info.mtime_unix_ns), permission_option(info.permission_bits)};
}

OptionList SendWords::list() {
    return {
        digest_option(options.digest), yes_no_option("probe", probes),
        word_option<SourceChange>("source_change", options.source_change,
                                  {{"mark", SourceChange::kMark}, {"fail", SourceChange::kFail}})};
}

OptionList PatienceWords::list() {
    return {time_option("timeout_ms", timeout), time_option("linger_timeout_ms", linger)};
}

OptionList ReaderWords::list() {
    return {time_option("timeout_ms", options.timeout),
            time_option("stall_timeout_ms", options.stall_timeout),
            word_option<Consume>("consume", options.consume,
                                 {{"no", Consume::kLeave}, {"yes", Consume::kRemoveWhenDone}}),
            sharing_option(options.address.sharing)};
}

OptionList ReceiveWords::list() {
    return {word_option<Overwrite>("overwrite", overwrite,
                                   {{"refuse", Overwrite::kRefuse},
                                    {"replace", Overwrite::kReplace},
                                    {"in_place", Overwrite::kInPlace}}),
            word_option<Durability>(
                "durability", options.durability,
                {{"buffered", Durability::kBuffered}, {"on_disk", Durability::kOnDisk}}),
            word_option<Sparse>(
                "sparse", options.sparse,
                {{"auto", Sparse::kAuto}, {"always", Sparse::kAlways}, {"never", Sparse::kNever}}),
            yes_no_option("preserve", preserves)};
}

}  // namespace mapferry::capi
