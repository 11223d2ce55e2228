// SPDX-License-Identifier: Apache-2.0
#include "capi/c_picture_words.h"

namespace mapferry::capi {

OptionList LevelWords::list() {
    return {word_option<bool>("levels", is_automatic, {{"auto", true}, {"whole", false}}),
            real_option("black", black), real_option("white", white)};
}

OptionList SaveWords::list() {
    OptionList list = {word_option<Overwrite>("overwrite", overwrite,
                                              {{"refuse", Overwrite::kRefuse},
                                               {"replace", Overwrite::kReplace},
                                               {"in_place", Overwrite::kInPlace}}),
                       {"jpeg_quality", [this](std::string_view value) -> Result<void> {
                            const auto number = number_in("jpeg_quality", value, 1, 100);
                            if (!number) return std::unexpected(number.error());
                            quality = static_cast<std::uint8_t>(*number);
                            return {};
                        }}};
    return joined(std::move(list), levels.list());
}

OptionList LoadWords::list() {
    return {number_option("side_max", limits.side_max),
            number_option("file_bytes_max", limits.file_bytes_max),
            number_option("pixel_bytes_max", limits.pixel_bytes_max)};
}

}  // namespace mapferry::capi
