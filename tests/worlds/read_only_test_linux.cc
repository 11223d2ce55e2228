// SPDX-License-Identifier: Apache-2.0
// Sections that may only be read: on a read-only /dev/shm or file system, or in a file without
// write permission. A reader that need not answer its writer works; the others report why they
// can't.
#include "worlds/own_world.h"

namespace mapferry::testing {
namespace {

class ReadOnly : public OwnWorld {};

constexpr const char* kSections = R"sh(
head -c 3000000 /dev/urandom >source
cp source other
"$writer" --name x --keep --quiet source --text hello -- other
"$writer" --name texts --keep --quiet --text hello --text "how are you"
"$writer" --buffer b --size 100 --quiet --text "in the buffer"
start 0 "$writer" --name living --quiet --text never
start 0 "$writer" --name camera --frames --fps 20 --image 4x4:GRAY8 --quiet /dev/zero
start 0 "$writer" --name dead --quiet --text never
appeared living dead camera
kill -KILL $!; wait $!
)sh";

TEST_F(ReadOnly, ShmShowsWhatIsKeptAndWhatIsThere) {
    const Ended ended = run(std::string(kSections) + R"sh(
cd "$(mktemp -d)" || exit 99
try files read_only "$reader" --name x --quiet
try same cmp source /dev/shm/source
try same2 cmp other /dev/shm/other
rm -r "$PWD"; cd /dev/shm
try texts read_only "$reader" --name texts --text --quiet
try null read_only "$reader" --name x --null
try buffer read_only "$reader" --buffer b --at 7 --bytes 6
try ls read_only "$mapferry" ls
try top read_only "$mapferry" top --once --interval 50ms
for name in x b living dead camera; do try "info $name" read_only "$mapferry" info $name; done
try verify read_only "$mapferry" verify x
try "verify json" read_only "$mapferry" verify x --json
)sh");
    for (const char* label : {"files", "same", "same2", "null", "top", "verify json"})
        expect(ended, label, 0);
    expect(ended, "texts", 0, {"hello\nhow are you\n"});
    expect(ended, "buffer", 0, {"buffer"});
    expect(ended, "ls", 0, {"kept", "free", "waiting for readers", "dead"});
    EXPECT_FALSE(contains(tried(ended, "ls"), "unreadable")) << ended.output;
    for (const char* name : {"x", "b", "living", "dead", "camera"})
        expect(ended, std::string("info ") + name, 0);
    expect(ended, "verify", 0, {"source", "other", "verified"});
}

TEST_F(ReadOnly, ShmSaysWhyAStreamOrItsRemovalIsRefused) {
    const Ended ended = run(std::string(kSections) + R"sh(
try stream read_only "$reader" --name living
try frames read_only "$reader" --name camera --frames -o -
try newest read_only "$reader" --name camera --frames --latest --count 1 -o -
try view read_only "$mapferry" view camera
try consume read_only "$reader" --name x --consume --null
try dead read_only "$reader" --name dead --timeout 0
try rm read_only "$mapferry" rm x
try force read_only "$mapferry" rm --force x
try gc read_only "$mapferry" gc
try "write x" read_only "$writer" --name x --text y
try "write dead" read_only "$writer" --name dead --text y
try "write new" read_only "$writer" --name new --text y
try "write buffer" read_only "$writer" --buffer b --text y
try there "$mapferry" verify x
)sh");
    for (const char* label : {"stream", "frames", "newest", "view", "consume"})
        expect(ended, label, 77, {"can only be read here, and ", "hint: "});
    expect(ended, "dead", 69, {"a writer that died"});
    for (const char* label : {"rm", "force", "gc", "write dead", "write new"})
        expect(ended, label, 77, {"Read-only file system"});
    expect(ended, "write x", 73, {"holds a kept payload"});
    expect(ended, "write buffer", 77, {"can only be read here"});
    expect(ended, "there", 0);
}

// No writer rings for a reader that cannot raise a flag, so the reader looks by itself.
TEST_F(ReadOnly, KeptPayloadIsFollowedWhileItIsFilled) {
    const Ended ended = run(R"sh(
head -c 3000000 /dev/urandom >source
mkfifo pipe
exec 3<>pipe
"$writer" --name x --keep --quiet - <pipe 3<&- & writing=$!
started="$started $writing"
cat source >&3
appeared x
(exec 3<&-; read_only "$reader" --name x --quiet -o - >got) & reading=$!
until [ -s got ]; do sleep 0.01; done  # between two looks
printf end >&3
exec 3>&-
wait $writing; echo "wrote: $?"
wait $reading; echo "read: $?"
printf end >>source; cmp source got && echo same
)sh");
    EXPECT_TRUE(contains(ended.output, "wrote: 0\nread: 0\nsame")) << ended.output << ended.errors;
}

TEST_F(ReadOnly, FileWithoutWritePermissionIsRead) {
    const Ended ended = run(R"sh(
mkdir files; chown 65534 files; cd files
head -c 3000000 /dev/urandom >source
as 65534 "$writer" --backing kept --keep --quiet source
as 65534 "$writer" --backing buffer --buffer b --size 100 --quiet --text "in the buffer"
start 65534 "$writer" --backing living --quiet --text never
until [ -e living ]; do sleep 0.01; done  # between two looks
chmod 0444 kept buffer living
try null as 65534 "$reader" --backing kept --null
try same sh -c '"$1" --backing kept -o - | cmp - source' sh "$reader"
try info as 65534 "$mapferry" info --backing kept
try verify as 65534 "$mapferry" verify --backing kept
try buffer as 65534 "$reader" --backing buffer --buffer b --bytes 13
try write as 65534 "$writer" --backing buffer --buffer b --text y
try stream as 65534 "$reader" --backing living
try consume as 65534 "$reader" --backing kept --consume --null
try stranger as 1 "$reader" --backing kept --null
try rm as 65534 "$mapferry" rm --backing kept
try gone ls kept
)sh");
    for (const char* label : {"null", "info", "verify", "rm"})
        expect(ended, label, 0);
    expect(ended, "buffer", 0, {"in the buffer"});
    for (const char* label : {"write", "stream", "consume"})
        expect(ended, label, 77, {"can only be read here"});
    expect(ended, "stranger", 77, {"nobody (uid 65534)"});
    expect(ended, "gone", 2);
}

}  // namespace
}  // namespace mapferry::testing
