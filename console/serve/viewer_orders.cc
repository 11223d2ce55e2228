// SPDX-License-Identifier: Apache-2.0
// What a page asks of its session beside the stream. Every request only reads; what it changes is
// what this one page is shown.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "console/serve/frame_json.h"
#include "console/serve/kept_payloads.h"
#include "console/serve/pixel_samples.h"
#include "console/serve/viewer_session.h"
#include "mapferry/image_file.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kAreaSideMax = 64;

HttpAnswer done() {
    return {.content_type = "application/json", .body = std::string("{}")};
}

// "cam-12", of letters that every file system and header knows.
std::string file_stem(const std::string& section, const SeenFrame& frame) {
    std::string stem = section;
    if (frame.facts().sequence) stem += "-" + std::to_string(*frame.facts().sequence);
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    std::ranges::replace_if(stem, [&](char c) { return !is_plain(c); }, '_');
    return stem;
}

std::string raw_name(const std::string& stem, const SeenFrame& frame) {
    if (frame.tensor()) return stem + "-" + tensor_type_name(*frame.tensor()) + ".raw";
    const auto& image = frame.image();
    if (!image) return stem + ".raw";
    return fmt::format("{}-{}x{}-{}.raw", stem, image->width, image->height,
                       pixel_format_name(image->fourcc));
}

}  // namespace

HttpAnswer ViewerSession::open_pane(std::size_t pane, const HttpRequest& request) {
    const std::string name(request.argument("section"));
    const auto address = world_->sections.address_of(name);
    if (!address) return http_error(404, "the page does not show such a section");
    const std::int64_t payload = request.number("payload", -1);
    const auto turn = static_cast<std::uint64_t>(request.number("turn", 0));
    if (payload < 0) {
        auto source = world_->sources.of(*address);
        const std::scoped_lock locked(lock_);
        panes_[pane].open(name, turn, std::move(source));
    } else {
        auto picture = kept_picture(*address, static_cast<std::uint64_t>(payload),
                                    world_->command.sandbox, world_->memory, world_->stopping);
        if (!picture) return http_failure(picture.error());
        const std::scoped_lock locked(lock_);
        panes_[pane].open(name, turn, std::move(*picture));
    }
    return done();
}

HttpAnswer ViewerSession::order_pane(ViewerPane& pane, const HttpRequest& request) {
    const std::string_view what = request.argument("what");
    if (what == "hide")
        pane.hide();
    else if (what == "drawn")
        pane.drawn(static_cast<std::uint64_t>(request.number("message", 0)));
    else if (what == "pause")
        pane.pause();
    else if (what == "resume")
        pane.resume();
    else if (what == "step")
        pane.step(request.number("by", 0));
    else if (what != "set")
        return http_error(400, "there is no such order");
    if (what != "set") return done();
    for (const auto& [name, value] : request.query) {
        if (name == "session" || name == "what" || name == "pane") continue;
        if (!pane.set(name, value)) return http_error(400, "there is no such setting or value");
    }
    return done();
}

HttpAnswer ViewerSession::take_order(const HttpRequest& request) {
    const std::string_view what = request.argument("what");
    if (what == "table") {
        const std::scoped_lock locked(lock_);
        wants_table_ = request.argument("on") == "1";
        table_next_ = {};
    }
    const auto pane = static_cast<std::size_t>(request.number("pane", 0));
    if (pane >= panes_.size()) return http_error(400, "there is no such pane");
    HttpAnswer answer = done();
    if (what == "show") {
        answer = open_pane(pane, request);
    } else if (what != "table") {
        const std::scoped_lock locked(lock_);
        answer = order_pane(panes_[pane], request);
    }
    world_->news.tell();
    return answer;
}

std::shared_ptr<SeenFrame> ViewerSession::asked_frame(const HttpRequest& request,
                                                      std::uint64_t& layer) {
    const auto index = static_cast<std::size_t>(request.number("pane", 0));
    const std::scoped_lock locked(lock_);
    if (index >= panes_.size()) return nullptr;
    layer = panes_[index].settings().layer;
    return panes_[index].find(static_cast<std::uint64_t>(request.number("frame", 0)));
}

HttpAnswer ViewerSession::values(const HttpRequest& request) {
    std::uint64_t layer = 0;
    const auto frame = asked_frame(request, layer);
    // No failure: the page shows a later frame by now.
    if (frame == nullptr) return {.content_type = "application/json", .body = std::string("null")};
    const auto picture = frame->picture(layer, world_->command.sandbox, world_->stopping);
    if (!picture) return http_failure(picture.error());
    const auto number = [&](const char* name, std::int64_t otherwise, std::int64_t most) {
        return static_cast<std::uint32_t>(
            std::clamp(request.number(name, otherwise), std::int64_t{0}, most));
    };
    const PixelArea area{.x = number("x", 0, UINT32_MAX),
                         .y = number("y", 0, UINT32_MAX),
                         .columns = number("columns", 1, kAreaSideMax),
                         .rows = number("rows", 1, kAreaSideMax)};
    json::Value object = samples_json((*picture)->view, area);
    object["frame"] = frame->facts().id;
    return {.content_type = "application/json", .body = object.dump()};
}

HttpAnswer ViewerSession::saved_file(const HttpRequest& request) {
    std::uint64_t layer = 0;
    const auto frame = asked_frame(request, layer);
    if (frame == nullptr) return http_error(404, "the frame is not held any more");
    std::string name;
    {
        const auto index = static_cast<std::size_t>(request.number("pane", 0));
        const std::scoped_lock locked(lock_);
        name = panes_[index].name();
    }
    const std::string stem = file_stem(name, *frame);
    if (request.argument("as") == "raw")
        return {.content_type = "application/octet-stream",
                .body = std::string(reinterpret_cast<const char*>(frame->bytes().data()),
                                    frame->bytes().size()),
                .download_name = raw_name(stem, *frame)};
    const auto picture = frame->picture(layer, world_->command.sandbox, world_->stopping);
    if (!picture) return http_failure(picture.error());
    // With all bits that the samples have. Floating-point numbers: between their extremes.
    const auto levels = sample_levels((*picture)->view);
    const auto channels = channels_of((*picture)->view.description().fourcc);
    const bool is_float = !channels.empty() && channels.front().kind == SampleKind::kFloat;
    EncodeOptions options;
    if (is_float && levels) options.convert.levels = *levels;
    const auto png = encode_image((*picture)->view, PictureFormat::kPng, options);
    if (!png) return http_failure(png.error());
    return {.content_type = "image/png",
            .body = std::string(reinterpret_cast<const char*>(png->data()), png->size()),
            .download_name = stem + ".png"};
}

}  // namespace mapferry::cli
