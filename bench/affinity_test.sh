#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# affinity_test.sh SCRIPTS STAGES REPORT FOLDER: the choice of processors, and that a run which was
# kept to one of several says so at the head of its table.
set -eu
choose=$1/first_processors.sh
stages=$2
report=$3
folder=$4
mkdir -p "$folder"

# expect WANTED LIST N: of the processors LIST, the first N are WANTED.
expect() {
    printf 'Cpus_allowed_list:\t%s\n' "$2" >"$folder/status"
    got=$(sh "$choose" "$3" "$folder/status")
    if [ "$got" != "$1" ]; then
        echo "the first $3 of $2: $got instead of $1" >&2
        exit 1
    fi
}
expect 0 0-7 1
expect 0,1 0-7 2
expect 2,4,5 2,4-7 3
expect 1,3,9,10 1,3,9-10 4
for wrong in 0 -1 x 1.5 "" 9; do
    if sh "$choose" "$wrong" "$folder/status" >/dev/null 2>&1; then
        echo "it took $wrong for a number of processors that are there" >&2
        exit 1
    fi
done

one=$(sh "$choose" 1)
taskset -c "$one" "$stages" --rounds 1 --only "hash" --json "$folder/one.json" >/dev/null
"$report" "$folder" "$folder/one.json" >"$folder/printed"
processors=$(getconf _NPROCESSORS_ONLN)
head -n 1 "$folder/printed"
if [ "$processors" -gt 1 ] &&
    ! head -n 1 "$folder/printed" | grep -q "$processors processors (all processes kept to 1)"; then
    echo "the table does not say that all processes were kept to 1 processor" >&2
    exit 1
fi
