#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# man_test.sh CHECK MAN_FOLDER PROGRAMS_FOLDER SOURCE_FOLDER: checks the manual pages as readers see
# them.
#   clean     no formatter has a warning for any page
#   options   each page has the options, examples and exit codes of --help, and no other options
#   changed   `options` finds an option that was added to or taken from --help
#   text      the pages that are written by hand name only options that the programs have
#   headers   mapferry.h(3) has every call, constant and option of the headers
#   links     every page that a page names is there
set -eu

check=$1
man=$(cd "$2" && pwd)
bin=$(cd "$3" && pwd)
root=$(cd "$4" && pwd)
for needed in groff mandoc man; do
    if ! command -v "$needed" >/dev/null; then
        echo "skipped: there is no $needed" >&2
        exit 125
    fi
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

complain() {
    echo "man: $*"
    failed=1
}

# rendered PAGE: the page as plain text, in long lines.
rendered() {
    groff -t -man -Tascii -P -cbou -rLL=500n "$man/$1" 2>/dev/null
}

# command_of PAGE: what prints the help of that page.
command_of() {
    name=$(basename "$1" .1)
    case $name in
        mapferry | mapferry-writer | mapferry-reader | mapferry-bridge) echo "$bin/$name --help" ;;
        *) echo "$bin/mapferry help ${name#mapferry-}" ;;
    esac
}

# names_in: the options in front of the texts of standard input. "-o, --output PATH" is two.
names_in() {
    sed -nE 's/^ +((-[a-zA-Z]|--[a-z][a-z0-9-]*)(, --[a-z0-9-]+)?)( .*)?$/\1/p' | tr -s ', ' '\n' |
        LC_ALL=C sort -u
}

# compare PAGE HELP
compare() {
    rendered "$1" >"$scratch/page"
    sed -n '/^OPTIONS$/,/^EXIT STATUS$/p; /^DESCRIPTION$/,/^EXIT STATUS$/p' "$scratch/page" |
        names_in >"$scratch/in_page"
    names_in <"$2" >"$scratch/in_help"
    if [ ! -s "$scratch/in_help" ]; then complain "$1: its help has no options"; fi
    if ! diff "$scratch/in_page" "$scratch/in_help" >"$scratch/differences"; then
        complain "$1 (<) and the help (>) have other options:"
        cat "$scratch/differences"
    fi
    # Each word of the help is in the page, in the order of the help's parts.
    tr -s ' \n' '\n\n' <"$scratch/page" | LC_ALL=C sort -u >"$scratch/words"
    sed 1,3d "$2" | sed -E 's/^([A-Z].*):$/\1/' | tr -s ' \n' '\n\n' | sed '/^$/d' |
        LC_ALL=C sort -u | LC_ALL=C comm -23 - "$scratch/words" >"$scratch/missing"
    # Headings are in capitals.
    grep -vxE 'Examples|Exit|codes' "$scratch/missing" >"$scratch/differences" || true
    if [ -s "$scratch/differences" ]; then
        complain "$1 lacks words of the help: $(tr '\n' ' ' <"$scratch/differences")"
    fi
}

program_pages() { (cd "$man" && ls man1/*.1); }

check_clean() {
    (cd "$man" && ls man?/*) >"$scratch/pages"
    while read -r page; do
        (cd "$man" && groff -t -ww -man -Tutf8 "$page" 2>&1 >/dev/null) >"$scratch/warnings"
        (cd "$man" && mandoc -Tlint "$page") >>"$scratch/warnings" || true
        (cd "$man" && MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null) \
            >>"$scratch/warnings"
        if [ -s "$scratch/warnings" ]; then
            complain "$page has warnings:"
            cat "$scratch/warnings"
        fi
    done <"$scratch/pages"
    if [ "$(wc -l <"$scratch/pages")" -lt 17 ]; then complain "pages are missing"; fi
}

check_options() {
    for page in $(program_pages); do
        $(command_of "$page") >"$scratch/help"
        compare "$page" "$scratch/help"
    done
}

check_changed() {
    "$bin/mapferry" help ls >"$scratch/help"
    sed 's/^  -q, --quiet .*/&\n  --loud                print more/' "$scratch/help" \
        >"$scratch/more"
    sed '/^  --share /d' "$scratch/help" >"$scratch/less"
    sed 's/print nothing but errors/keep silence/' "$scratch/help" >"$scratch/other"
    for help in more less other; do
        failed=0
        compare man1/mapferry-ls.1 "$scratch/$help" >"$scratch/complaints"
        if [ "$failed" -eq 0 ]; then
            echo "man: nothing was found where the help was changed: $help"
            exit 1
        fi
    done
    failed=0
}

check_text() {
    # mapferry-bridge is not built everywhere. Its page is checked where it is.
    bridge=""
    others='mapferry-bridge.1.md'
    if [ -x "$bin/mapferry-bridge" ]; then
        bridge=bridge
        others='none'
    fi
    for command in '' send receive ls info verify rm gc top view serve doctor bench $bridge; do
        # No command at all is the help of mapferry.
        # shellcheck disable=SC2086
        "$bin/mapferry" help $command
    done | names_in >"$scratch/known"
    find "$root/packaging/man/pages" -name '*.md' ! -name "$others" \
        -exec grep -ohE -e '(^|[^[:alnum:]-])--[a-z][a-z-]+' {} + |
        sed 's/.*--/--/' | LC_ALL=C sort -u >"$scratch/named"
    if [ ! -s "$scratch/named" ]; then complain "the pages name no option"; fi
    unknown=$(LC_ALL=C comm -23 "$scratch/named" "$scratch/known")
    if [ -n "$unknown" ]; then complain "pages/ names what is no option: $unknown"; fi
}

check_headers() {
    rendered man3/mapferry.h.3 >"$scratch/page"
    include=$root/lib/include/mapferry
    # Calls and constants, without macros that only help to declare them.
    cat "$include/mapferry.h" "$include"/c/*.h |
        grep -oE 'mapferry_[a-z0-9_]+\(|^#define MAPFERRY_[A-Z0-9_]+|[ *][a-z_]+=[A-Za-z0-9]' |
        sed 's/^#define //; s/^[ *]//' | LC_ALL=C sort -u >"$scratch/known"
    if [ "$(wc -l <"$scratch/known")" -lt 200 ]; then complain "the headers have too little"; fi
    while read -r word; do
        grep -qF -e "$word" "$scratch/page" || complain "mapferry.h(3) lacks $word"
    done <"$scratch/known"
}

check_links() {
    for page in $(cd "$man" && ls man?/*); do
        rendered "$page" | grep -oE '[a-z][a-z._-]*\([1-8]\)' | LC_ALL=C sort -u |
            grep mapferry >"$scratch/links" || complain "$page names no page"
        while read -r link; do
            name=${link%(*}
            section=${link##*(}
            section=${section%)}
            [ -e "$man/man$section/$name.$section" ] || complain "$page names $link"
        done <"$scratch/links"
    done
}

"check_$check"
exit "$failed"
