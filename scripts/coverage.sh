#!/bin/sh
# coverage.sh: shows which branches of the fundamental code the unit and conformance tests take.
# Prints a table and a list of the branches that are not taken, and makes
# build/coverage/html/index.html with the counts beside the source.
set -eu

build=build/coverage
data=$build/coverage.profdata
html=$build/html

# Layout and its validation, the ring, the leases of frames, names of files.
sources="
    lib/src/format/layout.h
    lib/src/base/checked_math.h
    lib/src/format/geometry.cc
    lib/src/format/ident.cc
    lib/src/format/ring_size.cc
    lib/src/format/shared_access.h
    lib/src/ring/bell.h
    lib/src/ring/patience.h
    lib/src/format/ring_group.h
    lib/src/ring/ring_writer.cc
    lib/src/ring/ring_reader.cc
    lib/src/ring/reader_table.cc
    lib/src/frames/writer/frame_ring_writer.cc
    lib/src/frames/reader/frame_ring_reader.cc
    lib/src/transfer/reader/file_name.cc"
programs="$build/tests/mapferry_unit_tests $build/tests/mapferry_conformance_tests"

rm -rf "$html" "$build/profiles"
mkdir -p "$build/profiles"
for program in $programs; do
    LLVM_PROFILE_FILE="$build/profiles/%p.profraw"
    export LLVM_PROFILE_FILE
    "$program" --gtest_brief=1 >"$build/tests.log" 2>&1 && continue
    cat "$build/tests.log" >&2
    echo "coverage: $program failed" >&2
    exit 1
done
llvm-profdata-19 merge -sparse -o "$data" "$build"/profiles/*.profraw

# The names are passed as separate words on purpose.
# shellcheck disable=SC2086
set -- $programs
first=$1
shift
objects=""
for program; do objects="$objects -object $program"; done

# cov COMMAND OPTION...: runs llvm-cov over these programs and sources.
cov() {
    command=$1
    shift
    # shellcheck disable=SC2086
    "llvm-cov-19" "$command" "$first" $objects -instr-profile "$data" "$@" $sources
}

cov show -format=html -show-branches=count -output-dir "$html" >/dev/null 2>&1
# A record for each file: {"branches":[[line,column,line,column,taken,not taken,...],...],
# "filename":"...","segments":[...],"summary":{...}}. A branch of a template appears once for each
# instance; this script counts it as taken when any instance takes it.
cov export -format=text -skip-expansions -skip-functions 2>/dev/null | awk -v root="$PWD/" '
    function percent(part, all) { return all ? sprintf("%5.1f %%", 100 * part / all) : "-" }
    function row(name, hit, lines, taken, branches) {
        printf "%-36s %5d/%-5d %8s %5d/%-5d %8s\n", name, hit, lines, percent(hit, lines), taken,
            branches, percent(taken, branches)
    }
    BEGIN {
        RS = "[{]\"branches\":[[]"
        printf "%-36s %-11s %8s %-11s\n", "file", "    lines", "", " branches"
    }
    NR > 1 {
        match($0, /"filename":"[^"]*"/)
        file = substr($0, RSTART + 12, RLENGTH - 13)
        sub(root, "", file)
        list = substr($0, 1, index($0, "\"filename\"") - 2)
        gsub(/\],\[/, "\n", list)
        gsub(/[][]/, "", list)
        sub(/,$/, "", list)
        count = split(list, entries, "\n")
        places = branches = taken = 0
        for (i = 1; i <= count; i++) {
            split(entries[i], part, ",")
            place = file SUBSEP part[1] SUBSEP part[2] SUBSEP part[4]
            if (!(place in seen)) { seen[place] = 1; order[++places] = place }
            yes[place] += part[5]
            no[place] += part[6]
        }
        for (i = 1; i <= places; i++) {
            place = order[i]
            split(place, part, SUBSEP)
            branches += 2
            taken += (yes[place] > 0) + (no[place] > 0)
            if (!yes[place]) missed[++misses] = file ":" part[2] ":" part[3] " never true"
            if (!no[place]) missed[++misses] = file ":" part[2] ":" part[3] " never false"
        }
        summary = substr($0, index($0, "\"summary\""))
        summary = substr(summary, index(summary, "\"lines\"") + 17)  # {"count":N,"covered":N
        lines = summary + 0
        sub(/^[0-9]+,"covered":/, "", summary)
        hit = summary + 0
        row(file, hit, lines, taken, branches)
        all_hit += hit; all_lines += lines; all_taken += taken; all_branches += branches
    }
    END {
        row("all", all_hit, all_lines, all_taken, all_branches)
        print "\nnot taken:"
        for (i = 1; i <= misses; i++) print "  " missed[i]
    }'
echo "html: $html/index.html"
