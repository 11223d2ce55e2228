// SPDX-License-Identifier: Apache-2.0
// Conversions by FFmpeg's libswscale, with one thread as ffmpeg's filter has it: as it is by
// default, and with the flag that repeats U and V, as mapferry does.
extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "bench/convert_stages.h"
#include "bench/give_up.h"
#include "mapferry/pixel_format.h"

namespace mapferry::bench {

namespace {

constexpr int kWidth = kConvertedWidth;
constexpr int kHeight = kConvertedHeight;

struct Picture {
    explicit Picture(const char* name)
        : format(av_get_pix_fmt(
              std::string(pixel_format_names(*find_pixel_format(name)).ffmpeg).c_str())) {
        const int size = av_image_get_buffer_size(format, kWidth, kHeight, 1);
        if (size < 0) give_up(std::string("libswscale has no ") + name);
        bytes = noise_of(static_cast<std::size_t>(size));
        av_image_fill_arrays(planes, strides, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                             format, kWidth, kHeight, 1);
    }
    AVPixelFormat format;
    std::vector<std::byte> bytes = {};
    std::uint8_t* planes[4] = {};
    int strides[4] = {};
};

struct FreeContext {
    void operator()(SwsContext* context) const { sws_freeContext(context); }
};

class Swscale {
  public:
    Swscale(const Conversion& names, int flags)
        : from_(names.from),
          to_(names.to),
          context_(sws_getContext(kWidth, kHeight, from_.format, kWidth, kHeight, to_.format, flags,
                                  nullptr, nullptr, nullptr)) {
        if (!context_) give_up("libswscale refuses " + conversion_name(names));
    }
    [[nodiscard]] double time_us() {
        return microseconds_each([this] {
            sws_scale(context_.get(), from_.planes, from_.strides, 0, kHeight, to_.planes,
                      to_.strides);
        });
    }

  private:
    Picture from_;
    Picture to_;
    std::unique_ptr<SwsContext, FreeContext> context_;
};

}  // namespace

void add_swscale_stages(std::vector<Stage>& stages, const Conversion& names) {
    struct Way {
        const char* name;
        int flags;
    };
    for (const Way& way : {Way{"libswscale", SWS_BICUBIC}, Way{"libswscale, nearest", SWS_POINT}}) {
        const auto scaler = std::make_shared<Swscale>(names, way.flags);
        stages.push_back({.case_name = conversion_name(names),
                          .way = way.name,
                          .unit = "us",
                          .measure = [scaler] { return scaler->time_us(); }});
    }
}

}  // namespace mapferry::bench
