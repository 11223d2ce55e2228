// SPDX-License-Identifier: Apache-2.0
#include "json/notes_json.h"

#include <span>

namespace mapferry::json {

std::string_view scan_name(Scan scan) {
    switch (scan) {
        case Scan::kProgressive:
            return "progressive";
        case Scan::kTopFieldFirst:
            return "top-field-first";
        case Scan::kBottomFieldFirst:
            return "bottom-field-first";
        case Scan::kMixed:
            return "mixed";
        case Scan::kUnknown:
            break;
    }
    return {};
}

std::string aspect_text(const Ratio& ratio) {
    if (ratio.denominator == 0) return {};
    return std::to_string(ratio.numerator) + ":" + std::to_string(ratio.denominator);
}

std::string ratio_text(const Ratio& ratio) {
    if (ratio.denominator == 0) return {};
    const std::string numerator = std::to_string(ratio.numerator);
    return ratio.denominator == 1 ? numerator : numerator + "/" + std::to_string(ratio.denominator);
}

Value image_json(const ImageDescription& image) {
    return {{"width", image.width},
            {"height", image.height},
            {"format", pixel_format_name(image.fourcc)},
            {"bits_per_pixel", image.bits_per_pixel},
            {"row_stride_bytes", image.row_stride_bytes},
            {"orientation", image.orientation == Orientation::kTopDown    ? "top-down"
                            : image.orientation == Orientation::kBottomUp ? "bottom-up"
                                                                          : "unknown"}};
}

Value tensor_json(const TensorDescription& tensor) {
    Value object = {{"type", tensor_type_name(tensor)}, {"shape", Value::array()}};
    for (const std::uint64_t side : std::span(tensor.shape).first(tensor.dimensions))
        object["shape"].push_back(side);
    return object;
}

Value pairs_json(const std::vector<PayloadPair>& pairs) {
    Value object;
    for (const PayloadPair& pair : pairs)
        object[pair.key] = pair.value;
    return object;
}

void add_notes(Value& object, const PayloadInfo& info) {
    if (info.tensor) object["tensor"] = tensor_json(*info.tensor);
    if (!info.pairs.empty()) object["meta"] = pairs_json(info.pairs);
}

void add_facts(Value& object, const StreamFacts& facts) {
    if (facts.frame_rate.denominator != 0) object["frame_rate"] = ratio_text(facts.frame_rate);
    if (facts.pixel_aspect.denominator != 0)
        object["pixel_aspect"] = aspect_text(facts.pixel_aspect);
    if (const auto name = scan_name(facts.scan); !name.empty()) object["scan"] = name;
}

}  // namespace mapferry::json
