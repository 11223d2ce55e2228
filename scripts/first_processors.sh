#!/bin/sh
# first_processors.sh N: prints the first N of the processors that this process may use, as
# `taskset -c` takes them: 0,1,4. Fails when it may use fewer.
set -eu
case ${1-} in
    '' | *[!0-9]* | 0*)
        echo "bench: error: how many processors? It is a number from 1 on: ${1-}" >&2
        exit 64
        ;;
esac
# A line like "Cpus_allowed_list: 0-3,8".
awk -v wanted="$1" '
    /^Cpus_allowed_list:/ {
        count = split($2, ranges, ",")
        for (i = 1; i <= count; ++i) {
            ends = split(ranges[i], range, "-")
            for (one = range[1]; one <= range[ends]; ++one) {
                if (found < wanted) list = list (found ? "," : "") one
                ++found
            }
        }
    }
    END {
        if (found < wanted) {
            text = "bench: error: only " found + 0 " processors are there, not " wanted
            print text | "cat >&2"
            close("cat >&2")
            exit 64
        }
        print list
    }' "${2-/proc/self/status}"
