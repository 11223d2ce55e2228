// SPDX-License-Identifier: Apache-2.0
// Kept payloads as plain objects of an S3 bucket, which any tool can read:
//
//     KEY            the bytes, in one request or in parts of 16 MiB
//     KEY.mapferry   what the payload says of itself, and the checksums: stored last, the commit
//
// An object without KEY.mapferry is another program's, and can be imported too.
#pragma once

#include "bridge/kept/object_store.h"
#include "bridge/s3/s3_client.h"
#include "bridge/s3/s3_commit.h"

namespace mapferry::cli {

class S3Objects : public ObjectStore {
  public:
    // Objects are below `prefix` in the bucket. `client` must outlive it.
    S3Objects(S3Client& client, std::string prefix);

    [[nodiscard]] bool stores_sha256() const override { return false; }
    [[nodiscard]] Result<std::optional<StoredObject>> find(const std::string& name) override;
    [[nodiscard]] Result<void> put(const ObjectRecord& record, const PutJob& job) override;
    [[nodiscard]] Result<void> put_link(const std::string& name, const std::string& target,
                                        Existing existing) override;
    [[nodiscard]] Result<std::unique_ptr<ObjectSource>> open(const StoredObject& object) override;
    [[nodiscard]] Result<std::vector<StoredObject>> list() override;
    [[nodiscard]] Result<void> remove(const std::string& name) override;

  private:
    struct Listed;  // what a listing says of a key
    [[nodiscard]] std::string key_of(const std::string& name) const { return prefix_ + name; }
    Result<std::optional<StoredObject>> follow(const std::string& name, int links_most);
    // The object of this commit, as it is now. kCorrupt: it has another number of bytes.
    Result<std::optional<StoredObject>> find_committed(const std::string& name, S3Commit commit);
    // The object that other programs see.
    Result<std::optional<StoredObject>> find_plain(const std::string& name);
    Result<std::optional<S3Commit>> read_commit(const std::string& key);
    // The answer to HEAD, with the store's own checksums. Empty: there is no such object.
    Result<std::optional<S3Answer>> head(const std::string& key);
    Result<void> put_commit(const std::string& key, const S3Commit& commit, Existing existing);
    // Compares what the store says of the object with the record. kCorrupt.
    Result<void> check_store(const std::string& key, const ObjectRecord& record);
    Result<void> remove_key(const std::string& key);
    Result<std::vector<Listed>> list_keys();

    S3Client* client_;
    std::string prefix_;
};

}  // namespace mapferry::cli
