// SPDX-License-Identifier: Apache-2.0
#include "capi/c_description.h"

#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "capi/c_call.h"
#include "mapferry/printable_text.h"

namespace mapferry::capi {

namespace {

// "0:1920,2073600:960"
Result<std::vector<ImagePlane>> parse_planes(std::string_view value) {
    constexpr std::string_view kKey = "planes";
    std::vector<ImagePlane> planes;
    std::string_view rest = value;
    while (true) {
        const std::string_view word = rest.substr(0, rest.find(','));
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos || planes.size() == kImagePlanesMax)
            return malformed(kKey, value, "OFFSET:STRIDE for each of at most four planes");
        const auto offset = number_in(kKey, word.substr(0, colon), 0, INT64_MAX);
        if (!offset) return std::unexpected(offset.error());
        const auto stride = number_in(kKey, word.substr(colon + 1), 0, INT64_MAX);
        if (!stride) return std::unexpected(stride.error());
        planes.push_back(
            {static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*stride)});
        if (word.size() == rest.size()) return planes;
        rest.remove_prefix(word.size() + 1);
    }
}

Option planes_option(ImageDescription& image) {
    return {"planes", [&image](std::string_view value) -> Result<void> {
                const auto planes = parse_planes(value);
                if (!planes) return std::unexpected(planes.error());
                image.plane_count = static_cast<std::uint32_t>(planes->size());
                std::copy(planes->begin(), planes->end(), image.planes.begin());
                image.row_stride_bytes = image.planes[0].row_stride_bytes;
                return {};
            }};
}

// Packed pixels where the format says how long rows are, otherwise the sides alone.
Result<ImageDescription> begin_image(const ImageWords& words) {
    const auto fourcc = format_of(words.format);
    if (!fourcc) return std::unexpected(fourcc.error());
    const std::string name(pixel_format_names(*fourcc).name);
    if (!name.empty()) {
        auto raw = describe_raw_image(words.width, words.height, name);
        if (raw || raw.error().code != Code::kUsage) return raw;
    }
    return ImageDescription{.width = words.width, .height = words.height, .fourcc = *fourcc};
}

void put(std::span<std::int64_t> values, std::int32_t key, std::uint64_t value) {
    const auto index = static_cast<std::size_t>(key);
    if (index < values.size()) values[index] = static_cast<std::int64_t>(value);
}

void put_planes(std::span<std::int64_t> values, const ImageDescription& image) {
    const auto planes = planes_of(image);
    if (!planes) return;
    put(values, MAPFERRY_IMAGE_BYTES, planes->image_bytes);
    put(values, MAPFERRY_IMAGE_PLANE_COUNT, planes->count);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(planes->count); ++i) {
        const PlaneShape& plane = planes->planes[static_cast<std::size_t>(i)];
        put(values, MAPFERRY_IMAGE_PLANE_OFFSET_BYTES(i), plane.offset_bytes);
        put(values, MAPFERRY_IMAGE_PLANE_STRIDE_BYTES(i), plane.row_stride_bytes);
        put(values, MAPFERRY_IMAGE_PLANE_ROW_BYTES(i), plane.row_bytes);
        put(values, MAPFERRY_IMAGE_PLANE_ROWS(i), plane.rows);
    }
}

constexpr std::int32_t kImageKeyFirst = MAPFERRY_IMAGE_WIDTH;
constexpr std::int32_t kImageKeyEnd = MAPFERRY_TENSOR_TYPE;
constexpr std::int32_t kTensorKeyEnd = MAPFERRY_TENSOR_STRIDE_BYTES(MAPFERRY_TENSOR_DIMENSIONS_MAX);

// Sets values[key] for the keys from `first` to `end` - 1 that are in the span.
void clear(std::span<std::int64_t> values, std::int32_t first, std::int32_t end) {
    for (std::int32_t key = first; key < end; ++key)
        put(values, key, 0);
}

}  // namespace

OptionList image_options(ImageDescription& image) {
    return {
        number_option("row_stride_bytes", image.row_stride_bytes),
        word_option<Orientation>("orientation", image.orientation,
                                 {{"top_down", Orientation::kTopDown},
                                  {"bottom_up", Orientation::kBottomUp},
                                  {"unknown", Orientation::kUnknown}}),
        planes_option(image),
        number_option("bits_per_pixel", image.bits_per_pixel),
        number_option("primaries", image.color.primaries),
        number_option("transfer", image.color.transfer),
        number_option("matrix", image.color.matrix),
        word_option<ColorRange>("range", image.color.range,
                                {{"unknown", ColorRange::kUnknown},
                                 {"limited", ColorRange::kLimited},
                                 {"full", ColorRange::kFull}}),
        word_option<ChromaSite>("chroma_site", image.color.chroma_site,
                                {{"unknown", ChromaSite::kUnknown},
                                 {"left", ChromaSite::kLeft},
                                 {"center", ChromaSite::kCenter},
                                 {"top_left", ChromaSite::kTopLeft},
                                 {"top", ChromaSite::kTop},
                                 {"bottom_left", ChromaSite::kBottomLeft},
                                 {"bottom", ChromaSite::kBottom}}),
    };
}

Result<std::uint32_t> format_of(const char* format) {
    if (format == nullptr) return is_null("the format");
    const std::string_view name = format;
    if (const auto known = find_pixel_format(name)) return *known;
    constexpr std::size_t kCodeLength = 10;
    std::uint32_t code = 0;
    if (name.starts_with("0x") && name.size() == kCodeLength) {
        const auto parsed = std::from_chars(name.data() + 2, name.data() + kCodeLength, code, 16);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + kCodeLength) return code;
    }
    return fail(Code::kUsage, "there is no pixel format " + in_quotes(name),
                "write it like BGR24, NV12 or GRAY8, or its code as 0x and 8 hexadecimal digits");
}

Result<ImageDescription> describe_image(const ImageWords& words, const OptionList& more) {
    auto image = begin_image(words);
    if (!image) return image;
    if (auto read = read_options(words.options, joined(image_options(*image), more)); !read)
        return std::unexpected(read.error());
    if (auto checked = check_image(*image); !checked) return std::unexpected(checked.error());
    return image;
}

Result<std::optional<ImageDescription>> describe_any_image(const ImageWords& words) {
    if (words.format == nullptr) return std::optional<ImageDescription>();
    const auto image = describe_image(words);
    if (!image) return std::unexpected(image.error());
    return *image;
}

Result<std::optional<TensorDescription>> describe_any_tensor(const char* type,
                                                             const std::int64_t* shape,
                                                             std::int32_t dimensions) {
    if (type == nullptr) return std::optional<TensorDescription>();
    const auto count = count_of(dimensions);
    if (!count) return std::unexpected(count.error());
    if (shape == nullptr && *count != 0) return is_null("the shape");
    std::vector<std::uint64_t> sides;
    for (std::uint32_t i = 0; i < *count; ++i) {
        if (shape[i] < 0)
            return fail(Code::kUsage,
                        "dimension " + std::to_string(i) + " of the array is negative");
        sides.push_back(static_cast<std::uint64_t>(shape[i]));
    }
    const auto tensor = describe_tensor(type, sides);
    if (!tensor) return std::unexpected(tensor.error());
    return *tensor;
}

void put_image(std::span<std::int64_t> values, const std::optional<ImageDescription>& image) {
    if (values.size() <= static_cast<std::size_t>(kImageKeyFirst)) return;
    clear(values, kImageKeyFirst, kImageKeyEnd);
    for (std::int32_t key = MAPFERRY_IMAGE_PLANE_COUNT + 1;
         key < MAPFERRY_IMAGE_PLANE_OFFSET_BYTES(0); ++key)
        put(values, key, static_cast<std::uint64_t>(MAPFERRY_UNKNOWN_KEY));
    if (!image) return;
    put(values, MAPFERRY_IMAGE_WIDTH, image->width);
    put(values, MAPFERRY_IMAGE_HEIGHT, image->height);
    put(values, MAPFERRY_IMAGE_FOURCC, image->fourcc);
    put(values, MAPFERRY_IMAGE_ROW_STRIDE_BYTES, image->row_stride_bytes);
    put(values, MAPFERRY_IMAGE_BITS_PER_PIXEL, image->bits_per_pixel);
    put(values, MAPFERRY_IMAGE_ORIENTATION, static_cast<std::uint64_t>(image->orientation));
    put(values, MAPFERRY_IMAGE_PRIMARIES, image->color.primaries);
    put(values, MAPFERRY_IMAGE_TRANSFER, image->color.transfer);
    put(values, MAPFERRY_IMAGE_MATRIX, image->color.matrix);
    put(values, MAPFERRY_IMAGE_RANGE, static_cast<std::uint64_t>(image->color.range));
    put(values, MAPFERRY_IMAGE_CHROMA_SITE, static_cast<std::uint64_t>(image->color.chroma_site));
    put_planes(values, *image);
}

void put_tensor(std::span<std::int64_t> values, const std::optional<TensorDescription>& tensor) {
    if (values.size() <= static_cast<std::size_t>(MAPFERRY_TENSOR_TYPE)) return;
    clear(values, MAPFERRY_TENSOR_TYPE, kTensorKeyEnd);
    for (std::int32_t key = MAPFERRY_TENSOR_BYTES + 1; key < MAPFERRY_TENSOR_SHAPE(0); ++key)
        put(values, key, static_cast<std::uint64_t>(MAPFERRY_UNKNOWN_KEY));
    if (!tensor) {
        put(values, MAPFERRY_TENSOR_TYPE, static_cast<std::uint64_t>(std::int64_t{-1}));
        return;
    }
    put(values, MAPFERRY_TENSOR_TYPE, static_cast<std::uint64_t>(tensor->type));
    put(values, MAPFERRY_TENSOR_BITS, tensor->bits);
    put(values, MAPFERRY_TENSOR_LANES, tensor->lanes);
    put(values, MAPFERRY_TENSOR_DIMENSIONS, tensor->dimensions);
    const std::uint64_t bytes = tensor_bytes(*tensor).value_or(0);
    put(values, MAPFERRY_TENSOR_BYTES, bytes);
    std::uint64_t stride = std::uint64_t{tensor->bits} * tensor->lanes / 8;
    for (std::uint32_t i = tensor->dimensions; i-- > 0;) {
        put(values, MAPFERRY_TENSOR_SHAPE(static_cast<std::int32_t>(i)), tensor->shape[i]);
        put(values, MAPFERRY_TENSOR_STRIDE_BYTES(static_cast<std::int32_t>(i)), stride);
        stride *= tensor->shape[i];
    }
}

std::int64_t described_value(std::int32_t key, const std::optional<ImageDescription>& image,
                             const std::optional<TensorDescription>& tensor) {
    if (key < kImageKeyFirst || key >= kTensorKeyEnd) return MAPFERRY_UNKNOWN_KEY;
    std::array<std::int64_t, kTensorKeyEnd> values = {};
    if (key < kImageKeyEnd)
        put_image(values, image);
    else
        put_tensor(values, tensor);
    return values[static_cast<std::size_t>(key)];
}

std::int64_t section_value(std::int32_t key, const SectionInfo& info) {
    static_assert(MAPFERRY_DELIVERY_STREAM == static_cast<int>(Delivery::kStream));
    static_assert(MAPFERRY_DELIVERY_KEEP == static_cast<int>(Delivery::kKeep));
    static_assert(MAPFERRY_DELIVERY_LATEST == static_cast<int>(Delivery::kLatest));
    static_assert(MAPFERRY_DELIVERY_EACH == static_cast<int>(Delivery::kEach));
    static_assert(MAPFERRY_DELIVERY_BUFFER == static_cast<int>(Delivery::kBuffer));
    switch (key) {
        case MAPFERRY_SECTION_DELIVERY:
            return static_cast<std::int64_t>(info.delivery);
        case MAPFERRY_SECTION_READER_LIMIT:
            return info.reader_limit;
        case MAPFERRY_SECTION_SLOT_COUNT:
            return static_cast<std::int64_t>(info.slot_count);
        case MAPFERRY_SECTION_SLOT_BYTES:
            return static_cast<std::int64_t>(info.slot_capacity_bytes);
        case MAPFERRY_SECTION_BYTES:
            return static_cast<std::int64_t>(info.section_bytes);
        default:
            return MAPFERRY_UNKNOWN_KEY;
    }
}

std::string format_text(const std::optional<ImageDescription>& image) {
    return image ? pixel_format_name(image->fourcc) : std::string();
}

std::string type_text(const std::optional<TensorDescription>& tensor) {
    return tensor ? tensor_type_name(*tensor) : std::string();
}

}  // namespace mapferry::capi
