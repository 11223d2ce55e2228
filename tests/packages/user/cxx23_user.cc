// SPDX-License-Identifier: Apache-2.0
// A program of somebody who has C++23 and the package libmapferry-dev: it recognises a picture.
#include <mapferry/image_probe.h>

#include <span>
#include <string_view>

int main() {
    const std::string_view file = "P6\n2 1\n255\nabcdef";  // two pixels
    const auto image = mapferry::probe_image(std::as_bytes(std::span(file)), file.size());
    return image && image->width == 2 && image->height == 1 ? 0 : 1;
}
