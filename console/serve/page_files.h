// SPDX-License-Identifier: Apache-2.0
// The files of page/, which the program carries. cmake/embed_files.cmake makes the source.
#pragma once

#include <span>
#include <string_view>

namespace mapferry::cli {

struct PageFile {
    std::string_view name;  // "app.js"
    std::string_view bytes;
};
[[nodiscard]] std::span<const PageFile> page_files();

}  // namespace mapferry::cli
