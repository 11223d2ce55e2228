// SPDX-License-Identifier: Apache-2.0
// An object made in the place of a section before the section exists, as tmpfiles.d can do: every
// command reports what it is and one remedy, mapferry rm.
#include "worlds/own_world.h"

namespace mapferry::testing {
namespace {

// The shell command that makes mapferry.x, and the name of such an object in messages.
struct Occupant {
    const char* what;
    const char* made_by;
    const char* name;
    bool holds_up = false;  // a reader waits: the object may be a section that is still being
                            // copied
};

constexpr Occupant kOccupants[] = {
    {"EmptyFile", ": >mapferry.x", "an empty file", true},
    {"EmptyFileForAll", ": >mapferry.x; chmod 666 mapferry.x", "an empty file", true},
    {"ZerosOfItsSize", "head -c 100000 /dev/zero >mapferry.x; chmod 600 mapferry.x",
     "a file of 100000 bytes that begins with zeros", true},
    {"ShortFile", "echo hello >mapferry.x", "a file of 6 bytes"},
    {"ShortFileForAll", "echo hello >mapferry.x; chmod 666 mapferry.x", "a file of 6 bytes"},
    {"Link", "ln -s other mapferry.x", "a symbolic link"},
    {"LinkToNothing", "ln -s nothing mapferry.x", "a symbolic link"},
    {"HardLink", "ln other mapferry.x", "a file of 6 bytes with 2 hard links"},
    {"Folder", "mkdir mapferry.x", "a folder"},
    {"Pipe", "mkfifo mapferry.x", "a named pipe"},
    {"Socket",
     "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"mapferry.x\", Listen => 1)'",
     "a socket"},
};

class OccupiedName : public OwnWorld, public ::testing::WithParamInterface<Occupant> {};

TEST_P(OccupiedName, IsExplainedAndRemoved) {
    const Occupant& occupant = GetParam();
    const Ended ended = run(std::string("echo other >other\n") + occupant.made_by + R"sh(
[ -e mapferry.x ] || [ -L mapferry.x ] || exit 98
try write "$writer" --name x --text y
try keep "$writer" --name x --keep --text y
try turn "$writer" --name x --wait --text y
try frames "$writer" --name x --frames --image 1x1:GRAY8 /dev/null
try buffer "$writer" --buffer x --size 10 --text y
try read "$reader" --name x --timeout 0
try "read later" "$reader" --name x --timeout 50ms
try look "$reader" --name x --frames --timeout 50ms -o -
try peek "$reader" --buffer x --timeout 50ms
try info "$mapferry" info x
try verify "$mapferry" verify x
try ls "$mapferry" ls
try gc "$mapferry" gc
try rm "$mapferry" rm x
try gone ls -d mapferry.x
try then "$writer" --name x --keep --quiet --text y
try again "$reader" --name x --text
try other cat other
)sh");
    if (ended.exit == exited(98)) GTEST_SKIP() << "it can't be made here";
    const std::string what = std::string("section \"x\" is ") + occupant.name + ", not a section";
    const Words explained{what, "mapferry rm x"};
    for (const char* label : {"write", "keep", "turn", "frames", "buffer"})
        expect(ended, label, 73, explained);
    for (const char* label : {"read", "read later", "look", "peek", "info", "verify"}) {
        const std::string text = tried(ended, label);
        for (const std::string& part : explained)
            EXPECT_TRUE(contains(text, part)) << part << " is not in:\n" << text;
        EXPECT_FALSE(contains(text, "\n" + std::string(label) + ": 0")) << text;
    }
    for (const char* label : {"read later", "look", "peek"})
        if (occupant.holds_up) expect(ended, label, 75);
    expect(ended, "ls", 0, explained);
    expect(ended, "gc", 0, explained);
    expect(ended, "rm", 0);
    expect(ended, "gone", 2);
    expect(ended, "then", 0);
    expect(ended, "again", 0, {"y\n"});
    // The target of a link is not touched.
    expect(ended, "other", 0, {"other\n"});
}

INSTANTIATE_TEST_SUITE_P(Each, OccupiedName, ::testing::ValuesIn(kOccupants),
                         [](const auto& made) { return std::string(made.param.what); });

// ---- owned by the superuser, and with content ---------------------------------------------------

class Tmpfiles : public OccupiedName {};

TEST_P(Tmpfiles, OfTheSuperuserNeedTheSuperuser) {
    const Ended ended = run(std::string("echo other >other\n") + GetParam().made_by + R"sh(
[ -e mapferry.x ] || [ -L mapferry.x ] || exit 98
try write as 1 "$writer" --name x --text y
try read as 1 "$reader" --name x --timeout 0
try rm as 1 "$mapferry" rm x
try force as 1 "$mapferry" rm --force x
try there ls -d mapferry.x
chown -h 65534 mapferry.x
try careful "$mapferry" rm x
try still ls -d mapferry.x
try superuser "$mapferry" rm --force x
try gone ls -d mapferry.x
)sh");
    if (ended.exit == exited(98)) GTEST_SKIP() << "it can't be made here";
    for (const char* label : {"write", "read", "rm", "force"})
        expect(ended, label, 77, {"belongs to another user: root (uid 0)", "root remove it"});
    expect(ended, "there", 0);
    expect(ended, "careful", 77, {"nobody (uid 65534)", "rm x --force"});
    expect(ended, "still", 0);
    expect(ended, "superuser", 0);
    expect(ended, "gone", 2);
}

INSTANTIATE_TEST_SUITE_P(Each, Tmpfiles, ::testing::ValuesIn(kOccupants),
                         [](const auto& made) { return std::string(made.param.what); });

class FullFolder : public OwnWorld {};

TEST_F(FullFolder, InThePlaceOfASectionKeepsWhatIsInIt) {
    const Ended ended = run(R"sh(
mkdir mapferry.x
echo mine >mapferry.x/file
try rm "$mapferry" rm x
try force "$mapferry" rm --force x
try content cat mapferry.x/file
)sh");
    for (const char* label : {"rm", "force"})
        expect(ended, label, 71, {"something in it"});
    expect(ended, "content", 0, {"mine"});
}

TEST_F(FullFolder, AndOtherFilesOfABackingAreLeftAlone) {
    const Ended ended = run(R"sh(
echo mine >file; ln -s file link; mkdir folder
for what in file link folder; do
    try "rm $what" "$mapferry" rm --backing $what
    try "force $what" "$mapferry" rm --force --backing $what
    try "gc $what" "$mapferry" gc --backing $what
    try "there $what" ls -d $what
done
)sh");
    for (const std::string what : {" file", " link", " folder"}) {
        for (const char* label : {"rm", "force", "gc"}) {
            EXPECT_TRUE(contains(tried(ended, label + what), "not a section")) << ended.output;
            EXPECT_FALSE(contains(tried(ended, label + what), label + what + ": 0"));
        }
        expect(ended, "there" + what, 0);
    }
}

}  // namespace
}  // namespace mapferry::testing
