// SPDX-License-Identifier: Apache-2.0
#include "console/serve/seen_frame.h"

#include <algorithm>

#include "cli/short_names.h"
#include "console/serve/array_picture.h"
#include "console/serve/picture_encode.h"
#include "console/serve/picture_render.h"
#include "mapferry/detail/units.h"

namespace mapferry::cli {

namespace {

// Pages that want a picture alike share it. A page could otherwise fill the memory with one frame
// in thousands of settings.
constexpr std::size_t kEncodedMax = 4;

bool is_file(const ImageDescription& image) {
    return image.row_stride_bytes == 0;
}

// A JPEG goes to the browser as it came, as long as nothing is to be changed: the browser decodes
// it as it decodes any picture of the web, and nothing is lost by encoding it again.
bool passes_as_it_is(const std::optional<ImageDescription>& image, const ViewSettings& settings) {
    return image && image->fourcc == kFourccJpeg && settings.encoding == PictureEncoding::kJpeg &&
           settings.levels == LevelsChoice::kFull && settings.map == ColorMap::kGrey;
}

Result<EncodedPicture> encode(const ImageView& view, const ViewSettings& settings) {
    EncodedPicture made{.settings = settings, .content_type = "image/jpeg"};
    const bool is_jpeg = settings.encoding == PictureEncoding::kJpeg;
    if (is_jpeg && is_read_by_jpeg(view.description()) &&
        shows_as_it_is(view.description().fourcc, settings)) {
        auto bytes = encode_jpeg(view, settings.jpeg_quality);
        if (!bytes) return std::unexpected(bytes.error());
        made.bytes = std::move(*bytes);
        return made;
    }
    const auto rendered = render_picture(view, settings);
    if (!rendered) return std::unexpected(rendered.error());
    const ImageView pixels = rendered->pixels.view();
    auto bytes = is_jpeg ? encode_jpeg(pixels, settings.jpeg_quality) : encode_quick_png(pixels);
    if (!bytes) return std::unexpected(bytes.error());
    made.content_type = is_jpeg ? "image/jpeg" : "image/png";
    made.bytes = std::move(*bytes);
    made.levels = rendered->levels;
    return made;
}

}  // namespace

std::uint64_t next_frame_id() {
    static std::atomic<std::uint64_t> last = 0;
    // relaxed: only the numbers' order counts
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

SeenFrame::SeenFrame(SeenFacts facts, std::size_t size, MemoryBudget& budget)
    : facts_(std::move(facts)),
      bytes_(std::make_unique_for_overwrite<std::byte[]>(size)),
      size_(size),
      budget_(&budget),
      share_(budget, size) {}

Result<std::shared_ptr<SeenFrame>> SeenFrame::copy_of(const Frame& frame, SeenFacts facts,
                                                      MemoryBudget& budget) {
    if (frame.bytes().size() > budget.limit_bytes() / 2)
        return fail(Code::kUsage, "one frame takes more than half of the memory for frames",
                    "start serve with a larger --memory");
    auto made = std::make_shared<SeenFrame>(std::move(facts), frame.bytes().size(), budget);
    if (auto copied = frame.copy_to({made->bytes_.get(), made->size_}); !copied)
        return std::unexpected(copied.error());
    made->image_ = frame.image();
    made->tensor_ = frame.tensor();
    return made;
}

Result<std::shared_ptr<SeenFrame>> SeenFrame::of_picture(const Image& picture, SeenFacts facts,
                                                         MemoryBudget& budget) {
    const auto pixels = picture.bytes();
    auto made = std::make_shared<SeenFrame>(std::move(facts), pixels.size(), budget);
    std::ranges::copy(pixels, made->bytes_.get());
    made->image_ = picture.description();
    return made;
}

std::string SeenFrame::what() const {
    if (tensor_) return to_string(*tensor_);
    return image_ ? to_string(*image_) : format_bytes(size_);
}

Result<PlainPicture> SeenFrame::make_picture(std::uint64_t layer, Sandbox sandbox,
                                             const std::atomic<int>& stop) const {
    if (image_ && !is_file(*image_)) {
        auto view = ImageView::make(*image_, bytes());
        if (!view) return std::unexpected(view.error());
        return PlainPicture{.view = *view};
    }
    if (image_) {
        const auto decoded = decode_apart(bytes(), sandbox, stop);
        if (!decoded) return std::unexpected(decoded.error());
        std::vector<std::byte> own(decoded->bytes().begin(), decoded->bytes().end());
        const auto view = ImageView::make(decoded->description(), own);
        if (!view) return std::unexpected(view.error());
        return PlainPicture{.view = *view, .own_bytes = std::move(own)};
    }
    if (!tensor_)
        return fail(Code::kUsage, "the frames don't say what they show",
                    "give the writer --image WIDTHxHEIGHT:FORMAT");
    auto array = picture_of_array(*tensor_, bytes(), layer);
    if (!array) return std::unexpected(array.error());
    const bool is_own = !array->converted_bytes.empty();
    const auto pixels = is_own ? std::span<const std::byte>(array->converted_bytes)
                               : bytes().subspan(array->offset_bytes);
    const auto view = ImageView::make(array->description, pixels);
    if (!view) return std::unexpected(view.error());
    return PlainPicture{.view = *view,
                        .layer_count = array->layer_count,
                        .own_bytes = std::move(array->converted_bytes)};
}

Result<std::shared_ptr<const PlainPicture>> SeenFrame::locked_picture(
    std::uint64_t layer, Sandbox sandbox, const std::atomic<int>& stop) {
    if (picture_ != nullptr && (picture_layer_ == layer || picture_->layer_count == 1))
        return picture_;
    auto made = make_picture(layer, sandbox, stop);
    if (!made) return std::unexpected(made.error());
    made->own_share = MemoryShare(*budget_, made->own_bytes.size());
    picture_ = std::make_shared<const PlainPicture>(std::move(*made));
    picture_layer_ = layer;
    return picture_;
}

Result<std::shared_ptr<const PlainPicture>> SeenFrame::picture(std::uint64_t layer, Sandbox sandbox,
                                                               const std::atomic<int>& stop) {
    const std::scoped_lock locked(lock_);
    return locked_picture(layer, sandbox, stop);
}

Result<std::shared_ptr<const EncodedPicture>> SeenFrame::encoded(const ViewSettings& settings,
                                                                 Sandbox sandbox,
                                                                 const std::atomic<int>& stop) {
    const std::scoped_lock locked(lock_);
    for (const auto& known : encoded_)
        if (known->settings == settings) return known;
    EncodedPicture made{.settings = settings, .content_type = "image/jpeg"};
    if (passes_as_it_is(image_, settings)) {
        made.bytes.assign(reinterpret_cast<const char*>(bytes_.get()), size_);
    } else {
        const auto plain = locked_picture(settings.layer, sandbox, stop);
        if (!plain) return std::unexpected(plain.error());
        auto encoded = encode((*plain)->view, settings);
        if (!encoded) return std::unexpected(encoded.error());
        made = std::move(*encoded);
    }
    if (encoded_.size() == kEncodedMax) encoded_.erase(encoded_.begin());
    encoded_.push_back(std::make_shared<const EncodedPicture>(std::move(made)));
    return encoded_.back();
}

Result<std::shared_ptr<const PictureStatistics>> SeenFrame::statistics(
    std::uint64_t layer, Sandbox sandbox, const std::atomic<int>& stop) {
    const std::scoped_lock locked(lock_);
    if (statistics_ != nullptr && statistics_layer_ == layer) return statistics_;
    const auto plain = locked_picture(layer, sandbox, stop);
    if (!plain) return std::unexpected(plain.error());
    statistics_ = std::make_shared<const PictureStatistics>(statistics_of((*plain)->view));
    statistics_layer_ = layer;
    return statistics_;
}

void SeenFrame::drop_encoded() {
    const std::scoped_lock locked(lock_);
    encoded_.clear();
}

void SeenFrame::drop_made() {
    const std::scoped_lock locked(lock_);
    encoded_.clear();
    if (picture_ != nullptr && !picture_->own_bytes.empty()) picture_.reset();
}

}  // namespace mapferry::cli
