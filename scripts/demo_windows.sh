#!/bin/sh
# Passes pictures from a Windows program under Wine to a native one and back, through one mapped
# file, and compares. Leaves nothing behind but Wine's prefix. Run it through `./run demo-windows`,
# which installs what it needs.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build
log=build/demo_windows.log
native=$PWD/build/release/bin
windows=$PWD/build/mingw-x64/wine-bin
scratch=$(mktemp -d)
section=$scratch/section
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

# pass WRITER_FOLDER READER_FOLDER: passes all pictures, with a writer process in the background, a
# reader process in front, then a comparison.
pass() {
    mkdir "$scratch/received"
    "$1/mapferry-writer" --backing "$section" --timeout 20s "$scratch"/sent/*.bmp \
        </dev/null 2>"$scratch/writer_log" &
    writer=$!
    "$2/mapferry-reader" --backing "$section" --timeout 20s -o "$scratch/received/" </dev/null
    code=0
    wait "$writer" || code=$?
    writer=""
    if [ "$code" -ne 0 ]; then
        cat "$scratch/writer_log" >&2
        exit "$code"
    fi
    count=0
    for picture in "$scratch"/sent/*.bmp; do
        cmp "$picture" "$scratch/received/${picture##*/}"
        count=$((count + 1))
    done
    echo "  $count pictures came out as they went in: cmp found no difference"
    rm -r "$scratch/received"
}

echo "building for this machine and for Windows (log: $log)"
for preset in release mingw-x64; do
    quietly cmake --preset "$preset"
    quietly cmake --build --preset "$preset" --target programs
done

mkdir "$scratch/sent"
cp data/*.bmp "$scratch/sent/"
quietly "$native/mapferry-make-bmp" bgr24 3840x2160 "$scratch/sent/landscape-4k.bmp"
echo "one mapped file, a process on either side, XXH3 over every byte"
echo "\$ mapferry-writer.exe --backing section *.bmp &    (Windows program, under Wine)"
echo "\$ mapferry-reader --backing section -o received/   (Linux program)"
pass "$windows" "$native"
echo "\$ mapferry-writer --backing section *.bmp &            (Linux program)"
echo "\$ mapferry-reader.exe --backing section -o received/   (Windows program, under Wine)"
pass "$native" "$windows"

rm -r "$scratch/sent"
rm -f "$scratch/writer_log"
if [ -n "$(ls -A "$scratch")" ]; then
    echo "demo: error: left behind: $(ls -A "$scratch")" >&2
    exit 1
fi
echo "done: the section is gone, and so is everything that this demo made"
