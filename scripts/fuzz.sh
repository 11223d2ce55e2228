#!/bin/sh
# fuzz.sh SECONDS: runs every fuzz target of build/fuzz in turn, for this time in all, and prints
# the number of executed inputs. Findings are stored in build/fuzz/findings/TARGET; the exit code is
# then 1. build/fuzz/corpus/TARGET starts with the corpus of the sources and collects new inputs.
set -eu
cd "$(dirname "$0")/.."

programs=build/fuzz/tests/fuzz
# The longest input that makes sense: longer inputs are only slower.
longest() {
    case $1 in
        text) echo 48 ;;
        file_name) echo 64 ;;
        option_tables) echo 120 ;;
        buffer) echo 120 ;;
        records) echo 1400 ;;
        descriptions) echo 240 ;;
        *) echo 300 ;;
    esac
}

targets=$(cd tests/fuzz/corpus && ls -- *.hex | sed 's/\.hex$//')
count=$(echo "$targets" | wc -l)
seconds=$(($1 / count))
[ "$seconds" -gt 0 ] || seconds=1
# Stores no stack for each allocation: otherwise the sanitizer spends most of its time on those.
export ASAN_OPTIONS="malloc_context_size=0:quarantine_size_mb=8:${ASAN_OPTIONS:-}"

failed=0
for target in $targets; do
    corpus=build/fuzz/corpus/$target
    findings=build/fuzz/findings/$target
    mkdir -p "$findings"
    "$programs/mapferry_corpus" unpack "tests/fuzz/corpus/$target.hex" "$corpus"
    log=build/fuzz/$target.log
    status=0
    "$programs/mapferry_fuzz_$target" "$corpus" -max_total_time="$seconds" -timeout=10 \
        -max_len="$(longest "$target")" -artifact_prefix="$findings/" -print_final_stats=1 \
        >"$log" 2>&1 || status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "figure: fuzzed, $target: ${executions:-0} executions in $seconds s"
    if [ "$status" -ne 0 ]; then
        echo "fuzz: $target found something: $log, $findings" >&2
        failed=1
    fi
done
exit "$failed"
