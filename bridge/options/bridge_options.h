// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-bridge.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "bridge/options/bridge_url.h"
#include "bridge/options/credentials.h"
#include "cli/common_options.h"
#include "cli/help_text.h"

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

// The words as they are typed, until take_words() has read them.
struct BridgeWords {
    std::string command = {};
    std::string url = {};
    std::string to = {};
    std::string from = {};
};

void add_bridge_options(CLI::App& app, BridgeCommand& command, BridgeWords& words);
// Reads the words into `command`. kUsage: they make no sense together.
[[nodiscard]] Result<void> take_words(const BridgeWords& words, BridgeCommand& command);

extern const Help kBridgeHelp;

}  // namespace mapferry::cli
