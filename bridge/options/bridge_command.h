// SPDX-License-Identifier: Apache-2.0
// What mapferry-bridge is to do. This header does not include CLI11, which takes long to compile
// and constructs objects before main() in every file that includes it.
#pragma once

#include <cstdint>
#include <string>

#include "bridge/options/bridge_url.h"
#include "bridge/options/credentials.h"
#include "cli/common_options.h"

namespace mapferry::cli {

enum class BridgeWork : std::uint8_t { kExport, kImport, kList, kInfo, kVerify, kRemove };

struct BridgeCommand {
    CommonOptions common = {};
    BridgeWork work = BridgeWork::kList;
    BridgeUrl url = {};

    // Of the engine.
    CredentialFiles credentials = {};
    std::string tls_ca = {};  // a file of certificates; empty: those of the system
    bool insecure = false;
    std::string endpoint = {};  // of S3; empty: as the environment says

    // Of kept payloads.
    bool overwrite = false;
    bool content_addressed = false;
    bool verify_sha256 = false;
    std::string watch = {};  // a pattern of section names; empty: none

    // Of what is live.
    bool once = false;              // ends with the present writer
    std::uint64_t readers = 1;      // importers that must be known before anything is sent
    std::string reader_id = {};     // of an importer; empty: this machine's name and the section's
    std::uint64_t frame_slots = 4;  // frames that the engine holds
    std::uint64_t store_bytes = std::uint64_t{1} << 30;  // that the engine holds of a stream
};

}  // namespace mapferry::cli
