// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_test.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "mapferry/writer.h"
#include "platform/clock.h"
#include "platform/linux/paths_linux.h"
#include "support/private_shm.h"
#include "support/soak_time.h"

namespace mapferry::testing {

namespace {

constexpr std::size_t kFrameBytes = 256;
constexpr std::uint64_t kFirstBytes = 60'000;
constexpr std::uint64_t kNextBytes = 5000;

// Writes frames of `first`, `first` + 1, ...
void write_video(const std::string& path, unsigned first) {
    Bytes video;
    for (unsigned i = 0; i < kVideoFrames; ++i)
        video.insert(video.end(), kFrameBytes, static_cast<std::byte>(first + i));
    write_file(path, video);
}

bool is_frame(const Bytes& bytes) {
    const bool known = bytes.size() == kFrameBytes && bytes[0] != std::byte{0};
    return known && std::ranges::count(bytes, bytes[0]) == static_cast<std::ptrdiff_t>(kFrameBytes);
}

// The names in the sections' folder that belong to mapferry: sections and temporaries.
std::vector<std::string> names_left(bool all) {
    std::vector<std::string> names;
    for (const std::string& name : ScratchFolder::names_in(std::string(platform::kShmFolder)))
        if (all && (name.starts_with(platform::kShmPrefix) ||
                    name.starts_with(platform::kTemporaryPrefix)))
            names.push_back(name);
    return names;
}

bool have_private_shm = false;

}  // namespace

void SweepTest::SetUpTestSuite() {
    static const bool entered = enter_private_shm();
    have_private_shm = entered;
}

SweepTest::SweepTest()
    : first_(make_source(kFirstBytes, "first.bin")),
      next_(make_source(kNextBytes, "next.bin")),
      first_video_(folder_.file("first.raw")),
      next_video_(folder_.file("next.raw")) {
    write_video(first_video_, 1);
    write_video(next_video_, 101);
}

Found SweepTest::found(const std::string& name) {
    const std::string path = out(name);
    if (!std::filesystem::exists(path)) return Found::kNothing;
    if (same_content(path, first_)) return Found::kFirst;
    if (same_content(path, next_)) return Found::kNext;
    ++figures.torn;
    ADD_FAILURE() << path << " is torn: " << std::filesystem::file_size(path) << " bytes";
    return Found::kTorn;
}

bool SweepTest::is_whole(const std::string& name) const {
    const std::string path = out(name);
    return !std::filesystem::exists(path) || same_content(path, first_) ||
           same_content(path, next_);
}

std::size_t SweepTest::count_whole_frames(const std::string& prefix) {
    std::size_t count = 0;
    for (const std::string& name : ScratchFolder::names_in(out_)) {
        if (!name.starts_with(prefix)) continue;
        ++count;
        if (is_frame(read_file(out(name)))) continue;
        ++figures.torn;
        ADD_FAILURE() << name << " is no whole frame";
    }
    return count;
}

Ended SweepTest::end_of(ChildProcess& child) {
    const Exit exit = child.wait();
    if (exit == ended_by(Signal::kKill)) ++figures.stuck;
    return {.exit = exit,
            .output = child.output(),
            .errors = child.errors(),
            .command = child.command()};
}

void SweepTest::make_dead_section(const std::string& name) const {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto made = Writer::create(
            {.address = {.name = name, .backing_path = {}}, .delivery = StreamDelivery::kStream});
        ::_exit(made ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void SweepTest::clear_stage() {
    const auto collected = collect_garbage();
    ASSERT_TRUE(collected) << describe(collected.error());
    EXPECT_TRUE(collected->failed.empty()) << describe(collected->failed.front());
    if (section_.exists()) {
        ++figures.leaked;
        ADD_FAILURE() << "gc left the section";
        section_.remove();
    }
    for (const std::string& name : names_left(have_private_shm)) {
        ++figures.leaked;
        ADD_FAILURE() << "gc left " << name;
        std::filesystem::remove(std::string(platform::kShmFolder) + "/" + name);
    }
    for (const std::string& name : ScratchFolder::names_in(out_)) {
        if (name.starts_with('.') && !hidden_names_may_stay) {
            ++figures.leaked;
            ADD_FAILURE() << "left in the folder of outputs: " << name;
        }
        std::filesystem::remove(out(name));
    }
    std::filesystem::remove(backing());
}

Launch Scene::writer(Words words) const {
    words.insert(words.begin(), {"--name", stage_->section().name()});
    return {.program = MAPFERRY_WRITER_PATH, .arguments = std::move(words)};
}

Launch Scene::reader(Words words) const {
    words.insert(words.begin(), {"--name", stage_->section().name()});
    return {.program = MAPFERRY_READER_PATH, .arguments = std::move(words)};
}

Traced play(SweepTest& stage, const SceneChoice& choice, const Intervention& what,
            const std::vector<std::pair<std::string, std::string>>& environment) {
    stage.hidden_names_may_stay = choice.no_nameless_files;
    const auto scene = choice.make(stage);
    scene->prepare();
    Intervention all = what;
    all.no_nameless_files = choice.no_nameless_files;
    Launch launch = scene->victim();
    launch.environment = environment;
    Traced victim = run_traced(launch, all);
    ++stage.figures.runs;
    if (victim.hung) {
        ++stage.figures.stuck;
        ADD_FAILURE() << "the victim hangs: " << victim.command << "\n" << victim.errors;
    }
    scene->judge(victim);
    stage.clear_stage();
    return victim;
}

std::vector<std::uint64_t> chosen_indices(std::uint64_t count, const Share& share) {
    const char* const only = std::getenv("MAPFERRY_SWEEP_CALL");  // NOLINT(concurrency-mt-unsafe)
    if (only != nullptr) return {std::strtoull(only, nullptr, 10)};
    const std::uint64_t most = soak_seconds() > 0 ? share.in_long : share.in_short;
    const std::uint64_t step = std::max<std::uint64_t>(count / most, 1);
    std::vector<std::uint64_t> indices;
    for (std::uint64_t i = platform::random_u64() % step; i < count; i += step)
        indices.push_back(i);
    return indices;
}

void print_figures(const std::string& what, const SweepFigures& figures) {
    print_figure(what, figures.runs, " runs, ", figures.torn, " torn outputs, ", figures.stuck,
                 " stuck, ", figures.leaked, " leaked");
}

}  // namespace mapferry::testing
