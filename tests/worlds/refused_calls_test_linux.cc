// SPDX-License-Identifier: Apache-2.0
// System calls that an old kernel does not have or a container's filter refuses: the programs use
// the documented fallback, with the same result.
#include <filesystem>

#include "process/programs.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

class RefusedCalls : public ProgramTest, public ::testing::WithParamInterface<const char*> {
  protected:
    void SetUp() override {
        ChildProcess probe(
            {.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = {"openat2=ENOSYS", "/bin/true"}});
        if (probe.wait() != exited(0)) GTEST_SKIP() << "system calls can't be filtered here";
        if (kThreadSanitized && std::string_view(GetParam()).starts_with("madvise"))
            GTEST_SKIP() << "the thread sanitizer itself needs madvise";
    }

    // Starts one of the programs, with this test's section, under the filter.
    [[nodiscard]] ChildProcess start(const Words& program, const Words& arguments) const {
        Words words{GetParam()};
        words.insert(words.end(), program.begin(), program.end());
        words.insert(words.end(), {"--name", section_.name(), "--timeout", "20s"});
        words.insert(words.end(), arguments.begin(), arguments.end());
        return ChildProcess({.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = words});
    }
    [[nodiscard]] ChildProcess writer(const Words& arguments) const {
        return start({MAPFERRY_WRITER_PATH}, arguments);
    }
    [[nodiscard]] ChildProcess reader(const Words& arguments) const {
        return start({MAPFERRY_READER_PATH}, arguments);
    }
    [[nodiscard]] ChildProcess view(const Words& arguments) const {
        return start({MAPFERRY_CONSOLE_PATH, "view"}, arguments);
    }

    void expect_left(const Words& outputs) const {
        EXPECT_EQ(ScratchFolder::names_in(out_), outputs);
    }
    void expect_nothing_left(const Words& outputs) const {
        EXPECT_FALSE(section_.exists());
        expect_left(outputs);
    }

    [[nodiscard]] std::string out(const std::string& name) const { return out_ + "/" + name; }
};

class NoSandbox : public RefusedCalls {};

TEST_P(RefusedCalls, StreamArrives) {
    const std::string source = make_source(20 * kMiB + 1);
    ChildProcess sending = writer({source});
    ChildProcess taking = reader({"-o", out("a")});
    EXPECT_TRUE(ended_with(0, taking));
    EXPECT_TRUE(ended_with(0, sending));
    EXPECT_TRUE(same_content(source, out("a")));
    expect_nothing_left({"a"});
}

TEST_P(RefusedCalls, KeptPayloadArrivesAndReplaces) {
    const std::string source = make_source(3 * kMiB + 1);
    write_file(out("a"), std::string("old"));
    for (const Words& backing : {Words{}, Words{"--backing", folder_.file("section")}}) {
        Words keeping{"--keep", source};
        keeping.insert(keeping.end(), backing.begin(), backing.end());
        Words taking{"--consume", "--force", "-o", out("a")};
        taking.insert(taking.end(), backing.begin(), backing.end());
        ChildProcess kept = writer(keeping);
        EXPECT_TRUE(ended_with(0, kept));
        ChildProcess taken = reader(taking);
        EXPECT_TRUE(ended_with(0, taken));
        EXPECT_TRUE(same_content(source, out("a")));
        expect_nothing_left({"a"});
    }
    EXPECT_FALSE(std::filesystem::exists(folder_.file("section")));
}

TEST_P(RefusedCalls, KeptStreamOfUnknownSizeArrives) {
    const std::string source = make_source(9 * kMiB + 1);
    ChildProcess kept(
        {.program = MAPFERRY_TEST_REFUSE_PATH,
         .arguments = {GetParam(), MAPFERRY_WRITER_PATH, "--name", section_.name(), "--keep", "-"},
         .input = file_stream(source)});
    EXPECT_TRUE(ended_with(0, kept));
    ChildProcess taken = reader({"--consume", "-o", out("a")});
    EXPECT_TRUE(ended_with(0, taken));
    EXPECT_TRUE(same_content(source, out("a")));
    expect_nothing_left({"a"});
}

TEST_P(RefusedCalls, FramesArrive) {
    const std::string source = make_source(10 * 64 * 48 * 3);
    ChildProcess sending = writer({"--frames", source, "--image", "64x48:BGR24", "--lossless"});
    ChildProcess taking = reader({"--frames", "-o", out("a")});
    EXPECT_TRUE(ended_with(0, taking));
    EXPECT_TRUE(ended_with(0, sending));
    EXPECT_TRUE(same_content(source, out("a")));
    expect_nothing_left({"a"});
}

TEST_P(RefusedCalls, NameIsStillOneWriters) {
    ChildProcess first = writer({"--keep", "--text", "first"});
    EXPECT_TRUE(ended_with(0, first));
    ChildProcess second = writer({"--keep", "--text", "second"});
    EXPECT_TRUE(ended_with(kExitCannotCreate, second));
    write_file(out("a"), std::string("mine"));
    ChildProcess refused = reader({"-o", out("a")});
    EXPECT_TRUE(ended_with(kExitCannotCreate, refused));
    ChildProcess taken = reader({"--consume"});
    EXPECT_TRUE(ended_with(0, taken));
    EXPECT_EQ(taken.output(), "first");
    EXPECT_EQ(read_text(out("a")), "mine");
    expect_nothing_left({"a"});
}

// Where the decoder's system calls can't be filtered, it decodes only if the user asks for that.
TEST_P(NoSandbox, PictureIsDecodedOnlyOnRequest) {
    const std::string picture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    ChildProcess kept = writer({"--keep", picture});
    ASSERT_TRUE(ended_with(0, kept));
    ChildProcess refused = view({"--save", out("a.png")});
    EXPECT_TRUE(ended_with(71, refused));
    EXPECT_TRUE(refused.errors().contains("--no-sandbox")) << refused.errors();
    expect_left({});
    ChildProcess decoded = view({"--save", out("a.png"), "--no-sandbox"});
    EXPECT_TRUE(ended_with(0, decoded));
    expect_left({"a.png"});
    section_.remove();
}

INSTANTIATE_TEST_SUITE_P(Each, NoSandbox,
                         ::testing::Values("PR_SET_SECCOMP=EINVAL", "PR_SET_SECCOMP=ENOSYS",
                                           "PR_SET_SECCOMP=EPERM"),
                         [](const auto& each) {
                             return std::string(each.param).substr(sizeof "PR_SET_SECCOMP");
                         });

// The programs do not make the first six calls today, but may some day. No program of glibc runs
// without futex itself, so it is not in the list.
INSTANTIATE_TEST_SUITE_P(
    Each, RefusedCalls,
    ::testing::Values("memfd_create=ENOSYS", "openat2=ENOSYS", "copy_file_range=ENOSYS",
                      "MADV_POPULATE_WRITE=EINVAL", "futex_waitv=ENOSYS", "futex_waitv=EPERM",
                      "fallocate=ENOSYS", "fallocate=EPERM", "fallocate=EOPNOTSUPP",
                      "O_TMPFILE=EOPNOTSUPP", "O_TMPFILE=EISDIR", "O_TMPFILE=EINVAL",
                      "linkat=ENOSYS", "linkat=EPERM", "renameat2=ENOSYS", "renameat2=EPERM",
                      "O_TMPFILE=EOPNOTSUPP,renameat2=ENOSYS",
                      "O_TMPFILE=EOPNOTSUPP,renameat2=EPERM", "madvise=EPERM", "statx=ENOSYS",
                      "fadvise64=ENOSYS", "getrandom=ENOSYS", "statfs=ENOSYS"),
    [](const auto& each) {
        std::string name = each.param;
        std::ranges::replace_if(
            name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
        return name;
    });

}  // namespace
}  // namespace mapferry::testing
