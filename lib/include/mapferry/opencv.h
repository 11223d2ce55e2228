// SPDX-License-Identifier: Apache-2.0
/// \file
/// Frames as cv::Mat, without a copy. For programs that link OpenCV themselves (its core module):
/// the library does not need it, and no other header includes this one.
///
///     mapferry::Result<std::uint64_t> blur(mapferry::Frame frame, mapferry::FrameWriter& writer) {
///         auto from = mapferry::to_mat(std::move(frame));  // read-only; holds the lease
///         if (!from) return std::unexpected(from.error());
///         auto image = mapferry::describe_mat(*from);
///         if (!image) return std::unexpected(image.error());
///         auto loan = writer.loan(*image, std::chrono::seconds(1));
///         if (!loan) return std::unexpected(loan.error());
///         auto to = mapferry::mat_over(loan->bytes(), *image);
///         if (!to) return std::unexpected(to.error());
///         cv::blur(*from, *to, cv::Size(9, 9));  // straight into the other section
///         return writer.publish(std::move(*loan));
///     }
#pragma once

#include <cstddef>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <span>
#include <utility>

#include "mapferry/detail/failure.h"
#include "mapferry/frame.h"
#include "mapferry/image.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Returns the type of a matrix for the image's pixel format: CV_8UC3 for BGR24 and RGB24, CV_8UC4
/// for formats of 32 bits, CV_8UC1 for GRAY8, CV_16UC1 for GRAY16, CV_8UC2 for YUYV, RGB565 and
/// RGB555. A matrix does not record the order of its colours: for RGB24 call cv::cvtColor(...,
/// cv::COLOR_RGB2BGR) where the order matters. kUsage: any other format.
[[nodiscard]] inline Result<int> mat_type(const ImageDescription& image) {
    switch (image.fourcc) {
        case kFourccBgr24:
        case kFourccRgb24:
            return CV_8UC3;
        case kFourccBgrx32:
        case kFourccBgra32:
        case kFourccRgbx32:
        case kFourccRgba32:
            return CV_8UC4;
        case kFourccGray8:
            return CV_8UC1;
        case kFourccGray16:
            return CV_16UC1;
        case kFourccYuyv:
        case kFourccRgb565:
        case kFourccRgb555:
            return CV_8UC2;
        default:
            return detail::fail(Code::kUsage,
                                "there is no matrix of " + pixel_format_name(image.fourcc));
    }
}

/// Returns the description of an image of the matrix's size and type, with packed rows: BGR24,
/// BGRA32, GRAY8 or GRAY16. kUsage: the matrix has another type, does not have two dimensions, or
/// is empty.
[[nodiscard]] inline Result<ImageDescription> describe_mat(const cv::Mat& mat) {
    const char* format = nullptr;
    if (mat.type() == CV_8UC3) format = "BGR24";
    if (mat.type() == CV_8UC4) format = "BGRA32";
    if (mat.type() == CV_8UC1) format = "GRAY8";
    if (mat.type() == CV_16UC1) format = "GRAY16";
    if (format == nullptr || mat.dims != 2 || mat.empty())
        return detail::fail(Code::kUsage, "the matrix is no image that can be published",
                            "convert it to CV_8UC1, CV_8UC3, CV_8UC4 or CV_16UC1");
    return describe_raw_image(static_cast<std::uint32_t>(mat.cols),
                              static_cast<std::uint32_t>(mat.rows), format);
}

namespace opencv_detail {

/// kUsage: the image is bottom-up, because a matrix can't count its rows backwards, or its sides
/// are too long for OpenCV.
[[nodiscard]] inline Result<cv::Mat> mat_header(const ImageDescription& image,
                                                std::span<const std::byte> bytes) {
    const auto type = mat_type(image);
    if (!type) return std::unexpected(type.error());
    const auto view = ImageView::make(image, bytes);
    if (!view) return std::unexpected(view.error());
    if (image.orientation == Orientation::kBottomUp)
        return detail::fail(Code::kUsage, "a matrix cannot be bottom-up",
                            "convert_image() turns the rows");
    constexpr std::uint32_t kSideMax = 0x7FFF'FFFF;
    if (image.width > kSideMax || image.height > kSideMax)
        return detail::fail(Code::kUsage, "too many pixels for a matrix");
    /// OpenCV has no pointer to const; the comment of to_mat() explains the consequence.
    auto* const pixels = const_cast<std::byte*>(view->bytes().data());
    return cv::Mat(static_cast<int>(image.height), static_cast<int>(image.width), *type, pixels,
                   static_cast<std::size_t>(image.row_stride_bytes));
}

/// Gives a frame back when the last matrix over it is gone. The standard allocator does everything
/// else; it also allocates the matrices that are made from such a matrix.
class FrameAllocator final : public cv::MatAllocator {
  public:
    cv::UMatData* allocate(int dims, const int* sizes, int type, void* data, std::size_t* step,
                           cv::AccessFlag flags, cv::UMatUsageFlags usage) const override {
        return cv::Mat::getStdAllocator()->allocate(dims, sizes, type, data, step, flags, usage);
    }
    bool allocate(cv::UMatData* data, cv::AccessFlag flags,
                  cv::UMatUsageFlags usage) const override {
        return cv::Mat::getStdAllocator()->allocate(data, flags, usage);
    }
    void deallocate(cv::UMatData* data) const override {
        if (data == nullptr) return;
        delete static_cast<Frame*>(data->userdata);
        data->userdata = nullptr;
        delete data;
    }

    /// Lives as long as the process, because matrices may be destroyed after statics.
    [[nodiscard]] static const FrameAllocator& instance() {
        static const auto* const allocator = new FrameAllocator;
        return *allocator;
    }
};

}  // namespace opencv_detail

/// Returns a matrix over the frame's pixels in the section, without a copy. The matrix, its copies
/// and its parts share the frame. The last of them gives the lease back, in any thread. A reader
/// holds at most four frames at once, so destroy such matrices early.
/// The matrix is READ-ONLY, though OpenCV can't express that: its pages are read-only, and a write
/// into the matrix crashes the process. To change pixels, use .clone(), which has memory of its
/// own. Never use the matrix as the destination of a call (cv::blur(mat, mat, ...)). kUsage: the
/// frame has no image, or the image is bottom-up, or mat_type() refuses it; the frame is gone then.
[[nodiscard]] inline Result<cv::Mat> to_mat(Frame frame) {
    if (!frame.image())
        return detail::fail(Code::kUsage, "the frame does not say what image it is");
    auto mat = opencv_detail::mat_header(*frame.image(), frame.bytes());
    if (!mat) return mat;
    const std::span<const std::byte> bytes = frame.bytes();
    auto owner = std::make_unique<Frame>(std::move(frame));
    auto* const data = new cv::UMatData(&opencv_detail::FrameAllocator::instance());
    data->data = data->origdata = mat->data;
    data->size = bytes.size();
    data->flags |= cv::UMatData::USER_ALLOCATED;
    data->userdata = owner.release();
    mat->u = data;
    mat->addref();
    return mat;
}

/// Returns a matrix over the caller's bytes, for example a loan's, which the caller fills. It must
/// not outlive them. A function of OpenCV writes into these bytes only if its result has the size
/// and type of the matrix; otherwise it allocates other memory and does not report that. kUsage:
/// the image is bottom-up, mat_type() refuses it, or its rows do not lie within the bytes.
[[nodiscard]] inline Result<cv::Mat> mat_over(std::span<std::byte> bytes,
                                              const ImageDescription& image) {
    return opencv_detail::mat_header(image, bytes);
}

}  // namespace mapferry::inline v1
