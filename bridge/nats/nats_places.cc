// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "bridge/kept/object_commands.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats/nats_stream.h"
#include "cli/print.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr const char* kPlaceLine = "{:<32} {:<8} {:>10} {:>10} {:>10}\n";

std::string_view kind_name(PlaceKind kind) {
    switch (kind) {
        case PlaceKind::kFrames:
            return "frames";
        case PlaceKind::kQueue:
            return "stream";
        case PlaceKind::kBucket:
            break;
    }
    return "objects";
}

std::string stream_of(PlaceKind kind, const std::string& name) {
    switch (kind) {
        case PlaceKind::kFrames:
            return frame_stream(name);
        case PlaceKind::kQueue:
            return queue_stream(name);
        case PlaceKind::kBucket:
            break;
    }
    return bucket_stream(name);
}

constexpr std::array kKinds = {PlaceKind::kFrames, PlaceKind::kQueue, PlaceKind::kBucket};

// Empty: there is no such stream.
Result<std::optional<FoundPlace>> look_at(NatsConnection& connection, PlaceKind kind,
                                          const std::string& name) {
    FoundPlace place = {.kind = kind, .name = name, .stream = stream_of(kind, name)};
    const auto info = find_stream(connection, place.stream);
    if (!info) return std::unexpected(info.error());
    if (!*info) return std::nullopt;
    place.messages = (*info)->State.Msgs;
    place.bytes = (*info)->State.Bytes;
    place.consumers = static_cast<std::uint64_t>((*info)->State.Consumers);
    return place;
}

Result<std::vector<std::string>> stream_names(NatsConnection& connection) {
    std::vector<std::string> names;
    const auto answer = connection.ask_for_answer("list the streams", [&](jsErrCode& code) {
        StreamNames list;
        const natsStatus status =
            js_StreamNames(Filled(list), connection.jetstream(), nullptr, &code);
        names.clear();
        if (status == NATS_OK)
            for (int i = 0; i < list->Count; ++i)
                names.emplace_back(list->List[i]);
        return status;
    });
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != NATS_OK && answer->status != NATS_NOT_FOUND)
        return std::unexpected(
            nats_failure(*answer, "list the streams", connection.watch().server()));
    return names;
}

Result<void> list_places(NatsConnection& connection) {
    const Messages& messages = connection.watch().messages();
    const auto places = find_places(connection, "");
    if (!places) return std::unexpected(places.error());
    Result<void> printed;
    if (!messages.json() && !places->empty())
        printed =
            print(fmt::format(kPlaceLine, "PLACE", "HOLDS", "BYTES", "MESSAGES", "IMPORTERS"));
    for (const FoundPlace& place : *places) {
        if (!printed) break;
        if (messages.json())
            printed = messages.event({{"event", "place"},
                                      {"name", place.name},
                                      {"holds", kind_name(place.kind)},
                                      {"bytes", place.bytes},
                                      {"messages", place.messages},
                                      {"importers", place.consumers}});
        else
            printed = print(fmt::format(kPlaceLine, escape_for_terminal(place.name),
                                        kind_name(place.kind), format_bytes(place.bytes),
                                        place.messages, place.consumers));
    }
    return printed;
}

// Objects are removed one by one, or with their bucket when it is empty.
Result<void> remove_place(NatsConnection& connection, const FoundPlace& place) {
    if (place.kind == PlaceKind::kBucket) {
        NatsObjects store(connection, place.name);
        const auto objects = store.list();
        if (!objects) return std::unexpected(objects.error());
        if (!objects->empty())
            return fail(Code::kBusy,
                        fmt::format("{} still holds {} objects", place.name, objects->size()),
                        "remove them first");
    }
    return connection.ask("remove " + place.stream, [&](jsErrCode& code) {
        return js_DeleteStream(connection.jetstream(), place.stream.c_str(), nullptr, &code);
    });
}

Result<void> run_on_place(const BridgeCommand& command, NatsConnection& connection,
                          const FoundPlace& place) {
    const Messages& messages = connection.watch().messages();
    if (command.work == BridgeWork::kRemove) {
        auto removed = remove_place(connection, place);
        if (removed && messages.json())
            removed = messages.event({{"event", "removed"}, {"name", place.name}});
        return removed;
    }
    if (place.kind == PlaceKind::kBucket) {
        NatsObjects store(connection, place.name);
        return list_objects(command, store, connection.watch());
    }
    if (messages.json())
        return messages.event({{"event", "place"},
                               {"name", place.name},
                               {"holds", kind_name(place.kind)},
                               {"bytes", place.bytes},
                               {"messages", place.messages},
                               {"importers", place.consumers}});
    return print(fmt::format("{} holds {}: {} in {} messages, {} importers\n",
                             escape_for_terminal(place.name), kind_name(place.kind),
                             format_bytes(place.bytes), place.messages, place.consumers));
}

}  // namespace

Result<std::vector<FoundPlace>> find_places(NatsConnection& connection, const std::string& name) {
    std::vector<FoundPlace> found;
    if (!name.empty()) {
        for (const PlaceKind kind : kKinds) {
            auto place = look_at(connection, kind, name);
            if (!place) return std::unexpected(place.error());
            if (*place) found.push_back(std::move(**place));
        }
        return found;
    }
    const auto streams = stream_names(connection);
    if (!streams) return std::unexpected(streams.error());
    for (const std::string& stream : *streams) {
        for (const PlaceKind kind : kKinds) {
            const std::string prefix = stream_of(kind, "");
            if (!stream.starts_with(prefix)) continue;
            auto place = look_at(connection, kind, stream.substr(prefix.size()));
            if (!place) return std::unexpected(place.error());
            if (*place) found.push_back(std::move(**place));
        }
    }
    std::ranges::sort(found, {}, &FoundPlace::name);
    return found;
}

Result<void> run_place_command(const BridgeCommand& command, NatsConnection& connection) {
    if (command.url.place.empty()) return list_places(connection);
    const auto places = find_places(connection, command.url.place);
    if (!places) return std::unexpected(places.error());
    if (places->empty())
        return fail(Code::kNotFound, "there is no " + in_quotes(command.url.place) + " at " +
                                         connection.watch().server());
    for (const FoundPlace& place : *places)
        if (auto done = run_on_place(command, connection, place); !done) return done;
    return {};
}

}  // namespace mapferry::cli
