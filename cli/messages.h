// SPDX-License-Identifier: Apache-2.0
// Everything that a program says: lines for people on standard error, or with --json objects, one a
// line, and nothing else. docs/json.md lists them all; tests/structure and JsonOutput hold it to
// that.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::cli {

enum class Verbosity : std::uint8_t { kNormal, kQuiet };
enum class Format : std::uint8_t { kText, kJson };

struct PassedPayload;

// How far a payload is.
struct TransferProgress {
    std::string name;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> total_bytes = {};
    double seconds = 0;
};

// What one program run says, and where. JSON goes to standard output, or to standard error once
// standard output carries a payload.
class Messages {
  public:
    Messages(std::string program, Verbosity verbosity, Format format)
        : program_(std::move(program)), verbosity_(verbosity), format_(format) {}

    // Standard output belongs to a payload from now on.
    void leave_stdout_to_payload() { stdout_taken_ = true; }
    // Whether JSON has gone to standard output, which no payload may follow.
    [[nodiscard]] bool has_used_stdout() const { return stdout_used_; }
    [[nodiscard]] bool json() const { return format_ == Format::kJson; }
    [[nodiscard]] bool quiet() const { return verbosity_ == Verbosity::kQuiet; }

    // A line on standard error, or a "note", unless quiet.
    void note(const std::string& line) const;
    // One JSON object on a line of its own. On standard output it was asked for, as a payload is:
    // what it is about counts as delivered only when it got there. kIo; else as print_json().
    [[nodiscard]] Result<void> event(const nlohmann::json& object) const;
    // A payload's summary: a line on standard error, or an event.
    [[nodiscard]] Result<void> passed(const PassedPayload& payload) const;
    // What --help and --version print.
    [[nodiscard]] Result<void> help(const std::string& text) const;
    // How far a payload is. REQUIRES: json().
    void progress(const TransferProgress& progress) const;
    // "program: error: ..." and "hint: ...", or an "error". Returns the exit code. An interrupt
    // needs no words where the shell says it, and is an "error" like any other in JSON.
    int error(const Status& status) const;
    // 0, or what error() gives. A reader of standard output that has gone needs no words.
    [[nodiscard]] int ended(const Result<void>& work) const;
    // "program: warning: ...", or a "warning", unless quiet.
    void warning(const std::string& text) const;

  private:
    // What is said beside the results: where standard output fails, standard error has it.
    void tell(const nlohmann::json& object) const;

    std::string program_;
    Verbosity verbosity_;
    Format format_;
    bool stdout_taken_ = false;
    mutable bool stdout_used_ = false;
};

// A payload that passed, as both programs report it.
struct PassedPayload {
    PayloadInfo info;
    PayloadSummary summary;
    double seconds = 0;
    std::string outcome;  // "verified", "kept as ...", "sent to ..."
    std::string output;   // reader: where it went; empty = not said
};

// Behind what is said of a payload whose source changed.
inline constexpr const char* kChangedMark = "  (the source changed while it was sent)";

// photo.bmp  24.9 MiB  3840x2160 BGR24  2.9 GiB/s  xxh3-128 0f...  verified
[[nodiscard]] std::string summary_line(const PassedPayload& passed);
[[nodiscard]] nlohmann::json summary_json(const PassedPayload& passed);
[[nodiscard]] nlohmann::json image_json(const ImageDescription& image);
// What to call a payload in a line for people.
[[nodiscard]] std::string display_name(const PayloadInfo& info);
// "xxh3-128 0f..." or, over the chunks' checksums, "xxh3-128 0f... of chunks".
[[nodiscard]] std::string digest_text(const PayloadSummary& summary);

}  // namespace mapferry::cli
