// SPDX-License-Identifier: Apache-2.0
// Sweeps: the test plays a scene again and again, and each time intervenes in its victim at another
// system call. docs/TESTING.md explains how to read and repeat a failure.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "process/programs.h"
#include "support/traced_process.h"

namespace mapferry::testing {

// The file found under an output's name.
enum class Found : std::uint8_t { kNothing, kFirst, kNext, kTorn };

// The counts of a sweep; ./run soak prints them.
struct SweepFigures {
    std::uint64_t runs = 0;
    std::uint64_t torn = 0;    // outputs that are neither absent nor whole
    std::uint64_t stuck = 0;   // processes that the watchdog had to end
    std::uint64_t leaked = 0;  // sections and temporaries that gc left
};

// The stage of a sweep: a section name, two sources, a folder for outputs, and the programs.
class SweepTest : public ProgramTest {
  public:
    SweepTest();

    using ProgramTest::finish;
    using ProgramTest::run_reader;
    using ProgramTest::run_tool;
    using ProgramTest::run_writer;
    using ProgramTest::start_reader;
    using ProgramTest::start_writer;
    [[nodiscard]] const UniqueSection& section() const { return section_; }

    // The sources of the victim's run and of the next run.
    [[nodiscard]] const std::string& first() const { return first_; }
    [[nodiscard]] const std::string& next() const { return next_; }
    // Raw videos of kVideoFrames frames. Each frame repeats one byte, and no two frames are alike.
    [[nodiscard]] const std::string& first_video() const { return first_video_; }
    [[nodiscard]] const std::string& next_video() const { return next_video_; }
    // The path of an output, and its state.
    [[nodiscard]] std::string out(const std::string& name) const { return out_ + "/" + name; }
    [[nodiscard]] Found found(const std::string& name);
    // Whether found() would not report the output as torn.
    [[nodiscard]] bool is_whole(const std::string& name) const;
    // Checks that every file whose name begins with `prefix` is one whole frame; returns their
    // number.
    [[nodiscard]] std::size_t count_whole_frames(const std::string& prefix);
    // Waits for the child's end; counts the child as stuck if the watchdog has to end it.
    [[nodiscard]] Ended end_of(ChildProcess& child);
    [[nodiscard]] std::string backing() const { return folder_.file("section.map"); }
    // Makes a section that a dead writer left under the name.
    void make_dead_section(const std::string& name) const;
    // Collects garbage and empties the outputs' folder for the next run. Counts leaked sections and
    // temporaries.
    void clear_stage();

    SweepFigures figures;
    // A victim without nameless files may leave a hidden name beside its output.
    bool hidden_names_may_stay = false;

  protected:
    static void SetUpTestSuite();

  private:
    std::string first_;
    std::string next_;
    std::string first_video_;
    std::string next_video_;
};

inline constexpr std::uint64_t kVideoFrames = 3;
inline const Words kVideoShape = {"--frames", "--image", "16x16:GRAY8"};

[[nodiscard]] inline Words operator+(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

inline void expect_told(const Ended& ended) {
    EXPECT_TRUE(contains(ended.errors, "error: ")) << ended.command << "\n" << ended.errors;
}

// One way to pass a payload, with a victim.
class Scene {
  public:
    explicit Scene(SweepTest& stage) : stage_(&stage) {}
    virtual ~Scene() = default;
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    // Prepares the state before the victim runs.
    virtual void prepare() {}
    [[nodiscard]] virtual Launch victim() = 0;
    // Checks the state after the victim's end, in whatever way it ended: the other processes end as
    // documented, nothing is torn, and the next run works.
    virtual void judge(const Traced& victim) = 0;

  protected:
    [[nodiscard]] SweepTest& stage() const { return *stage_; }
    [[nodiscard]] Launch writer(Words words) const;
    [[nodiscard]] Launch reader(Words words) const;

  private:
    SweepTest* stage_;
};

struct SceneChoice {
    const char* name = "";
    std::unique_ptr<Scene> (*make)(SweepTest&) = nullptr;
    bool no_nameless_files = false;
};
[[nodiscard]] const std::vector<SceneChoice>& scenes();
[[nodiscard]] const std::vector<SceneChoice>& other_scenes();  // the scenes of frames and buffers
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
inline void PrintTo(const SceneChoice& choice, std::ostream* stream) {
    *stream << choice.name;
}

// Plays the scene once. Only the victim gets `environment`.
Traced play(SweepTest& stage, const SceneChoice& choice, const Intervention& what,
            const std::vector<std::pair<std::string, std::string>>& environment = {});

// The largest number of indices that a run takes, in its short and in its long form.
struct Share {
    std::uint64_t in_short = 1;
    std::uint64_t in_long = ~std::uint64_t{0};
};
// The indices below `count` that this run takes, spread from a random start; MAPFERRY_SWEEP_CALL=K
// selects K alone.
[[nodiscard]] std::vector<std::uint64_t> chosen_indices(std::uint64_t count, const Share& share);

void print_figures(const std::string& what, const SweepFigures& figures);

}  // namespace mapferry::testing
