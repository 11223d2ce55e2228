// SPDX-License-Identifier: Apache-2.0
// A program's messages: lines for people on standard error, or with --json nothing but JSON
// objects, one a line. docs/json.md lists all objects; tests/structure and the test JsonOutput
// check the list.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "cli/json_object.h"
#include "json/notes_json.h"
#include "json/payload_json.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::cli {

enum class Verbosity : std::uint8_t { kNormal, kQuiet };
enum class Format : std::uint8_t { kText, kJson };

using json::PassedPayload;

// The progress of a payload.
struct TransferProgress {
    std::string name;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> total_bytes = {};
    double seconds = 0;
};

// Prints the messages of one program run. JSON goes to standard output, or to standard error when
// standard output carries a payload.
class Messages {
  public:
    Messages(std::string program, Verbosity verbosity, Format format)
        : program_(std::move(program)), verbosity_(verbosity), format_(format) {}

    // From now on standard output carries a payload.
    void leave_stdout_to_payload() { stdout_taken_ = true; }
    // Whether JSON was printed on standard output. No payload may follow it there.
    [[nodiscard]] bool has_used_stdout() const { return stdout_used_; }
    [[nodiscard]] bool json() const { return format_ == Format::kJson; }
    [[nodiscard]] bool quiet() const { return verbosity_ == Verbosity::kQuiet; }

    // Prints a line on standard error, or a "note" object, unless quiet.
    void note(const std::string& line) const;
    // Prints one JSON object on a line of its own. The object is requested output, as a payload is:
    // what it reports counts as delivered only when the object was printed. kIo, and the other
    // errors of print_json().
    [[nodiscard]] Result<void> event(const nlohmann::json& object) const;
    // Prints a payload's summary: a line on standard error, or an event.
    [[nodiscard]] Result<void> passed(const PassedPayload& payload) const;
    // Prints the text of --help or --version.
    [[nodiscard]] Result<void> help(const std::string& text) const;
    // Prints the progress of a payload. REQUIRES: json().
    void progress(const TransferProgress& progress) const;
    // Prints "program: error: ..." and "hint: ...", or an "error" object, and the command goes on.
    // An interrupt prints nothing as text, because the shell reports it; in JSON it is an "error"
    // like any other.
    void error(const Status& status) const;
    // Ends a command: returns 0, or prints the error and returns its exit code. Prints nothing when
    // the reader of standard output has closed it, unless standard output carries a payload, which
    // is then lost.
    [[nodiscard]] int ended(const Result<void>& work) const;
    [[nodiscard]] int ended(const Status& failure) const;
    // Prints "program: warning: ...", or a "warning" object, unless quiet.
    void warning(const std::string& text) const;

  private:
    // Prints an object that is no result. When standard output fails, it goes to standard error.
    void tell(const nlohmann::json& object) const;

    std::string program_;
    Verbosity verbosity_;
    Format format_;
    bool stdout_taken_ = false;
    mutable bool stdout_used_ = false;
};

// The end of a line about a payload whose source changed.
inline constexpr const char* kChangedMark = "  (the source changed while it was sent)";

// photo.bmp  24.9 MiB  3840x2160 BGR24  2.9 GiB/s  xxh3-128 0f...  verified
[[nodiscard]] std::string summary_line(const PassedPayload& passed);
using json::image_json;
using json::summary_json;
// The name of a payload in a line for people.
[[nodiscard]] std::string display_name(const PayloadInfo& info);
// "xxh3-128 0f..." or, over the chunks' checksums, "xxh3-128 0f... of chunks".
[[nodiscard]] std::string digest_text(const PayloadSummary& summary);

}  // namespace mapferry::cli
