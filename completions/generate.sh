#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# generate.sh PROGRAMS_FOLDER OUT: makes OUT/bash/mapferry, OUT/zsh/_mapferry and
# OUT/fish/mapferry.fish, and links with the names of the other programs. The scripts for the
# shells are mapferry.bash, mapferry.zsh and mapferry.fish, in which the line `@rows@` becomes the
# options of all commands, as the programs in PROGRAMS_FOLDER print them for --help, and `@formats@`
# the names of pixel formats.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
out=$2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out/bash" "$out/zsh" "$out/fish"

# rows_of COMMAND HELP_COMMAND...
rows_of() {
    command=$1
    shift
    "$@" >"$scratch/help"
    awk -v command="$command" -v values="$here/values" -f "$here/help_to_rows.awk" \
        "$scratch/help" >>"$scratch/rows"
}

rows_of mapferry "$bin/mapferry" --help
for command in $(awk -F '\t' '$3 == "command" { print $2 }' "$scratch/rows"); do
    rows_of "$command" "$bin/mapferry" help "$command"
done

# This program is built only where the libraries of its engines are.
others="mapferry-writer mapferry-reader"
if [ -x "$bin/mapferry-bridge" ]; then
    others="$others mapferry-bridge"
    printf 'mapferry\tbridge\tcommand\tother machines\n' >>"$scratch/rows"
    rows_of bridge "$bin/mapferry-bridge" --help
fi

awk -F ' *[|] *' '
    /^\| fourcc \| name / { names = 1; next }
    /^\| ---/ { next }
    !/^\|/ { names = 0 }
    names && $3 ~ /^[A-Za-z0-9]+$/ { print $3 }' "$here/../docs/pixel_formats.md" \
    >"$scratch/formats"

# insert TEMPLATE: prints it with both lists. Texts for zsh and fish stand in single quotes there.
insert() {
    case $1 in
        *.bash) cut -f 1-3 "$scratch/rows" >"$scratch/quoted" ;;
        *.fish) sed "s/[\\\\']/\\\\&/g" "$scratch/rows" >"$scratch/quoted" ;;
        *.zsh) sed "s/'/'\\\\''/g" "$scratch/rows" >"$scratch/quoted" ;;
    esac
    sed -e "/^@rows@\$/{r $scratch/quoted" -e 'd;}' \
        -e "/^@formats@\$/{r $scratch/formats" -e 'd;}' "$here/$1"
}

insert mapferry.bash >"$out/bash/mapferry"
insert mapferry.zsh >"$out/zsh/_mapferry"
insert mapferry.fish >"$out/fish/mapferry.fish"
for program in $others; do
    ln -sf mapferry "$out/bash/$program"
    ln -sf mapferry.fish "$out/fish/$program.fish"
done
