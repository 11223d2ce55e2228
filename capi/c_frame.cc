// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "capi/c_description.h"
#include "capi/c_frame_object.h"
#include "capi/c_picture.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

Result<ImageView> view_of(const Frame& frame, std::span<const std::byte> bytes) {
    if (!frame.image()) return fail(Code::kUsage, "the frame has no image");
    return ImageView::make(*frame.image(), bytes);
}

// Text that `make` returns once and that stays the frame's.
template <typename Make>
const char* kept(std::string& text, Make make) {
    if (text.empty()) text = make();
    return text.c_str();
}

}  // namespace

const void* mapferry_frame_data(const mapferry_frame* frame) noexcept {
    return frame != nullptr ? frame->frame->bytes().data() : nullptr;
}

size_t mapferry_frame_size(const mapferry_frame* frame) noexcept {
    return frame != nullptr ? frame->frame->bytes().size() : 0;
}

const char* mapferry_frame_format(const mapferry_frame* frame) noexcept {
    return ask(frame, "", [](const mapferry_frame& one) {
        return kept(one.format, [&] { return format_text(one.frame->image()); });
    });
}

const char* mapferry_frame_tensor_type(const mapferry_frame* frame) noexcept {
    return ask(frame, "", [](const mapferry_frame& one) {
        return kept(one.tensor_type, [&] { return type_text(one.frame->tensor()); });
    });
}

const char* mapferry_frame_content_type(const mapferry_frame* frame) noexcept {
    return ask(frame, "", [](const mapferry_frame& one) {
        return kept(one.content_type,
                    [&] { return std::string(one.frame->metadata().content_type); });
    });
}

const void* mapferry_frame_metadata(const mapferry_frame* frame) noexcept {
    if (frame == nullptr || frame->frame->metadata().bytes.empty()) return nullptr;
    return frame->frame->metadata().bytes.data();
}

int32_t mapferry_frame_verify(const mapferry_frame* frame) noexcept {
    return run_on(frame, [](const mapferry_frame& one) { return one.frame->verify(); });
}

int32_t mapferry_frame_copy(const mapferry_frame* frame, void* target, size_t size) noexcept {
    return run_on(frame, [&](const mapferry_frame& one) -> Result<void> {
        const auto place = place_of(target, size);
        if (!place) return std::unexpected(place.error());
        return one.frame->copy_to(*place);
    });
}

int32_t mapferry_frame_convert(const mapferry_frame* frame, const char* format, const char* options,
                               void* target, size_t size) noexcept {
    return run_on(frame, [&](const mapferry_frame& one) -> Result<void> {
        const auto view = view_of(*one.frame, one.frame->bytes());
        if (!view) return std::unexpected(view.error());
        const auto place = place_of(target, size);
        if (!place) return std::unexpected(place.error());
        return convert_pixels(*view, {.format = format, .options = options}, *place);
    });
}

int32_t mapferry_frame_save(const mapferry_frame* frame, const char* path,
                            const char* options) noexcept {
    return run_on(frame, [&](const mapferry_frame& one) -> Result<void> {
        std::vector<std::byte> copy(one.frame->bytes().size());
        if (auto copied = one.frame->copy_to(copy); !copied) return copied;
        const auto view = view_of(*one.frame, copy);
        if (!view) return std::unexpected(view.error());
        return save_pixels(*view, path, options);
    });
}

void mapferry_frame_release(mapferry_frame* frame) noexcept {
    delete frame;
}
