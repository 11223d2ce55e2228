// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <vector>

#include "capi/c_description.h"
#include "capi/c_frame_object.h"
#include "capi/c_picture.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace mapferry::capi {

namespace {

struct Spare {
    Spare() = default;
    // acq_rel: as in GiveBack
    ~Spare() { delete frame.exchange(nullptr, std::memory_order_acq_rel); }
    Spare(const Spare&) = delete;
    Spare& operator=(const Spare&) = delete;

    std::atomic<mapferry_frame*> frame = nullptr;
};
constinit Spare spare;

}  // namespace

FrameObject empty_frame() {
    // acq_rel: partner is the exchange in GiveBack, perhaps another thread's
    FrameObject frame(spare.frame.exchange(nullptr, std::memory_order_acq_rel));
    return frame ? std::move(frame) : FrameObject(new mapferry_frame);
}

void GiveBack::operator()(mapferry_frame* frame) const noexcept {
    frame->frame.reset();
    frame->names.reset();
    // acq_rel: partner is the exchange in empty_frame
    delete spare.frame.exchange(frame, std::memory_order_acq_rel);
}

}  // namespace mapferry::capi

namespace {

Result<ImageView> view_of(const Frame& frame, std::span<const std::byte> bytes) {
    if (!frame.image()) return fail(Code::kUsage, "the frame has no image");
    return ImageView::make(*frame.image(), bytes);
}

// The frame's names, made at the first call.
const FrameNames& names_of(const mapferry_frame& frame) {
    if (!frame.names)
        frame.names = std::make_unique<FrameNames>(
            format_text(frame.frame->image()), type_text(frame.frame->tensor()),
            std::string(frame.frame->metadata().content_type));
    return *frame.names;
}

}  // namespace

const void* mapferry_frame_data(const mapferry_frame* frame) noexcept {
    return frame != nullptr ? frame->frame->bytes().data() : nullptr;
}

size_t mapferry_frame_size(const mapferry_frame* frame) noexcept {
    return frame != nullptr ? frame->frame->bytes().size() : 0;
}

const char* mapferry_frame_format(const mapferry_frame* frame) noexcept {
    return ask(frame, "", [](const mapferry_frame& one) { return names_of(one).format.c_str(); });
}

const char* mapferry_frame_tensor_type(const mapferry_frame* frame) noexcept {
    return ask(frame, "",
               [](const mapferry_frame& one) { return names_of(one).tensor_type.c_str(); });
}

const char* mapferry_frame_content_type(const mapferry_frame* frame) noexcept {
    return ask(frame, "",
               [](const mapferry_frame& one) { return names_of(one).content_type.c_str(); });
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
    FrameObject gone(frame);
}
