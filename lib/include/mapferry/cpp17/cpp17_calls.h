// SPDX-License-Identifier: Apache-2.0
/// \file
/// One payload in one call, sections by name, pixels in memory. Any thread.
#pragma once

#include <vector>

#include "mapferry/cpp17/cpp17_facts.h"
#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// Sends bytes as the only payload of a new section. name: "", or a file name without folder.
/// options: mapferry_send_bytes().
inline void send_bytes(std::string_view section, const void* data, std::size_t size,
                       std::string_view name = {}, std::string_view options = {},
                       const Stop* stop = nullptr, OnError on_error = {}) {
    const std::string text(name);
    on_error.check(mapferry_send_bytes(std::string(section).c_str(), std::string(options).c_str(),
                                       detail::handle_of(stop),
                                       text.empty() ? nullptr : text.c_str(), data, size));
}
inline void send_file(std::string_view section, std::string_view path,
                      std::string_view options = {}, const Stop* stop = nullptr,
                      OnError on_error = {}) {
    on_error.check(mapferry_send_file(std::string(section).c_str(), std::string(options).c_str(),
                                      detail::handle_of(stop), std::string(path).c_str()));
}
/// Receives the next payload of a section, at most size_limit bytes. options:
/// mapferry_receive_bytes(). A result that is false, and no failure: the writer ended without a
/// payload.
[[nodiscard]] inline OwnedBytes receive_bytes(std::string_view section, std::size_t size_limit,
                                              std::string_view options = {},
                                              const Stop* stop = nullptr, OnError on_error = {}) {
    mapferry_bytes* bytes = nullptr;
    on_error.check(mapferry_receive_bytes(std::string(section).c_str(),
                                          std::string(options).c_str(), detail::handle_of(stop),
                                          size_limit, &bytes));
    return OwnedBytes(bytes);
}
/// The same to a file. False, and no failure: the writer ended without a payload.
inline bool receive_file(std::string_view section, std::string_view path,
                         std::string_view options = {}, const Stop* stop = nullptr,
                         OnError on_error = {}) {
    return on_error.check(mapferry_receive_file(
               std::string(section).c_str(), std::string(options).c_str(), detail::handle_of(stop),
               std::string(path).c_str())) == MAPFERRY_OK;
}
/// Whether a file in a folder of the caller's choice may have the name that came with a payload.
[[nodiscard]] inline bool may_name_a_file(std::string_view name) {
    return mapferry_check_file_name(std::string(name).c_str()) == MAPFERRY_OK;
}

/// The names of this user's sections in memory, sorted. options: mapferry_section_list().
[[nodiscard]] inline std::vector<std::string> list_sections(std::string_view options = {},
                                                            OnError on_error = {}) {
    mapferry_bytes* bytes = nullptr;
    on_error.check(mapferry_section_list(std::string(options).c_str(), &bytes));
    const OwnedBytes lines(bytes);
    std::vector<std::string> names;
    std::string_view rest = lines.text();
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        names.emplace_back(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return names;
}
/// What a section is and holds, as JSON: docs/json.md.
[[nodiscard]] inline std::string section_info(std::string_view section,
                                              std::string_view options = {},
                                              OnError on_error = {}) {
    mapferry_bytes* json = nullptr;
    on_error.check(
        mapferry_section_info(std::string(section).c_str(), std::string(options).c_str(), &json));
    return std::string(OwnedBytes(json).text());
}
/// Verifies all payloads of a kept section; one line of JSON each.
[[nodiscard]] inline std::string verify_section(std::string_view section,
                                                std::string_view options = {},
                                                OnError on_error = {}) {
    mapferry_bytes* json = nullptr;
    on_error.check(
        mapferry_section_verify(std::string(section).c_str(), std::string(options).c_str(), &json));
    return std::string(OwnedBytes(json).text());
}
/// Removes the section's name. options: mapferry_section_remove().
inline void remove_section(std::string_view section, std::string_view options = {},
                           OnError on_error = {}) {
    on_error.check(
        mapferry_section_remove(std::string(section).c_str(), std::string(options).c_str()));
}
/// Removes what dead writers left in memory; JSON, a line for each section that was removed.
inline std::string collect_garbage(std::string_view options = {}, OnError on_error = {}) {
    mapferry_bytes* json = nullptr;
    on_error.check(mapferry_section_collect_garbage(nullptr, std::string(options).c_str(), &json));
    return std::string(OwnedBytes(json).text());
}

/// How many bytes an image takes. format and options: c_image.h.
[[nodiscard]] inline std::size_t image_bytes(std::uint32_t width, std::uint32_t height,
                                             std::string_view format, std::string_view options = {},
                                             OnError on_error = {}) {
    std::size_t bytes = 0;
    on_error.check(mapferry_image_bytes(width, height, std::string(format).c_str(),
                                        std::string(options).c_str(), &bytes));
    return bytes;
}
/// Stores pixels as a picture file. options of the pixels and save_options: mapferry_image_save().
inline void save_image(std::string_view path, std::uint32_t width, std::uint32_t height,
                       std::string_view format, const void* data, std::size_t size,
                       std::string_view options = {}, std::string_view save_options = {},
                       OnError on_error = {}) {
    on_error.check(mapferry_image_save(
        width, height, std::string(format).c_str(), std::string(options).c_str(), data, size,
        std::string(path).c_str(), std::string(save_options).c_str()));
}

/// A decoded picture file: pixels in memory of this process, packed and top-down. Move-only.
class Picture : public Facts<Picture> {
  public:
    Picture() noexcept = default;
    /// BMP, PNG, JPEG, PPM, PGM. options: mapferry_picture_load().
    explicit Picture(std::string_view path, std::string_view options = {}, OnError on_error = {}) {
        mapferry_picture* loaded = nullptr;
        on_error.check(mapferry_picture_load(std::string(path).c_str(),
                                             std::string(options).c_str(), &loaded));
        handle_.reset(loaded);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr; }
    [[nodiscard]] const std::uint8_t* data() const noexcept {
        return detail::as_bytes(mapferry_picture_data(handle_.get()));
    }
    [[nodiscard]] std::size_t size() const noexcept { return mapferry_picture_size(handle_.get()); }
    [[nodiscard]] Bytes bytes() const noexcept { return {data(), size()}; }
    [[nodiscard]] std::string_view format() const noexcept {
        return mapferry_picture_format(handle_.get());
    }
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_picture_value(handle_.get(), key);
    }

  private:
    detail::Handle<mapferry_picture> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
