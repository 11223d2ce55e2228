#!/bin/sh
# run_weak.sh PROGRAM: plays the scenes of the rings under C++'s memory model. Each must hold. Then
# makes sure that the scenes can fail: with an order of the table "Needed" of docs/memory_orders.md
# weakened, the scene beside it must find the fault. Every order that a scene meets must be on that
# page. PROGRAM: mapferry_weak_scenes, which is built where relacy is installed.
set -eu

program=$1
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/memory_orders.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ ! -x "$program" ]; then
    echo "run_weak: there is no $program: relacy (package relacy-dev) is not installed" >&2
    exit 69
fi

# rows TITLE: the cells of the table under this title, one row a line, with | between them.
rows() {
    awk -v title="## $1" '
        /^## / { inside = $0 == title }
        inside && /^\| / && !/^\| (access|---)/ {
            gsub(/^\| | \|$/, ""); gsub(/ \| /, "|"); gsub(/`/, "")
            print
        }' "$page"
}
rows Needed >"$scratch/needed"
rows "Stronger than the scenes need" >"$scratch/stronger"
cut -d '|' -f 1 "$scratch/needed" "$scratch/stronger" | sed 's/; .*//' | sort -u >"$scratch/known"

failed=0
fail() {
    echo "run_weak: $*" >&2
    failed=1
}

for scene in bell buffer stream lose latest_small latest_large each_small each_large; do
    "$program" "$scene" >"$scratch/said" || fail "$scene does not hold"
    tail -n 1 "$scratch/said"
    sed '$d; / relaxed /d' "$scratch/said" | while read -r access; do
        grep -qxF "$access" "$scratch/known" || echo "$access"
    done >"$scratch/unknown"
    if [ -s "$scratch/unknown" ]; then fail "not on the page: $(cat "$scratch/unknown")"; fi
done

count=0
while IFS='|' read -r access weaker scene; do
    count=$((count + 1))
    set -- "$scene"
    # A row may weaken two accesses, each with the same order.
    while [ -n "$access" ]; do
        set -- "$@" "${access%%; *}" "$weaker"
        case $access in *"; "*) access=${access#*; } ;; *) access="" ;; esac
    done
    if "$program" "$@" >"$scratch/said" </dev/null; then fail "no scene notices: $*"; fi
    grep -qxF "$2" "$scratch/said" || fail "$scene has no such access: $2"
done <"$scratch/needed"
if [ "$count" -eq 0 ]; then fail "docs/memory_orders.md names no order that is needed"; fi
if [ "$failed" -eq 0 ]; then
    echo "model: the scenes hold, and notice each of $count weaker orders"
fi
exit "$failed"
