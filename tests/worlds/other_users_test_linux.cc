// SPDX-License-Identifier: Apache-2.0
// Several users of one /dev/shm: which user owns a section, which users may remove it, and what the
// superuser's collector removes.
#include "worlds/own_world.h"

namespace mapferry::testing {
namespace {

constexpr const char* kNobody = "nobody (uid 65534)";

class OtherUsers : public OwnWorld {};

// Whether it lives or is dead, a stream, a kept payload or a buffer: each command reports that
// another user owns it.
TEST_F(OtherUsers, SectionIsNamedWithItsOwnerByEveryCommand) {
    const Ended ended = run(R"sh(
as 65534 "$writer" --name x --keep --quiet --text hello
as 65534 "$writer" --buffer b --size 10 --quiet --text hello
start 65534 "$writer" --name living --quiet --text never
start 65534 "$writer" --name dead --quiet --text never
appeared living dead
kill -KILL $!; wait $!
for name in x living dead; do
    for user in 1 0; do
        try "read $name $user" as $user "$reader" --name $name
        try "frames $name $user" as $user "$reader" --name $name --frames -o -
        try "write $name $user" as $user "$writer" --name $name --text y
        try "turn $name $user" as $user "$writer" --name $name --wait --text y
        for command in info verify rm view; do
            try "$command $name $user" as $user "$mapferry" $command $name
        done
    done
done
for user in 1 0; do
    try "buffer read $user" as $user "$reader" --buffer b
    try "buffer write $user" as $user "$writer" --buffer b --text y
    try "buffer make $user" as $user "$writer" --buffer b --size 10 --text y
    try "ls $user" as $user "$mapferry" ls
done
as 65534 "$reader" --name x --text
ls
)sh");
    ASSERT_TRUE(ended_with(0, ended));
    const Words named{"belongs to another user: ", kNobody, "hint: ", "its owner or root"};
    for (const std::string user : {" 1", " 0"}) {
        for (const std::string name : {" x", " living", " dead"})
            for (const char* what :
                 {"read", "frames", "write", "turn", "info", "verify", "rm", "view"})
                expect(ended, std::string(what).append(name).append(user), 77, named);
        for (const char* what : {"buffer read", "buffer write", "buffer make"})
            expect(ended, what + user, 77, named);
        expect(ended, "ls" + user, 0, {"not listed", std::string("4 of ") + kNobody});
    }
    // The sections were not touched, and their owner reads them.
    EXPECT_TRUE(contains(ended.output, "hello\n")) << ended.output;
    for (const char* name : {"mapferry.b\n", "mapferry.dead\n", "mapferry.living\n", "mapferry.x"})
        EXPECT_TRUE(contains(ended.output, name)) << ended.output;
}

TEST_F(OtherUsers, SectionIsRemovedByForceOfTheSuperuserAlone) {
    const Ended ended = run(R"sh(
as 65534 "$writer" --name x --keep --quiet --text hello
start 65534 "$writer" --name living --quiet --text never
appeared living
for name in x living; do
    try "neighbour $name" as 1 "$mapferry" rm --force $name
    try "careful $name" "$mapferry" rm $name
    try "there $name" ls mapferry.$name
    try "force $name" "$mapferry" rm --force $name
    try "gone $name" ls mapferry.$name
done
)sh");
    for (const std::string name : {" x", " living"}) {
        expect(ended, "neighbour" + name, 77, {kNobody, "Operation not permitted", "root"});
        expect(ended, "careful" + name, 77, {kNobody, "rm" + name + " --force"});
        expect(ended, "there" + name, 0);
        expect(ended, "force" + name, 0);
        expect(ended, "gone" + name, 2);
    }
}

TEST_F(OtherUsers, LeftoversStayUntilTheSuperuserCollectsThoseOfAll) {
    const Ended ended = run(R"sh(
as 65534 "$writer" --name kept --keep --quiet --text hello
as 65534 "$writer" --buffer buffer --size 10 --quiet --text hello
start 1 "$writer" --name living --quiet --text never
for name in dead mine; do
    user=0; [ $name = mine ] || user=65534
    start $user "$writer" --name $name --quiet --text never
    appeared living $name
    kill -KILL $!; wait $!
done
echo junk >mapferry.junk; chown 65534 mapferry.junk
as 65534 sh -c 'umask 077; echo half >.mapferry-new.0123456789abcdef'
try neighbour as 1 "$mapferry" gc
try "neighbour all" as 1 "$mapferry" gc --all-users
try own "$mapferry" gc
try json "$mapferry" gc --json
try before ls mapferry.dead .mapferry-new.0123456789abcdef
try all "$mapferry" gc --all-users
try after ls -A
try again "$mapferry" gc --all-users
)sh");
    expect(ended, "neighbour", 0,
           {"can't be looked into", std::string("3 of ") + kNobody, "1 of root (uid 0)"});
    expect(ended, "neighbour all", 77, {kNobody, "hint: run this as root"});
    expect(ended, "own", 0,
           {"removed mine\n", "leftovers of other users stay", std::string("1 of ") + kNobody,
            "gc --all-users"});
    expect(ended, "json", 0, {R"("event":"others","hidden":0,"leftovers":1)", kNobody});
    expect(ended, "before", 0);
    expect(ended, "all", 0,
           {std::string("removed dead of ") + kNobody, ".mapferry-new.0123456789abcdef",
            "not a section"});
    EXPECT_TRUE(contains(tried(ended, "after"),
                         "mapferry.buffer\nmapferry.junk\nmapferry.kept\nmapferry.living\n"))
        << ended.output;
    EXPECT_FALSE(contains(tried(ended, "after"), "dead"));
    EXPECT_FALSE(contains(tried(ended, "after"), "new"));
    EXPECT_FALSE(contains(tried(ended, "again"), "removed"));
}

}  // namespace
}  // namespace mapferry::testing
