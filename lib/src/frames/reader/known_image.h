// SPDX-License-Identifier: Apache-2.0
// The image of a reader's last frame. The frames of a stream are mostly alike, so most of them are
// checked by a comparison.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "format/image_record.h"

namespace mapferry::inline v1 {

class KnownImage {
  public:
    // The image that a frame of `bytes` bytes describes; nothing: it is none. kCorrupt: the
    // description contradicts itself, or the frame is too short for it. The record and the planes
    // are private copies.
    [[nodiscard]] Result<std::optional<ImageDescription>> of(const layout::ImageRecord& record,
                                                             std::span<const ImagePlane> planes,
                                                             std::uint64_t bytes) {
        if (bytes == bytes_ && is_known(record) && std::ranges::equal(planes, known_planes()))
            return image_;
        TRY_ASSIGN(const auto image, image_from_record(record, planes));
        if (image) {
            auto fits = check_image_fits(*image, bytes);
            if (!fits) return blame(Code::kCorrupt, fits.error());
        }
        if (planes.size() <= planes_.size()) {
            record_ = record;
            plane_count_ = planes.size();
            std::ranges::copy(planes, planes_.begin());
            bytes_ = bytes;
            image_ = image;
        }
        return image;
    }

  private:
    [[nodiscard]] bool is_known(const layout::ImageRecord& record) const {
        static_assert(std::has_unique_object_representations_v<layout::ImageRecord>);
        return std::memcmp(&record, &record_, sizeof record) == 0;
    }
    [[nodiscard]] std::span<const ImagePlane> known_planes() const {
        return std::span(planes_).first(plane_count_);
    }

    layout::ImageRecord record_ = {};
    std::array<ImagePlane, kImagePlanesMax> planes_ = {};
    std::size_t plane_count_ = 0;
    std::uint64_t bytes_ = 0;
    std::optional<ImageDescription> image_ = {};
};

}  // namespace mapferry::inline v1
