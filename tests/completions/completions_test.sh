#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# completions_test.sh SHELL SCRIPTS PROGRAMS_FOLDER [options]: types lines into a real bash, zsh or
# fish and compares its completions with what is expected; with the word `options`, the options of
# every command with those of its help.
set -eu

shell=$1
scripts=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
PATH=$(cd "$3" && pwd):$PATH
export PATH
for needed in "$shell" script; do
    if ! command -v "$needed" >/dev/null; then
        echo "skipped: there is no $needed" >&2
        exit 125
    fi
done

# This program is built only where the libraries of its engines are.
bridge=""
if command -v mapferry-bridge >/dev/null; then bridge=bridge; fi

name=completions-$$
scratch=$(mktemp -d)
clean_up() {
    for section in "$name-kept" "$name-state"; do
        mapferry rm "$section" -q 2>/dev/null || true
    done
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$scratch"
failed=0

# completions LINE: sorted. A shell may print a file or a value with or without what was typed
# before it, so only what is behind the last of / @ = : counts.
completions() {
    "$here/complete_$shell.sh" "$scripts" "$1" | sed 's/.*[/@=:]//' | LC_ALL=C sort -u
}

# expect LINE WORD...: LINE has these completions and no others.
expect() {
    line=$1
    shift
    found=$(completions "$line" | paste -sd ' ' -)
    if [ "$found" != "$*" ]; then
        echo "$shell: $line"
        echo "    expected: $*"
        echo "    found:    $found"
        failed=1
    fi
}

# options_of COMMAND...: all long options that its help has.
options_of() {
    "$@" --help | sed -nE 's/^  (-[a-z], )?(--[a-z0-9-]+).*/\2/p' | LC_ALL=C sort -u |
        paste -sd ' ' -
}

# expect_options COMMAND...: its options are those of its help.
expect_options() {
    options=$(options_of "$@")
    case $options in
        *--json*) ;;
        *) echo "$*: no options in its help" && failed=1 ;;
    esac
    # The names are separate words on purpose.
    # shellcheck disable=SC2086
    expect "$* --" $options
}

echo text >"file-a.bin"
echo text >"file-b.bin"
mapferry send -q --keep --name "$name-kept" file-a.bin
mapferry send -q --buffer "$name-state" --size 16

if [ "${4:-}" = options ]; then
    for command in send receive ls info verify rm gc top view doctor bench; do
        expect_options mapferry "$command"
    done
    expect_options mapferry
    expect_options mapferry-writer
    expect_options mapferry-reader
    if [ -n "$bridge" ]; then
        expect_options mapferry-bridge
        expect_options mapferry bridge
    fi
    exit "$failed"
fi

expect "mapferry re" receive
# Without the bridge there is no word for it.
# shellcheck disable=SC2086
expect "mapferry " bench $bridge doctor gc help info ls receive rm send serve top verify view
expect "mapferry help v" verify view
expect "mapferry rm $name" "$name-kept" "$name-state"
expect "mapferry info --name $name-k" "$name-kept"
expect "mapferry view --name=$name-k" "$name-kept"
expect "mapferry-reader --buffer $name-s" "$name-state"
expect "mapferry-writer --name $name-k" "$name-kept"
expect "mapferry send file-" file-a.bin file-b.bin
expect "mapferry send --keep -- file-a" file-a.bin
expect "mapferry send --backing file-a" file-a.bin
expect "mapferry-reader -o ./file-" file-a.bin file-b.bin
expect "mapferry send --progress " always auto never
expect "mapferry send --progress=a" always auto
expect "mapferry receive --sparse al" always
expect "mapferry send --digest " bytes chunks
expect "mapferry view --colors a" ascii auto
expect "mapferry send --frames --image 640x480:BGR2" BGR24
expect "mapferry send --frames --image=640x480:NV1" NV12 NV16
expect "mapferry send --share group:roo" root
expect "mapferry ls --share user:roo" root
expect "mapferry send --describe @file-" file-a.bin file-b.bin
expect "mapferry send --exec -- mapferry-w" mapferry-writer
expect "mapferry send --exec -- cat file-b" file-b.bin
expect "mapferry send --text file-"
expect "mapferry send --text word file-"
expect "mapferry send --text word --qu" --quiet
expect "mapferry send --timeout fil"
expect "mapferry ls file-"
if [ -n "$bridge" ]; then
    expect "mapferry bridge e" export
    expect "mapferry-bridge i" import info
    expect "mapferry-bridge export --name $name-k" "$name-kept"
    expect "mapferry-bridge import --creds file-" file-a.bin file-b.bin
fi
exit "$failed"
