#!/bin/sh
# The runner of the command-line cases finds every fault that it must find.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
option=""

# until_ended CMDLINE: waits until the process has ended. A killed process may stay for a while; as
# a zombie it has no command line.
until_ended() {
    tries=0
    while grep -q . "$1" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ]; then return 1; fi
        sleep 0.05 # between two looks
    done
}

# Whether an object that a case left is gone after the runner has ended.
is_gone() {
    case $1 in
        /proc/*) until_ended "$1" ;;
        *) [ ! -e "$1" ] ;;
    esac
}

# run EXPECTED_EXIT WHAT: runs the case whose text is on standard input.
run() {
    cat >"$scratch/case.sh"
    code=0
    "$here/run_case.sh" ${option:+"$option"} "$scratch/bin" "$scratch/case.sh" \
        >"$scratch/output" 2>&1 || code=$?
    if [ "$code" -ne "$1" ]; then
        echo "$2: exit $code instead of $1"
        cat "$scratch/output"
        exit 1
    fi
    if ! grep -q ': left ' "$scratch/output"; then return; fi
    sed -n -e 's|.*: left process \([0-9]*\) .*|/proc/\1/cmdline|p' \
        -e 's|.*: left \(/.*\) behind$|\1|p' "$scratch/output" | while read -r path; do
        is_gone "$path" && continue
        echo "$2: $path is still there"
        exit 1
    done
}

# expect EXTENSION TEXT: sets what the next case must print.
expect() { printf '%s\n' "$2" >"$scratch/case.$1"; }
expect_nothing() { rm -f "$scratch"/case.*; }

echo ':' | run 0 "a silent case"
echo 'echo a' | run 1 "output that nobody expects"
echo 'echo a >&2' | run 1 "error output that nobody expects"
echo 'exit 65' | run 1 "a failure that nobody expects"
printf 'false\ntrue\n' | run 1 "a failure in the middle"
export MAPFERRY_CASE_LIMIT_S=1
echo 'sleep 30 # until the limit ends it' | run 1 "a case that hangs"
unset MAPFERRY_CASE_LIMIT_S
echo 'setsid sleep 30 & # until the runner ends it' | run 1 "a process left behind"
# shellcheck disable=SC2016
echo ': >"/dev/shm/mapferry.$name"' | run 1 "a section left behind"
# shellcheck disable=SC2016
echo ': >"/dev/shm/mapferry.$name-2"' | run 1 "a second section left behind"
echo 'skip "not today"' | run 125 "a skipped case"
echo 'expect_exit 3 sh -c "exit 4"' | run 1 "expect_exit"
echo 'expect_exit 3 sh -c "exit 3"' | run 0 "expect_exit"

expect exit 65
echo 'exit 65' | run 0 "an expected failure"
echo 'exit 66' | run 1 "another failure than expected"
echo ':' | run 1 "success instead of a failure"
expect_nothing

expect stdout 'a * b'
echo 'echo "a * b"' | run 0 "expected output"
echo 'echo "a x b"' | run 1 "a star that is no pattern"
printf 'printf "a * b"\n' | run 1 "a missing newline"
expect_nothing

expect stderr.glob 'a (*) [b] c.'
echo 'echo "a (1 2) [b] c." >&2' | run 0 "a pattern"
echo 'echo "a (1 2) b c." >&2' | run 1 "brackets that are no pattern"
echo 'echo "a (1 2) [b] cx" >&2' | run 1 "a dot that is no pattern"
echo ':' | run 1 "a missing line"
printf 'echo "a () [b] c." >&2\necho >&2\n' | run 1 "one line too many"
expect_nothing

printf 'first*\n**\n' >"$scratch/case.stdout.glob"
echo 'echo first' | run 0 "an empty rest"
echo 'echo first 1; echo; echo 3' | run 0 "any rest"
echo 'echo second' | run 1 "a rest without its beginning"
echo ':' | run 1 "nothing instead of a beginning"
expect_nothing

expect stdout linux
expect windows.stdout windows
expect exit 3
# shellcheck disable=SC2016
echo 'echo "$system"; exit 3' | run 0 "the output of one system"
echo 'echo windows; exit 3' | run 1 "the output of the other system"
option=--windows
# shellcheck disable=SC2016
echo 'echo "$system"; exit 3' | run 0 "the output of the other system, there"
echo 'echo linux; exit 3' | run 1 "the output of one system, on the other"
"$here/run_case.sh" --update --windows "$scratch/bin" "$scratch/case.sh"
if [ -e "$scratch/case.windows.stdout" ] || [ "$(cat "$scratch/case.stdout")" != linux ]; then
    echo "--update --windows kept what is no different"
    exit 1
fi
echo ':' >"$scratch/case.sh"
"$here/run_case.sh" --update --windows "$scratch/bin" "$scratch/case.sh"
echo ':' | run 0 "nothing, where the other system has something"
option=""
expect_nothing

# shellcheck disable=SC2016
echo 'echo "$name $PWD"; exit 3' >"$scratch/case.sh"
"$here/run_case.sh" --update "$scratch/bin" "$scratch/case.sh"
if [ "$(cat "$scratch/case.stdout" "$scratch/case.exit")" != "@NAME@ @DIR@
3" ]; then
    echo "--update wrote: $(cat "$scratch/case.stdout" "$scratch/case.exit")"
    exit 1
fi
"$here/run_case.sh" "$scratch/bin" "$scratch/case.sh"

# Several cases, called by relative names, and one that does not exist.
mkdir "$scratch/several"
echo 'exit 3' >"$scratch/several/a.sh"
echo 'exit 4' >"$scratch/several/b.sh"
(cd "$scratch/several" && "$here/run_case.sh" --update ../bin a.sh b.sh)
if [ "$(cat "$scratch/several/a.exit" "$scratch/several/b.exit")" != "3
4" ]; then
    echo "several cases: not updated"
    exit 1
fi
code=0
"$here/run_case.sh" --update "$scratch/bin" "$scratch/several/c.sh" 2>/dev/null || code=$?
if [ "$code" -ne 66 ] || [ -e "$scratch/several/c.exit" ]; then
    echo "a missing case: exit $code"
    exit 1
fi
