// Everything that a program says: errors and hints on standard error, JSON lines on request.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::cli {

enum class Verbosity : std::uint8_t { kNormal, kQuiet };
enum class Format : std::uint8_t { kText, kJson };

struct PassedPayload;

// What one program run says, and where. JSON lines go to standard output, or to standard error once
// standard output carries a payload.
class Messages {
  public:
    Messages(std::string program, Verbosity verbosity, Format format)
        : program_(std::move(program)), verbosity_(verbosity), format_(format) {}

    // Standard output belongs to a payload from now on.
    void leave_stdout_to_payload() { stdout_taken_ = true; }
    [[nodiscard]] bool json() const { return format_ == Format::kJson; }
    [[nodiscard]] bool quiet() const { return verbosity_ == Verbosity::kQuiet; }

    // A line on standard error, unless quiet or JSON.
    void note(const std::string& line) const;
    // One JSON object on a line of its own. On standard output it was asked for, as a payload is:
    // what it is about counts as delivered only when it got there. kIo; else as print_json().
    [[nodiscard]] Result<void> event(const nlohmann::json& object) const;
    // A payload's summary: a line on standard error, or an event.
    [[nodiscard]] Result<void> passed(const PassedPayload& payload) const;
    // "program: error: ..." and "hint: ..."; with JSON also an event. Returns the exit code.
    int error(const Status& status) const;
    // 0, or what error() gives. An interrupt needs no words, nor does a reader of standard output
    // that has gone.
    [[nodiscard]] int ended(const Result<void>& work) const;
    // "program: warning: ...", unless quiet.
    void warning(const std::string& text) const;

  private:
    std::string program_;
    Verbosity verbosity_;
    Format format_;
    bool stdout_taken_ = false;
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
