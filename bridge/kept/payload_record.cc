// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/payload_record.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kColorNumbers = 5;

template <typename Enum>
Enum enum_of(const Json& value, Enum last) {
    const auto number = read_number<std::underlying_type_t<Enum>>(value);
    if (number > static_cast<std::underlying_type_t<Enum>>(last))
        throw std::out_of_range("an unknown kind");
    return static_cast<Enum>(number);
}

template <typename Number>
void read_optional(const Json& object, const char* name, std::optional<Number>& target) {
    if (object.contains(name)) target = read_number<Number>(object.at(name));
}

void check(const Result<void>& sound) {
    if (!sound) throw std::out_of_range(sound.error().message);
}

std::optional<std::uint64_t> number_of_hex(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

int digit_of_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string to_ascii(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        if (c > ' ' - 1 && c < '\x7f' && c != '%')
            text += c;
        else
            text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string from_ascii(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? digit_of_hex(text[i + 1]) : -1;
        const int low = high >= 0 ? digit_of_hex(text[i + 2]) : -1;
        if (low < 0) {
            bytes += text[i];
            continue;
        }
        bytes += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return bytes;
}

std::string to_hex64(std::uint64_t value) {
    return fmt::format("{:016x}", value);
}

std::optional<Hash128> hash_of_hex(std::string_view digits) {
    if (digits.size() != 2 * kHashDigits) return std::nullopt;
    const auto high = number_of_hex(digits.substr(0, kHashDigits));
    const auto low = number_of_hex(digits.substr(kHashDigits));
    if (!high || !low) return std::nullopt;
    return Hash128{.low64 = *low, .high64 = *high};
}

Json image_to_json(const ImageDescription& image) {
    Json planes = Json::array();
    for (std::uint32_t i = 0; i < image.plane_count; ++i)
        planes.push_back({image.planes[i].offset_bytes, image.planes[i].row_stride_bytes});
    const ImageColor& color = image.color;
    return {{"width", image.width},
            {"height", image.height},
            {"row_stride_bytes", image.row_stride_bytes},
            {"fourcc", image.fourcc},
            {"bits_per_pixel", image.bits_per_pixel},
            {"orientation", static_cast<std::uint32_t>(image.orientation)},
            {"color",
             {color.primaries, color.transfer, color.matrix, static_cast<unsigned>(color.range),
              static_cast<unsigned>(color.chroma_site)}},
            {"planes", planes}};
}

ImageDescription image_from_json(const Json& object) {
    ImageDescription image = {
        .width = read_number<std::uint32_t>(object.at("width")),
        .height = read_number<std::uint32_t>(object.at("height")),
        .row_stride_bytes = read_number<std::uint64_t>(object.at("row_stride_bytes")),
        .fourcc = read_number<std::uint32_t>(object.at("fourcc")),
        .bits_per_pixel = read_number<std::uint32_t>(object.at("bits_per_pixel")),
        .orientation = enum_of(object.at("orientation"), Orientation::kBottomUp)};
    const Json& color = object.at("color");
    if (color.size() != kColorNumbers) throw std::out_of_range("no colour");
    image.color = {.primaries = read_number<std::uint8_t>(color.at(0)),
                   .transfer = read_number<std::uint8_t>(color.at(1)),
                   .matrix = read_number<std::uint8_t>(color.at(2)),
                   .range = enum_of(color.at(3), ColorRange::kFull),
                   .chroma_site = enum_of(color.at(4), ChromaSite::kBottom)};
    const Json& planes = object.at("planes");
    if (!planes.is_array() || planes.size() > kImagePlanesMax)
        throw std::out_of_range("too many planes");
    image.plane_count = static_cast<std::uint32_t>(planes.size());
    for (std::size_t i = 0; i < planes.size(); ++i)
        image.planes[i] = {.offset_bytes = read_number<std::uint64_t>(planes.at(i).at(0)),
                           .row_stride_bytes = read_number<std::uint64_t>(planes.at(i).at(1))};
    check(check_image(image));
    return image;
}

Json tensor_to_json(const TensorDescription& tensor) {
    Json shape = Json::array();
    for (const std::uint64_t side : std::span(tensor.shape).first(tensor.dimensions))
        shape.push_back(side);
    return {{"type", static_cast<unsigned>(tensor.type)},
            {"bits", tensor.bits},
            {"lanes", tensor.lanes},
            {"shape", shape}};
}

TensorDescription tensor_from_json(const Json& object) {
    TensorDescription tensor = {.type = enum_of(object.at("type"), TensorType::kBool),
                                .bits = read_number<std::uint8_t>(object.at("bits")),
                                .lanes = read_number<std::uint16_t>(object.at("lanes"))};
    const Json& shape = object.at("shape");
    if (!shape.is_array() || shape.size() > kTensorDimensionsMax)
        throw std::out_of_range("too many dimensions");
    tensor.dimensions = static_cast<std::uint32_t>(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i)
        tensor.shape[i] = read_number<std::uint64_t>(shape.at(i));
    const auto bytes = tensor_bytes(tensor);
    if (!bytes) throw std::out_of_range(bytes.error().message);
    return tensor;
}

Json payload_to_json(const PayloadInfo& info) {
    Json object = {{"name", to_ascii(info.name)},
                   {"text", info.is_text},
                   {"digest_over", info.digest == DigestKind::kBytes ? "bytes" : "chunks"}};
    if (info.payload_bytes) object["bytes"] = *info.payload_bytes;
    if (info.mtime_unix_ns) object["mtime_unix_ns"] = *info.mtime_unix_ns;
    if (info.permission_bits) object["permission_bits"] = *info.permission_bits;
    if (info.image) object["image"] = image_to_json(*info.image);
    if (info.tensor) object["tensor"] = tensor_to_json(*info.tensor);
    for (const PayloadPair& pair : info.pairs)
        object["meta"].push_back({to_ascii(pair.key), to_ascii(pair.value)});
    return object;
}

PayloadInfo payload_from_json(const Json& object) {
    PayloadInfo info = {.name = from_ascii(object.at("name").get<std::string>()),
                        .is_text = object.at("text").get<bool>()};
    info.digest = object.at("digest_over").get<std::string>() == "bytes" ? DigestKind::kBytes
                                                                         : DigestKind::kChunks;
    read_optional(object, "bytes", info.payload_bytes);
    read_optional(object, "mtime_unix_ns", info.mtime_unix_ns);
    read_optional(object, "permission_bits", info.permission_bits);
    if (object.contains("image")) info.image = image_from_json(object.at("image"));
    if (object.contains("tensor")) info.tensor = tensor_from_json(object.at("tensor"));
    if (object.contains("meta"))
        for (const Json& pair : object.at("meta"))
            info.pairs.push_back({.key = from_ascii(pair.at(0).get<std::string>()),
                                  .value = from_ascii(pair.at(1).get<std::string>())});
    return info;
}

Result<void> read_json(std::string_view text, const std::function<void(const Json&)>& read) {
    try {
        read(Json::parse(text));
    } catch (const Json::exception& what) {
        return fail(Code::kCorrupt, std::string("the description is damaged: ") + what.what());
    } catch (const std::out_of_range& what) {
        return fail(Code::kCorrupt, std::string("the description is damaged: ") + what.what());
    }
    return {};
}

std::string record_text(const ObjectRecord& record) {
    Json object = {{"version", kRecordVersion},
                   {"bytes", record.payload_bytes},
                   {"xxh3_128", to_hex(record.digest)},
                   {"slot_bytes", record.slot_bytes},
                   {"payload", payload_to_json(record.info)}};
    if (record.source_changed) object["source_changed"] = true;
    return object.dump();
}

Result<ObjectRecord> parse_record(std::string_view text) {
    ObjectRecord record;
    std::uint32_t version = 0;
    auto read = read_json(text, [&](const Json& object) {
        version = read_number<std::uint32_t>(object.at("version"));
        if (version > kRecordVersion) return;
        record.payload_bytes = read_number<std::uint64_t>(object.at("bytes"));
        record.slot_bytes = read_number<std::uint64_t>(object.at("slot_bytes"));
        const auto digest = hash_of_hex(object.at("xxh3_128").get<std::string>());
        if (!digest) throw std::out_of_range("no digest");
        record.digest = *digest;
        record.source_changed = object.value("source_changed", false);
        record.info = payload_from_json(object.at("payload"));
        record.info.payload_bytes = record.payload_bytes;
    });
    if (!read) return std::unexpected(read.error());
    if (version > kRecordVersion)
        return fail(Code::kVersion, fmt::format("the description has version {}, and this program "
                                                "knows {}",
                                                version, kRecordVersion));
    return record;
}

}  // namespace mapferry::cli
