// SPDX-License-Identifier: Apache-2.0
#include "capi/c_payload_words.h"

#include <charconv>
#include <iterator>

#include "capi/c_call.h"
#include "mapferry/image_probe.h"
#include "mapferry/npy.h"

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

Result<void> add(std::string& content, const Piece& piece, std::size_t size_limit) {
    const std::uint64_t more = piece.bytes.size() + piece.hole_bytes;
    if (more > size_limit - content.size())
        return fail(Code::kIo, "the payload has more than " + std::to_string(size_limit) + " bytes",
                    "raise size_limit");
    content.append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
    content.append(static_cast<std::size_t>(piece.hole_bytes), '\0');
    return {};
}

}  // namespace

OptionList joined(OptionList first, OptionList second) {
    first.insert(first.end(), std::make_move_iterator(second.begin()),
                 std::make_move_iterator(second.end()));
    return first;
}

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

Result<Source> open_source(const char* path, const SendWords& words) {
    const auto file = text_of(path, "the path");
    if (!file) return std::unexpected(file.error());
    auto source = Source::open_file(*file);
    if (!source || !words.probes) return source;
    const auto image = probe_image(*source);
    if (!image) return std::unexpected(image.error());
    if (*image) {
        source->set_image(**image);
        return source;
    }
    const auto tensor = probe_npy(*source);
    if (!tensor) return std::unexpected(tensor.error());
    if (*tensor) source->set_tensor(**tensor);
    return source;
}

Result<PayloadSummary> receive_to(Reader& reader, const PayloadInfo& info, const std::string& path,
                                  ReceiveWords& words) {
    auto output = Output::to_file(path, words.overwrite, info.source);
    if (!output) return std::unexpected(output.error());
    if (words.preserves)
        words.options.attributes = {.mtime_unix_ns = info.mtime_unix_ns,
                                    .permission_bits = info.permission_bits};
    else
        words.options.attributes = {.permission_limit = info.permission_bits};
    return receive_payload(reader, *output, words.options);
}

Result<void> receive_into(Reader& reader, std::size_t size_limit, std::string& content) {
    while (true) {
        const auto piece = reader.read_piece();
        if (!piece) return std::unexpected(piece.error());
        if (piece->bytes.empty() && piece->hole_bytes == 0) return {};
        if (auto added = add(content, *piece, size_limit); !added) return added;
    }
}

}  // namespace mapferry::capi
