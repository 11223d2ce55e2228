#!/bin/sh
# bench.sh [OPTION...]: runs the benchmark programs that build/bench has, one after the other, and
# puts what they measured together in build/bench/results/: results.json, table.txt, *.svg.
#   --quick         1 to 2 minutes      --full          everything, about half an hour
#   --rounds N      of every way        --only REGEX    these alone, of question/case/way
#   --keep-charts   the charts and figures of this whole run become those of docs/charts/
#   --from FILE     measures nothing: table and charts of an earlier run's results.json
#   --affinity N    keeps all processes to the first N processors that this one may use
#   --compare FILE  what has become faster or slower since the run that left this results.json
set -eu
cd "$(dirname "$0")/.."

built=build/bench/bin
bin=build/bench/programs # a copy, as the benchmarks measure it
results=build/bench/results
before=build/bench/compared.json # a copy, because FILE may lie in the results that a run replaces
windows_mapferry=build/mingw-x64/bin/mapferry.exe

usage() { sed -n 's/^# \{0,1\}//; 2,9p' "$0"; }

level=""
rounds=""
only=""
from=""
compare=""
affinity=""
keep_charts=false
while [ $# -gt 0 ]; do
    case $1 in
        --quick | --full) level=$1 ;;
        --rounds | --only | --from | --compare | --affinity)
            if [ $# -lt 2 ]; then
                usage >&2
                exit 64
            fi
            case $1 in
                --rounds) rounds=$2 ;;
                --only) only=$2 ;;
                --from) from=$2 ;;
                --affinity) affinity=$2 ;;
                *) compare=$2 ;;
            esac
            shift
            ;;
        --keep-charts) keep_charts=true ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            echo "bench: error: no such option: $1" >&2
            usage >&2
            exit 64
            ;;
    esac
    shift
done
if $keep_charts && [ -n "$only" ]; then
    echo "bench: error: --keep-charts keeps a whole run, and --only is a part of one" >&2
    exit 64
fi
if [ -n "$affinity" ]; then
    # All that this shell starts inherits it: the programs, the peers' daemon and Wine.
    processors=$(scripts/first_processors.sh "$affinity")
    taskset -cp "$processors" $$ >/dev/null
fi
if [ -n "$compare" ]; then
    # Found out now and not after a run of half an hour.
    if ! grep -q '"rows"' "$compare"; then
        echo "bench: error: no results.json of an earlier run: $compare" >&2
        exit 66
    fi
    cmp -s "$compare" "$before" || cp "$compare" "$before"
fi

daemon=""
stop_daemon() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    [ -z "$daemon" ] || wait "$daemon" 2>/dev/null || true
    daemon=""
}
wine_is_ours=false
stop_wine() {
    if $wine_is_ours; then scripts/wine.sh --stop; fi
    wine_is_ours=false
}
trap 'stop_daemon; stop_wine' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# iceoryx's daemon runs while frames are measured.
start_daemon() {
    log=build/bench/iox-roudi.log
    if ! command -v iox-roudi >/dev/null || pgrep -x iox-roudi >/dev/null; then return; fi
    iox-roudi -c bench/iceoryx_pools.toml -l warning >"$log" 2>&1 &
    daemon=$!
    # Its pools must exist before a benchmark asks for them.
    tries=0
    until grep -q "RouDi is ready" "$log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ] || ! kill -0 "$daemon" 2>/dev/null; then
            echo "bench: error: iox-roudi did not start:" >&2
            cat "$log" >&2
            exit 71
        fi
        sleep 0.05
    done
}

# with_options COMMAND...: runs the command with the options that all programs have.
with_options() {
    if [ -n "$level" ]; then set -- "$@" "$level"; fi
    if [ -n "$rounds" ]; then set -- "$@" --rounds "$rounds"; fi
    if [ -n "$only" ]; then set -- "$@" --only "$only"; fi
    "$@"
}

# run_program NAME [OPTION...]: writes NAME.json, unless the program is not built or no part of it
# is selected.
run_program() {
    name=$1
    shift
    program=$bin/mapferry-bench-$name
    if [ ! -x "$program" ]; then return; fi
    if ! with_options "$program" --list | grep -q '^[^ ]*/'; then return; fi
    echo "bench: $name ..." >&2
    log=build/bench/$name.log
    # The messages of other libraries stay in the log.
    if ! with_options "$program" --json "$results/$name.json" "$@" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        exit 1
    fi
}

# Measures the same question under Wine, for figures that are labelled as such.
run_windows() {
    if [ ! -e "$windows_mapferry" ] || ! command -v wine >/dev/null; then return; fi
    if [ -n "$only" ] && ! echo "doctor" | grep -Eq "$only"; then return; fi
    scripts/wine.sh --running || wine_is_ours=true
    echo "bench: doctor, under Wine ..." >&2
    scripts/wine.sh "$windows_mapferry" bench --json \
        >"$results/windows.json" 2>build/bench/windows.log || rm -f "$results/windows.json"
}

# report PROGRAM FILE...: makes the table and the charts of these figures, and compares them.
report() {
    program=$1
    shift
    "$program" ${compare:+--compare "$before"} "$results" "$@"
    if $keep_charts; then
        rm -rf docs/charts
        mkdir -p docs/charts
        cp "$results"/results.json "$results"/*.svg docs/charts/
    fi
    echo
    echo "all of it: $results/results.json, table.txt, *.svg"
}

if [ -n "$from" ]; then
    mkdir -p "$results"
    rm -f "$results"/*.svg
    report "$built/mapferry-bench-report" "$from"
    exit
fi

rm -rf "$results" "$bin"
mkdir -p "$results"
# The programs are copied as an installation does it: a linker writes its file in pieces, and the
# cached pages are in pieces too. Both programs start and pass 4 KiB in 1.44 ms as linked, in 1.31
# ms as copied.
cp -r "$built" "$bin"
run_program files --disk build/bench
start_daemon
run_program frames
stop_daemon
if [ -s "$results/files.json" ]; then
    run_program stages --disk build/bench --whole "$results/files.json"
else
    run_program stages --disk build/bench
fi
run_windows
stop_wine

set --
for file in files frames stages windows; do
    if [ -s "$results/$file.json" ]; then set -- "$@" "$results/$file.json"; fi
done
if [ $# -eq 0 ]; then
    echo "bench: error: nothing of that is there" >&2
    exit 1
fi
report "$bin/mapferry-bench-report" "$@"
