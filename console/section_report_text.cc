// SPDX-License-Identifier: Apache-2.0
#include "console/section_report_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

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

}  // namespace mapferry::cli
