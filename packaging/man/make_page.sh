#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_page.sh NAME SECTION ABOUT SOURCE [HELP [OTHER_NAME...]]: prints the page NAME(SECTION) for
# man. SOURCE has its sections in Markdown. HELP is what a program prints for --help; in SOURCE the
# lines `@options@`, `@examples@` and `@exit@` say where its parts go. ABOUT is the page's line in
# lists of pages. The page of a program has "-" there: that line and the synopsis are HELP's then.
# OTHER_NAMEs are names under which the page is found, too. The variables VERSION and
# SOURCE_DATE_EPOCH go into the page; without the latter, today does.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
name=$1
section=$2
about=$3
source=$4
help=${5:-}
shift $(($# < 5 ? $# : 5))

parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

if [ -n "$help" ]; then
    for part in about synopsis examples options exit; do
        awk -v part=$part -f "$here/roff.awk" -f "$here/help_to_roff.awk" "$help" >"$parts/$part"
    done
    if [ "$about" = - ]; then about=$(cat "$parts/about"); else : >"$parts/synopsis"; fi
fi

escaped() { printf '%s\n' "$1" | sed 's/-/\\-/g'; }

names=$(escaped "$name")
for other in "$@"; do names="$names, $(escaped "$other")"; done
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)

# The first line tells man that the page has tables. Words of code are not hyphenated.
printf "'\\\\\" t\n"
printf '.TH "%s" %s %s "mapferry %s" "mapferry manual"\n' \
    "$(escaped "$name" | tr '[:lower:]' '[:upper:]')" "$section" "$day" "${VERSION:-}"
printf '.nr HY 0\n.nh\n.ad l\n.SH NAME\n'
printf '%s \\- %s\n' "$names" "$about" | fold -s -w 78 | sed 's/ *$//'
if [ -s "$parts/synopsis" ]; then
    echo '.SH SYNOPSIS'
    cat "$parts/synopsis"
fi
awk -v parts="$parts" -v contents=drop -f "$here/roff.awk" -f "$here/table_to_roff.awk" \
    -f "$here/markdown_to_roff.awk" "$source"
