// SPDX-License-Identifier: Apache-2.0
// The programs with few resources: shared memory from 64 KiB to the 64 MiB of a container, disks,
// address space, descriptors. In every case they end with a documented code and a message that has
// the numbers and a remedy, and leave nothing.
#include <algorithm>
#include <filesystem>

#include "process/programs.h"
#include "process/small_space.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr const char* kShm = "/dev/shm";

// A writer and a reader in one world. Exits with the reader's code, or with the writer's when that
// is not 0. "$1" and "$2" are the programs.
constexpr const char* kBoth = R"sh(
writer=$1 reader=$2 out=$3 source=$4
shift 4
"$writer" --timeout 20s "$@" "$source" & pid=$!
"$reader" --timeout 20s -o "$out" 2>/dev/null & taking=$!
wait $pid; sent=$?
if [ $sent -ne 0 ]; then kill $taking; wait $taking; exit $sent; fi
wait $taking; taken=$?
echo "left: $(ls -A /dev/shm | wc -l)" >&2
exit $taken
)sh";

class SmallWorld : public ProgramTest {
  protected:
    void SetUp() override { SKIP_WITHOUT_SMALL_SPACE(); }

    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }

    // Runs only mapferry-writer, with `options` for the size of `folder`.
    [[nodiscard]] static Ended writer_in(const std::string& folder, const std::string& options,
                                         const Words& arguments, const std::string& input = {}) {
        Words words{MAPFERRY_WRITER_PATH};
        words.insert(words.end(), arguments.begin(), arguments.end());
        Launch launch = in_small_space(folder, words, options);
        if (!input.empty()) launch.input = file_stream(input);
        return finish(ChildProcess(launch));
    }

    [[nodiscard]] Ended transfer_in(const std::string& options, const std::string& source,
                                    const Words& arguments = {}) const {
        Words words{MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, target(), source};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return finish(ChildProcess(script_in_small_space(kShm, kBoth, words, options)));
    }

    // Expects the needed space, the free space and a remedy, and that nothing remains.
    static void expect_no_space(const Ended& ended) {
        EXPECT_TRUE(ended_with(kExitIo, ended));
        for (const char* part : {"needs ", "iB more", "free", "hint: ", "--backing", "left: 0"})
            EXPECT_TRUE(contains(ended.errors, part)) << part << "\n" << ended.errors;
    }
};

// ---- shared memory ------------------------------------------------------------------------------

TEST_F(SmallWorld, StreamFitsItsRingToTheSpace) {
    const std::string source = make_source(20 * kMiB + 1);
    for (const char* size :
         {"size=32k", "size=128k", "size=256k", "size=1m", "size=8m", "size=64m"}) {
        const Ended ended = transfer_in(size, source);
        ASSERT_TRUE(ended_with(0, ended)) << size;
        EXPECT_TRUE(contains(ended.errors, "left: 0")) << ended.errors;
        EXPECT_TRUE(same_content(source, target())) << size;
        std::filesystem::remove(target());
    }
}

TEST_F(SmallWorld, StreamWithoutSpaceForAnyRingIsToldSo) {
    for (const Words& arguments : {Words{make_source(20 * kMiB)}, Words{"-"}})
        expect_no_space(writer_in(kShm, "size=16k", arguments));
}

TEST_F(SmallWorld, StreamOfSmallTextsPassesThroughTheSmallest) {
    const std::string source = make_source(100);
    ASSERT_TRUE(ended_with(0, transfer_in("size=32k", source)));
    EXPECT_TRUE(same_content(source, target()));
}

TEST_F(SmallWorld, KeptPayloadFitsOrIsToldSo) {
    const std::string source = make_source(4 * kMiB);
    for (const char* size : {"size=64k", "size=256k", "size=1m", "size=4m"})
        expect_no_space(writer_in(kShm, size, {"--keep", source}));
    for (const char* size : {"size=8m", "size=64m"}) {
        const Ended kept = writer_in(kShm, size, {"--keep", source});
        EXPECT_TRUE(ended_with(0, kept));
        EXPECT_TRUE(contains(kept.errors, "left: 1")) << kept.errors;
    }
}

TEST_F(SmallWorld, KeptStreamFitsOrIsToldSo) {
    const std::string source = make_source(4 * kMiB);
    for (const char* size : {"size=64k", "size=256k", "size=1m", "size=4m"})
        expect_no_space(writer_in(kShm, size, {"--keep", "-"}, source));
    for (const char* size : {"size=8m", "size=64m"})
        EXPECT_TRUE(ended_with(0, writer_in(kShm, size, {"--keep", "-"}, source)));
}

TEST_F(SmallWorld, FramesFitOrAreToldSo) {
    const std::string source = make_source(6 * kMiB);  // six frames of 1 MiB
    const Words arguments{"--frames", "--image", "1024x1024:GRAY8", "--timeout", "0", source};
    for (const char* size : {"size=64k", "size=256k", "size=1m"}) {
        const Ended ended = writer_in(kShm, size, arguments);
        expect_no_space(ended);
    }
    EXPECT_NE(writer_in(kShm, "size=64m", arguments).exit, exited(kExitIo));
}

// The frames of this camera do not fit four at a time.
class SmallCamera : public SmallWorld {
  protected:
    static constexpr std::uint64_t kFrameBytes = std::uint64_t{1024} * 1024;
    static constexpr int kFrameCount = 12;

    // Sends kFrameCount frames of one MiB from a writer with these options to a reader, where
    // /dev/shm has `size`. Exits with the writer's code, or with the reader's when that is 0.
    [[nodiscard]] Ended film_in(const std::string& size, const Words& options) const {
        constexpr const char* kFilm = R"sh(
writer=$1 reader=$2 out=$3 video=$4
shift 4
"$writer" --frames --image 1024x1024:GRAY8 --readers 1 --timeout 20s "$@" "$video" & pid=$!
"$reader" --frames --timeout 20s --force -o "$out"; taken=$?
wait $pid; sent=$?
echo "left: $(ls -A /dev/shm | wc -l)" >&2
[ $sent -ne 0 ] && exit $sent
exit $taken
)sh";
        Words words{MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, target(),
                    make_source(kFrameCount * kFrameBytes)};
        words.insert(words.end(), options.begin(), options.end());
        return finish(ChildProcess(script_in_small_space(kShm, kFilm, words, "size=" + size)));
    }
};

// Space for two and a half frames: the header takes some of it.
TEST_F(SmallCamera, WithRoomForTwoFramesSettlesOnTwoSlots) {
    const Ended each = film_in("2900k", {"--lossless"});
    ASSERT_TRUE(ended_with(0, each));
    EXPECT_TRUE(contains(each.errors, "left: 0")) << each.errors;
    EXPECT_TRUE(same_content(folder_.file("source.bin"), target()));
    std::filesystem::remove(target());
    ASSERT_TRUE(ended_with(0, film_in("2900k", {})));
    EXPECT_GE(std::filesystem::file_size(target()), kFrameBytes);
}

TEST_F(SmallCamera, WithRoomForOneFrameSettlesOnOneSlotUnlessEachCounts) {
    ASSERT_TRUE(ended_with(0, film_in("1900k", {})));
    EXPECT_GE(std::filesystem::file_size(target()), kFrameBytes);
    const Ended each = film_in("1900k", {"--lossless"});
    EXPECT_TRUE(ended_with(kExitIo, each));
    for (const char* part : {"needs ", "--slots", "--backing", "left: 0"})
        EXPECT_TRUE(contains(each.errors, part)) << part << "\n" << each.errors;
}

// 24.9 MB each, in the shared memory of a container.
TEST_F(SmallCamera, Of4kFramesFitsAContainer) {
    const std::string video = folder_.file("video");
    write_file(video, std::string());
    std::filesystem::resize_file(video, std::uintmax_t{6} * 3840 * 2160 * 3);
    const Words arguments{"--frames", "--image", "3840x2160:BGR24", "--timeout", "0", video};
    const Ended ended = writer_in(kShm, "size=64m", arguments);
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.errors, "6 frames")) << ended.errors;
}

// Larger and larger pictures: when a slot has become too small, its memory serves the other slots.
TEST_F(SmallCamera, OfGrowingPicturesGoesOnAsLongAsOneFits) {
    Words arguments{"--frames", "--fps", "1000", "--timeout", "0"};
    for (const std::size_t side : {500U, 700U, 900U, 1200U}) {
        const std::string path = folder_.file("p" + std::to_string(side) + ".pgm");
        write_file(path, "P5\n" + std::to_string(side) + " " + std::to_string(side) + "\n255\n" +
                             std::string(side * side, 'x'));
        for (int i = 0; i < 5; ++i)
            arguments.push_back(path);
    }
    const Ended ended = writer_in(kShm, "size=1900k", arguments);
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.errors, "20 frames")) << ended.errors;
}

TEST_F(SmallCamera, ExampleThatFailsSaysWhy) {
    Words words{program_path("mapferry-example-camera"), "3"};
    const Ended ended = finish(ChildProcess(in_small_space(kShm, words, "size=160k")));
    EXPECT_TRUE(ended_with(1, ended));
    EXPECT_TRUE(contains(ended.errors, "needs ")) << ended.errors;
}

TEST_F(SmallWorld, BufferFitsOrIsToldSo) {
    const Words arguments{"--buffer", "state", "--size", "4MiB", "--text", "hello"};
    for (const char* size : {"size=64k", "size=1m", "size=4m"})
        expect_no_space(writer_in(kShm, size, arguments));
    EXPECT_TRUE(ended_with(0, writer_in(kShm, "size=8m", arguments)));
}

// A filler takes the space: all of it, all but one step, and so on.
TEST_F(SmallWorld, AnyRestOfSpaceIsEnoughOrToldSo) {
    const std::string source = make_source(kMiB);
    int passed = 0;
    for (int free_kib = 0; free_kib <= 256; free_kib += 16) {
        const std::string fill =
            "head -c " + std::to_string((1024 - free_kib) * 1024) + " /dev/zero >/dev/shm/filler; ";
        Words words{MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, target(), source};
        const Ended ended = finish(ChildProcess(script_in_small_space(kShm, fill + kBoth, words)));
        if (ended.exit == exited(0)) {
            ++passed;
            EXPECT_TRUE(same_content(source, target()));
            std::filesystem::remove(target());
        } else {
            EXPECT_TRUE(ended_with(kExitIo, ended)) << free_kib;
            EXPECT_TRUE(contains(ended.errors, "--backing")) << ended.errors;
        }
    }
    EXPECT_GE(passed, 8);
    EXPECT_LE(passed, 15);
}

TEST_F(SmallWorld, WithoutFolderOfSharedMemoryTheHintTellsTheWayOut) {
    const std::string source = make_source(kMiB);
    const std::string script = R"sh(: >/dev/null; "$1" --timeout 5s "$2"; code=$?
        "$1" --keep --backing "$3" "$2" && "$4" --backing "$3" --consume -o "$5" || exit 98
        exit $code)sh";
    const Words words{MAPFERRY_WRITER_PATH, source, folder_.file("section"), MAPFERRY_READER_PATH,
                      target()};
    // /dev has nothing but a file called null.
    const Ended ended = finish(ChildProcess(script_in_small_space("/dev", script, words)));
    EXPECT_TRUE(ended_with(kExitCannotCreate, ended));
    EXPECT_TRUE(contains(ended.errors, "/dev/shm")) << ended.errors;
    EXPECT_TRUE(contains(ended.errors, "--backing")) << ended.errors;
    EXPECT_TRUE(same_content(source, target()));
}

TEST_F(SmallWorld, ReadOnlyFoldersAreToldSo) {
    const std::string source = make_source(kMiB);
    const Ended section = writer_in(kShm, "size=1m,ro", {source});
    EXPECT_TRUE(contains(section.errors, "Read-only")) << section.errors;
    EXPECT_TRUE(contains(section.errors, "--backing")) << section.errors;
    EXPECT_TRUE(ended_with(77, section));
    ASSERT_TRUE(keep({source}));
    for (const Words& options : {Words{}, Words{"--durable"}, Words{"--force"}}) {
        Words words{MAPFERRY_READER_PATH, "--name", section_.name(), "-o", target()};
        words.insert(words.end(), options.begin(), options.end());
        const Ended output = finish(ChildProcess(in_small_space(out_, words, "size=1m,ro")));
        EXPECT_TRUE(ended_with(77, output));
        EXPECT_TRUE(contains(output.errors, "Read-only")) << output.errors;
    }
    section_.remove();
}

// ---- disks --------------------------------------------------------------------------------------

// From no space at all to all the needed space, with every kind of output.
TEST_F(SmallWorld, OutputFitsOrIsToldSoAndLeavesNothing) {
    const std::string source = make_source(300 * kKiB);
    ASSERT_TRUE(keep({source}));
    int passed = 0;
    for (int size_kib = 4; size_kib <= 512; size_kib += 36) {
        for (const Words& options : {Words{}, Words{"--durable"}}) {
            Words words{MAPFERRY_READER_PATH, "--name", section_.name(), "-o", target()};
            words.insert(words.end(), options.begin(), options.end());
            const Ended ended = finish(ChildProcess(
                in_small_space(out_, words, "size=" + std::to_string(size_kib) + "k")));
            const bool fits = ended.exit == exited(0);
            passed += fits ? 1 : 0;
            EXPECT_TRUE(fits || ended_with(kExitIo, ended)) << size_kib << ended.errors;
            EXPECT_TRUE(contains(ended.errors, fits ? "left: 1" : "left: 0")) << ended.errors;
        }
    }
    EXPECT_GE(passed, 8);
    section_.remove();
}

// ---- limits of a process ------------------------------------------------------------------------

class SmallProcess : public ProgramTest {
  protected:
    void SetUp() override {
        if (kSanitized) GTEST_SKIP() << "a sanitizer needs more than that";
    }

    // Whether it ends with 0 or one of the codes for "too little"; never by a signal.
    static bool ends_in_order(const Ended& ended) {
        const bool starved =
            ended.exit == exited(127) || contains(ended.errors, "shared libraries");
        const bool in_order = starved || ended.exit == exited(0) || ended.exit == exited(71) ||
                              ended.exit == exited(kExitIo) || ended.exit == exited(kExitTimedOut);
        EXPECT_TRUE(in_order) << ended.command << " ended with " << ended.exit << "\n"
                              << ended.errors;
        EXPECT_TRUE(ended.exit == exited(0) || !ended.errors.empty()) << "a silent end";
        return ended.exit == exited(0);
    }

    // Runs both sides under the same limits, one after the other: a kept payload.
    [[nodiscard]] bool passes(const Launch& limits, const Words& keeping) {
        Launch writing = limits;
        writing.arguments = keeping;
        const bool kept = ends_in_order(finish(start_writer(writing)));
        if (!kept) {
            EXPECT_FALSE(section_.exists());
            return false;
        }
        Launch reading = limits;
        reading.arguments = {"--timeout", "5s", "-o", folder_.file("out/target")};
        const bool taken = ends_in_order(finish(start_reader(reading)));
        EXPECT_EQ(ScratchFolder::names_in(out_), taken ? Words{"target"} : Words{});
        if (taken) std::filesystem::remove(folder_.file("out/target"));
        section_.remove();
        return taken;
    }
};

TEST_F(SmallProcess, OfAnyAddressSpacePassesOrIsToldSo) {
    const std::string source = make_source(20 * kMiB);
    int passed = 0;
    int refused = 0;
    // With less than about 8 MiB the program and its libraries cannot be loaded: the system ends it
    // before its first instruction, or the C++ library ends it before main().
    for (std::uint64_t mib = 10; mib <= 66; mib += 4) {
        const Launch limits{.address_bytes_limit = mib * kMiB};
        (passes(limits, {"--keep", source}) ? passed : refused) += 1;
    }
    EXPECT_GE(passed, 2);
    EXPECT_GE(refused, 2);
}

TEST_F(SmallProcess, OfAnyNumberOfDescriptorsPassesOrIsToldSo) {
    const std::string source = make_source(kMiB);
    int passed = 0;
    for (std::uint64_t files = 3; files <= 16; ++files)
        passed += passes(Launch{.open_files_limit = files}, {"--keep", source}) ? 1 : 0;
    EXPECT_GE(passed, 8);
}

TEST_F(SmallProcess, OfAnyFileSizePassesOrIsToldSo) {
    const std::string source = make_source(300 * kKiB);
    int passed = 0;
    // With less than a few KiB the message itself has no space, because it goes to a file here.
    for (std::uint64_t kib = 20; kib <= 640; kib += 40)
        passed += passes(Launch{.file_bytes_limit = kib * kKiB}, {"--keep", source}) ? 1 : 0;
    EXPECT_GE(passed, 3);
    EXPECT_LE(passed, 14);
}

TEST_F(SmallProcess, WithoutLockableMemoryPasses) {
    const std::string source = make_source(4 * kMiB);
    for (const char* limit : {"-l 0", "-s 256", "-i 0", "-q 0", "-r 0"}) {
        const std::string script = "ulimit " + std::string(limit) + R"sh( || exit 99
            "$1" --keep --name "$2" "$3" && "$4" --name "$2" --consume -o "$5")sh";
        const Ended ended = finish(ChildProcess(
            {.program = "/bin/bash",
             .arguments = {"-c", script, "sh", MAPFERRY_WRITER_PATH, section_.name(), source,
                           MAPFERRY_READER_PATH, folder_.file("out/target")}}));
        EXPECT_TRUE(ended_with(0, ended)) << limit;
        EXPECT_TRUE(same_content(source, folder_.file("out/target")));
        std::filesystem::remove(folder_.file("out/target"));
    }
}

}  // namespace
}  // namespace mapferry::testing
