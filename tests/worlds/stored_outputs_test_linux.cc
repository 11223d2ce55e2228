// SPDX-License-Identifier: Apache-2.0
// Outputs in four cases: the system reports only at the last moment that it could not store them,
// nameless files are not available, the folder may not be read, and the attributes don't fit.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "process/programs.h"
#include "support/host.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr const char* kNoNameless = "O_TMPFILE=EOPNOTSUPP";

class StoredOutputs : public ProgramTest {
  protected:
    void SetUp() override {
        ChildProcess probe(
            {.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = {"openat2=ENOSYS", "/bin/true"}});
        if (probe.wait() != exited(0)) GTEST_SKIP() << "system calls can't be filtered here";
    }
    void TearDown() override {
        if (section_.exists()) section_.remove();
    }

    // A launch of a program with this test's section, where `calls` fail.
    [[nodiscard]] Launch refused(const std::string& calls, const char* program,
                                 const Words& arguments) const {
        Words words{calls, program, "--name", section_.name()};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return {.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = words};
    }
    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }
};

// ---- closing -----------------------------------------------------------------------------------

struct CloseKind {
    const char* name;
    int error;  // the error of closing a written file
    const char* refused_call;
};

class RefusedClose : public StoredOutputs, public ::testing::WithParamInterface<CloseKind> {
  protected:
    void SetUp() override {
        StoredOutputs::SetUp();
        if (kSanitized) GTEST_SKIP() << "a sanitizer wants to be the first library";
    }
    [[nodiscard]] Launch failing(const char* program, const Words& arguments) const {
        Launch launch = refused(GetParam().refused_call, program, arguments);
        launch.environment = {{"LD_PRELOAD", MAPFERRY_TEST_FAILING_CLOSE_PATH},
                              {"MAPFERRY_TEST_CLOSE", std::to_string(GetParam().error)}};
        return launch;
    }
};

TEST_P(RefusedClose, OfANewFileIsAnErrorAndThePayloadStays) {
    const std::string source = make_source(3 * kMiB + 1);
    ASSERT_TRUE(keep({source}));
    for (const Words& options : {Words{}, Words{"--durable"}}) {
        Words arguments{"--consume", "-o", target()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Ended taken = finish(ChildProcess(failing(MAPFERRY_READER_PATH, arguments)));
        EXPECT_TRUE(ended_with(kExitIo, taken));
        EXPECT_TRUE(contains(taken.errors, "cannot store all")) << taken.errors;
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
    }
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "-o", target()})));
    EXPECT_TRUE(same_content(source, target()));
}

TEST_P(RefusedClose, OfAReplacingFileIsAnErrorAndTheOldOneStays) {
    ASSERT_TRUE(keep({make_source(100'000)}));
    write_file(target(), std::string("old"));
    const Ended taken = finish(
        ChildProcess(failing(MAPFERRY_READER_PATH, {"--consume", "--force", "-o", target()})));
    EXPECT_TRUE(ended_with(kExitIo, taken));
    EXPECT_EQ(read_text(target()), "old");
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
    EXPECT_TRUE(section_.exists());
}

TEST_P(RefusedClose, InPlaceIsAnErrorThatTellsTheLoss) {
    ASSERT_TRUE(keep({make_source(100'000)}));
    write_file(target(), std::string("old"));
    const Ended taken = finish(
        ChildProcess(failing(MAPFERRY_READER_PATH, {"--consume", "--in-place", "-o", target()})));
    EXPECT_TRUE(ended_with(kExitIo, taken));
    EXPECT_TRUE(contains(taken.errors, "neither old nor new")) << taken.errors;
    EXPECT_TRUE(section_.exists());
}

TEST_P(RefusedClose, OfStandardOutputIsAnErrorAndThePayloadStays) {
    ASSERT_TRUE(keep({"--text", "precious"}));
    for (const Words& options : {Words{"-o", "-"}, Words{"--text"}, Words{"--text", "--json"},
                                 Words{"--json", "-o", folder_.file("taken")}}) {
        Words arguments{"--consume"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        Launch launch = failing(MAPFERRY_READER_PATH, arguments);
        launch.output = file_stream(target());
        const Ended taken = finish(ChildProcess(launch));
        EXPECT_TRUE(ended_with(kExitIo, taken));
        EXPECT_TRUE(section_.exists());
    }
}

TEST_P(RefusedClose, OfWhatListsAreWrittenToIsAnError) {
    ASSERT_TRUE(keep({"--text", "precious"}));
    for (const Words& words : {Words{"ls"}, Words{"ls", "--json"}, Words{"info", section_.name()},
                               Words{"doctor", "--json"}, Words{"help"}}) {
        Launch launch = failing(MAPFERRY_CONSOLE_PATH, words);
        // These commands have no --name.
        launch.arguments.erase(launch.arguments.begin() + 2, launch.arguments.begin() + 4);
        launch.output = file_stream(target());
        EXPECT_TRUE(ended_with(kExitIo, finish(ChildProcess(launch)))) << words.front();
    }
}

TEST_P(RefusedClose, OfAVideoFileIsAnError) {
    const std::string source = make_source(10 * 64 * 48 * 3);
    ChildProcess writer =
        start_writer(Words{"--frames", source, "--image", "64x48:BGR24", "--lossless"});
    const Ended taken =
        finish(ChildProcess(failing(MAPFERRY_READER_PATH, {"--frames", "-o", target()})));
    EXPECT_TRUE(ended_with(kExitIo, taken));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
    (void)writer.wait();
}

TEST_P(RefusedClose, OfASectionFileIsTheWritersErrorAndLeavesNone) {
    const std::string file = folder_.file("section.file");
    const Ended kept = finish(ChildProcess(
        failing(MAPFERRY_WRITER_PATH, {"--backing", file, "--keep", make_source(100'000)})));
    EXPECT_TRUE(ended_with(kExitIo, kept));
    EXPECT_TRUE(contains(kept.errors, "cannot store all")) << kept.errors;
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_P(RefusedClose, OfABufferFileIsItsWritersError) {
    const std::string file = folder_.file("buffer.file");
    Launch launch = failing(MAPFERRY_WRITER_PATH, {"--backing", file, "--buffer", "state", "--size",
                                                   "64", "--text", "x"});
    // A buffer gets its name from --buffer.
    launch.arguments.erase(launch.arguments.begin() + 2, launch.arguments.begin() + 4);
    const Ended put = finish(ChildProcess(launch));
    EXPECT_TRUE(ended_with(kExitIo, put));
    EXPECT_TRUE(contains(put.errors, "cannot store all")) << put.errors;
}

INSTANTIATE_TEST_SUITE_P(Each, RefusedClose,
                         ::testing::Values(CloseKind{"Quota", EDQUOT, "openat2=ENOSYS"},
                                           CloseKind{"BrokenDisk", EIO, "openat2=ENOSYS"},
                                           CloseKind{"QuotaWithNames", EDQUOT, kNoNameless}),
                         [](const auto& each) { return std::string(each.param.name); });

// ---- without nameless files --------------------------------------------------------------------

using NamedTemporary = StoredOutputs;

TEST_F(NamedTemporary, IsItsOwnersAloneUntilItIsWhole) {
    const UmaskGuard guard(022);
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = pipe_stream()});
    ChildProcess reader(refused(kNoNameless, MAPFERRY_READER_PATH, {"-o", target()}));
    ASSERT_TRUE(writer.write_input(random_bytes(8 * kMiB)));
    ASSERT_TRUE(eventually([this] { return !ScratchFolder::names_in(out_).empty(); }));
    const std::string temporary = out_ + "/" + ScratchFolder::names_in(out_).front();
    EXPECT_EQ(permission_bits(temporary), 0600u) << temporary;
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
    EXPECT_EQ(permission_bits(target()), 0644u);
}

TEST_F(NamedTemporary, IsNotTakenByACleanerWhileItIsMade) {
    Words words{kNoNameless, MAPFERRY_TEST_PEER_PATH, "collect-own", section_.name(), target()};
    const Ended ended =
        finish(ChildProcess({.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = words}));
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(ended.output, "0 of 2\n");
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

// ---- a section as standard output --------------------------------------------------------------

// Standard output is opened for appending, or to overwrite the beginning.
TEST_F(StoredOutputs, BehindStandardOutputAreNotTheSectionThatIsRead) {
    ASSERT_TRUE(keep({"--text", "precious"}));
    const std::string object = object_file(section_.address());
    for (const char* redirection : {">>", "1<>"}) {
        for (const char* options : {"-o -", "--text"}) {
            const std::string script =
                std::string("\"$1\" --name \"$2\" ") + options + " " + redirection + " \"$3\"";
            const Ended refused =
                finish(ChildProcess({.program = "/bin/sh",
                                     .arguments = {"-c", script, "sh", MAPFERRY_READER_PATH,
                                                   section_.name(), object}}));
            EXPECT_TRUE(ended_with(kExitCannotCreate, refused)) << script;
        }
    }
    EXPECT_EQ(run_reader({"--consume"}).output, "precious");
}

// ---- permission bits ---------------------------------------------------------------------------

TEST_F(StoredOutputs, AreNeverMoreOpenThanTheirSource) {
    const UmaskGuard guard(022);
    struct Row {
        std::uint32_t source;
        std::uint32_t target;
    };
    for (const Row row : {Row{0600, 0600}, Row{0640, 0640}, Row{0666, 0644}, Row{0700, 0600},
                          Row{0444, 0444}, Row{0755, 0644}}) {
        for (const char* calls : {"openat2=ENOSYS", kNoNameless}) {
            const std::string source = make_source(1000);
            set_permission_bits(source, row.source);
            ASSERT_TRUE(keep({source}));
            const Ended taken = finish(
                ChildProcess(refused(calls, MAPFERRY_READER_PATH, {"--consume", "-o", target()})));
            ASSERT_TRUE(ended_with(0, taken));
            EXPECT_EQ(permission_bits(target()), row.target) << calls;
            std::filesystem::remove(target());
            std::filesystem::remove(source);
        }
    }
}

TEST_F(StoredOutputs, ThatReplaceAnotherAreAsOpenAsThatOne) {
    const std::string source = make_source(1000);
    set_permission_bits(source, 0600);
    for (const char* how : {"--force", "--in-place"}) {
        write_file(target(), std::string("old"));
        set_permission_bits(target(), 0644);
        ASSERT_TRUE(keep({source}));
        ASSERT_TRUE(ended_with(0, run_reader({"--consume", how, "-o", target()})));
        EXPECT_EQ(permission_bits(target()), 0644u) << how;
    }
}

// ---- a folder that may be written but not read -------------------------------------------------

TEST_F(StoredOutputs, GoIntoAFolderThatMayNotBeRead) {
    // The superuser may read everything, so another user runs the reader.
    Words as_nobody{"/usr/bin/env"};
    if (is_superuser())
        as_nobody = {"/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
    if (!std::filesystem::exists(as_nobody.front())) GTEST_SKIP() << "no setpriv here";
    set_permission_bits(folder_.path(), 0711);
    set_permission_bits(out_, 0333);
    const std::string script = R"sh("$1" --keep --name "$3" --text x || exit 90
        "$2" --name "$3" --durable -o "$4"; durable=$?
        test -e "$4" && exit 91
        "$2" --name "$3" -o "$4" || exit 92
        "$2" --name "$3" -o "$4" --force || exit 93
        "$5" rm "$3" || exit 94
        exit $durable)sh";
    Words words(as_nobody.begin() + 1, as_nobody.end());
    words.insert(words.end(),
                 {"/bin/sh", "-c", script, "sh", MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH,
                  section_.name(), target(), MAPFERRY_CONSOLE_PATH});
    const Ended ended = finish(ChildProcess({.program = as_nobody.front(), .arguments = words}));
    EXPECT_TRUE(ended_with(77, ended));
    EXPECT_TRUE(contains(ended.errors, "--durable")) << ended.errors;
    set_permission_bits(out_, 0755);
    EXPECT_EQ(read_text(target()), "x");
}

// ---- times -------------------------------------------------------------------------------------

[[nodiscard]] std::int64_t mtime_s(const std::string& path) {
    struct stat facts{};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0);
    return facts.st_mtim.tv_sec;
}

[[nodiscard]] bool set_mtime_s(const std::string& path, std::int64_t seconds) {
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                               {.tv_sec = seconds, .tv_nsec = 0}};
    return ::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0 && mtime_s(path) == seconds;
}

TEST_F(StoredOutputs, WhoseTimeIsTooFarAwayHaveTheTimeOfTheirArrival) {
    const std::string source = make_source(1000);
    int tried = 0;
    // The years 1600, 1677, 2262, 2300 and 2400.
    for (const std::int64_t seconds :
         {-11'676'096'000, -9'223'372'037, 9'223'372'037, 10'413'792'000, 13'569'465'600}) {
        if (!set_mtime_s(source, seconds)) continue;
        ++tried;
        ASSERT_TRUE(keep({source}));
        const std::int64_t before =
            std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
        const Ended taken = run_reader({"--consume", "--preserve", "-o", target()});
        ASSERT_TRUE(ended_with(0, taken));
        EXPECT_TRUE(contains(taken.errors, "warning: ")) << taken.errors;
        EXPECT_TRUE(contains(taken.errors, "left out")) << taken.errors;
        EXPECT_GE(mtime_s(target()), before - 1) << seconds;
        EXPECT_LE(mtime_s(target()), before + 3600) << seconds;
        std::filesystem::remove(target());
    }
    if (tried == 0) GTEST_SKIP() << "no file of this file system has such times";
}

TEST_F(StoredOutputs, WhoseTimeIsTheFirstOrLastThatFitsKeepIt) {
    const std::string source = make_source(1000);
    int tried = 0;
    for (const std::int64_t seconds : {-9'223'372'036, 9'223'372'036}) {
        if (!set_mtime_s(source, seconds)) continue;
        ++tried;
        ASSERT_TRUE(keep({source}));
        EXPECT_TRUE(ended_with(0, run_reader({"--consume", "--preserve", "-o", target()})));
        EXPECT_EQ(mtime_s(target()), seconds);
        std::filesystem::remove(target());
    }
    if (tried == 0) GTEST_SKIP() << "no file of this file system has such times";
}

// ext4 begins in 1901, and silently gives a file the nearest time that it can store.
TEST_F(StoredOutputs, WhoseTimeTheirFileSystemCannotHoldHaveTheTimeOfTheirArrival) {
    const std::string source = "/dev/shm/" + section_.name() + ".source";
    write_file(source, std::string("old"));
    constexpr std::int64_t kYear1700 = -8'520'336'000;
    if (set_mtime_s(source, kYear1700)) {
        EXPECT_TRUE(keep({source}));
        const Ended taken = run_reader({"--consume", "--preserve", "-o", target()});
        EXPECT_TRUE(ended_with(0, taken));
        const bool has_it = mtime_s(target()) == kYear1700;
        EXPECT_TRUE(has_it || contains(taken.errors, "warning: ")) << taken.errors;
        EXPECT_TRUE(has_it || mtime_s(target()) > 0) << mtime_s(target());
    }
    std::filesystem::remove(source);
}

}  // namespace
}  // namespace mapferry::testing
