#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_pages.sh PROGRAMS_FOLDER OUT: makes all pages in OUT/man1, man3, man5 and man7. Those of the
# programs come from what the programs in PROGRAMS_FOLDER print for --help, mapferry.h(3) from the
# comments of the headers, mapferry(5) from docs/section_format.md, and all other text from pages/.
# VERSION and SOURCE_DATE_EPOCH: see make_page.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$(cd "$1" && pwd)
out=$2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out/man1" "$out/man3" "$out/man5" "$out/man7"

# page NAME SECTION ARG...: see make_page.sh.
page() { "$here/make_page.sh" "$@" >"$out/man$2/$1.$2"; }

# page_of COMMAND... -- NAME [OTHER_NAME...]: the page NAME(1) of a command.
page_of() {
    words=""
    while [ "$1" != -- ]; do
        words="$words $1"
        shift
    done
    name=$2
    shift 2
    # The words of the command are separate words on purpose.
    # shellcheck disable=SC2086
    "$bin"/${words# } --help >"$scratch/help"
    page "$name" 1 - "$here/pages/$name.1.md" "$scratch/help" "$@"
}

page_of mapferry -- mapferry
page_of mapferry-writer -- mapferry-writer mapferry-send
page_of mapferry-reader -- mapferry-reader mapferry-receive
# `man mapferry send` looks for mapferry-send(1).
ln -sf mapferry-writer.1 "$out/man1/mapferry-send.1"
ln -sf mapferry-reader.1 "$out/man1/mapferry-receive.1"
for file in "$here"/pages/mapferry-*.1.md; do
    command=$(basename "$file" .1.md)
    command=${command#mapferry-}
    case $command in
        writer | reader) ;;
        # This program is built only where the libraries of its engines are.
        bridge)
            if [ -x "$bin/mapferry-bridge" ]; then page_of mapferry-bridge -- mapferry-bridge; fi
            ;;
        *) page_of mapferry "$command" -- "mapferry-$command" ;;
    esac
done

"$bin/mapferry" --help >"$scratch/help"
# Of the help this page has only the exit codes.
page mapferry 7 "sections, payloads, frames, buffers, and what follows a death" \
    "$here/pages/mapferry.7.md" "$scratch/help"

cat "$root/docs/section_format.md" "$here/pages/mapferry.5.md" >"$scratch/page.md"
page mapferry 5 "the format of sections of shared memory" "$scratch/page.md"

headers=$root/lib/include/mapferry
awk -f "$here/header_to_markdown.awk" "$headers/mapferry.h" "$headers"/c/*.h \
    >"$scratch/page.md"
cat "$here/pages/mapferry.h.3.md" >>"$scratch/page.md"
page mapferry.h 3 "shared memory between processes: the library for C" "$scratch/page.md"
