// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_options.h"

namespace mapferry::bench {

void add_round_options(CLI::App& app, std::string& role, Round& round) {
    app.add_option("--role", role)->group("");
    app.add_option("--way", round.way)->group("");
    app.add_option("--folder", round.folder)->group("");
    app.add_option("--bytes", round.frame_bytes)->group("");
    app.add_option("--warm-up", round.warm_up_frames)->group("");
    app.add_option("--frames", round.frames)->group("");
    app.add_option("--gap-us", round.gap_us)->group("");
    app.add_flag_callback("--flat-out", [&round] { round.pace = Pace::kFlatOut; })->group("");
    app.add_flag_callback("--unverified", [&round] { round.checking = Checking::kNone; })
        ->group("");
    app.add_flag_callback("--changed-byte", [&round] { round.fault = Fault::kChangedByte; })
        ->group("");
}

std::vector<std::string> options_of(const std::string& role, const Round& round) {
    std::vector<std::string> words = {"--role",    role,
                                      "--way",     round.way,
                                      "--folder",  round.folder,
                                      "--bytes",   std::to_string(round.frame_bytes),
                                      "--warm-up", std::to_string(round.warm_up_frames),
                                      "--frames",  std::to_string(round.frames),
                                      "--gap-us",  std::to_string(round.gap_us)};
    if (round.pace == Pace::kFlatOut) words.emplace_back("--flat-out");
    if (round.checking == Checking::kNone) words.emplace_back("--unverified");
    if (round.fault == Fault::kChangedByte) words.emplace_back("--changed-byte");
    return words;
}

}  // namespace mapferry::bench
