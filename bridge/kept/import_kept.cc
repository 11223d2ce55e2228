// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/import_kept.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "bridge/far_slot.h"
#include "bridge/kept/sha256.h"
#include "cli/deadline.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"
#include "mapferry/writer.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLookForObject{250};
constexpr std::size_t kDiscardBytes = std::size_t{1} << 20;

// Waits for the object as a reader waits for its section.
Result<StoredObject> await_object(const BridgeCommand& command, ObjectStore& store,
                                  EngineWatch& watch) {
    const std::string& name =
        command.url.object.empty() ? command.common.address.name : command.url.object;
    const Deadline deadline(command.common.timeout);
    while (true) {
        auto found = store.find(name);
        if (!found) return std::unexpected(found.error());
        if (*found) return std::move(**found);
        if (command.common.timeout == std::chrono::milliseconds(0))
            return fail(Code::kNotFound, "there is no object " + in_quotes(name));
        if (deadline.is_over())
            return fail(Code::kTimedOut, "there is no object " + in_quotes(name) + " yet",
                        Remedy::kRaiseTimeout);
        if (auto slept = watch.pause(kLookForObject); !slept) return std::unexpected(slept.error());
    }
}

// Compares all bytes of an object, in their order, with what the store says of them.
class WholeCheck {
  public:
    WholeCheck(const StoredObject& object, bool wants_sha256) : object_(&object) {
        if (wants_sha256 || (!object.record && !object.may_lack_checksums)) sha256_.emplace();
    }

    void update(std::span<const std::byte> bytes) {
        digest_.update(bytes);
        if (sha256_) sha256_->update(bytes);
    }
    [[nodiscard]] Hash128 digest() const { return digest_.value(); }

    Result<void> finish() {
        if (object_->record && digest_.value() != object_->record->digest)
            return damaged("XXH3-128");
        const StoreChecksums& store = object_->store_checksums;
        if (store.xxh3_128 && digest_.value() != *store.xxh3_128)
            return damaged("XXH3-128 in the store");
        if (store.xxh3_64 && digest_.value64() != *store.xxh3_64)
            return damaged("XXH3-64 in the store");
        if (!sha256_) return {};
        if (object_->sha256.empty())
            return fail(Code::kUsage, in_quotes(object_->name) + " has no SHA-256 to compare");
        const auto sha256 = sha256_->value();
        if (!sha256) return std::unexpected(sha256.error());
        return *sha256 == object_->sha256 ? Result<void>() : damaged("SHA-256");
    }

  private:
    std::unexpected<Status> damaged(const std::string& what) const {
        return fail(Code::kCorrupt, "the object " + in_quotes(object_->name) + " is damaged: its " +
                                        what + " differs");
    }

    const StoredObject* object_;
    Digest128 digest_;
    std::optional<Sha256> sha256_;
};

PayloadInfo info_of(const StoredObject& object) {
    PayloadInfo info = object.record ? object.record->info : PayloadInfo{.name = object.name};
    info.payload_bytes = object.bytes;
    info.payload_index = 0;
    info.payload_count = 1;
    if (!object.record) {
        const std::size_t slash = info.name.rfind('/');
        if (slash != std::string::npos) info.name.erase(0, slash + 1);
    }
    return info;
}

Result<Writer> create_section(const BridgeCommand& command, const StoredObject& object,
                              const EngineWatch& watch) {
    const std::uint64_t bytes[] = {object.bytes};
    WriterOptions options = {.address = command.common.address,
                             .delivery = StreamDelivery::kKeep,
                             .workload = {.known_bytes = bytes},
                             .stop = &watch.stop()};
    const std::uint64_t slot = object.record ? object.record->slot_bytes : 0;
    options.slot_capacity_bytes = slot <= kFarSlotBytesMost ? slot : 0;
    auto writer = Writer::create(options);
    if (writer || writer.error().code != Code::kUsage || options.slot_capacity_bytes == 0)
        return writer;
    options.slot_capacity_bytes = 0;  // no size of slots that this library makes
    return Writer::create(options);
}

// Reads the bytes into the section's slots, in order.
Result<void> fill(Writer& writer, ObjectSource& source, const StoredObject& object,
                  WholeCheck& check, ProgressLine& progress) {
    return writer.fill(object.bytes,
                       [&](std::span<std::byte> target, std::uint64_t offset) -> Result<void> {
                           if (auto read = source.read(target, offset); !read) return read;
                           check.update(target);
                           progress.update(offset + target.size());
                           return {};
                       });
}

Result<PayloadSummary> fill_section(const BridgeCommand& command, const StoredObject& object,
                                    ObjectSource& source, Writer& writer,
                                    const EngineWatch& watch) {
    const PayloadInfo info = info_of(object);
    if (auto begun = writer.begin(info); !begun) return std::unexpected(begun.error());
    WholeCheck check(object, command.verify_sha256);
    ProgressLine progress(watch.messages(), command.common.effective_progress(), info);
    if (auto filled = fill(writer, source, object, check, progress); !filled)
        return std::unexpected(filled.error());
    if (auto sound = check.finish(); !sound) return std::unexpected(sound.error());
    auto summary =
        writer.end(object.record && object.record->source_changed ? PayloadSource::kChanged
                                                                  : PayloadSource::kUnchanged);
    if (!summary) return summary;
    if (auto closed = writer.close(); !closed) return std::unexpected(closed.error());
    return summary;
}

// Whether anything was compared with the bytes. An object of another program may have nothing.
bool is_verified(const StoredObject& object) {
    return object.record || !object.sha256.empty() || object.store_checksums.has_any();
}

Result<void> report(const EngineWatch& watch, const StoredObject& object, PayloadSummary summary,
                    double began_s, std::string outcome) {
    if (!is_verified(object))
        watch.messages().warning("another program stored " + in_quotes(object.name) +
                                 ", without a checksum of its bytes: only their number was "
                                 "compared");
    if (object.record) {
        summary.digest_kind = DigestKind::kBytes;
        summary.digest = object.record->digest;
    }
    return watch.messages().passed({.info = info_of(object),
                                    .summary = summary,
                                    .seconds = clock_s() - began_s,
                                    .outcome = std::move(outcome),
                                    .output = {}});
}

}  // namespace

Result<void> import_kept(const BridgeCommand& command, ObjectStore& store, EngineWatch& watch) {
    const auto object = await_object(command, store, watch);
    if (!object) return std::unexpected(object.error());
    const double began_s = clock_s();
    auto writer = create_section(command, *object, watch);
    if (!writer) return std::unexpected(writer.error());
    auto source = store.open(*object);
    if (!source) return std::unexpected(source.error());
    const auto summary = fill_section(command, *object, **source, *writer, watch);
    if (!summary) {
        writer->abort(summary.error());
        return std::unexpected(summary.error());
    }
    return report(watch, *object, *summary, began_s,
                  "kept in " + to_string(command.common.address));
}

Result<void> verify_object(const BridgeCommand& command, ObjectStore& store, EngineWatch& watch) {
    const auto object = store.find(command.url.object);
    if (!object) return std::unexpected(object.error());
    if (!*object)
        return fail(Code::kNotFound, "there is no object " + in_quotes(command.url.object));
    auto source = store.open(**object);
    if (!source) return std::unexpected(source.error());
    const double began_s = clock_s();
    WholeCheck check(**object, command.verify_sha256);
    ProgressLine progress(watch.messages(), command.common.effective_progress(), info_of(**object));
    std::vector<std::byte> block(kDiscardBytes);
    for (std::uint64_t at = 0; at < (*object)->bytes;) {
        const auto part = std::span(block).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), (*object)->bytes - at)));
        if (auto read = (*source)->read(part, at); !read) return read;
        check.update(part);
        at += part.size();
        progress.update(at);
    }
    if (auto sound = check.finish(); !sound) return sound;
    progress.clear();
    return report(watch, **object,
                  {.payload_bytes = (*object)->bytes,
                   .chunk_count = (*object)->parts,
                   .digest_kind = DigestKind::kBytes,
                   .digest = check.digest()},
                  began_s, "verified");
}

}  // namespace mapferry::cli
