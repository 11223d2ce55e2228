#!/bin/sh
# border_test.sh SCENE PLACE SENDER RECEIVER NATIVE: programs for two systems or processors pass
# payloads through one section.
#   SCENE     images, gigabyte, keep, frames, buffer, gc, dead_writer, dead_reader
#   PLACE     file, or memory, which both systems share only on one kernel
#   SENDER, RECEIVER   the folders of the two sides' programs
#   NATIVE    a folder of programs that this machine runs by itself
# The addresses are separate words on purpose.
# shellcheck disable=SC2086
set -eu

scene=$1
place=$2
sender=$3
receiver=$4
native=$5
writer=$sender/mapferry-writer
reader=$receiver/mapferry-reader
front=$receiver/mapferry
for program in "$writer" "$reader" "$front" "$native/mapferry" "$native/mapferry-make-bmp"; do
    if [ ! -x "$program" ]; then
        echo "there is no $program; ./run build and ./run build PRESET make it" >&2
        exit 66
    fi
done

scratch=$(mktemp -d)
mark="MAPFERRY_BORDER_TEST=$scratch"
export "${mark?}"
case $place in
    file)
        section=$scratch/section
        address="--backing $section"
        named=$address
        in_gc=$address
        buffer="border --backing $section"
        ;;
    memory)
        name=border-$$
        section=/dev/shm/mapferry.$name
        address="--name $name"
        named=$name
        in_gc=""
        buffer=$name
        ;;
    *)
        echo "border_test.sh: no such place: $place" >&2
        exit 64
        ;;
esac

# The processes that this test started. Those of Wine keep the environment too.
others() {
    # shellcheck disable=SC2016
    env -u MAPFERRY_BORDER_TEST sh -c \
        'grep -lsFz "$0" /proc/[0-9]*/environ | cut -d/ -f3' "$mark" || true
}

clean_up() {
    for pid in $(others); do kill -KILL "$pid" 2>/dev/null || true; done
    rm -rf "$scratch"
    if [ "$place" = memory ]; then rm -f "$section"; fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "border test: $*" >&2
    exit 1
}

# expect CODE WHAT PID: waits for the background process and expects that exit code.
expect() {
    code=0
    wait "$3" || code=$?
    if [ "$code" -ne "$1" ]; then fail "$2 ended with $code instead of $1"; fi
}

# wait_until COMMAND...: waits until it succeeds, for ten seconds at most.
wait_until() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 200 ]; then fail "waited ten seconds in vain for: $*"; fi
        sleep 0.05 # between two looks
    done
}

has_ended() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }

# Whether a reader has come and received something.
reader_is_busy() {
    "$native/mapferry" info $named | grep -q 'at message [1-9]'
}

gone() { if [ -e "$section" ]; then fail "the section is still there"; fi; }

# pass FILE...: sends the files in one stream, into the folder "out".
pass() {
    mkdir "$scratch/out"
    "$writer" --quiet $address "$@" &
    writer_pid=$!
    "$reader" --quiet $address -o "$scratch/out/" &
    expect 0 "the reader" $!
    expect 0 "the writer" "$writer_pid"
    for file in "$@"; do
        cmp "$file" "$scratch/out/$(basename "$file")"
    done
    gone
    rm -r "$scratch/out"
}

images() {
    mkdir "$scratch/in"
    side=40
    for kind in bgr24 bgr24-topdown bgrx32 bgra32-v4 bgra32-v5 rgb555 rgb565 pal8 pal8-rle pal4; do
        "$native/mapferry-make-bmp" "$kind" "${side}x61" "$scratch/in/$kind-small.bmp"
        "$native/mapferry-make-bmp" "$kind" "1920x$((side * 20))" "$scratch/in/$kind-large.bmp"
        side=$((side + 1))
    done
    pass "$scratch"/in/*.bmp
}

gigabyte() {
    head -c 1073741824 /dev/urandom >"$scratch/gigabyte"
    pass "$scratch/gigabyte"
}

keep() {
    head -c 5000000 /dev/urandom >"$scratch/a"
    "$writer" --quiet --keep $address "$scratch/a" </dev/null
    "$front" verify $named >/dev/null
    "$reader" --quiet $address -o "$scratch/b"
    "$reader" --quiet $address -o "$scratch/c" --consume
    cmp "$scratch/a" "$scratch/b"
    cmp "$scratch/a" "$scratch/c"
    gone
}

# Raw video, in a section of the default size, which has more bytes than 32 bits can address.
frames() {
    head -c $((256 * 128 * 3 * 40)) /dev/urandom >"$scratch/video"
    "$writer" --quiet $address --frames --lossless --image 256x128:BGR24 "$scratch/video" &
    writer_pid=$!
    "$reader" --quiet $address --frames -o "$scratch/copy"
    expect 0 "the writer of frames" "$writer_pid"
    cmp "$scratch/video" "$scratch/copy"
    gone
}

# A buffer that both sides write, in turns. It has no owner, so it stays until it is removed.
buffer() {
    head -c 100000 /dev/urandom >"$scratch/a"
    "$writer" --quiet --buffer $buffer --size 1MiB --at 70000 "$scratch/a"
    "$receiver/mapferry-writer" --quiet --buffer $buffer --at 70000 --text hello
    printf hello | dd of="$scratch/a" conv=notrunc status=none
    for side in "$sender" "$receiver"; do
        "$side/mapferry-reader" --quiet --buffer $buffer --at 70000 --bytes 100000 |
            cmp - "$scratch/a"
    done
    "$front" rm $named
    gone
}

# Starts an endless stream, with both processes in the middle of it: $writer_pid, $reader_pid.
start_endless_stream() {
    mkfifo "$scratch/fifo"
    # Bytes come faster than the writer reads them, until it stops reading.
    cat /dev/urandom >"$scratch/fifo" 2>/dev/null &
    source_pid=$!
    "$writer" --quiet $address - <"$scratch/fifo" 2>"$scratch/writer_log" &
    writer_pid=$!
    "$reader" --quiet $address --null 2>"$scratch/reader_log" &
    reader_pid=$!
    wait_until reader_is_busy
}

# The next run works without cleaning, in spite of what the dead process left.
end_endless_stream() {
    kill "$source_pid" 2>/dev/null || true
    wait "$source_pid" 2>/dev/null || true
    head -c 3000000 /dev/urandom >"$scratch/next"
    pass "$scratch/next"
}

dead_writer() {
    start_endless_stream
    kill -KILL "$writer_pid"
    wait_until has_ended "$reader_pid"
    expect 69 "the reader of a dead writer" "$reader_pid"
    expect 137 "the dead writer" "$writer_pid" 2>/dev/null
    end_endless_stream
}

# A living writer's section stays, and a dead one's goes, whatever system the collector is from.
gc() {
    start_endless_stream
    "$front" gc $in_gc >/dev/null
    if [ ! -e "$section" ]; then fail "gc removed a living writer's section"; fi
    kill -KILL "$writer_pid"
    expect 69 "the reader of a dead writer" "$reader_pid"
    expect 137 "the dead writer" "$writer_pid" 2>/dev/null
    "$front" gc $in_gc >/dev/null
    gone
    end_endless_stream
}

dead_reader() {
    start_endless_stream
    kill -KILL "$reader_pid"
    wait_until has_ended "$writer_pid"
    expect 69 "the writer without a reader" "$writer_pid"
    expect 137 "the dead reader" "$reader_pid" 2>/dev/null
    end_endless_stream
}

case $scene in
    images | gigabyte | keep | frames | buffer | gc | dead_writer | dead_reader) "$scene" ;;
    *)
        echo "border_test.sh: no such scene: $scene" >&2
        exit 64
        ;;
esac
wait
if [ -n "$(others)" ]; then fail "left processes behind: $(others)"; fi
# Temporary names begin with a dot.
hidden=$(find "$scratch" -name '.*')
if [ -n "$hidden" ]; then fail "left files behind: $hidden"; fi
