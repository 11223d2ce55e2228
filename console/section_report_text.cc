// SPDX-License-Identifier: Apache-2.0
#include "console/section_report_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/messages.h"
#include "cli/notes_text.h"
#include "console/stream_arguments.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

std::int64_t now_unix_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// UTC, whole seconds: "2024-05-01T12:00:00Z". Empty for a moment outside the calendar.
std::string time_text(std::int64_t unix_ns) {
    const std::time_t seconds =
        static_cast<std::time_t>(unix_ns / 1'000'000'000 - (unix_ns % 1'000'000'000 < 0 ? 1 : 0));
    try {
        return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
    } catch (const std::exception&) {
        return {};
    }
}

// The beginning of a text of another process, on one line.
std::string shortened(const std::string& text) {
    constexpr std::size_t kBytesMax = 200;
    std::string shown = escape_for_terminal(text.substr(0, kBytesMax));
    return text.size() > kBytesMax ? shown + " ..." : shown;
}

std::string payload_text(const PayloadReport& payload) {
    const PayloadInfo& info = payload.info;
    std::string text = fmt::format("payload {}: {}", info.payload_index, display_name(info));
    if (payload.summary)
        text += "  " + format_bytes(payload.summary->payload_bytes);
    else if (info.payload_bytes)
        text += "  " + format_bytes(*info.payload_bytes);
    else
        text += "  size not known yet";
    if (info.image) text += "  " + to_string(*info.image);
    if (info.tensor) text += "  " + to_string(*info.tensor);
    if (payload.state == PayloadState::kUnfinished)
        text += fmt::format("  {} there", format_bytes(payload.present_bytes));
    if (info.mtime_unix_ns) text += "  " + time_text(*info.mtime_unix_ns);
    if (info.permission_bits) text += fmt::format("  mode {:04o}", *info.permission_bits);
    if (payload.summary) text += "  " + digest_text(*payload.summary);
    text += "  " + payload_state_name(payload.state);
    const bool changed = payload.summary && payload.summary->source_changed;
    return changed ? text + kChangedMark : text;
}

nlohmann::json payload_json(const PayloadReport& payload) {
    const PayloadInfo& info = payload.info;
    nlohmann::json object = {{"index", info.payload_index},
                             {"name", info.name},
                             {"text", info.is_text},
                             {"state", payload_state_name(payload.state)},
                             {"present_bytes", payload.present_bytes}};
    if (info.payload_bytes) object["bytes"] = *info.payload_bytes;
    if (info.mtime_unix_ns) object["mtime_unix_ns"] = *info.mtime_unix_ns;
    if (info.permission_bits) object["mode"] = fmt::format("{:04o}", *info.permission_bits);
    if (info.image) object["image"] = image_json(*info.image);
    add_notes(object, info);
    if (payload.summary) {
        object["bytes"] = payload.summary->payload_bytes;
        object["xxh3_128"] = to_hex(payload.summary->digest);
        object["source_changed"] = payload.summary->source_changed;
        object["digest_over"] =
            payload.summary->digest_kind == DigestKind::kBytes ? "bytes" : "chunks";
    }
    return object;
}

// The option with which a command names this account.
std::string share_words(const Sharing& sharing) {
    if (sharing.with == ShareWith::kNobody) return {};
    return std::string(" --share ") + (sharing.with == ShareWith::kGroup ? "group:" : "user:") +
           sharing.account;
}

// The commands with which a user can look at the frames.
std::string viewer_commands(const SectionReport& report) {
    const SectionAddress& address = report.address;
    const std::string reader =
        "mapferry receive --frames -o - " +
        (address.backing_path.empty() ? "--name " + address.name
                                      : "--backing " + address.backing_path) +
        share_words(address.sharing);
    std::string text;
    if (const auto arguments = ffmpeg_arguments(report))
        text += fmt::format("  look: {} | ffplay {} -\n", reader, *arguments);
    if (const auto arguments = gstreamer_arguments(report))
        text += fmt::format("  look: {} | gst-launch-1.0 {} ! videoconvert ! autovideosink\n",
                            reader, *arguments);
    return text;
}

std::string owner_rows(const SectionReport& report) {
    std::string text;
    if (!report.owner.empty())
        text += fmt::format("  owner      {}\n", escape_for_terminal(report.owner));
    if (!report.shared_with.empty())
        text += fmt::format("  shared     with {}\n", escape_for_terminal(report.shared_with));
    return text;
}

// A buffer has no messages, and its readers are not known.
std::string buffer_text(const SectionReport& report) {
    return fmt::format(
        "{}: buffer, {}\n"
        "  label      {}\n"
        "{}"
        "  creator    process {}\n"
        "  created    {} ago, {}\n"
        "  epoch      {:016x}\n"
        "  size       {} bytes\n"
        "  memory     {} used of {}\n",
        to_string(report.address), condition_of(report), escape_for_terminal(report.label),
        owner_rows(report), report.creator_pid, age_text(report.created_unix_ns),
        time_text(report.created_unix_ns), report.epoch, report.section.buffer_bytes,
        format_bytes(report.used_bytes), format_bytes(report.section.section_bytes));
}

std::string figures_text(const ReaderFigures& figures) {
    std::string text =
        fmt::format("{} frames taken, {} missed", figures.frames_taken, figures.frames_missed);
    if (figures.latency_mean_ns) text += ", latency " + latency_text(*figures.latency_mean_ns);
    return text;
}

}  // namespace

nlohmann::json reader_json(const ReaderReport& reader) {
    nlohmann::json object = {{"line", reader.line},
                             {"pid", reader.process_id},
                             {"cursor", reader.cursor},
                             {"admitted", reader.admitted},
                             {"frames_taken", reader.figures.frames_taken},
                             {"frames_missed", reader.figures.frames_missed}};
    if (reader.figures.latency_ns) object["latency_ns"] = *reader.figures.latency_ns;
    if (reader.figures.latency_mean_ns) object["latency_mean_ns"] = *reader.figures.latency_mean_ns;
    return object;
}

std::string condition_of(const SectionReport& report) {
    if (report.section.delivery == Delivery::kBuffer) return lock_state_name(report.lock);
    if (report.dead) return "dead";
    if (report.state == SectionState::kAborted) return "aborted";
    if (report.section.delivery == Delivery::kKeep)
        return report.state == SectionState::kEnded ? "kept" : "filling";
    if (report.state == SectionState::kNew) return "waiting for readers";
    return report.state == SectionState::kEnded ? "ending" : "streaming";
}

std::string owner_text(const SectionReport& report) {
    std::string text = report.owner.empty() ? "" : "of " + escape_for_terminal(report.owner);
    if (!report.shared_with.empty())
        text += (text.empty() ? "shared with " : ", shared with ") +
                escape_for_terminal(report.shared_with);
    return text;
}

std::string age_text(std::int64_t unix_ns) {
    // Seconds first: another process chose the moment, and any difference of seconds fits.
    const std::int64_t seconds =
        std::max<std::int64_t>(now_unix_ns() / 1'000'000'000 - unix_ns / 1'000'000'000, 0);
    if (seconds < 120) return fmt::format("{} s", seconds);
    if (seconds < 7200) return fmt::format("{} min", seconds / 60);
    if (seconds < 172'800) return fmt::format("{} h", seconds / 3600);
    return fmt::format("{} d", seconds / 86'400);
}

std::string report_text(const SectionReport& report) {
    const SectionInfo& section = report.section;
    if (section.delivery == Delivery::kBuffer) return buffer_text(report);
    std::string text = fmt::format("{}: {}, {}\n", to_string(report.address),
                                   delivery_name(section.delivery), condition_of(report));
    const auto row = [&text](const char* name, const std::string& value) {
        text += fmt::format("  {:<11}{}\n", name, value);
    };
    row("label", escape_for_terminal(report.label));
    text += owner_rows(report);
    row("writer", fmt::format("process {}, {}", report.creator_pid,
                              report.writer_alive ? "alive"
                              : report.dead       ? "dead"
                                                  : "finished"));
    row("created", fmt::format("{} ago, {}", age_text(report.created_unix_ns),
                               time_text(report.created_unix_ns)));
    row("epoch", fmt::format("{:016x}", report.epoch));
    row("ring", fmt::format("{} slots of {}", section.slot_count,
                            format_bytes(section.slot_capacity_bytes)));
    row("memory", fmt::format("{} used of {}", format_bytes(report.used_bytes),
                              format_bytes(section.section_bytes)));
    const bool frames = carries_frames(section.delivery);
    row(frames ? "frames" : "messages", std::to_string(report.published));
    if (!frames)
        row("payloads", fmt::format("{} begun, {} ended, {}", report.payloads_begun,
                                    report.payloads_ended, format_bytes(report.payload_bytes)));
    if (frames)
        row("readers", std::to_string(report.readers.size()));
    else if (section.delivery == Delivery::kStream)
        row("readers", fmt::format("{} here, {} served, {} lost", report.readers.size(),
                                   report.readers_served, report.readers_lost));
    for (const ReaderReport& reader : report.readers)
        text += fmt::format("  reader {}: process {}, {}\n", reader.line, reader.process_id,
                            frames            ? figures_text(reader.figures)
                            : reader.admitted ? fmt::format("at message {}", reader.cursor)
                                              : "waits for the next payload");
    for (const PayloadReport& payload : report.payloads) {
        text += "  " + payload_text(payload) + "\n";
        for (const PayloadPair& pair : payload.info.pairs)
            text += fmt::format("    {} = {}\n", shortened(pair.key), shortened(pair.value));
    }
    if (report.image) row("image", to_string(*report.image));
    if (report.tensor) row("array", to_string(*report.tensor));
    if (const std::string facts = facts_text(report.facts); !facts.empty()) row("facts", facts);
    if (!report.description.text.empty()) row("describes", shortened(report.description.text));
    text += viewer_commands(report);
    return text;
}

nlohmann::json report_json(const SectionReport& report) {
    const SectionInfo& section = report.section;
    nlohmann::json object = {{"event", "section"},
                             {"name", report.address.name},
                             {"label", report.label},
                             {"mode", std::string(delivery_name(section.delivery))},
                             {"condition", condition_of(report)},
                             {"state", state_name(report.state)},
                             {"writer_alive", report.writer_alive},
                             {"writer_pid", report.creator_pid},
                             {"dead", report.dead},
                             {"created_unix_ns", report.created_unix_ns},
                             {"epoch", fmt::format("{:016x}", report.epoch)},
                             {"slots", section.slot_count},
                             {"slot_bytes", section.slot_capacity_bytes},
                             {"section_bytes", section.section_bytes},
                             {"used_bytes", report.used_bytes},
                             {"messages", report.published},
                             {"payloads_begun", report.payloads_begun},
                             {"payloads_ended", report.payloads_ended},
                             {"payload_bytes", report.payload_bytes},
                             {"readers_served", report.readers_served},
                             {"readers_lost", report.readers_lost}};
    if (!report.address.backing_path.empty()) object["backing"] = report.address.backing_path;
    if (!report.owner.empty()) object["owner"] = report.owner;
    if (!report.shared_with.empty()) object["shared_with"] = report.shared_with;
    if (report.image) object["image"] = image_json(*report.image);
    if (report.tensor) object["tensor"] = tensor_json(*report.tensor);
    add_facts(object, report.facts);
    if (report.description.version != 0) {
        object["description"] = report.description.text;
        object["description_version"] = report.description.version;
    }
    if (section.delivery == Delivery::kBuffer) object["buffer_bytes"] = section.buffer_bytes;
    object["readers"] = nlohmann::json::array();
    for (const ReaderReport& reader : report.readers)
        object["readers"].push_back(reader_json(reader));
    object["payloads"] = nlohmann::json::array();
    for (const PayloadReport& payload : report.payloads)
        object["payloads"].push_back(payload_json(payload));
    return object;
}

}  // namespace mapferry::cli
