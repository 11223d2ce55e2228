// SPDX-License-Identifier: Apache-2.0
#include "cli/notes_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/print.h"

namespace mapferry::cli {

namespace {

// Deeper values of another process would overflow the stack when they are printed.
constexpr int kDepthMax = 64;

std::optional<nlohmann::json> parse_foreign(std::string_view text) {
    bool too_deep = false;
    const auto look = [&too_deep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        too_deep |= depth > kDepthMax;
        return !too_deep;
    };
    nlohmann::json value = nlohmann::json::parse(text, look, false);
    if (value.is_discarded() || too_deep) return std::nullopt;
    return value;
}

}  // namespace

void add_metadata(nlohmann::json& object, std::string_view content_type, std::string_view bytes) {
    if (content_type.empty() && bytes.empty()) return;
    object["content_type"] = content_type;
    object["metadata_bytes"] = bytes.size();
    auto value = content_type == kJsonContentType ? parse_foreign(bytes) : std::nullopt;
    if (value)
        object["metadata"] = std::move(*value);
    else
        object["metadata_base64"] = base64(bytes);
}

void add_notes(nlohmann::json& object, const PayloadInfo& info) {
    json::Value notes;
    json::add_notes(notes, info);
    object.update(nlohmann::json(notes));
}

void add_facts(nlohmann::json& object, const StreamFacts& facts) {
    json::Value known;
    json::add_facts(known, facts);
    object.update(nlohmann::json(known));
}

double number_of(const Ratio& ratio) {
    if (ratio.denominator == 0) return 0;
    return static_cast<double>(ratio.numerator) / static_cast<double>(ratio.denominator);
}

std::string facts_text(const StreamFacts& facts) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    };
    if (facts.frame_rate.denominator != 0) add(ratio_text(facts.frame_rate) + " frames/s");
    add(std::string(json::scan_name(facts.scan)));
    if (facts.pixel_aspect.denominator != 0) add("pixels " + json::aspect_text(facts.pixel_aspect));
    return text;
}

std::string latency_text(std::uint64_t ns) {
    const double value = static_cast<double>(ns);
    if (ns < 1000) return fmt::format("{} ns", ns);
    if (ns < 1'000'000) return fmt::format("{:.1f} us", value / 1e3);
    if (ns < 1'000'000'000) return fmt::format("{:.1f} ms", value / 1e6);
    return fmt::format("{:.1f} s", value / 1e9);
}

}  // namespace mapferry::cli
