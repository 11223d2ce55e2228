#!/bin/sh
# Passes a 4K bitmap and a small picture from one process to another through shared memory and
# compares. Leaves nothing behind. Run it through `./run demo`, which installs what it needs.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build
log=build/demo.log
bin=$PWD/build/release/bin
scratch=$(mktemp -d)
name=demo-$$
writer=""

clean_up() {
    if [ -n "$writer" ]; then
        kill "$writer" 2>/dev/null || true
        wait "$writer" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# quietly COMMAND...: shows the output only when the command fails.
quietly() {
    "$@" >"$log" 2>&1 </dev/null && return
    cat "$log" >&2
    echo "demo: failed: $*" >&2
    exit 1
}

# pass FILE: runs a writer process in the background, a reader process in front, then a comparison.
pass() {
    base=${1##*/}
    echo "\$ mapferry-writer --name $name $base &"
    "$bin/mapferry-writer" --name "$name" --timeout 20s "$1" </dev/null &
    writer=$!
    echo "\$ mapferry-reader --name $name -o received/"
    "$bin/mapferry-reader" --name "$name" --timeout 20s -o "$scratch/received/" </dev/null
    wait "$writer"
    writer=""
    cmp "$1" "$scratch/received/$base"
    echo "  $base came out as it went in: cmp found no difference"
}

echo "building (log: $log)"
quietly cmake --preset release
# These alone: linking all examples, too, would take most of the time.
quietly cmake --build --preset release --target mapferry-front mapferry-writer mapferry-reader \
    mapferry-make-bmp

quietly "$bin/mapferry-make-bmp" bgr24 3840x2160 "$scratch/landscape-4k.bmp"
mkdir "$scratch/received"
echo "two processes, one named section in shared memory, XXH3 over every byte"
pass "$scratch/landscape-4k.bmp"

for picture in data/*.bmp data/*.png data/*.jpg; do
    if [ -f "$picture" ]; then
        pass "$picture"
        break
    fi
done

if [ -e "/dev/shm/mapferry.$name" ]; then
    echo "demo: error: the section is still there" >&2
    exit 1
fi
echo "done: the section is gone, and so is everything that this demo made"
