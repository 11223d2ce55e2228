// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_xml.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace mapferry::cli {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {{
    {"amp", '&'},
    {"lt", '<'},
    {"gt", '>'},
    {"quot", '"'},
    {"apos", '\''},
}};

// The first element of this name, and where the text goes on behind it.
struct FoundElement {
    std::string_view inside;
    std::size_t end;
};

std::optional<FoundElement> find_element(std::string_view xml, std::string_view name) {
    std::size_t at = 0;
    while ((at = xml.find('<', at)) != std::string_view::npos) {
        const std::string_view tag = xml.substr(at + 1);
        const bool is_it = tag.starts_with(name) && tag.size() > name.size() &&
                           std::string_view("> /\t\r\n").contains(tag[name.size()]);
        ++at;
        if (!is_it) continue;
        const std::size_t close = xml.find('>', at);
        if (close == std::string_view::npos) return std::nullopt;
        if (xml[close - 1] == '/') return FoundElement{.inside = {}, .end = close + 1};
        const std::string end_tag = "</" + std::string(name) + ">";
        const std::size_t end = xml.find(end_tag, close);
        if (end == std::string_view::npos) return std::nullopt;
        return FoundElement{.inside = xml.substr(close + 1, end - close - 1),
                            .end = end + end_tag.size()};
    }
    return std::nullopt;
}

void append_utf8(std::string& text, std::uint32_t point) {
    const auto tail = [&text](std::uint32_t bits) {
        text += static_cast<char>(0x80U | (bits & 0x3FU));
    };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0U | (point >> 6U));
        tail(point);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0U | (point >> 12U));
        tail(point >> 6U);
        tail(point);
    } else {
        text += static_cast<char>(0xF0U | ((point >> 18U) & 7U));
        tail(point >> 12U);
        tail(point >> 6U);
        tail(point);
    }
}

// "amp", "#34", "#x22". False: it is none of those.
bool append_entity(std::string& text, std::string_view entity) {
    for (const auto& [name, character] : kEntities)
        if (entity == name) {
            text += character;
            return true;
        }
    if (!entity.starts_with('#')) return false;
    entity.remove_prefix(1);
    const bool is_hex = entity.starts_with('x');
    if (is_hex) entity.remove_prefix(1);
    std::uint32_t point = 0;
    const auto [end, error] =
        std::from_chars(entity.data(), entity.data() + entity.size(), point, is_hex ? 16 : 10);
    if (error != std::errc() || end != entity.data() + entity.size()) return false;
    append_utf8(text, point);
    return true;
}

std::string decoded(std::string_view raw) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const std::size_t end = raw[i] == '&' ? raw.find(';', i) : std::string_view::npos;
        if (end != std::string_view::npos && append_entity(text, raw.substr(i + 1, end - i - 1)))
            i = end;
        else
            text += raw[i];
    }
    return text;
}

}  // namespace

std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view name) {
    std::vector<std::string_view> all;
    while (const auto found = find_element(xml, name)) {
        all.push_back(found->inside);
        xml.remove_prefix(found->end);
    }
    return all;
}

std::string xml_text(std::string_view xml, std::string_view name) {
    const auto found = find_element(xml, name);
    return found ? decoded(found->inside) : std::string();
}

}  // namespace mapferry::cli
