#!/bin/sh
# bench.sh [OPTION...]: runs the benchmarks that build/bench has, with iceoryx's daemon beside them
# if it is there. OPTIONs go to mapferry-bench-frames.
set -eu
cd "$(dirname "$0")/.."

daemon=""
stop_daemon() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    [ -z "$daemon" ] || wait "$daemon" 2>/dev/null || true
}
trap stop_daemon EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

log=build/bench/iox-roudi.log
if command -v iox-roudi >/dev/null && ! pgrep -x iox-roudi >/dev/null; then
    iox-roudi -c bench/iceoryx_pools.toml -l warning >"$log" 2>&1 &
    daemon=$!
    # Its pools must be there before a benchmark asks for them.
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
fi

mkdir -p build/bench/results
# iceoryx's libraries tell about themselves on standard output's and error's terminal.
build/bench/bin/mapferry-bench-frames --json build/bench/results/frames.json "$@" \
    2>build/bench/frames.log || {
    cat build/bench/frames.log >&2
    exit 1
}
echo
echo "all figures: build/bench/results/frames.json"
