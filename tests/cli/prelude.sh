# shellcheck shell=sh
# Variables and functions for every command-line case. $name is its section's name; a second section
# is called "$name-2". $system is the system of the programs: linux or windows.

name=$MAPFERRY_TEST_NAME
# shellcheck disable=SC2034
data=$MAPFERRY_TEST_DATA
system=$MAPFERRY_TEST_SYSTEM
keepers=""

# expect_exit CODE COMMAND...: the case fails when COMMAND exits with another code.
expect_exit() {
    expected_code=$1
    shift
    actual_code=0
    "$@" || actual_code=$?
    if [ "$actual_code" -ne "$expected_code" ]; then
        echo "exit code $actual_code instead of $expected_code: $*" >&2
        exit 1
    fi
}

# wait_until COMMAND...: waits until it succeeds, for ten seconds at most.
wait_until() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 200 ]; then
            echo "waited ten seconds in vain for: $*" >&2
            exit 1
        fi
        sleep 0.05 # between two looks
    done
}

# section_exists [NAME]: whether shared memory has such a section. On Windows the objects of a
# killed process stay a little longer than the process: wait_until section_is_gone.
section_exists() {
    if [ "$system" = windows ]; then
        mapferry info "${1:-$name}" >/dev/null 2>&1
    else
        [ -e "/dev/shm/mapferry.${1:-$name}" ]
    fi
}

section_is_gone() { ! section_exists "$@"; }

is_kept() { mapferry info "$1" | head -n 1 | grep -q ': keep, kept$'; }

# keep ARG...: runs mapferry-writer --keep with the section $name, and --quiet. On Windows the
# writer stays for its section and does not return, so it runs in the background.
keep() { keep_as "$name" --quiet "$@"; }

# keep_as NAME ARG...: the same with a section of that name, and not quiet.
keep_as() {
    keep_name=$1
    shift
    if [ "$system" = linux ]; then
        mapferry-writer --name "$keep_name" --keep "$@"
        return
    fi
    mapferry-writer --name "$keep_name" --keep "$@" &
    keepers="$keepers $!"
    wait_until is_kept "$keep_name"
}

# Waits for the writers that keep started, so that their output is complete. Only a case that needs
# that output calls this; a case whose writers stay fails.
end_of_keep() {
    for keeper in $keepers; do wait "$keeper"; done
    keepers=""
}

# random_file BYTES PATH
random_file() { head -c "$1" /dev/urandom >"$2"; }

# recipe_of TITLE: prints the commands of this section of docs/recipes.md. Where a person would see
# that the command before is done, they wait for it: a writer for its section's name, `info` until
# it can answer.
recipe_of() {
    awk -v title="## $1" '
        /^## / { inside = $0 == title }
        inside && sub(/^    \$ /, "") {
            if (/mapferry send /) print "wait_until section_is_gone"
            if (/^mapferry info /) print "wait_until " $0
            print
        }' "$data/../docs/recipes.md"
}

# skip REASON: ends the case without a result.
skip() {
    echo "$*" >"$MAPFERRY_TEST_SKIP"
    exit 0
}
