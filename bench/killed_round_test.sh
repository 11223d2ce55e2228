#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# killed_round_test.sh PROGRAM WAY: ends mapferry-bench-frames in the middle of a round of this way,
# by a signal and by the death of one of its processes. Nothing may stay in /dev/shm nor in TMPDIR.
set -eu
program=$1
way=$2
TMPDIR=$(mktemp -d)
export TMPDIR
bench=""
stop() {
    [ -z "$bench" ] || kill -9 "$bench" 2>/dev/null || true
    rm -rf "$TMPDIR"
}
trap stop EXIT

# The names that a benchmark's round has in shared memory.
names() { find /dev/shm -maxdepth 1 | grep -E '/(fast|sem\.fast|mapferry\.mapferry-bench)' | sort; }

# round_until_killed HOW: `sender` or `receiver` kills that process, `term` is a signal.
round_until_killed() {
    before=$(names || true)
    "$program" --rounds 20 --only "^frames-paced/1 MiB/$way" >/dev/null 2>&1 &
    bench=$!
    victim=""
    for _ in $(seq 400); do
        sleep 0.02
        [ "$(names || true)" != "$before" ] || continue
        victim=$(pgrep -P "$bench" -f -- "--role $1" | head -n 1) || true
        [ "$1" != term ] || victim=$bench
        [ -z "$victim" ] || break
    done
    if [ -z "$victim" ]; then
        echo "no round of $way was seen" >&2
        exit 1
    fi
    if [ "$1" = term ]; then kill -TERM "$victim"; else kill -KILL "$victim"; fi
    code=0
    wait "$bench" || code=$?
    bench=""
    after=$(names || true)
    if [ "$code" -eq 0 ]; then
        echo "$1: the benchmark ended with 0 although it was disturbed" >&2
        exit 1
    fi
    if [ "$after" != "$before" ]; then
        printf '%s: these names were there before:\n%s\nand these after it:\n%s\n' \
            "$1" "$before" "$after" >&2
        exit 1
    fi
    if [ -n "$(ls -A "$TMPDIR")" ]; then
        echo "$1: a folder stayed: $(ls -A "$TMPDIR")" >&2
        exit 1
    fi
}

for how in receiver sender term; do
    round_until_killed "$how"
done
