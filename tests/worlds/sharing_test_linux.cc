// SPDX-License-Identifier: Apache-2.0
// Sections that one user shares with a group: 2001 is the camera's user, 2002 belongs to the same
// group, 2003 does not.
#include <unistd.h>

#include "worlds/own_world.h"

namespace mapferry::testing {
namespace {

constexpr const char* kSetting = R"sh(
camera=2001:4711 viewer=2002:4711 stranger=2003:4712
share='--share group:4711'
video='--frames --image 16x16:BGR24'
head -c 7680 /dev/zero >video.raw; chmod 644 video.raw
umask 077
has_taken_a_frame() {
    until as $camera "$mapferry" info --json "$1" | grep -q '"frames_taken":[1-9]'; do
        sleep 0.01  # between two looks
    done
}
)sh";

class Sharing : public OwnWorld {
  protected:
    static Ended run(const std::string& script) { return OwnWorld::run(kSetting + script); }
};

TEST_F(Sharing, WithAGroupLetsItsMembersUseEveryKindOfSection) {
    const Ended ended = run(R"sh(
as $camera "$writer" $share --name kept --keep -q --text hello
try mode stat -c '%a %u %g' mapferry.kept
try kept as $viewer "$reader" $share --name kept --text
try again as $viewer "$reader" --share user:2001 --name kept --text
try root "$reader" --share user:2001 --name kept --text
try owner as $camera "$reader" --name kept --text
try others as $stranger cat mapferry.kept
for command in verify info ls top; do
    name=kept; [ $command != ls ] || name=; [ $command != top ] || name='kept --once'
    try $command as $viewer "$mapferry" $command $share $name
    try "$command json" as $viewer "$mapferry" $command $share --json $name
done
try unnamed as $viewer "$mapferry" ls

start $camera "$writer" $share --name stream -q --text 'as it comes'
try stream as $viewer "$reader" $share --name stream --text
wait $!; echo "sent: $?"

start $camera "$writer" $share --name cam $video --fps 100 --loop -q video.raw
try frames as $viewer "$reader" $share --name cam --frames --count 5 --null
try view as $viewer "$mapferry" view $share --colors ascii --size 8x4 cam

as $camera "$writer" $share --buffer state --size 16 -q --text abc
as $viewer "$writer" $share --buffer state --size 16 --at 3 -q --text def
try buffer as $camera "$reader" --buffer state --bytes 6 -o -
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "mode", 0, {"\n660 2001 4711\n"});
    for (const char* who : {"kept", "again", "root", "owner"})
        expect(ended, who, 0, {"hello"});
    expect(ended, "others", 1, {"Permission denied"});
    expect(ended, "verify", 0, {"verified"});
    expect(ended, "verify json", 0, {"verified"});
    expect(ended, "info", 0, {"owner      uid 2001\n", "shared     with group gid 4711\n"});
    expect(ended, "ls", 0, {"kept", "of uid 2001, shared with group gid 4711\n"});
    EXPECT_FALSE(contains(tried(ended, "ls"), "not listed"));
    for (const char* what : {"info json", "ls json"})
        expect(ended, what, 0, {R"("owner":"uid 2001")", R"("shared_with":"group gid 4711")"});
    expect(ended, "top", 0, {"kept"});
    expect(ended, "top json", 0, {R"("name":"kept")"});
    expect(ended, "unnamed", 0, {"not listed: 1 of uid 2001"});
    expect(ended, "stream", 0, {"as it comes"});
    EXPECT_TRUE(contains(ended.output, "\nsent: 0\n"));
    expect(ended, "frames", 0);
    expect(ended, "view", 0);
    expect(ended, "buffer", 0, {"abcdef"});
}

TEST_F(Sharing, IsRefusedUnlessBothSidesNameEachOther) {
    const Ended ended = run(R"sh(
as $camera "$writer" $share --name shared --keep -q --text hello
as $camera "$writer" --name alone --keep -q --text hello
start $camera "$writer" $share --name cam $video --fps 100 --loop -q video.raw
appeared cam
for command in info verify view; do
    try "silent $command" as $viewer "$mapferry" $command shared
done
try silent as $viewer "$reader" --name shared --text
try 'silent frames' as $viewer "$reader" --name cam --frames --count 1 --null
try 'silent buffer' as $viewer "$writer" --buffer shared --size 4
try 'silent writer' as $viewer "$writer" --name shared --text y
try 'other group' as 2002:4711,4712 "$reader" --share group:4712 --name shared --text
try 'other user' as $viewer "$reader" --share user:2003 --name shared --text
try stranger as $stranger "$reader" $share --name shared --text
try 'stranger user' as $stranger "$reader" --share user:2001 --name shared --text
for user in $viewer 0; do
    try "alone $user" as $user "$reader" --share user:2001 --name alone --text
done
try 'not a member' as $camera "$writer" --share group:4712 --name x --text y
try 'one user' as $camera "$writer" --share user:2002 --name x --text y
for account in group:nosuchgroup user:nosuchuser group:4294967295 group: video group:4711x; do
    try "$account" as $camera "$writer" --share $account --name x --text y
done
try left ls
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    const Words shown{"belongs to another user: uid 2001, who shares it with group gid 4711",
                      "--share group:NAME or --share user:NAME"};
    for (const char* what : {"silent info", "silent verify", "silent view", "silent",
                             "silent frames", "silent buffer", "silent writer"})
        expect(ended, what, 77, shown);
    expect(ended, "other group", 77, {"while group 4712 is trusted here"});
    expect(ended, "other user", 77, {"while user 2003 is trusted here"});
    for (const char* what : {"stranger", "stranger user"})
        expect(ended, what, 77, {"only its owner and group gid 4711 may open it"});
    for (const char* what : {"alone 2002:4711", "alone 0"})
        expect(ended, what, 77, {"belongs to another user: uid 2001\n", "run this as its owner"});
    expect(ended, "not a member", 77,
           {"cannot share section \"x\" with group 4712", "has to be a member of the group"});
    expect(ended, "one user", 64, {"Linux shares sections with groups"});
    for (const char* what : {"group:nosuchgroup", "user:nosuchuser", "group:4294967295",
                             "group:", "video", "group:4711x"})
        expect(ended, what, 64, {"--share"});
    EXPECT_FALSE(contains(tried(ended, "left"), "mapferry.x"));
}

// A name in /dev/shm is anybody's.
TEST_F(Sharing, OfAPlantedSectionIsRefused) {
    const Ended ended = run(R"sh(
as $stranger "$writer" --share group:4712 --name planted --keep -q --text junk
try group as $viewer "$reader" $share --name planted --text
try user as $viewer "$reader" --share user:2001 --name planted --text
try camera as $camera "$writer" $share --name planted --text y
for mode in 666 662 620 664 4660; do
    as $stranger chmod $mode mapferry.planted
    try "mode $mode" as 2002:4712 "$reader" --share user:2003 --name planted --text
done
as $stranger chmod 640 mapferry.planted
try 'only to read' as 2002:4712 "$reader" --share group:4712 --name planted --text
as $stranger ln -s /dev/shm/mapferry.planted mapferry.link
try link as 2002:4712 "$reader" --share user:2003 --name link --text
as $stranger mkfifo -m 660 mapferry.pipe
try pipe as 2002:4712 "$reader" --share user:2003 --name pipe --text
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "group", 77, {"uid 2003, who shares it with group gid 4712"});
    expect(ended, "user", 77, {"uid 2003"});
    expect(ended, "camera", 77, {"uid 2003"});
    for (const char* mode : {"666", "662", "620", "664", "4660"})
        expect(ended, std::string("mode ") + mode, 77, {"belongs to another user: uid 2003"});
    expect(ended, "only to read", 0, {"junk"});
    expect(ended, "link", 77);
    expect(ended, "pipe", 77);
}

TEST_F(Sharing, ReaderFollowsFromADeadWriterToTheNext) {
    const Ended ended = run(R"sh(
mkfifo -m 666 pipe; exec 9<>pipe
start $camera "$writer" $share --name cam $video -q pipe
head -c 768 video.raw >&9
first=$!
appeared cam
{ try follow as $viewer "$reader" $share --name cam --frames --count 2 --null; } >said &
follower=$!
has_taken_a_frame cam
kill -KILL $first; wait $first
try successor as $viewer "$writer" $share --name cam --text y
try buffer as $viewer "$writer" $share --buffer cam --size 4
start $camera "$writer" $share --name cam $video -q --fps 100 --loop video.raw
wait $follower
cat said
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "follow", 0, {"another writer has taken over"});
    // In /dev/shm only the owner can remove what the dead writer left.
    for (const char* what : {"successor", "buffer"})
        expect(ended, what, 77,
               {"belongs to another user: uid 2001", "Operation not permitted",
                "choose another name, or let its owner or root remove it"});
}

TEST_F(Sharing, LeavesRemovalToTheOwner) {
    const Ended ended = run(R"sh(
as $camera "$writer" $share --name kept --keep -q --text hello
try rm as $viewer "$mapferry" rm kept
try force as $viewer "$mapferry" rm --force kept
try gc as $viewer "$mapferry" gc
try consume as $viewer "$reader" $share --name kept --text --consume
try there as $camera "$reader" --name kept --text
try owner as $camera "$reader" --name kept --text --consume
try gone ls mapferry.kept
mkdir spool; chgrp 4711 spool; chmod 2770 spool
as $camera "$writer" $share --backing spool/s --keep -q --text hello
try file as $viewer "$reader" $share --backing spool/s --text --consume
try spool ls spool
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "rm", 77, {"uid 2001", "let its owner or root remove it"});
    expect(ended, "force", 77, {"uid 2001", "Operation not permitted"});
    expect(ended, "gc", 0);
    expect(ended, "consume", 77, {"can't be removed by this user", "without consuming it"});
    EXPECT_FALSE(contains(tried(ended, "consume"), "hello"));
    expect(ended, "there", 0, {"hello"});
    expect(ended, "owner", 0, {"hello"});
    expect(ended, "gone", 2);
    expect(ended, "file", 0, {"hello"});
    expect(ended, "spool", 0);
    EXPECT_FALSE(contains(tried(ended, "spool"), "\ns\n"));
}

// A member may do to the section whatever the owner may, but remove it. Neither side dies of it.
TEST_F(Sharing, MemberThatCutsTheSectionEndsBothSidesInOrder) {
    const Ended ended = run(R"sh(
start $camera "$writer" $share --name cam $video --fps 100 --loop -q video.raw
camera_process=$!
appeared cam
{ try reading as $viewer "$reader" $share --name cam --frames --null --timeout 0; } >said &
follower=$!
has_taken_a_frame cam
as 2004:4711 truncate -c -s 0 mapferry.cam
wait $camera_process; echo "writer: $?"
wait $follower
cat said
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.output, "writer: 74\n")) << ended.output << ended.errors;
    expect(ended, "reading", 74, {"was cut"});
}

// The lock says that a writer lives, so nobody waits for a successor, and nobody becomes one.
TEST_F(Sharing, MemberThatTakesTheDeadWritersRoleIsEndedByRemoval) {
    if (::access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "needs python3";
    const Ended ended = run(R"sh(
mkfifo -m 666 pipe; exec 9<>pipe
start $camera "$writer" $share --name cam $video -q pipe
camera_process=$!
appeared cam
kill -KILL $camera_process; wait $camera_process
mkfifo -m 666 held
start 2004:4711 /usr/bin/python3 -c '
import fcntl, os, struct, time
section = os.open("/dev/shm/mapferry.cam", os.O_RDWR)
writer = struct.pack("hh4xqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1 << 62, 1, 0)
fcntl.fcntl(section, fcntl.F_OFD_SETLK, writer)
open("held", "w").close()
time.sleep(600)  # until it is killed'
read nothing <held
try reader as $viewer "$reader" $share --name cam --frames --count 1 --null --stall-timeout 200ms
try successor as $camera "$writer" $share --name cam $video --readers 1 --timeout 0 video.raw
try gc as $camera "$mapferry" gc
try force as $camera "$mapferry" rm --force cam
start $camera "$writer" $share --name cam $video -q --fps 100 --loop video.raw
appeared cam
try again as $viewer "$reader" $share --name cam --frames --count 1 --null
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "reader", 75);
    expect(ended, "successor", 73);
    expect(ended, "gc", 0);
    EXPECT_FALSE(contains(tried(ended, "gc"), "removed cam"));
    expect(ended, "force", 0);
    expect(ended, "again", 0);
}

TEST_F(Sharing, SecondNameThatAMemberMakesIsShownToTheOwner) {
    const Ended ended = run(R"sh(
as $camera "$writer" $share --name kept --keep -q --text hello
try link as $viewer ln mapferry.kept mapferry.second
as $camera "$mapferry" rm kept
try member as $viewer "$mapferry" rm second
try ls as $camera "$mapferry" ls
try owner as $camera "$mapferry" rm second
try left ls
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "link", 0);
    expect(ended, "member", 77);
    expect(ended, "ls", 0, {"second"});
    expect(ended, "owner", 0);
    EXPECT_FALSE(contains(tried(ended, "left"), "second"));
}

TEST_F(Sharing, NamesAGroupOfTheSystem) {
    const Ended ended = run(R"sh(
for list in passwd group; do cp /etc/$list $list; chmod 644 $list; done
echo camera:x:2001:2001::/:/bin/sh >>passwd
echo crew:x:4711:camera,viewer >>group
for list in passwd group; do mount --bind $list /etc/$list || exit 98; done
as $camera "$writer" --share group:crew --name kept --keep -q --text hello
try group as $viewer "$reader" --share group:crew --name kept --text
try user as $viewer "$reader" --share user:camera --name kept --text
try info as $viewer "$mapferry" info --share group:crew kept
try silent as $viewer "$reader" --name kept --text
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    expect(ended, "group", 0, {"hello"});
    expect(ended, "user", 0, {"hello"});
    expect(ended, "info", 0,
           {"owner      camera (uid 2001)", "shared     with group crew (gid 4711)"});
    expect(ended, "silent", 77, {"camera (uid 2001), who shares it with group crew (gid 4711)"});
}

}  // namespace
}  // namespace mapferry::testing
