#!/bin/sh
# run_case.sh [--update] [--windows] BIN_FOLDER CASE.sh...: runs command-line cases and compares
# their output and exit codes with the files beside them. README.md explains the cases. --windows:
# the folder's programs run Windows programs under Wine.
# Exit: 0 all as expected, 1 not, 125 skipped (when a single case asked for it).
set -eu

start=$PWD
here=$(cd "$(dirname "$0")" && pwd)
mode=compare
system=linux
while :; do
    case ${1:-} in
        --update) mode=update ;;
        --windows) system=windows ;;
        *) break ;;
    esac
    shift
done
if [ $# -lt 2 ]; then
    echo "usage: run_case.sh [--update] [--windows] BIN_FOLDER CASE.sh..." >&2
    exit 64
fi
bin=$(cd "$1" && pwd)
shift
shared_memory=/dev/shm
limit_s=${MAPFERRY_CASE_LIMIT_S:-60}

# A case has a home folder of its own, so this finds Wine's prefix before.
if [ "$system" = windows ]; then
    MAPFERRY_WINEPREFIX=$("$here/../../scripts/wine.sh" --prefix)
    export MAPFERRY_WINEPREFIX
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# No two runners that run at the same time have the same name, and no name contains another.
name=cli-$$-t
verdict=0

fault() {
    echo "$case_name: $*"
    verdict=1
}

# Processes of the case: they have its name in their environment, which is empty for the moment in
# which a process becomes another program.
carriers() { grep -lsFz "MAPFERRY_TEST_NAME=$name" /proc/[0-9]*/environ | cut -d/ -f3; }
survivors() {
    carriers | grep . && return
    sleep 0.05 # time itself: no state shows that such a moment is over
    carriers
}

# Nothing may outlive a case. Background processes get two seconds to end.
check_leftovers() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        pids=$(survivors || true)
        if [ -z "$pids" ]; then break; fi
        sleep 0.2 # between two looks
    done
    for pid in $pids; do
        fault "left process $pid behind: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || true)"
        kill -KILL "$pid" 2>/dev/null || true
    done
    for file in "$shared_memory"/*"$name"*; do
        if [ -e "$file" ]; then
            fault "left $file behind"
            rm -f "$file"
        fi
    done
}

# Prints the output with the parts replaced that differ from run to run.
normalise() { sed -e "s|$scratch/work|@DIR@|g" -e "s|$name|@NAME@|g" "$1"; }

# matches PATTERNS ACTUAL: compares line by line. * matches any text; a last line ** matches all
# further lines.
matches() {
    awk '
        function regex(glob) {
            gsub(/[][\\^$.|?+(){}]/, "\\\\&", glob)
            gsub(/\*/, ".*", glob)
            return "^" glob "$"
        }
        FNR == NR { pattern[++count] = $0; next }
        { ++lines }
        count > 0 && pattern[count] == "**" && lines >= count { next }
        lines > count || $0 !~ regex(pattern[lines]) { bad = 1; exit }
        END {
            if (count > 0 && pattern[count] == "**" && lines >= count - 1) lines = count
            exit bad || lines != count
        }' "$1" "$2"
}

# Sets $expected to the file with this extension that applies to the system: Windows may have a file
# of its own. Without a file, no output is expected.
expect() {
    for file in "$case_base.$system.$1.glob" "$case_base.$system.$1" \
        "$case_base.$1.glob" "$case_base.$1"; do
        if [ -e "$file" ]; then
            expected=$file
            return
        fi
    done
    expected=$scratch/empty
}

# compare EXTENSION ACTUAL: reports a difference from the expected file.
compare() {
    expect "$1"
    case $expected in
        *.glob) matches "$expected" "$2" && return ;;
        *) cmp -s "$expected" "$2" && return ;;
    esac
    fault "$1 is not as expected (< $(basename "$expected"), > actual):"
    diff "$expected" "$2" || true
}

# update EXTENSION ACTUAL: stores the actual output in the file beside the case, unless that has
# patterns. A different output on Windows goes into a separate file.
update() {
    target=$case_base.$1
    if [ "$system" != linux ]; then
        target=$case_base.$system.$1
        rm -f "$target"
    fi
    expect "$1"
    case $expected in
        *.glob)
            compare "$1" "$2"
            return
            ;;
    esac
    if cmp -s "$expected" "$2"; then return; fi
    if [ -s "$2" ] || [ "$system" != linux ]; then
        cp "$2" "$target"
    else
        rm -f "$target"
    fi
}

# Runs a case with a folder of its own, the programs, and little else of the environment.
run_case() {
    rm -rf "$scratch/work" "$scratch/skip"
    mkdir "$scratch/work"
    code=0
    # shellcheck disable=SC2016
    env -C "$scratch/work" PATH="$bin:$PATH" LC_ALL=C.UTF-8 TZ=UTC TERM=dumb HOME="$scratch/work" \
        MAPFERRY_TEST_NAME="$name" MAPFERRY_TEST_DATA="$here/../../data" \
        MAPFERRY_TEST_SYSTEM="$system" MAPFERRY_TEST_SKIP="$scratch/skip" \
        MAPFERRY_TEST_PRELUDE="$here/prelude.sh" \
        timeout --kill-after=5 "$limit_s" sh -euc '. "$MAPFERRY_TEST_PRELUDE"; . "$0"' "$1" \
        </dev/null >"$scratch/raw_stdout" 2>"$scratch/raw_stderr" || code=$?
    cd "$start"
}

# settle CASE.sh: runs it and decides the result.
settle() {
    case_base=${1%.sh}
    case_name=$(basename "$case_base")
    run_case "$1"
    check_leftovers
    if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
        fault "still running after $limit_s s"
        normalise "$scratch/raw_stdout"
        normalise "$scratch/raw_stderr"
        return
    fi
    if [ -e "$scratch/skip" ]; then
        echo "$case_name: skipped: $(cat "$scratch/skip")"
        skipped=$((skipped + 1))
        return
    fi
    normalise "$scratch/raw_stdout" >"$scratch/stdout"
    normalise "$scratch/raw_stderr" >"$scratch/stderr"
    if [ "$code" -eq 0 ]; then : >"$scratch/exit"; else echo "$code" >"$scratch/exit"; fi
    for part in exit stdout stderr; do
        if [ "$mode" = update ]; then
            update "$part" "$scratch/$part"
        else
            compare "$part" "$scratch/$part"
        fi
    done
}

: >"$scratch/empty"
skipped=0
cases=$#
for file in "$@"; do
    if [ ! -f "$file" ]; then
        echo "run_case.sh: no such case: $file" >&2
        exit 66
    fi
    settle "$(cd "$(dirname "$file")" && pwd)/$(basename "$file")"
done
if [ "$verdict" -eq 0 ] && [ "$skipped" -eq "$cases" ]; then exit 125; fi
exit "$verdict"
