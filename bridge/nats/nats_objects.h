// SPDX-License-Identifier: Apache-2.0
// Kept payloads as objects in a bucket of a NATS server, in the layout of ADR-20:
//
//     stream OBJ_bucket
//       $O.bucket.C.nuid        the chunks, 128 KiB each, in order
//         Nats-Msg-Id: run:i    a chunk that one run sends twice is stored once
//         Mapferry-Xxh3: ...    XXH3-64 of the chunk
//       $O.bucket.M.base64(name)  the metadata, last: the object appears
//
// The nuid is made from the name and the digest of the bytes. So a second run with the same bytes
// finds the chunks of the first, and goes on behind the last one.
#pragma once

#include "bridge/kept/object_store.h"
#include "bridge/nats/nats_connection.h"
#include "bridge/nats/object_metadata.h"

namespace mapferry::cli {

inline constexpr std::uint64_t kChunkBytes = 131'072;  // the default of all clients
inline constexpr const char* kXxh3Header = "Mapferry-Xxh3";
inline constexpr const char* kMessageIdHeader = "Nats-Msg-Id";

// A bucket's metadata message.
struct FoundMetadata {
    ObjectMetadata metadata;
    std::uint64_t sequence = 0;  // in the stream
    std::int64_t stored_unix_ns = 0;
};

class NatsObjects : public ObjectStore {
  public:
    // `connection` must outlive it.
    NatsObjects(NatsConnection& connection, std::string bucket);

    [[nodiscard]] Result<std::optional<StoredObject>> find(const std::string& name) override;
    [[nodiscard]] Result<void> put(const ObjectRecord& record, const PutJob& job) override;
    [[nodiscard]] Result<void> put_link(const std::string& name, const std::string& target,
                                        Existing existing) override;
    [[nodiscard]] Result<std::unique_ptr<ObjectSource>> open(const StoredObject& object) override;
    [[nodiscard]] Result<std::vector<StoredObject>> list() override;
    [[nodiscard]] Result<void> remove(const std::string& name) override;

  private:
    Result<void> create_bucket();
    // The name's metadata, also that of a deleted object. Empty: there is none.
    Result<std::optional<FoundMetadata>> look(const std::string& name);
    Result<std::optional<StoredObject>> follow(const std::string& name, int links_most);
    // Stores the metadata if the name's last one is still the one of `before`. kCannotCreate: it is
    // not.
    Result<void> commit(const ObjectMetadata& metadata, std::uint64_t before);
    Result<std::uint64_t> may_create(const std::string& name, Existing existing,
                                     std::optional<FoundMetadata>& old);
    Result<void> give_way(const ObjectMetadata& ours, const Result<void>& why);
    Result<void> purge_chunks(const std::string& nuid);

    NatsConnection* connection_;
    std::string bucket_;
    std::string stream_;
};

}  // namespace mapferry::cli
