// SPDX-License-Identifier: Apache-2.0
// Frames through both programs, and what they print about them.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "process/json_page.h"
#include "process/programs.h"

namespace mapferry::testing {

class FramePassing : public ProgramTest {
  protected:
    [[nodiscard]] static Bytes joined(std::initializer_list<Bytes> parts) {
        Bytes all;
        for (const Bytes& part : parts)
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }
    [[nodiscard]] std::string store(const std::string& name, const Bytes& bytes) const {
        write_file(folder_.file(name), bytes);
        return folder_.file(name);
    }
    [[nodiscard]] std::string out(const std::string& name) const { return out_ + "/" + name; }

    struct Both {
        Ended writer;
        Ended reader;
    };
    // Sends frames and receives them; `input` is the writer's standard input.
    [[nodiscard]] Both pass(Words put, Words take, const Bytes& input = {}) const {
        for (Words* const words : {&put, &take})
            words->insert(words->begin(), {"--frames", "--timeout", "20s"});
        ChildProcess writer = start_writer(
            Launch{.arguments = std::move(put), .input = file_stream(store("fed", input))});
        Ended reader = run_reader(std::move(take));
        return {.writer = finish(std::move(writer)), .reader = std::move(reader)};
    }
    // The events "frame" of what was received with --json. Each fits docs/json.md.
    [[nodiscard]] std::vector<nlohmann::json> frames_of(const Both& both) const {
        EXPECT_TRUE(ended_with(0, both.writer));
        EXPECT_TRUE(ended_with(0, both.reader));
        std::vector<nlohmann::json> frames;
        for (const nlohmann::json& event : json_lines(both.reader.output)) {
            EXPECT_EQ(page_.fault_of(event), "") << event;
            if (event.value("event", "") == "frame") frames.push_back(event);
        }
        return frames;
    }

    const JsonPage page_;
};

}  // namespace mapferry::testing
