#!/bin/sh
# matrix.sh NAME=FOLDER...: runs border_test.sh for all pairs of these builds, in both directions,
# and prints a table: the scenes that passed, through a file and through memory. The first folder
# holds the programs for this machine; a NAME that begins with `windows` shares only files.
# Run it where every build's programs can start: scripts/with_emulator.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scenes="images keep frames buffer gc dead_writer dead_reader"
native=${1#*=}
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# in_place PLACE SENDER RECEIVER: prints how many scenes passed.
in_place() {
    passed=0
    total=0
    for scene in $scenes; do
        total=$((total + 1))
        if "$here/border_test.sh" "$scene" "$1" "$2" "$3" "$native" >"$log" 2>&1; then
            passed=$((passed + 1))
        else
            echo "failed: $scene through $1, from $2 to $3" >&2
            cat "$log" >&2
            failed=1
        fi
    done
    result="$passed of $total"
}

echo "| writer | reader | file | memory |"
echo "| --- | --- | --- | --- |"
for from; do
    for to; do
        if [ "$from" = "$to" ]; then continue; fi
        in_place file "${from#*=}" "${to#*=}"
        row="| ${from%%=*} | ${to%%=*} | $result |"
        case "$from $to" in
            *windows*) result="" ;;
            *) in_place memory "${from#*=}" "${to#*=}" ;;
        esac
        echo "$row $result |"
    done
done
exit "$failed"
