// SPDX-License-Identifier: Apache-2.0
#include "writer/sender_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "cli/short_names.h"
#include "mapferry/printable_text.h"
#include "mapferry/source.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::ordered_json;  // keeps the user's order

static_assert(kMetadataBytesMax == kDescriptionBytesMax);

Result<std::string> read_notes_file(const std::string& path) {
    auto source = Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    std::string text(kMetadataBytesMax + 1, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        const auto got = source->read(std::as_writable_bytes(std::span(text).subspan(filled)));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    if (filled > kMetadataBytesMax)
        return fail(Code::kUsage, in_quotes(path) + " has more than 64 KiB");
    text.resize(filled);
    return text;
}

std::unexpected<Status> no_json(const std::string& path) {
    return fail(Code::kUsage, in_quotes(path) + " is no JSON");
}

Result<std::vector<PayloadPair>> split_pairs(const std::vector<std::string>& texts) {
    std::vector<PayloadPair> pairs;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(Code::kUsage, "--meta " + in_quotes(text) + " is no KEY=VALUE");
        PayloadPair pair{.key = text.substr(0, equals), .value = text.substr(equals + 1)};
        if (std::ranges::count(pairs, pair.key, &PayloadPair::key) != 0)
            return fail(Code::kUsage, "--meta has the key " + in_quotes(pair.key) + " twice");
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

// A number keeps the text that it has in JSON.
std::optional<std::string> text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return value.dump();
    return std::nullopt;
}

}  // namespace

Result<std::vector<PayloadPair>> pairs_for_payloads(const WriterCommand& command) {
    if (command.meta_json.empty()) return split_pairs(command.meta);
    const auto file = read_notes_file(command.meta_json);
    if (!file) return std::unexpected(file.error());
    const Json json = Json::parse(*file, nullptr, false);
    if (json.is_discarded()) return no_json(command.meta_json);
    if (!json.is_object())
        return fail(Code::kUsage, in_quotes(command.meta_json) + " holds no JSON object");
    std::vector<PayloadPair> pairs;
    for (const auto& [key, value] : json.items()) {
        auto text = text_of(value);
        if (!text)
            return fail(Code::kUsage,
                        fmt::format("{}: the value of {} is no string, number or boolean",
                                    in_quotes(command.meta_json), in_quotes(key)),
                        "payloads carry pairs of texts; send the file as a payload of its own");
        pairs.push_back({.key = key, .value = std::move(*text)});
    }
    return pairs;
}

Result<std::string> metadata_for_frames(const WriterCommand& command) {
    if (!command.meta_json.empty()) {
        auto text = read_notes_file(command.meta_json);
        if (!text || Json::accept(*text)) return text;
        return no_json(command.meta_json);
    }
    const auto pairs = split_pairs(command.meta);
    if (!pairs) return std::unexpected(pairs.error());
    if (pairs->empty()) return std::string();
    Json object = Json::object();
    for (const PayloadPair& pair : *pairs)
        object[pair.key] = pair.value;
    std::string text;
    try {
        text = object.dump();
    } catch (const Json::type_error&) {
        return fail(Code::kUsage, "--meta of frames becomes JSON, and one is not UTF-8");
    }
    if (text.size() > kMetadataBytesMax)
        return fail(Code::kUsage, "--meta of a frame has more than 64 KiB");
    return text;
}

Result<std::string> description_of(const WriterCommand& command) {
    if (command.describe.starts_with('@')) return read_notes_file(command.describe.substr(1));
    if (command.describe.size() > kDescriptionBytesMax)
        return fail(Code::kUsage, "--describe has more than 64 KiB");
    return command.describe;
}

}  // namespace mapferry::cli
