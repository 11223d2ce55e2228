// SPDX-License-Identifier: Apache-2.0
// The findings of doctor in a private /dev/shm, and its exit code: 78 when a line has "!!".
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "process/programs.h"
#include "process/small_space.h"

namespace mapferry::testing {
namespace {

// "$1", "$2" and "$3" are the programs. Runs doctor twice, as text on standard output and as JSON
// on standard error; both runs must have the same exit code.
constexpr const char* kDoctor = R"sh(
doctor() { "$m" doctor --json >&2; json=$?; "$m" doctor; text=$?; [ $json = $text ] || exit 98; }
doctor; exit $text
)sh";

class Doctor : public ProgramTest {
  protected:
    void SetUp() override { SKIP_WITHOUT_SMALL_SPACE(); }

    // Runs doctor after `before`, a script in which "$w", "$r" and "$m" are the programs.
    [[nodiscard]] static Ended after(const std::string& before,
                                     const std::string& options = "size=64m,mode=1777") {
        return finish(ChildProcess(script_in_small_space(
            "/dev/shm", "w=$1 r=$2 m=$3\n" + before + "\n" + kDoctor,
            {MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, MAPFERRY_CONSOLE_PATH}, options)));
    }
    // Expects a line with "!!" for `name` that has these parts, in both forms.
    static void expect_fault(const Ended& ended, const std::string& name, const Words& parts) {
        EXPECT_TRUE(ended_with(kExitFaultFound, ended));
        EXPECT_TRUE(contains(ended.output, "!!   " + name)) << ended.output;
        const auto findings = json_lines(ended.errors);
        const auto found = std::ranges::find_if(findings, [&](const nlohmann::json& finding) {
            return finding.value("name", "") == name;
        });
        ASSERT_NE(found, findings.end()) << ended.errors;
        EXPECT_EQ(found->at("severity"), "fault");
        const std::string words = found->at("value").get<std::string>() + found->value("hint", "");
        for (const std::string& part : parts)
            EXPECT_TRUE(contains(words, part)) << part << " in " << words;
    }
    static void expect_well(const Ended& ended) {
        EXPECT_TRUE(ended_with(0, ended));
        EXPECT_FALSE(contains(ended.output, "!!")) << ended.output;
        EXPECT_FALSE(contains(ended.errors, "fault")) << ended.errors;
    }
};

TEST_F(Doctor, WithAllWellEndsWithZero) {
    expect_well(after(""));
}

TEST_F(Doctor, SaysNoOkOfAReadOnlySharedMemory) {
    const Ended ended = after("mount -o remount,ro /dev/shm || exit 97");
    expect_fault(ended, "shared memory", {"/dev/shm", "Read-only", "remount,rw", "--backing"});
    EXPECT_FALSE(contains(ended.output, "ok   nameless")) << ended.output;
}

TEST_F(Doctor, SaysThatSharedMemoryIsMissing) {
    expect_fault(after("mount -t tmpfs none /dev || exit 97"), "shared memory",
                 {"/dev/shm", "mount a tmpfs", "--backing"});
}

TEST_F(Doctor, SaysThatSharedMemoryIsFull) {
    const Ended ended = after("head -c 2000000 /dev/zero >/dev/shm/filler 2>/dev/null", "size=1m");
    expect_fault(ended, "shared memory", {"free", "--backing", "enlarge"});
}

TEST_F(Doctor, SaysThatThisUserMayNotWriteThere) {
    const std::string as_nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
    const Ended may = after(as_nobody + "\"$m\" --version; exit $?");
    if (may.exit != exited(0)) GTEST_SKIP() << "nobody can't start the programs here";
    const Ended ended = finish(ChildProcess(script_in_small_space(
        "/dev/shm", as_nobody + "\"$1\" doctor --json >&2; " + as_nobody + "\"$1\" doctor",
        {MAPFERRY_CONSOLE_PATH}, "size=64m,mode=755")));
    expect_fault(ended, "shared memory", {"Permission denied", "chmod 1777", "--backing"});
}

TEST_F(Doctor, NamesTheCommandForWhatADeadWriterLeft) {
    const std::string leave = R"sh(
"$w" --name left --text x & pid=$!
until "$m" info left >/dev/null 2>&1; do
    kill -0 $pid || exit 97; sleep 0.01  # between two looks
done
{ kill -9 $pid; wait $pid; } 2>/dev/null
)sh";
    expect_fault(after(leave), "section left", {"dead", "mapferry gc"});
    expect_well(after(leave + "\"$m\" gc >/dev/null || exit 96"));
}

// A kept payload, a buffer, a stream that waits, one in use, and one of a later version.
TEST_F(Doctor, NeverAdvisesToRemoveWhatIsHealthy) {
    const Ended ended = after(R"sh(
"$w" --name kept --keep --quiet --text x || exit 97
"$w" --name later --keep --quiet --text x || exit 97
printf '\001' | dd of=/dev/shm/mapferry.later bs=1 seek=9 conv=notrunc 2>/dev/null
"$w" --name others --keep --quiet --text x || exit 97
chmod 666 /dev/shm/mapferry.others
"$w" --buffer area --size 4096 --quiet || exit 97
"$w" --name waiting --timeout 60s --text x 2>/dev/null & waiting=$!
mkfifo /tmp/fifo.$$; "$w" --name used --quiet - </tmp/fifo.$$ & used=$!
exec 3>/tmp/fifo.$$; rm /tmp/fifo.$$
"$r" --name used --null 2>/dev/null 3>&- &
until "$m" info used 2>/dev/null | grep -q '1 here' && "$m" info waiting >/dev/null 2>&1; do
    kill -0 $used || exit 97; sleep 0.01  # between two looks
done
trap 'exec 3>&-; kill $waiting; wait' EXIT
)sh");
    expect_well(ended);
    for (const char* name : {"kept", "later", "others", "area", "waiting", "used"})
        EXPECT_TRUE(contains(ended.output, std::string("section ") + name)) << ended.output;
    for (const char* advice : {" rm ", " gc", "remove"})
        EXPECT_FALSE(contains(ended.output, advice)) << ended.output;
    EXPECT_TRUE(contains(ended.output, "!    section later")) << ended.output;
}

}  // namespace
}  // namespace mapferry::testing
