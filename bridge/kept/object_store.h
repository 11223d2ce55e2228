// SPDX-License-Identifier: Apache-2.0
// A store of objects that keeps payloads: what an engine has to do, so that kept payloads can be
// exported to it and imported from it. The engines are in folders of their own (nats/).
//
//     export_kept.cc --> ObjectStore::put()           all of the payload lies before it
//     import_kept.cc --> ObjectStore::open(), read()  fills the slots of the new section
//
// The common side has the hashes, the names, the progress and the events; an engine has parts,
// windows, resuming and its own checks. An engine repeats what the connection lost until its
// EngineWatch gives up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// What is stored with a payload's bytes, so that the far section is like the near one.
struct ObjectRecord {
    PayloadInfo info = {};
    std::uint64_t payload_bytes = 0;
    Hash128 digest = {};           // XXH3-128 over the bytes, whatever the section has
    std::uint64_t slot_bytes = 0;  // of the exporting section; with the same slots the digest over
                                   // the chunks is the same. 0: not known
    bool source_changed = false;
};

// Checksums over all bytes of an object that the store itself took, where it does.
struct StoreChecksums {
    std::optional<Hash128> xxh3_128 = {};
    std::optional<std::uint64_t> xxh3_64 = {};

    [[nodiscard]] bool has_any() const { return xxh3_128 || xxh3_64; }
};

// An object that is complete in the store.
struct StoredObject {
    std::string name = {};
    std::uint64_t bytes = 0;
    std::optional<ObjectRecord> record = {};  // empty: another program put it there
    std::string sha256 = {};                  // 32 bytes; empty: the store has none
    std::int64_t stored_unix_ns = 0;          // 0: not known
    // The engine's own: which version of the object this is, and in how many parts it lies.
    std::string version = {};
    std::uint64_t revision = 0;
    std::uint64_t parts = 0;
    std::uint64_t part_bytes = 0;
    std::vector<std::uint64_t> part_xxh3 = {};  // XXH3-64 of each part; empty: kept elsewhere
    StoreChecksums store_checksums = {};
    bool may_lack_checksums = false;  // of another program, in a store that keeps none
};

// Whether an object of the same name may be replaced.
enum class Existing : std::uint8_t { kRefuse, kReplace };

// What put() needs beside the record.
struct PutJob {
    std::string name = {};  // of the object
    std::span<const std::byte> payload = {};
    Existing existing = Existing::kRefuse;
    // The SHA-256 of the payload, 32 bytes. Another thread takes it; this waits for it.
    std::function<Result<std::string>()> sha256 = {};
    // The bytes that are safely stored so far, from time to time.
    std::function<void(std::uint64_t stored_bytes)> progress = {};
};

// An object that is being read.
class ObjectSource {
  public:
    ObjectSource() = default;
    virtual ~ObjectSource() = default;
    ObjectSource(const ObjectSource&) = delete;
    ObjectSource& operator=(const ObjectSource&) = delete;

    // Fills all of `target` with the object's bytes from `offset` on, where the call before ended.
    // They were compared with the checksums of their parts. kUsage: another offset; kCorrupt;
    // kNotFound: the object was removed meanwhile; errors of the connection.
    [[nodiscard]] virtual Result<void> read(std::span<std::byte> target, std::uint64_t offset) = 0;
};

class ObjectStore {
  public:
    ObjectStore() = default;
    virtual ~ObjectStore() = default;
    ObjectStore(const ObjectStore&) = delete;
    ObjectStore& operator=(const ObjectStore&) = delete;

    // Whether put() asks for the SHA-256.
    [[nodiscard]] virtual bool stores_sha256() const { return true; }
    // The complete object of this name; follows links. Empty: there is none.
    [[nodiscard]] virtual Result<std::optional<StoredObject>> find(const std::string& name) = 0;
    // Stores the payload, and last of all its record: the object appears when it is whole. Goes on
    // where an earlier run with the same bytes was interrupted. kCannotCreate: there is an object
    // of this name, or another exporter was faster; kIo: the store is full.
    [[nodiscard]] virtual Result<void> put(const ObjectRecord& record, const PutJob& job) = 0;
    // Makes `name` another name of the object `target`. Errors as put().
    [[nodiscard]] virtual Result<void> put_link(const std::string& name, const std::string& target,
                                                Existing existing) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<ObjectSource>> open(
        const StoredObject& object) = 0;
    // All complete objects, sorted by name. Links are not followed: they have no version.
    [[nodiscard]] virtual Result<std::vector<StoredObject>> list() = 0;
    // Removes the object, or the link alone. kNotFound.
    [[nodiscard]] virtual Result<void> remove(const std::string& name) = 0;
};

}  // namespace mapferry::cli
