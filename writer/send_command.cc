// SPDX-License-Identifier: Apache-2.0
#include "writer/send_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/short_names.h"
#include "cli/size_text.h"
#include "mapferry/image_file.h"
#include "mapferry/image_probe.h"
#include "mapferry/npy.h"
#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"
#include "writer/name_turn.h"
#include "writer/printed.h"
#include "writer/section_stay.h"
#include "writer/sender_notes.h"
#include "writer/source_check.h"

namespace mapferry::cli {

namespace {

// The number of ordinary files that stay open after the first look. Later files are opened again
// when their turn comes, so that any number of files can be sent. Pipes stay open, because they
// can't be opened again.
constexpr std::size_t kOpenFiles = 16;

// A source that was looked at before the section is created.
struct PlannedSource {
    std::string path;  // empty: a text or standard input
    std::optional<Source> source;
    std::optional<std::uint64_t> payload_bytes;
    std::uint64_t stored_bytes = 0;  // keep: those that are in no hole
};

// Everything that one run sends.
struct Plan {
    std::vector<PlannedSource> sources;
    std::vector<PayloadPair> pairs;  // of each payload
};

Result<PlannedSource> plan_source(const WriterCommand& command, const std::string& path,
                                  bool stays_open) {
    auto source = open_source(command, path);
    if (!source) return std::unexpected(source.error());
    PlannedSource planned{
        .path = path, .source = {}, .payload_bytes = source->info().payload_bytes};
    if (command.keep) {
        auto stored = source->stored_bytes();
        if (!stored) return std::unexpected(stored.error());
        planned.stored_bytes = *stored;
    }
    if (stays_open || path == "-" || source->may_block()) planned.source = std::move(*source);
    return planned;
}

Result<Plan> plan(const WriterCommand& command) {
    if (std::ranges::count(command.files, "-") > 1)
        return fail(Code::kUsage, "standard input can be sent only once");
    auto pairs = pairs_for_payloads(command);
    if (!pairs) return std::unexpected(pairs.error());
    if (auto fit = check_pairs(*pairs); !fit) return std::unexpected(fit.error());
    std::vector<PlannedSource> sources;
    for (const std::string& text : command.texts) {
        Source source = Source::from_text(text);
        const auto bytes = source.info().payload_bytes;
        sources.push_back({.path = {},
                           .source = std::move(source),
                           .payload_bytes = bytes,
                           .stored_bytes = text.size()});
    }
    for (const std::string& path : command.files) {
        auto planned = plan_source(command, path, sources.size() < kOpenFiles);
        if (!planned) return std::unexpected(planned.error());
        sources.push_back(std::move(*planned));
    }
    return Plan{.sources = std::move(sources), .pairs = std::move(*pairs)};
}

Result<Writer> create_writer(const WriterCommand& command,
                             const std::vector<PlannedSource>& sources,
                             const std::atomic<int>& stop) {
    std::vector<std::uint64_t> known_bytes;
    std::uint64_t stored_bytes = 0;
    bool has_holes = false;
    for (const PlannedSource& source : sources) {
        if (!source.payload_bytes) continue;
        known_bytes.push_back(*source.payload_bytes);
        stored_bytes += source.stored_bytes;
        has_holes = has_holes || source.stored_bytes < *source.payload_bytes;
    }
    Workload workload{.known_bytes = known_bytes,
                      .unknown_count = sources.size() - known_bytes.size()};
    if (has_holes) workload.stored_bytes = stored_bytes;
    return Writer::create(
        {.address = command.common.address,
         .delivery = command.keep ? StreamDelivery::kKeep : StreamDelivery::kStream,
         .workload = workload,
         .slot_capacity_bytes = command.slot_capacity_bytes,
         .slot_count = command.slot_count,
         .stall_timeout = command.common.stall_timeout,
         .readers_wanted = static_cast<std::uint32_t>(command.readers),
         .stop = &stop});
}

// Describes the picture or array that a file is.
Result<void> describe(Source& source) {
    const auto image = probe_image(source);
    if (!image) return std::unexpected(image.error());
    if (*image) source.set_image(**image);
    const auto tensor = *image ? std::nullopt : probe_npy(source);
    if (!tensor) return std::unexpected(tensor.error());
    if (*tensor) source.set_tensor(**tensor);
    return {};
}

Result<void> send_one(const WriterCommand& command, const Messages& messages, Writer& writer,
                      const Plan& plan, PlannedSource& planned, Printed& printed) {
    if (!planned.source) {
        auto source = Source::open_file(planned.path);
        if (!source) return std::unexpected(source.error());
        planned.source = std::move(*source);
    }
    Source source = std::move(*planned.source);
    planned.source.reset();
    if (auto described = describe(source); !described) return described;
    source.set_pairs(plan.pairs);
    auto produced = await_producer(command, messages, source, display_name(source.info()),
                                   [&writer] { return writer.check(); });
    if (!produced) return produced;
    ProgressLine progress(messages, command.common.effective_progress(), source.info());
    const double began_s = clock_s();
    auto summary =
        send_payload(writer, source,
                     {.digest = command.digest,
                      .source_change = command.source_change(),
                      .payload_count = plan.sources.size(),
                      .progress = [&progress](std::uint64_t bytes) { progress.update(bytes); }});
    progress.clear();
    if (!summary) return std::unexpected(summary.error());
    const PassedPayload passed{
        .info = source.info(),
        .summary = *summary,
        .seconds = clock_s() - began_s,
        .outcome = command.keep ? "kept in " + to_string(command.common.address) : "sent",
        .output = {}};
    printed.note(messages.passed(passed));
    if (summary->source_changed) warn_of_change(messages, display_name(passed.info));
    const auto& image = passed.info.image;
    if (image && !has_decoder(image->fourcc))
        messages.note(fmt::format("{} travels as bytes: {} is not decoded",
                                  display_name(passed.info), pixel_format_name(image->fourcc)));
    return {};
}

Result<void> send_all(const WriterCommand& command, const Messages& messages, Plan& plan,
                      Writer& writer, Printed& printed) {
    if (auto came = writer.wait_for_readers(static_cast<std::uint32_t>(command.readers),
                                            command.common.timeout);
        !came)
        return came;
    for (PlannedSource& source : plan.sources) {
        auto sent = send_one(command, messages, writer, plan, source, printed);
        if (!sent) return sent;
    }
    auto report = writer.close();
    if (!report) return std::unexpected(report.error());
    if (report->readers_lost != 0)
        messages.warning(fmt::format("{} of {} readers did not get everything",
                                     report->readers_lost,
                                     report->readers_lost + report->readers_served));
    if (report->name_was_lost)
        messages.warning("the section was removed meanwhile: later readers could not find it");
    if (messages.json())
        printed.note(messages.event({{"event", "end"},
                                     {"readers_served", report->readers_served},
                                     {"readers_lost", report->readers_lost},
                                     {"name_was_lost", report->name_was_lost}}));
    return {};
}

}  // namespace

int run_send(const WriterCommand& command, const std::atomic<int>& stop) {
    const Messages messages = command.common.messages();
    if (command.files.empty() && command.texts.empty())
        return messages.ended({Code::kUsage, "nothing to send",
                               "name files, or - for standard input, or --text TEXT", 0});
    auto planned = plan(command);
    if (!planned) return messages.ended(planned.error());
    auto writer = create_in_turn(command, messages, stop,
                                 [&] { return create_writer(command, planned->sources, stop); });
    if (!writer) return messages.ended(writer.error());
    Printed printed;
    auto sent = send_all(command, messages, *planned, *writer, printed);
    // Where a kept section ends with its writer's process, that process stays.
    if (sent && command.keep && !writer->section_persists())
        sent = stay_with_section(
            command.common, "a reader's --consume or ", printed,
            [&writer](const Timeout& timeout) { return writer->linger(timeout); });
    if (!sent) writer->abort(sent.error());
    return messages.ended(sent ? printed.whole() : sent);
}

}  // namespace mapferry::cli
