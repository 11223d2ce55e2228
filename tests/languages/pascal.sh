#!/bin/sh
# pascal.sh BUILD ROOT SYSTEM: compiles pascal/ and its test with Free Pascal and runs it against
# programs in C of the build. SYSTEM: linux; win64, under Wine; win32, which is only compiled where
# Wine lacks its 32-bit half. Ends with 125 where what it needs is not installed:
# fpc, and for Windows the sources of its run-time library (fpc-source).
set -eu

build=$1
root=$2
system=$3
if ! command -v fpc >/dev/null; then
    echo "skipped: there is no Free Pascal (package fp-compiler)" >&2
    exit 125
fi
folder=$(mktemp -d)
jobs=""
finish() {
    for job in $jobs; do kill "$job" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap finish EXIT
section=pascal-$$-$(date +%N)

fail() {
    echo "pascal.sh: $*" >&2
    exit 1
}

# shellcheck source=tests/languages/pascal_windows.sh
. "$root/tests/languages/pascal_windows.sh"

# compile COMPILER OPTION...: notes and warnings are failures.
compile() {
    compiler=$1
    shift
    mkdir "$folder/out"
    "$compiler" -v0ewn -Sewn "-Fu$root/pascal" "-FE$folder/out" "$@" \
        "$root/tests/languages/pascaltest.pas" >"$folder/log" 2>&1 ||
        { cat "$folder/log" && exit 1; }
}

run=""
extension=""
case $system in
    linux)
        compile fpc "-Fl$build/capi" "-k-rpath=$build/capi"
        ;;
    win64)
        run_time_library x86_64 ppcx64 || exit "$?"
        compile ppcx64 -n -Twin64 "$units"
        run=$root/scripts/wine.sh
        extension=.exe
        cp "$build/capi/mapferry.dll" "$folder/out"
        ;;
    win32)
        run_time_library i386 ppc386 || exit "$?"
        compile ppc386 -n -Twin32 "$units"
        if [ ! -x /usr/lib/wine/wine ]; then
            echo "compiled, and not run: there is no 32-bit Wine"
            exit 0
        fi
        run=$root/scripts/wine.sh
        extension=.exe
        cp "$build/capi/mapferry.dll" "$folder/out"
        ;;
esac
here=$folder/out/pascaltest$extension
peer=$build/tests/c/mapferry_c_peer$extension

# background OUT COMMAND...: the caller waits for $!.
background() {
    out=$1
    shift
    timeout 90 $run "$@" </dev/null >"$out" &
    jobs="$jobs $!"
}
# wait_for_line WORD FILE
wait_for_line() {
    tries=0
    until grep -q "$1" "$2"; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "no line $1"
        sleep 0.1 # between two looks
    done
}
plain() { tr -d '\r' <"$1"; }

# 1. The stream by itself, and the ends of a receiver.
test "$(timeout 90 $run "$here" stream "$section-stream" | tr -d '\r')" = "stream ok"
test "$(timeout 90 $run "$here" give-up "$section-none" | tr -d '\r')" = "given up"

# 2. It counts together with C, and sees that a holder died.
# watch: starts a watcher, which waits for a line from descriptor 4.
watch() {
    rm -f "$folder/input"
    mkfifo "$folder/input"
    timeout 90 $run "$here" watch "$section" <"$folder/input" >"$folder/watched" &
    watcher=$!
    jobs="$jobs $watcher"
    exec 4>"$folder/input"
    wait_for_line ready "$folder/watched"
}
# watched LINE: lets the watcher print its line, which must be this one.
watched() {
    echo >&4
    exec 4>&-
    wait "$watcher"
    test "$(plain "$folder/watched" | tail -n 1)" = "$1" || fail "$(cat "$folder/watched")"
}
watch
background "$folder/one" "$here" count "$section"
one=$!
background "$folder/other" "$peer" count-in-buffer "$section"
wait $!
wait "$one"
watched "2000 False"
if [ "$system" = linux ]; then
    watch
    mkfifo "$folder/silence"
    exec 5<>"$folder/silence"
    "$peer" hold-the-lock "$section" <"$folder/silence" >"$folder/holding" &
    holder=$!
    jobs="$jobs $holder"
    wait_for_line ready "$folder/holding"
    kill -9 "$holder"
    wait "$holder" 2>/dev/null || true
    exec 5>&-
    watched "0 True"
fi

# 3. Frames of a program in C, whose bytes are their numbers.
background "$folder/frames" "$here" frames "$section"
frames=$!
background "$folder/written" "$peer" write-frames "$section"
wait $! || fail "the writer"
wait "$frames"
expected=""
for number in 0 1 2 3 4 5 6 7 8 9; do
    expected="$expected$number 8x4 GRAY8 8 32 $number
"
done
test "$(plain "$folder/frames")" = "$(printf '%s' "$expected")" || fail "$(cat "$folder/frames")"

# 4. Payloads: from Pascal to Pascal, by an event and by a window message, and to C.
payloads=": 111 110 101
three.bin: 1 0 255
:
end "
ways=receive
if [ "$system" != linux ]; then ways="receive window"; fi
for way in $ways; do
    background "$folder/received" "$here" "$way" "$section"
    receiver=$!
    background "$folder/sent" "$here" send "$section"
    wait $! || fail "the sender"
    wait "$receiver" || fail "the receiver"
    ending=""
    if [ "$way" = receive ]; then ending=3; fi
    test "$(plain "$folder/received")" = "$payloads$ending" || fail "$(cat "$folder/received")"
done
background "$folder/received" "$here" receive "$section"
receiver=$!
background "$folder/sent" "$peer" send-text "$section"
wait $! || fail "the sender in C"
wait "$receiver"
plain "$folder/received" | grep -q "^: 104 101 108 108 111 32 102" || fail "no text of C"
jobs=""
