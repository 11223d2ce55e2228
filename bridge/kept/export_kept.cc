// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/export_kept.h"

#include <fmt/format.h>

#include <optional>

#include "bridge/kept/sha256.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

namespace {

// The payload in its section, verified.
struct KeptPayload {
    Reader reader;
    PayloadInfo info;
    std::span<const std::byte> bytes;
    PayloadSummary summary;
};

Result<void> refuse_several(const SectionAddress& address) {
    const auto report = inspect_section(address);
    if (!report) return std::unexpected(report.error());
    if (report->payloads_begun <= 1) return {};
    return fail(Code::kUsage,
                fmt::format("{} keeps {} payloads, and an object is one", to_string(address),
                            report->payloads_begun),
                "keep each in a section of its own, or all in an archive");
}

Result<KeptPayload> open_payload(const BridgeCommand& command, const SectionAddress& address,
                                 const EngineWatch& watch) {
    auto reader = Reader::open({.address = address,
                                .timeout = command.common.timeout,
                                .stall_timeout = command.common.stall_timeout,
                                .stop = &watch.stop()});
    if (!reader) return std::unexpected(reader.error());
    if (auto one = refuse_several(address); !one) return std::unexpected(one.error());
    auto info = reader->next();
    if (!info) return std::unexpected(info.error());
    if (!*info) return fail(Code::kNotFound, to_string(address) + " keeps no payload");
    const auto bytes = reader->view();
    if (!bytes) return std::unexpected(bytes.error());
    const auto summary = reader->summary();
    if (!summary) return fail(Code::kCorrupt, to_string(address) + " has a payload without end");
    return KeptPayload{.reader = std::move(*reader),
                       .info = std::move(**info),
                       .bytes = *bytes,
                       .summary = *summary};
}

Result<ObjectRecord> record_of(const KeptPayload& payload) {
    Digest128 digest(payload.bytes);
    digest.update(payload.bytes);
    const ObjectRecord record = {.info = payload.info,
                                 .payload_bytes = payload.bytes.size(),
                                 .digest = digest.value(),
                                 .slot_bytes = payload.reader.section_info().slot_capacity_bytes,
                                 .source_changed = payload.summary.source_changed};
    if (payload.summary.digest_kind == DigestKind::kBytes &&
        payload.summary.digest != record.digest)
        return fail(Code::kCorrupt, "the payload's bytes have changed since it was kept");
    return record;
}

// Equal bytes have equal names.
std::string name_of_content(const ObjectRecord& record) {
    return fmt::format("xxh3-128/{}-{}", to_hex(record.digest), record.payload_bytes);
}

std::string name_of_object(const std::string& wanted, const ObjectRecord& record,
                           const SectionAddress& address) {
    if (!wanted.empty()) return wanted;
    return record.info.name.empty() ? address.name : record.info.name;
}

Result<void> put_object(const BridgeCommand& command, const KeptPayload& payload,
                        const ObjectRecord& record, const std::string& name, ObjectStore& store,
                        const EngineWatch& watch) {
    PayloadInfo shown = record.info;
    shown.payload_bytes = record.payload_bytes;
    ProgressLine progress(watch.messages(), command.common.effective_progress(), shown);
    std::optional<Sha256Thread> sha256;
    if (store.stores_sha256()) sha256.emplace(payload.bytes);
    return store.put(record,
                     {.name = name,
                      .payload = payload.bytes,
                      .existing = command.overwrite ? Existing::kReplace : Existing::kRefuse,
                      .sha256 = [&sha256] { return sha256->value(); },
                      .progress = [&progress](std::uint64_t bytes) { progress.update(bytes); }});
}

// Stores the bytes once under a name that they determine, and links `name` to that.
Result<void> put_content(const BridgeCommand& command, const KeptPayload& payload,
                         const ObjectRecord& record, const std::string& name, ObjectStore& store,
                         const EngineWatch& watch) {
    const std::string content = name_of_content(record);
    const auto existing = store.find(content);
    if (!existing) return std::unexpected(existing.error());
    if (!*existing) {
        auto put = put_object(command, payload, record, content, store, watch);
        // Another exporter of the same bytes may have been faster.
        if (!put && put.error().code != Code::kCannotCreate) return put;
    }
    if (name == content) return {};
    return store.put_link(name, content,
                          command.overwrite ? Existing::kReplace : Existing::kRefuse);
}

}  // namespace

Result<void> export_kept(const BridgeCommand& command, const SectionAddress& address,
                         const std::string& object, ObjectStore& store, EngineWatch& watch) {
    auto payload = open_payload(command, address, watch);
    if (!payload) return std::unexpected(payload.error());
    const double began_s = clock_s();
    auto record = record_of(*payload);
    if (!record) return std::unexpected(record.error());
    const std::string name = name_of_object(object, *record, address);
    const auto put = command.content_addressed
                         ? put_content(command, *payload, *record, name, store, watch)
                         : put_object(command, *payload, *record, name, store, watch);
    if (!put) return put;
    PayloadSummary summary = payload->summary;
    summary.digest_kind = DigestKind::kBytes;
    summary.digest = record->digest;
    const PassedPayload passed{.info = payload->info,
                               .summary = summary,
                               .seconds = clock_s() - began_s,
                               .outcome = fmt::format("exported as {}", in_quotes(name)),
                               .output = {}};
    return watch.messages().passed(passed);
}

}  // namespace mapferry::cli
