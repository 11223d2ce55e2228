// SPDX-License-Identifier: Apache-2.0
#include "bridge/record/description_json.h"

#include <optional>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "bridge/record/ascii_text.h"
#include "bridge/record/read_json.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

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

}  // namespace

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

}  // namespace mapferry::cli
