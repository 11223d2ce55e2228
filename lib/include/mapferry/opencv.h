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

namespace opencv_detail {

struct MatFormat {
    std::uint32_t fourcc;
    int type;
};

inline constexpr MatFormat kMatFormats[] = {
    {kFourccBgr24, CV_8UC3},    {kFourccRgb24, CV_8UC3},   {kFourccBgrx32, CV_8UC4},
    {kFourccBgra32, CV_8UC4},   {kFourccRgbx32, CV_8UC4},  {kFourccRgba32, CV_8UC4},
    {kFourccXrgb32, CV_8UC4},   {kFourccArgb32, CV_8UC4},  {kFourccXbgr32, CV_8UC4},
    {kFourccAbgr32, CV_8UC4},   {kFourccRgb48, CV_16UC3},  {kFourccBgr48, CV_16UC3},
    {kFourccRgba64, CV_16UC4},  {kFourccBgra64, CV_16UC4}, {kFourccRgbx64, CV_16UC4},
    {kFourccBgrx64, CV_16UC4},  {kFourccRgbf32, CV_32FC3}, {kFourccBgrf32, CV_32FC3},
    {kFourccRgbaf32, CV_32FC4}, {kFourccGray8, CV_8UC1},   {kFourccGray10, CV_16UC1},
    {kFourccGray12, CV_16UC1},  {kFourccGray14, CV_16UC1}, {kFourccGray16, CV_16UC1},
    {kFourccGrayf32, CV_32FC1}, {kFourccRggb8, CV_8UC1},   {kFourccGrbg8, CV_8UC1},
    {kFourccGbrg8, CV_8UC1},    {kFourccBggr8, CV_8UC1},   {kFourccRggb10, CV_16UC1},
    {kFourccGrbg10, CV_16UC1},  {kFourccGbrg10, CV_16UC1}, {kFourccBggr10, CV_16UC1},
    {kFourccRggb12, CV_16UC1},  {kFourccGrbg12, CV_16UC1}, {kFourccGbrg12, CV_16UC1},
    {kFourccBggr12, CV_16UC1},  {kFourccRggb16, CV_16UC1}, {kFourccGrbg16, CV_16UC1},
    {kFourccGbrg16, CV_16UC1},  {kFourccBggr16, CV_16UC1}, {kFourccYuyv, CV_8UC2},
    {kFourccYvyu, CV_8UC2},     {kFourccUyvy, CV_8UC2},    {kFourccVyuy, CV_8UC2},
    {kFourccRgb565, CV_8UC2},   {kFourccBgr565, CV_8UC2},  {kFourccRgb555, CV_8UC2},
    {kFourccBgr555, CV_8UC2},   {kFourccNv12, CV_8UC1},    {kFourccNv21, CV_8UC1},
    {kFourccI420, CV_8UC1},     {kFourccYv12, CV_8UC1},
};

}  // namespace opencv_detail

/// Returns the type of a matrix for the image's pixel format:
///   CV_8UC1   GRAY8, Bayer patterns of 8 bits; NV12, NV21, I420, YV12 (see to_mat())
///   CV_8UC2   YUYV, YVYU, UYVY, VYUY, and the formats of 16 bits such as RGB565
///   CV_8UC3   BGR24, RGB24               CV_8UC4    formats of 32 bits such as BGRA32
///   CV_16UC1  GRAY10 to GRAY16, Bayer patterns of 10 to 16 bits
///   CV_16UC3  BGR48, RGB48               CV_16UC4   formats of 64 bits such as BGRA64
///   CV_32FC1  GRAYF32                    CV_32FC3   BGRF32, RGBF32          CV_32FC4   RGBAF32
/// A matrix does not record the order of its colours: for RGB24 call cv::cvtColor(...,
/// cv::COLOR_RGB2BGR) where the order matters. kUsage: any other format.
[[nodiscard]] inline Result<int> mat_type(const ImageDescription& image) {
    for (const opencv_detail::MatFormat& format : opencv_detail::kMatFormats)
        if (format.fourcc == image.fourcc) return format.type;
    return detail::fail(Code::kUsage, "there is no matrix of " + pixel_format_name(image.fourcc));
}

/// Returns the description of an image of the matrix's size and type, with packed rows, in
/// OpenCV's usual order of colours: BGR24, BGRA32, GRAY8, BGR48, BGRA64, GRAY16, BGRF32 or GRAYF32.
/// kUsage: the matrix has another type, does not have two dimensions, or is empty.
[[nodiscard]] inline Result<ImageDescription> describe_mat(const cv::Mat& mat) {
    const char* format = nullptr;
    if (mat.type() == CV_8UC3) format = "BGR24";
    if (mat.type() == CV_8UC4) format = "BGRA32";
    if (mat.type() == CV_8UC1) format = "GRAY8";
    if (mat.type() == CV_16UC3) format = "BGR48";
    if (mat.type() == CV_16UC4) format = "BGRA64";
    if (mat.type() == CV_16UC1) format = "GRAY16";
    if (mat.type() == CV_32FC3) format = "BGRF32";
    if (mat.type() == CV_32FC1) format = "GRAYF32";
    if (format == nullptr || mat.dims != 2 || mat.empty())
        return detail::fail(Code::kUsage, "the matrix is no image that can be published",
                            "convert it to 8 or 16 bits (CV_8U, CV_16U) with 1, 3 or 4 channels, "
                            "or to CV_32FC1 or CV_32FC3");
    return describe_raw_image(static_cast<std::uint32_t>(mat.cols),
                              static_cast<std::uint32_t>(mat.rows), format);
}

namespace opencv_detail {

/// Whether the rows of all planes are rows of one matrix, as cv::COLOR_YUV2BGR_NV12 and its kin
/// expect: V and U of I420 lie there as two rows in one.
[[nodiscard]] inline bool are_one_below_the_other(const ImageView& view) {
    const ImagePlanes& all = view.planes();
    const PlaneShape& luma = all.planes[0];
    const std::uint32_t chroma_planes = all.count - 1;
    if (view.width() % 2 != 0 || view.height() % 2 != 0) return false;
    if (chroma_planes == 2 && luma.row_stride_bytes != view.width()) return false;
    std::uint64_t offset = luma.offset_bytes + luma.row_stride_bytes * luma.rows;
    for (std::uint32_t i = 1; i < all.count; ++i) {
        const PlaneShape& plane = all.planes[i];
        if (plane.offset_bytes != offset ||
            plane.row_stride_bytes * chroma_planes != luma.row_stride_bytes)
            return false;
        offset += plane.row_stride_bytes * plane.rows;
    }
    return true;
}

/// kUsage: the image is bottom-up, because a matrix can't count its rows backwards, its planes are
/// not one below the other, or its sides are too long for OpenCV.
[[nodiscard]] inline Result<cv::Mat> mat_header(const ImageDescription& image,
                                                std::span<const std::byte> bytes) {
    const auto type = mat_type(image);
    if (!type) return std::unexpected(type.error());
    const auto view = ImageView::make(image, bytes);
    if (!view) return std::unexpected(view.error());
    if (image.orientation == Orientation::kBottomUp)
        return detail::fail(Code::kUsage, "a matrix cannot be bottom-up",
                            "convert_image() turns the rows");
    const bool has_chroma = view->planes().count > 1;
    if (has_chroma && !are_one_below_the_other(*view))
        return detail::fail(Code::kUsage, "a matrix has no room between planes, nor odd sides",
                            "convert_image() makes BGR24 of them");
    const std::uint64_t rows =
        has_chroma ? std::uint64_t{image.height} / 2 * 3 : std::uint64_t{image.height};
    constexpr std::uint64_t kSideMax = 0x7FFF'FFFF;
    if (image.width > kSideMax || rows > kSideMax)
        return detail::fail(Code::kUsage, "too many pixels for a matrix");
    /// OpenCV has no pointer to const; the comment of to_mat() explains the consequence.
    auto* const pixels = const_cast<std::byte*>(view->row(0).data());
    return cv::Mat(static_cast<int>(rows), static_cast<int>(image.width), *type, pixels,
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
/// own. Never use the matrix as the destination of a call (cv::blur(mat, mat, ...)).
/// A matrix of NV12, NV21, I420 or YV12 has 3/2 of the image's rows, Y and then the others, as
/// cv::cvtColor(..., cv::COLOR_YUV2BGR_NV12) takes them. This needs even sides and planes one below
/// the other without gaps, and for I420 and YV12 rows without padding.
/// kUsage: the frame has no image, or the image is bottom-up or has planes elsewhere, or mat_type()
/// refuses it; the frame is gone then.
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
/// to_mat() would refuse the image, or its rows do not lie within the bytes.
[[nodiscard]] inline Result<cv::Mat> mat_over(std::span<std::byte> bytes,
                                              const ImageDescription& image) {
    return opencv_detail::mat_header(image, bytes);
}

}  // namespace mapferry::inline v1
